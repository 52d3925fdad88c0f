package magentest

import (
	"slices"
	"time"

	"github.com/shopspring/decimal"
)

// Order is an order as the shop keeps it. Amounts are decimal text with tax
// apart, as the wire has them; what is no number is sent as a string.
type Order struct {
	ID        int64
	Increment string // empty = made of the id
	State     string // empty = "processing"
	Status    string // empty = the state's usual one
	Store     int64  // store view; 0 = 1
	Currency  string // empty = EUR
	Created   time.Time
	Updated   time.Time
	Invoiced  bool // paid and invoiced; otherwise only authorised

	Service  string   // empty = "Flat Rate - Fixed"; "-" = none
	Shipping *Address // nil = [Madrid]
	Email    string
	Note     string
	Pickup   string // pick-up location

	ShippingAmount, ShippingTax, ShippingDiscount string // ex tax, and after discounts
	GrandTotal                                    string // empty = what everything adds up to

	Items     []Item // nil = one of [Item]'s defaults
	History   []Comment
	Shipments []Shipment
	// Edit is applied to the JSON before it is sent; nil = as it is.
	Edit func(map[string]any)
}

// Address is a delivery address.
type Address struct {
	First, Middle, Last, Company         string
	Street                               []string
	City, Region, RegionCode, Postcode   string
	Country, Telephone, Email, VATNumber string
}

// Madrid is somebody who does not exist.
func Madrid() Address {
	return Address{First: "Lucía", Last: "Fernández Prueba", Street: []string{"Calle del Ejemplo 12", "3º izquierda"}, City: "Madrid",
		Region: "Madrid", RegionCode: "M", Postcode: "28001", Country: "ES", Telephone: "+34600000001", Email: "lucia@example.org"}
}

// Item is an order item. Of a configurable product and of a bundle there are
// several: the parent and its children.
type Item struct {
	ID       int64
	Parent   int    // place of the parent in Items, from 1; 0 = none
	SKU      string // empty = "S0000001"; "-" = none
	Name     string // empty = "Desk lamp"
	Type     string // empty = "simple"
	Virtual  bool
	Ordered  string // pieces; empty = "1"
	RowTotal string // ex tax, before discounts; empty = "10.0000"
	Tax      string // after discounts
	Discount string // positive
	Hidden   string // discount_tax_compensation_amount
	// Separately: of a bundle, its parts are shipped one by one.
	Separately bool

	Shipped, Canceled, Refunded int
}

// Comment is an entry of an order's or a shipment's history.
type Comment struct {
	ID      int64
	Text    string
	Status  string
	Visible bool
}

// Shipment is what left together.
type Shipment struct {
	ID       int64
	Created  time.Time
	Items    map[int64]int // pieces by order item
	Tracks   []Track
	Comments []Comment
	Source   string
	Notified bool // the customer got an e-mail
}

// Track is a tracking number.
type Track struct {
	ID                                      int64
	Number, Title, CarrierCode, Description string
}

func (o *Order) clone() Order {
	c := *o
	c.Items, c.History, c.Shipments = slices.Clone(o.Items), slices.Clone(o.History), slices.Clone(o.Shipments)
	for i := range c.Shipments {
		s := &c.Shipments[i]
		s.Tracks, s.Comments = slices.Clone(s.Tracks), slices.Clone(s.Comments)
	}
	if o.Shipping != nil {
		a := *o.Shipping
		a.Street = slices.Clone(a.Street)
		c.Shipping = &a
	}
	return c
}

// pieces is what was ordered of an item, without a fraction.
func (i Item) pieces() int {
	d, err := decimal.NewFromString(i.Ordered)
	if err != nil {
		return 0
	}
	return int(d.IntPart())
}

// toShip is what is left of an item, whether or not it ships by itself.
func (i Item) toShip() int { return max(0, i.pieces()-i.Shipped-i.Refunded-i.Canceled) }

// dummy: the item does not ship by itself, but with its parent or in its
// children.
func (o *Order) dummy(at int) bool {
	it := o.Items[at]
	if it.Parent > 0 {
		return !o.Items[it.Parent-1].Separately
	}
	hasChildren := slices.ContainsFunc(o.Items, func(c Item) bool { return c.Parent == at+1 })
	return hasChildren && it.Separately
}

// virtual: nothing of the order is a thing.
func (o *Order) virtual() bool {
	return !slices.ContainsFunc(o.Items, func(i Item) bool { return !i.Virtual })
}

// canShip: something is left that ships by itself.
func (o *Order) canShip() bool {
	for at, it := range o.Items {
		if !it.Virtual && !o.dummy(at) && it.toShip() > 0 {
			return true
		}
	}
	return false
}
