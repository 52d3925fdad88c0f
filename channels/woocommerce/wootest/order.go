package wootest

import (
	"slices"
	"time"
)

// Order is an order as the shop keeps it. [Server.Buy] fills what is left
// empty; [Server.Order] returns a copy. Times are UTC, whole seconds.
//
// Amounts are text in the order's currency, without tax unless the name says
// so, and are sent as they are: "about ten" is an unreadable price.
type Order struct {
	ID       int64  // given by the shop
	Number   string // empty = the id
	Status   string // empty = processing
	Currency string // empty = the shop's

	Created, Modified time.Time
	Paid, Completed   time.Time // zero = null

	// Billing and Shipping: both zero = a customer in Madrid; only Shipping
	// zero = empty strings, as shops send when there is nothing apart.
	Billing, Shipping Address
	NoAddress         bool // both stay empty

	Lines         []Line         // nil = one line
	ShippingLines []ShippingLine // nil = one flat rate of 5.00 + 1.05 tax
	Fees          []Fee
	Total         string // with tax; empty = the sum

	CustomerID    int64
	CustomerNote  string
	PaymentMethod string // empty = stripe; "cod" is never paid up front
	Meta          []Meta

	// Edit, if set, changes the JSON before it is sent, for what the fields
	// cannot say.
	Edit func(order map[string]any)

	// Kept by the shop.
	Refunds      []Refund
	Notes        []Note // oldest first
	Trackings    []TrackingItem
	Fulfillments []Fulfillment
	beforeTrash  string
}

// Address is a billing or shipping address; shipping ones have no e-mail.
type Address struct {
	FirstName string `json:"first_name"`
	LastName  string `json:"last_name"`
	Company   string `json:"company"`
	Address1  string `json:"address_1"`
	Address2  string `json:"address_2"`
	City      string `json:"city"`
	State     string `json:"state"`
	Postcode  string `json:"postcode"`
	Country   string `json:"country"`
	Email     string `json:"email,omitempty"`
	Phone     string `json:"phone"`
}

// Line is one product line.
type Line struct {
	ID          int64 // given by the shop
	Name        string
	SKU         string // empty = S0000001
	ProductID   int64
	VariationID int64
	Quantity    float64 // 0 = 1; plugins allow fractions
	Total       string  // whole line, after discount, without tax; empty = 10.00 each
	TotalTax    string  // empty = 21 %
	Deleted     bool    // the product is gone: sku null, product_id 0
}

// ShippingLine is one chosen shipping method.
type ShippingLine struct {
	ID              int64 // given by the shop
	Title, MethodID string
	Total, TotalTax string
}

// Fee is a surcharge or, if negative, a discount.
type Fee struct {
	ID              int64 // given by the shop
	Name            string
	Total, TotalTax string
}

// Meta is one custom field.
type Meta struct {
	ID    int64  `json:"id"`
	Key   string `json:"key"`
	Value any    `json:"value"`
}

// Refund is money given back. Lines say which pieces; none = only money.
type Refund struct {
	ID      int64
	Created time.Time
	Amount  string // positive, with tax
	Reason  string
	Lines   []RefundLine
}

// RefundLine is a number of pieces of a line, positive.
type RefundLine struct {
	ID, LineID int64
	Quantity   int
}

// Note is an order note.
type Note struct {
	ID       int64
	Created  time.Time
	Text     string
	Customer bool // mailed to the customer
	System   bool
}

// TrackingItem is an entry of the tracking extensions.
type TrackingItem struct {
	Provider       string `json:"tracking_provider"`
	CustomProvider string `json:"custom_tracking_provider"`
	CustomLink     string `json:"custom_tracking_link"`
	Number         string `json:"tracking_number"`
	Shipped        int64  `json:"date_shipped"` // unix seconds
	ID             string `json:"tracking_id"`
}

// Fulfillment is a shipment of WooCommerce's own.
type Fulfillment struct {
	ID        int64
	Status    string
	Fulfilled bool
	Updated   time.Time
	Meta      []Meta
}

// MetaValue returns the value under key, nil if there is none.
func MetaValue(meta []Meta, key string) any {
	if i := slices.IndexFunc(meta, func(m Meta) bool { return m.Key == key }); i >= 0 {
		return meta[i].Value
	}
	return nil
}

// clone copies everything a caller could change.
func (o *Order) clone() Order {
	c := *o
	c.Lines, c.ShippingLines, c.Fees = slices.Clone(o.Lines), slices.Clone(o.ShippingLines), slices.Clone(o.Fees)
	c.Meta, c.Notes, c.Trackings = slices.Clone(o.Meta), slices.Clone(o.Notes), slices.Clone(o.Trackings)
	c.Refunds, c.Fulfillments = slices.Clone(o.Refunds), slices.Clone(o.Fulfillments)
	for i := range c.Refunds {
		c.Refunds[i].Lines = slices.Clone(c.Refunds[i].Lines)
	}
	for i := range c.Fulfillments {
		c.Fulfillments[i].Meta = slices.Clone(c.Fulfillments[i].Meta)
	}
	return c
}
