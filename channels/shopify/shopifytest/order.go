package shopifytest

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shopspring/decimal"
)

// Order is an order as the shop keeps it. Buy fills what is left empty.
type Order struct {
	ID        int64
	Name      string // "#1001"
	Created   time.Time
	Updated   time.Time
	Cancelled time.Time
	Closed    time.Time
	Test      bool
	Financial string // empty = PAID
	Currency  string // empty = EUR
	NetPrices bool   // prices are without tax

	Email, Phone, Note string
	ShipTo             *Address // nil = a made-up one, unless NoAddress
	NoAddress          bool
	Total              string // empty = lines and shipping
	Lines              []Line // nil = one
	Shipping           []Shipping

	Routes     []Route    // the fulfillment orders
	Shipments  []Shipment // the fulfillments
	Hold       string     // with Buy: ON_HOLD or SCHEDULED
	Tags       []string
	Metafields map[string]string

	CancelReason, StaffNote string
	Refunded                bool // the money went back when it was cancelled

	// Edit has the last word on the order's fields as GraphQL gives them.
	Edit func(fields map[string]any)

	before   time.Time // of the change before the last, as searches may still see it
	routed   bool
	cancelAt time.Time // when a job will cancel it
}

// Address is where an order goes.
type Address struct {
	FirstName, LastName, Company, Address1, Address2, City, Province, ProvinceCode, Zip, Country, Phone string
}

// Line is one line. Amounts are text.
type Line struct {
	ID                  int64
	Title, Variant, SKU string
	Quantity            int
	Removed             int    // by edits and refunds
	Digital             bool   // needs no shipping
	Price               string // of one piece; empty = 10.00
	Discount            string // of the whole line
	Tax                 string // of the whole line
	// Places says how many pieces leave from which location; nil = all from 1.
	Places map[int64]int
	// Edit has the last word on the line's fields as GraphQL gives them.
	Edit func(fields map[string]any)
}

// Shipping is one shipping line.
type Shipping struct {
	Title, Price, Tax string
	Removed           bool
}

// Route is a fulfillment order.
type Route struct {
	ID       int64
	Location int64
	Status   string
	Updated  time.Time
	Lines    []RouteLine
	Foreign  bool // a fulfillment service's; this app may not ship it
}

// RouteLine is a line of it.
type RouteLine struct {
	ID, LineID int64
	Total      int
	Remaining  int
}

// Shipment is a fulfillment.
type Shipment struct {
	ID       int64
	Location int64
	Status   string // SUCCESS, CANCELLED
	Tracks   []Track
	Lines    []ShipmentLine
	Notified int // e-mails to the buyer
}

// Track is one tracking number; URL is what the buyer's link leads to.
type Track struct{ Company, Number, URL string }

// ShipmentLine is what of a line was shipped.
type ShipmentLine struct {
	LineID   int64
	Quantity int
}

func (o *Order) clone() Order {
	c := *o
	if o.ShipTo != nil {
		a := *o.ShipTo
		c.ShipTo = &a
	}
	c.Lines, c.Shipping, c.Tags = slices.Clone(o.Lines), slices.Clone(o.Shipping), slices.Clone(o.Tags)
	c.Routes, c.Shipments = slices.Clone(o.Routes), slices.Clone(o.Shipments)
	for i := range c.Routes {
		c.Routes[i].Lines = slices.Clone(c.Routes[i].Lines)
	}
	for i := range c.Shipments {
		c.Shipments[i].Lines, c.Shipments[i].Tracks = slices.Clone(c.Shipments[i].Lines), slices.Clone(c.Shipments[i].Tracks)
	}
	c.Metafields = maps.Clone(o.Metafields)
	return c
}

// line returns a line by its id, nil if there is none.
func (o *Order) line(id int64) *Line {
	for i := range o.Lines {
		if o.Lines[i].ID == id {
			return &o.Lines[i]
		}
	}
	return nil
}

// left counts the pieces that are still to leave.
func (o *Order) left() int {
	n := 0
	for _, r := range o.Routes {
		for _, l := range r.Lines {
			n += l.Remaining
		}
	}
	return n
}

// shipped reports whether a living fulfillment exists.
func (o *Order) shipped() bool {
	return slices.ContainsFunc(o.Shipments, func(s Shipment) bool { return s.Status != "CANCELLED" })
}

// fulfillment is the order's own word for how far it got.
func (o *Order) fulfillment() string {
	open := func(status string) bool {
		return slices.ContainsFunc(o.Routes, func(r Route) bool { return r.Status == status })
	}
	switch {
	case o.shipped() && o.left() == 0:
		return "FULFILLED"
	case o.shipped():
		return "PARTIALLY_FULFILLED"
	case open("ON_HOLD"):
		return "ON_HOLD"
	case open("SCHEDULED"):
		return "SCHEDULED"
	}
	return "UNFULFILLED"
}

func dec(text string) decimal.Decimal {
	d, err := decimal.NewFromString(strings.TrimSpace(text))
	if err != nil {
		return decimal.Zero
	}
	return d
}

// original is what all pieces cost before discounts.
func (l Line) original() string {
	d, err := decimal.NewFromString(l.Price)
	if err != nil {
		return l.Price // a price that is none stays what it is
	}
	return d.Mul(decimal.NewFromInt(int64(l.Quantity))).String()
}

func (o *Order) total() string {
	if o.Total != "" {
		return o.Total
	}
	sum := decimal.Zero
	add := func(price, discount, tax string) {
		sum = sum.Add(dec(price)).Sub(dec(discount))
		if o.NetPrices {
			sum = sum.Add(dec(tax))
		}
	}
	for _, l := range o.Lines {
		add(l.original(), l.Discount, l.Tax)
	}
	for _, l := range o.Shipping {
		add(l.Price, "", l.Tax)
	}
	return sum.String()
}
