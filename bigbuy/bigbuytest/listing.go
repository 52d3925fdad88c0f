package bigbuytest

import (
	"net/http"
	"slices"
	"strconv"
)

// maxPage is the largest page of catalogue lists.
const maxPage = 10_000

type productBody struct {
	ID           int    `json:"id"`
	SKU          string `json:"sku"`
	Manufacturer int    `json:"manufacturer"`
	EAN          any    `json:"ean13"`
	Weight       any    `json:"weight"`
	Height       int    `json:"height"`
	Width        int    `json:"width"`
	Depth        int    `json:"depth"`
	DateUpd      string `json:"dateUpd"`
	Category     int    `json:"category"`
	Taxonomy     int    `json:"taxonomy"`
	Wholesale    any    `json:"wholesalePrice"`
	Retail       any    `json:"retailPrice"`
	InShops      any    `json:"inShopsPrice"`
	TaxRate      int    `json:"taxRate"`
	TaxID        int    `json:"taxId"`
	Active       int    `json:"active"`
	Attributes   bool   `json:"attributes"`
	Categories   bool   `json:"categories"`
	Images       bool   `json:"images"`
	Tags         bool   `json:"tags"`
	Condition    string `json:"condition"`
	Canon        any    `json:"canon"`
	LargePrices  []int  `json:"priceLargeQuantities"`
}

func (p *product) body() productBody {
	b := productBody{
		ID: p.ID, SKU: p.SKU, Manufacturer: 1, Weight: number(kilograms(p.Grams)), Height: 10, Width: 10, Depth: 10,
		DateUpd: "2026-01-01 00:00:00", Category: 2, Taxonomy: 2, Wholesale: fixed(p.net),
		Retail: fixed(p.net.Mul(p.tax)), InShops: fixed(p.net.Mul(p.tax)), TaxRate: p.TaxPercent, TaxID: 1,
		Active: 1, Attributes: p.Attributes, Categories: true, Images: true, Condition: "NEW", LargePrices: []int{},
	}
	if p.Inactive {
		b.Active = 0
	}
	return b
}

// kind returns the catalogue's products or its variations, by id.
func (s *Server) kind(variations bool) []*product {
	var out []*product
	for _, p := range s.products {
		if (p.Parent != "") == variations {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b *product) int { return a.ID - b.ID })
	return out
}

// cut returns one page of a list; pages count from 0.
func cut[T any](list []T, q *request) []T {
	page, _ := strconv.Atoi(q.param("page"))
	size, err := strconv.Atoi(q.param("pageSize"))
	if err != nil || size < 1 || size > maxPage {
		size = maxPage
	}
	from := min(len(list), max(0, page)*size)
	return list[from:min(len(list), from+size)]
}

// productList is GET catalog/products.
func (s *Server) productList(q *request) reply {
	if s.sw.Sandbox {
		return badRequest()
	}
	list := []productBody{}
	for _, p := range cut(s.kind(false), q) {
		list = append(list, p.body())
	}
	return ok(list)
}

func productMissing() reply { return codeReply(http.StatusNotFound, "Product not found") }

// numbered returns the entry with the id in the path, in the sandbox none.
func (s *Server) numbered(q *request) *product {
	id, err := strconv.Atoi(q.args[0])
	if err != nil || s.sw.Sandbox {
		return nil
	}
	return s.productByNumber(id)
}

// productByID is GET catalog/product/{id}.
func (s *Server) productByID(q *request) reply {
	p := s.numbered(q)
	if p == nil || p.Parent != "" {
		return productMissing()
	}
	return ok(p.body())
}

// productBySKU is GET catalog/productinformationbysku/{sku}: a list of one. A
// variation's SKU leads to its product.
func (s *Server) productBySKU(q *request) reply {
	p := s.product(q.args[0])
	if p != nil && p.Parent != "" {
		p = s.product(p.Parent)
	}
	if p == nil || s.sw.Sandbox {
		return productMissing()
	}
	type information struct {
		ID          int    `json:"id"`
		SKU         string `json:"sku"`
		Name        string `json:"name"`
		Description string `json:"description"`
		URL         string `json:"url"`
		ISOCode     string `json:"isoCode"`
		DateUpd     string `json:"dateUpdDescription"`
	}
	iso := q.param("isoCode")
	if iso == "" {
		iso = "es"
	}
	return ok([]information{{p.ID, p.SKU, p.Name, "<p>" + p.Name + "</p>", "product-" + strconv.Itoa(p.ID), iso,
		"2026-01-01 00:00:00"}})
}

type stockBody struct {
	ID     int        `json:"id"`
	SKU    string     `json:"sku"`
	Stocks []stockRow `json:"stocks"`
}

type stockRow struct {
	Quantity  int `json:"quantity"`
	Min       int `json:"minHandlingDays"`
	Max       int `json:"maxHandlingDays"`
	Warehouse int `json:"warehouse"`
}

// stock has two rows for each warehouse, to be summed: a third of the pieces
// can leave a day sooner.
func (p *product) stock() stockBody {
	b := stockBody{p.ID, p.SKU, []stockRow{}}
	for _, w := range p.warehouses() {
		n := p.Stock[w]
		if n > 0 {
			b.Stocks = append(b.Stocks, stockRow{n / 3, 0, 1, w}, stockRow{n - n/3, 1, 2, w})
		}
	}
	return b
}

// stocks lists in another order than the products: newest first.
func stocks(list []*product) []stockBody {
	out := []stockBody{}
	for _, p := range slices.Backward(list) {
		out = append(out, p.stock())
	}
	return out
}

// productStock is GET catalog/productstockbyhandlingdays/{id}: an object, or
// PHP's empty array for a product that is not there.
func (s *Server) productStock(q *request) reply {
	p := s.numbered(q)
	if p == nil || p.Parent != "" {
		return ok([]stockBody{})
	}
	return ok(p.stock())
}

// productsStock is GET catalog/productsstockbyhandlingdays.
func (s *Server) productsStock(q *request) reply {
	if s.sw.Sandbox {
		return badRequest()
	}
	return ok(cut(stocks(s.kind(false)), q))
}

// variationStock is GET catalog/productvariationsstockbyhandlingdays/{id}: a
// list. The id is a product's, for all its variations, or a variation's.
func (s *Server) variationStock(q *request) reply { return ok(stocks(s.variationsOf(q))) }

// variationsStock is GET catalog/productsvariationsstockbyhandlingdays.
func (s *Server) variationsStock(q *request) reply {
	if s.sw.Sandbox {
		return badRequest()
	}
	return ok(cut(stocks(s.kind(true)), q))
}

// variationsOf returns the variations that the id in the path stands for.
func (s *Server) variationsOf(q *request) []*product {
	var out []*product
	if asked := s.numbered(q); asked != nil {
		for _, v := range s.kind(true) {
			if v == asked || v.Parent == asked.SKU {
				out = append(out, v)
			}
		}
	}
	return out
}

type variationBody struct {
	ID        int    `json:"id"`
	SKU       string `json:"sku"`
	EAN       any    `json:"ean13"`
	Product   int    `json:"product"`
	Wholesale any    `json:"wholesalePrice"`
	Retail    any    `json:"retailPrice"`
	InShops   any    `json:"inShopsPrice"`
	Weight    any    `json:"extraWeight"`
}

func (s *Server) variations(list []*product) []variationBody {
	out := []variationBody{}
	for _, v := range list {
		parent := 0
		if p := s.product(v.Parent); p != nil {
			parent = p.ID
		}
		gross := fixed(v.net.Mul(v.tax))
		out = append(out, variationBody{v.ID, v.SKU, nil, parent, fixed(v.net), gross, gross, number(kilograms(v.Grams))})
	}
	return out
}

// productVariations is GET catalog/productvariations/{id}.
func (s *Server) productVariations(q *request) reply { return ok(s.variations(s.variationsOf(q))) }

// productsVariations is GET catalog/productsvariations.
func (s *Server) productsVariations(q *request) reply {
	if s.sw.Sandbox {
		return badRequest()
	}
	return ok(cut(s.variations(s.kind(true)), q))
}
