package wootest

import "strings"

// Madrid is the usual customer's address.
func Madrid() Address {
	return Address{FirstName: "Lucía", LastName: "Ferrer", Address1: "Calle de Alcalá 42", Address2: "3º izq.", City: "Madrid",
		State: "M", Postcode: "28014", Country: "ES", Email: "lucia.ferrer@example.test", Phone: "+34 600 000 001"}
}

// Variant is a kind of order that shops really send.
type Variant struct {
	Name  string // a claim: "the product was deleted"
	Order Order
}

// Variants returns one order of every difficult kind, ready for
// [Server.Buy].
func Variants() []Variant {
	return []Variant{
		{"an ordinary order", Order{}},
		{"the address is too long for a supplier", LongAddress()},
		{"cash on delivery is never paid up front", CashOnDelivery()},
		{"the product was deleted", DeletedProduct()},
		{"the shipping address is empty", EmptyShipping()},
		{"there are several shipping lines", SeveralShippingLines()},
		{"a fee is negative", NegativeFee()},
		{"the price is a noisy float", NoisyPrice()},
		{"a quantity is fractional", FractionalQuantity()},
		{"a quantity is negative", Order{Lines: []Line{{Quantity: -1}}}},
		{"the address is missing", Order{NoAddress: true}},
		{"the status is unknown", UnknownStatus()},
		{"the currency is foreign", Order{Currency: "PLN"}},
		{"the currency has no decimals", Order{Currency: "JPY", Lines: []Line{{Total: "1200", TotalTax: "120"}}, ShippingLines: []ShippingLine{}}},
		{"the price is unreadable", UnreadablePrice()},
		{"the customer wrote a megabyte", HugeNote()},
		{"the text is hostile", HostileText()},
		{"optional parts are missing", Bare()},
	}
}

// LongAddress has two lines that do not fit into 70 characters.
func LongAddress() Order {
	a := Madrid()
	a.Address1 = "Urbanización Los Jardines de la Alameda, Portal 14, Escalera B"
	a.Address2 = "Planta tercera, puerta izquierda, junto al patio interior"
	return Order{Billing: a, Shipping: a}
}

// CashOnDelivery is to be shipped while date_paid is null.
func CashOnDelivery() Order { return Order{PaymentMethod: "cod"} }

// DeletedProduct has a line whose product is gone: sku null, product_id 0.
func DeletedProduct() Order {
	return Order{Lines: []Line{{Name: "Gone", Deleted: true}, {SKU: "S0000002"}}}
}

// EmptyShipping has empty strings for a shipping address.
func EmptyShipping() Order { return Order{Billing: Madrid()} }

// SeveralShippingLines has two of them, one free.
func SeveralShippingLines() Order {
	return Order{ShippingLines: []ShippingLine{
		{Title: "Flat rate", MethodID: "flat_rate", Total: "5.00", TotalTax: "1.05"},
		{Title: "Free shipping", MethodID: "free_shipping", Total: "0.00", TotalTax: "0.00"},
	}}
}

// NegativeFee has a discount written as a fee.
func NegativeFee() Order {
	return Order{Fees: []Fee{{Name: "Loyalty", Total: "-2.00", TotalTax: "-0.42"}}}
}

// NoisyPrice costs 10.00 for three: 3.3333333333333335 each.
func NoisyPrice() Order { return Order{Lines: []Line{{Quantity: 3, Total: "10.00", TotalTax: "2.10"}}} }

// FractionalQuantity sells one and a half.
func FractionalQuantity() Order { return Order{Lines: []Line{{Quantity: 1.5}}} }

// UnknownStatus is in a status of some plugin.
func UnknownStatus() Order { return Order{Status: "awaiting-pickup"} }

// UnreadablePrice has words for an amount.
func UnreadablePrice() Order { return Order{Lines: []Line{{Total: "about ten"}, {SKU: "S0000002"}}} }

// HugeNote has a customer note of one megabyte, in letters of two bytes.
func HugeNote() Order { return Order{CustomerNote: strings.Repeat("ñ", 1<<19)} }

// HostileText has text that breaks careless programs: quotes, markup, right
// to left, combining marks, a joined emoji, a NUL and other controls.
func HostileText() Order {
	a := Madrid()
	a.FirstName = `Robert"); DROP TABLE wp_posts;--`
	a.LastName = "<script>alert(1)</script> O’Neil-Strauß"
	a.Company = "\u202eemocleW\u202c & Söhne \u0000\u0007"
	a.Address1 = "Cafe\u0301-Straße 5\t\u00a0\u200b"
	a.Address2 = "👩‍👩‍👧‍👦 日本語 العربية"
	return Order{Billing: a, Shipping: a, CustomerNote: "line one\r\nline two %s %n {{.}} \\u0000"}
}

// Bare lacks every optional part; what PHP calls an empty object is a list.
func Bare() Order {
	return Order{Edit: func(o map[string]any) {
		for _, k := range []string{"number", "customer_note", "shipping_lines", "fee_lines", "refunds", "meta_data",
			"shipping_total", "shipping_tax", "date_paid", "date_paid_gmt", "needs_processing"} {
			delete(o, k)
		}
		o["shipping"] = []any{}
	}}
}
