package bigbuy

import (
	"context"
	"iter"
	"net/url"
	"strconv"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

const (
	pathProducts       = "catalog/products.json"
	pathProduct        = "catalog/product/{id}.json"
	pathProductBySKU   = "catalog/productinformationbysku/{sku}.json"
	pathProductStock   = "catalog/productstockbyhandlingdays/{id}.json"
	pathVariationStock = "catalog/productvariationsstockbyhandlingdays/{id}.json"
)

// Product is one product of the catalogue. A product with attributes is
// ordered by the SKU of a variation.
type Product struct {
	ID         Text `json:"id"`
	SKU        Text `json:"sku"`
	Active     Flag `json:"active"`
	Attributes Flag `json:"attributes"`
	Wholesale  Euro `json:"wholesalePrice"` // net of tax
	Retail     Euro `json:"retailPrice"`
	TaxRate    Text `json:"taxRate"` // percent
	EAN        Text `json:"ean13"`
	Weight     Text `json:"weight"` // kg; may be a placeholder
	Condition  Text `json:"condition"`
	Taxonomy   Text `json:"taxonomy"`
}

// ProductInformation is a product's text; it leads from SKU to id.
type ProductInformation struct {
	ID   Text `json:"id"`
	SKU  Text `json:"sku"`
	Name Text `json:"name"`
}

// Stock is a product's or variation's stock, a row per handling time and
// warehouse.
type Stock struct {
	ID     Text           `json:"id"`
	SKU    Text           `json:"sku"`
	Stocks List[StockRow] `json:"stocks"`
}

// StockRow is a number of pieces in one warehouse.
type StockRow struct {
	Quantity  Count `json:"quantity"`
	MinDays   Count `json:"minHandlingDays"`
	MaxDays   Count `json:"maxHandlingDays"`
	Warehouse Text  `json:"warehouse"`
}

// Pieces returns the sum over all rows.
func (s Stock) Pieces() int {
	n := 0
	for _, row := range s.Stocks {
		n += int(row.Quantity)
	}
	return n
}

// Product returns a product by BigBuy's id.
func (c *Client) Product(ctx context.Context, id string) (Product, error) {
	var out Product
	err := c.get(ctx, pathProduct, rest.Vars{"id": id}, &out)
	return out, err
}

// ProductBySKU returns what has this SKU. language is ISO 639-1.
func (c *Client) ProductBySKU(ctx context.Context, sku, language string) ([]ProductInformation, error) {
	var out List[ProductInformation]
	err := c.rest.Do(ctx, rest.Call{Path: pathProductBySKU, Vars: rest.Vars{"sku": sku},
		Query: url.Values{"isoCode": {language}}, Out: &out})
	return out, err
}

// ProductStock returns the stock of a product by its id.
func (c *Client) ProductStock(ctx context.Context, id string) ([]Stock, error) {
	var out List[Stock]
	err := c.get(ctx, pathProductStock, rest.Vars{"id": id}, &out)
	return out, err
}

// VariationStock returns the stock of a product's variations by its id.
func (c *Client) VariationStock(ctx context.Context, id string) ([]Stock, error) {
	var out List[Stock]
	err := c.get(ctx, pathVariationStock, rest.Vars{"id": id}, &out)
	return out, err
}

// ProductPages selects products; BigBuy needs Taxonomy in practice.
type ProductPages struct {
	Taxonomy string // id of the parent taxonomy
	Size     int    // products per page, at most 10000; 0 = 1000
	Language string // ISO 639-1; empty = BigBuy's default, Spanish
}

// Products lists products page by page. The sequence is lazy, restartable,
// gives an error last and fetches nothing after break. BigBuy allows ten pages
// an hour.
func (c *Client) Products(ctx context.Context, p ProductPages) iter.Seq2[Product, error] {
	if p.Size <= 0 {
		p.Size = 1000
	}
	if p.Size > 10000 {
		return func(yield func(Product, error) bool) {
			yield(Product{}, unreadable(rest.Call{Path: pathProducts}, mip.ErrInvalid, "more than 10000 per page"))
		}
	}
	return rest.Pages(ctx, 0, func(ctx context.Context, page int) ([]Product, int, bool, error) {
		q := url.Values{"page": {strconv.Itoa(page)}, "pageSize": {strconv.Itoa(p.Size)}}
		if p.Taxonomy != "" {
			q.Set("parentTaxonomy", p.Taxonomy)
		}
		if p.Language != "" {
			q.Set("isoCode", p.Language)
		}
		var out List[Product]
		err := c.rest.Do(ctx, rest.Call{Path: pathProducts, Query: q, Out: &out})
		return out, page + 1, len(out) == p.Size, err
	})
}
