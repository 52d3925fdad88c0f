package bigbuytest

import (
	"net/http"
	"slices"
	"strings"
)

// shippingCarriers is GET shipping/carriers.
func (s *Server) shippingCarriers(*request) reply {
	type service struct {
		ID    string `json:"id"`
		Delay string `json:"delay"`
		Name  string `json:"name"`
		POD   bool   `json:"pod"`
	}
	type carrier struct {
		ID       string    `json:"id"`
		Name     string    `json:"name"`
		Services []service `json:"shippingServices"`
	}
	list := []carrier{}
	for _, c := range s.carriers {
		if s.sw.Sandbox {
			break
		}
		entry := carrier{c.ID, c.Name, []service{}}
		for _, v := range c.Services {
			entry.Services = append(entry.Services, service{v.ID, v.Delay, v.Name, true})
		}
		list = append(list, entry)
	}
	return ok(list)
}

// shippingOrders is POST shipping/orders. It knows products and warehouses,
// but does not look at stock.
func (s *Server) shippingOrders(q *request) reply {
	f := field{name: "order", shape: objectShape, required: true, fields: []field{
		{name: "delivery", shape: objectShape, required: true, fields: []field{
			{name: "isoCountry", required: true}, {name: "postcode", required: true}}},
		{name: "products", shape: listShape, required: true, fields: []field{
			{name: "reference", required: true}, {name: "quantity", shape: countShape, required: true}}},
	}}
	o, bad := s.form(q.body, f)
	if bad != nil {
		return *bad
	}
	to := o.object("delivery")
	if c := countryOf(to.text("isoCountry")); c != nil && !c.fits(to.text("postcode")) {
		n := f.judge(o)
		n.kid("delivery").kid("postcode").errors = []string{c.postcodeError(), notValid}
		return n.reply(s.sw)
	}
	b := s.basket(wants(o.objects("products")))
	if wrong := b.refusals(); len(wrong) > 0 {
		return wrong[0].reply(s.sw)
	}
	if len(b.parts) > 1 {
		return b.mixed()
	}
	return shippingOptions(s.offers(to.text("isoCountry"), b.parts[0].grams(), nil), b.parts[0].grams())
}

func shippingOptions(offers []offer, grams int) reply {
	type service struct {
		ID          string `json:"id"`
		Name        string `json:"name"`
		Delay       string `json:"delay"`
		Transport   string `json:"transportMethod,omitempty"`
		ServiceName string `json:"serviceName,omitempty"`
	}
	type option struct {
		Service service `json:"shippingService"`
		Cost    any     `json:"cost"`
		Weight  any     `json:"weight"`
	}
	if len(offers) == 0 {
		return codeReply(http.StatusNotFound, "No carriers found")
	}
	var list []option
	for _, v := range offers {
		name := v.Name
		if v.NameMisses {
			name = ""
		}
		list = append(list, option{service{v.ID, v.Name, v.Delay, v.Transport, name}, number(v.cost),
			number(kilograms(grams))})
	}
	return ok(struct {
		Options []option `json:"shippingOptions"`
	}{list})
}

type lowestBody struct {
	Reference string `json:"reference"`
	Cost      any    `json:"cost"` // text or null
	CarrierID string `json:"carrierId,omitempty"`
	Carrier   string `json:"carrierName,omitempty"`
}

// lowest is what one piece costs at least to send.
func (s *Server) lowest(sku, to string) lowestBody {
	p := s.product(sku)
	if p == nil {
		return lowestBody{Reference: sku}
	}
	offers := s.offers(to, p.Grams, nil)
	if len(offers) == 0 {
		return lowestBody{Reference: sku}
	}
	return lowestBody{sku, offers[0].cost.String(), offers[0].ID, offers[0].Name}
}

// lowestCost is POST shipping/lowest-shipping-cost-by-country.
func (s *Server) lowestCost(q *request) reply {
	o, bad := s.form(q.body, field{name: "product_country", shape: objectShape, required: true, fields: []field{
		{name: "reference", required: true}, {name: "countryIsoCode", required: true}}})
	if bad != nil {
		return *bad
	}
	return ok(s.lowest(o.text("reference"), o.text("countryIsoCode")))
}

// lowestCosts is GET shipping/lowest-shipping-costs-by-country/{country}: the
// whole catalogue, by SKU.
func (s *Server) lowestCosts(q *request) reply {
	list := []lowestBody{}
	for _, p := range s.products {
		if !p.Attributes && !s.sw.Sandbox {
			list = append(list, s.lowest(p.SKU, q.args[0]))
		}
	}
	slices.SortFunc(list, func(a, b lowestBody) int { return strings.Compare(a.Reference, b.Reference) })
	return ok(list)
}
