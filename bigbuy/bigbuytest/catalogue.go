package bigbuytest

import (
	"fmt"
	"maps"
	"slices"

	"github.com/shopspring/decimal"

	"github.com/openmip/openmip/mip"
)

// The products of [Catalogue].
const (
	SKULamp       = "S0000001" // €4.52 net, warehouse 1
	SKUMug        = "S0000002" // €6.20 net, warehouse 1
	SKUChair      = "S0000003" // €39.90 net, 7 kg, warehouse 2
	SKUKettle     = "S0000004" // €18.75 net, warehouse 3
	SKUToaster    = "S0000005" // €21.00 net, warehouse 3
	SKUSoldOut    = "H0000009" // warehouse 2, no stock
	SKUInactive   = "S0000006" // discontinued
	SKUShirt      = "S0000007" // has attributes: only its variations can be ordered
	SKUShirtSmall = "V0000071" // variation of SKUShirt, warehouse 1
	SKUShirtLarge = "V0000072" // variation of SKUShirt, warehouse 1
	SKUSofa       = "S0000008" // €1,250.00 net, 40 kg, warehouse 1
	SKUTowel      = "F0000010" // €3.10 net, warehouses 1 and 2
)

// Product is one product or variation of the catalogue.
type Product struct {
	ID         int    // 0 = the server gives it one
	SKU        string // required, unique
	Name       string // empty = the SKU
	Parent     string // SKU of the product that this is a variation of
	Attributes bool   // cannot be ordered itself, only its variations
	Inactive   bool   // discontinued
	Wholesale  mip.Money
	TaxPercent int         // 0 = 21
	Grams      int         // per piece; 0 = 500
	Stock      map[int]int // pieces by warehouse
}

// Catalogue returns the products of a server whose [Config] names none: a
// fresh copy, all synthetic.
func Catalogue() []Product {
	return []Product{
		{ID: 101, SKU: SKULamp, Name: "Desk lamp", Wholesale: mip.EUR(4_52), TaxPercent: 10, Grams: 50, Stock: map[int]int{1: 1000}},
		{ID: 102, SKU: SKUMug, Name: "Mug", Wholesale: mip.EUR(6_20), Grams: 350, Stock: map[int]int{1: 1000}},
		{ID: 103, SKU: SKUChair, Name: "Folding chair", Wholesale: mip.EUR(39_90), Grams: 7000, Stock: map[int]int{2: 200}},
		{ID: 104, SKU: SKUKettle, Name: "Kettle", Wholesale: mip.EUR(18_75), Grams: 900, Stock: map[int]int{3: 500}},
		{ID: 105, SKU: SKUToaster, Name: "Toaster", Wholesale: mip.EUR(21_00), Grams: 1200, Stock: map[int]int{3: 500}},
		{ID: 106, SKU: SKUSoldOut, Name: "Fan", Wholesale: mip.EUR(15_00), Stock: map[int]int{2: 0}},
		{ID: 107, SKU: SKUInactive, Name: "Radio", Wholesale: mip.EUR(9_99), Inactive: true, Stock: map[int]int{1: 3}},
		{ID: 108, SKU: SKUShirt, Name: "Shirt", Wholesale: mip.EUR(7_40), Attributes: true},
		{ID: 171, SKU: SKUShirtSmall, Name: "Shirt S", Parent: SKUShirt, Wholesale: mip.EUR(7_40), Grams: 200, Stock: map[int]int{1: 100}},
		{ID: 172, SKU: SKUShirtLarge, Name: "Shirt L", Parent: SKUShirt, Wholesale: mip.EUR(7_90), Grams: 220, Stock: map[int]int{1: 100}},
		{ID: 109, SKU: SKUSofa, Name: "Sofa", Wholesale: mip.EUR(1250_00), Grams: 40_000, Stock: map[int]int{1: 20}},
		{ID: 110, SKU: SKUTowel, Name: "Towel", Wholesale: mip.EUR(3_10), Grams: 300, Stock: map[int]int{1: 10, 2: 100}},
	}
}

// product is a product with its amounts bare.
type product struct {
	Product
	net decimal.Decimal
	tax decimal.Decimal // factor: 1.21
}

func (s *Server) addProduct(p Product) {
	if p.SKU == "" || s.product(p.SKU) != nil {
		panic(fmt.Sprintf("bigbuytest: a product needs a SKU of its own, got %q", p.SKU))
	}
	if p.ID == 0 {
		p.ID = 10_001 + len(s.products)
	}
	if s.productByNumber(p.ID) != nil {
		panic(fmt.Sprintf("bigbuytest: product id %d is taken", p.ID))
	}
	if p.Name == "" {
		p.Name = p.SKU
	}
	if p.TaxPercent == 0 {
		p.TaxPercent = 21
	}
	if p.Grams == 0 {
		p.Grams = 500
	}
	p.Stock = maps.Clone(p.Stock)
	if p.Stock == nil {
		p.Stock = map[int]int{}
	}
	s.products = append(s.products, &product{
		Product: p, net: euros(p.Wholesale), tax: decimal.New(int64(100+p.TaxPercent), -2),
	})
}

// product returns the product with the SKU, nil if there is none.
func (s *Server) product(sku string) *product {
	for _, p := range s.products {
		if p.SKU == sku {
			return p
		}
	}
	return nil
}

func (s *Server) productByNumber(id int) *product {
	for _, p := range s.products {
		if p.ID == id {
			return p
		}
	}
	return nil
}

// warehouses returns where the product is kept, sorted; 1 if nowhere.
func (p *product) warehouses() []int {
	if len(p.Stock) == 0 {
		return []int{1}
	}
	return slices.Sorted(maps.Keys(p.Stock))
}

// from chooses the warehouse that sends so many pieces: the first that has
// them, else the first of all.
func (p *product) from(quantity int) int {
	all := p.warehouses()
	for _, w := range all {
		if p.Stock[w] >= quantity {
			return w
		}
	}
	return all[0]
}
