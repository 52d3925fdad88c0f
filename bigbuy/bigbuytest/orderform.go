package bigbuytest

import (
	"cmp"
	"slices"
	"strings"

	"github.com/openmip/openmip/mip"
)

// The limits of an order's form, in characters. Only the address's is public;
// the last name has one that nobody has published.
const (
	maxAddress   = 70
	maxReference = 50
	maxLastName  = 32
)

// orderFields is the form of order/check and order/create.
func orderFields(creating bool, sw Switches) field {
	postcode := field{name: "postcode", required: true}
	country := func(text string) string {
		if len(text) != 2 || text != strings.ToUpper(text) {
			return notValid
		}
		return ""
	}
	return field{name: "order", shape: objectShape, required: true, fields: []field{
		{name: "internalReference", required: creating, max: maxReference},
		{name: "cashOnDelivery"},
		{name: "language", valid: language},
		{name: "paymentMethod"},
		{name: "shippingAddress", shape: objectShape, required: true, fields: []field{
			{name: "firstName", required: true},
			{name: "lastName", required: true, max: maxLastName, silent: true},
			{name: "country", required: true, valid: country},
			postcode,
			{name: "town", required: true},
			{name: "address", required: true, max: maxAddress},
			{name: "phone", required: true},
			{name: "email", required: true, valid: email},
			{name: "comment"}, {name: "vatNumber"}, {name: "companyName"},
		}},
		{name: "carriers", shape: listShape, required: sw.CarriersRequired,
			fields: []field{{name: "id"}, {name: "name"}}},
		{name: "products", shape: listShape, required: true, fields: []field{
			{name: "reference", required: true},
			{name: "quantity", shape: countShape, required: true},
			{name: "internalReference"},
		}},
		{name: "dateAdd", shape: anyShape},
	}}
}

func language(text string) string {
	known := strings.Fields("bg cs da de el en es et fi fr hr hu it lt lv nl no pl pt ro ru sk sl sv")
	if !slices.Contains(known, text) {
		return notValid
	}
	return ""
}

func email(text string) string {
	name, host, found := strings.Cut(text, "@")
	if !found || name == "" || strings.ContainsAny(host, "@ ") || !strings.Contains(host, ".") {
		return "This value is not a valid email address."
	}
	return ""
}

// want is a number of pieces of one product.
type want struct {
	sku      string
	quantity int
}

// orderRequest is an order's form that passed.
type orderRequest struct {
	reference, language, payment string
	shipTo                       mip.Address
	comment                      string
	carriers                     []string // names or ids; empty = any
	wants                        []want   // one per SKU
}

// readOrder validates the form of check and create. The postcode is judged
// with the rest of the form only by the switch PostcodeInForm.
func (s *Server) readOrder(body []byte, creating bool) (orderRequest, *reply) {
	f := orderFields(creating, s.sw)
	o, bad := s.form(body, f)
	if bad != nil {
		return orderRequest{}, bad
	}
	r := toOrder(o)
	if c := countryOf(r.shipTo.Country); s.sw.PostcodeInForm && c != nil && !c.fits(r.shipTo.Postcode) {
		n := f.judge(o)
		n.kid("shippingAddress").kid("postcode").errors = []string{c.postcodeError()}
		answer := n.reply(s.sw)
		return orderRequest{}, &answer
	}
	return r, nil
}

// kid returns the named child; the form has it.
func (n *node) kid(name string) *node {
	return &n.kids[slices.IndexFunc(n.kids, func(k node) bool { return k.name == name })]
}

func toOrder(o object) orderRequest {
	a := o.object("shippingAddress")
	r := orderRequest{
		reference: o.text("internalReference"), language: o.text("language"),
		payment: o.text("paymentMethod"), comment: a.text("comment"),
		shipTo: mip.Address{
			FirstName: a.text("firstName"), LastName: a.text("lastName"), Company: a.text("companyName"),
			Line1: a.text("address"), City: a.text("town"), Postcode: a.text("postcode"),
			Country: a.text("country"), Phone: a.text("phone"), Email: a.text("email"),
			VATNumber: a.text("vatNumber"),
		},
	}
	if r.payment == "" {
		r.payment = "moneybox"
	}
	for _, c := range o.objects("carriers") {
		r.carriers = append(r.carriers, cmp.Or(c.text("name"), c.text("id")))
	}
	r.wants = wants(o.objects("products"))
	return r
}

// wants sums the pieces per SKU.
func wants(products []object) []want {
	var out []want
	for _, p := range products {
		sku, quantity := p.text("reference"), p.count("quantity")
		i := slices.IndexFunc(out, func(w want) bool { return w.sku == sku })
		if i < 0 {
			out = append(out, want{sku, quantity})
			continue
		}
		out[i].quantity += quantity
	}
	return out
}
