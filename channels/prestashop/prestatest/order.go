package prestatest

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"
)

// Order is an order to be bought. What is left empty gets a sensible value.
// Amounts are text with tax and are sent as they are.
type Order struct {
	Reference string // empty = nine letters of its own; orders may share one
	State     int    // 0 = [Paid]
	Currency  string // ISO code; empty = EUR
	Shop      int    // of a multistore; 0 = 1
	Cart      int    // 0 = one of its own; split orders share one

	Address   Address // zero = a customer in Madrid
	NoAddress bool    // id_address_delivery is 0
	Carrier   string  // name; empty = the first; unknown = a new one
	// Slots is how many rows of order_carriers there are; 0 = one, −1 = none.
	Slots int

	Lines    []Line // nil = one line
	Shipping string // empty = 5.00
	Discount string // on the whole order; empty = none
	// Late is how long ago its dates lie: shops commit late.
	Late    time.Duration
	Total   string // empty = the sum
	Message string // what the buyer wrote

	// Edit, if set, changes each row of the order, its order_details,
	// order_carriers and address before it is sent, for what the fields cannot
	// say.
	Edit func(resource string, row map[string]any)
}

// Address is where it goes.
type Address struct {
	FirstName, LastName, Company, Address1, Address2, City, Postcode string
	State, Country                                                   string // ISO codes
	Phone, Mobile, Email, VATNumber                                  string
}

// Line is one product line.
type Line struct {
	Name, Reference string // empty = Garden lamp, S0000001; Reference "-" = none
	Quantity        int    // 0 = 1
	Total           string // the whole line with tax; empty = 10.00 each
}

// Madrid is the usual customer's address.
func Madrid() Address {
	return Address{FirstName: "Lucía", LastName: "Ferrer", Address1: "Calle de Alcalá 42", Address2: "3º izq.", City: "Madrid",
		Postcode: "28014", Country: "ES", Phone: "+34 600 000 001", Email: "lucia.ferrer@example.test"}
}

// Buy puts an order into the shop and returns its id.
func (s *Server) Buy(o Order) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if o.State == 0 {
		o.State = Paid
	}
	if o.Shop == 0 {
		o.Shop = 1
	}
	now := s.now().Add(-o.Late).In(s.cfg.Zone).Format(wireTime)
	if o.Cart == 0 {
		o.Cart = s.tables["carts"].insert(0, row{"date_add": now, "date_upd": now}).num("id")
	}
	address, customer := s.settle(o)
	carrier := s.carrier(o.Carrier)
	r := s.tables["orders"].insert(0, row{
		"id_address_delivery": address, "id_address_invoice": address, "id_cart": strconv.Itoa(o.Cart), "id_currency": s.currency(or(o.Currency, "EUR")),
		"id_lang": "1", "id_customer": customer, "id_carrier": carrier, "current_state": strconv.Itoa(o.State), "module": "ps_checkout",
		"payment": "Card", "id_shop": strconv.Itoa(o.Shop), "id_shop_group": strconv.Itoa(s.cfg.Groups[o.Shop]),
		"conversion_rate": "1.000000", "date_add": now, "date_upd": now, "valid": s.tables["order_states"].rows[o.State].text("logable"),
	})
	id := r.num("id")
	r["reference"] = or(o.Reference, letters(id))
	sum := s.addLines(o, r.text("id"))
	shipping, discount := or(o.Shipping, "5.00"), or(o.Discount, "0")
	total := or(o.Total, sum.Add(number(shipping)).Sub(number(discount)).String())
	for field, v := range map[string]string{"total_paid": total, "total_paid_tax_incl": total, "total_paid_real": total, "total_shipping": shipping,
		"total_shipping_tax_incl": shipping, "total_discounts": discount, "total_discounts_tax_incl": discount, "total_products_wt": sum.String()} {
		r[field] = six(v)
	}
	for range max(o.Slots, 1) {
		if o.Slots >= 0 {
			s.tables["order_carriers"].insert(0, row{"id_order": r.text("id"), "id_carrier": carrier, "id_order_invoice": "1",
				"weight": "1.250000", "shipping_cost_tax_excl": "4.130000", "shipping_cost_tax_incl": six(shipping), "date_add": now})
		}
	}
	if o.Message != "" {
		s.tables["messages"].insert(0, row{"id_cart": strconv.Itoa(o.Cart), "id_order": r.text("id"), "id_customer": customer, "message": o.Message, "date_add": now})
	}
	s.tables["order_histories"].insert(0, row{"id_order": r.text("id"), "id_order_state": strconv.Itoa(o.State), "date_add": now})
	s.edits[id] = o.Edit
	return id
}

func (s *Server) addLines(o Order, order string) decimal.Decimal {
	sum := decimal.Zero
	if o.Lines == nil {
		o.Lines = []Line{{}}
	}
	for i, l := range o.Lines {
		if l.Quantity == 0 {
			l.Quantity = 1
		}
		total := or(l.Total, decimal.New(int64(l.Quantity)*10, 0).String())
		sum = sum.Add(number(total))
		reference := or(l.Reference, "S0000001")
		if reference == "-" {
			reference = ""
		}
		unit := total
		if d, err := decimal.NewFromString(total); err == nil {
			unit = d.Div(decimal.New(int64(l.Quantity), 0)).StringFixed(6)
		}
		s.tables["order_details"].insert(0, row{"id_order": order, "product_id": strconv.Itoa(40 + i), "product_name": or(l.Name, "Garden lamp"),
			"product_reference": reference, "product_quantity": strconv.Itoa(l.Quantity), "product_price": unit, "id_shop": "1",
			"unit_price_tax_incl": unit, "unit_price_tax_excl": unit, "total_price_tax_incl": six(total), "total_price_tax_excl": six(total)})
	}
	return sum
}

// settle stores the address and the customer.
func (s *Server) settle(o Order) (address, customer string) {
	a := o.Address
	if a == (Address{}) && !o.NoAddress {
		a = Madrid()
	}
	now := s.local()
	customer = s.tables["customers"].insert(0, row{"email": a.Email, "firstname": a.FirstName, "lastname": a.LastName, "active": "1",
		"date_add": now, "date_upd": now}).text("id")
	if o.NoAddress {
		return "0", customer
	}
	return s.keep(a, customer), customer
}

func (s *Server) keep(a Address, customer string) string {
	r := row{"id_customer": customer, "alias": "Home", "firstname": a.FirstName, "lastname": a.LastName,
		"company": a.Company, "address1": a.Address1, "address2": a.Address2, "city": a.City, "postcode": a.Postcode, "phone": a.Phone,
		"phone_mobile": a.Mobile, "vat_number": a.VATNumber, "id_country": s.byField("countries", "iso_code", a.Country), "id_state": "0",
		"date_add": s.local(), "date_upd": s.local()}
	if a.State != "" {
		if r["id_state"] = s.byField("states", "iso_code", a.State); r["id_state"] == "0" {
			r["id_state"] = s.tables["states"].insert(0, row{"iso_code": a.State, "name": a.State, "id_country": r["id_country"]}).text("id")
		}
	}
	return s.tables["addresses"].insert(0, r).text("id")
}

func (s *Server) byField(resource, field, value string) string {
	if rows := s.tables[resource].where(field, value); len(rows) > 0 {
		return rows[len(rows)-1].text("id")
	}
	return "0"
}

func (s *Server) currency(iso string) string {
	if id := s.byField("currencies", "iso_code", iso); id != "0" {
		return id
	}
	return s.tables["currencies"].insert(0, row{"iso_code": iso, "name": iso}).text("id")
}

func (s *Server) carrier(name string) string {
	t := s.tables["carriers"]
	if name == "" {
		return t.sorted()[0].text("id")
	}
	if id := s.byField("carriers", "name", name); id != "0" {
		return id
	}
	return t.insert(0, row{"id_reference": strconv.Itoa(t.last + 1), "name": name, "delay": words{"1": "soon", "2": "wkrótce"}}).text("id")
}

// letters is a reference of nine capital letters.
func letters(n int) string {
	var b [9]byte
	for i, x := 0, uint32(n)*2654435761; i < len(b); i++ { //nolint:gosec // small
		b[i], x = byte('A'+x%26), x*1664525+1013904223
	}
	return string(b[:])
}

// number reads an amount for the shop's own sums; what is unreadable counts
// as nought.
func number(s string) decimal.Decimal {
	d, err := decimal.NewFromString(s)
	if err != nil {
		return decimal.Zero
	}
	return d
}

// six writes an amount as the database does; what is no amount stays.
func six(s string) string {
	d, err := decimal.NewFromString(s)
	if err != nil {
		return s
	}
	return d.StringFixed(6)
}
