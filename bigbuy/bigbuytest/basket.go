package bigbuytest

import (
	"maps"
	"slices"

	"github.com/shopspring/decimal"
)

// withVAT adds the tax on shipping, 21 %.
func withVAT(d decimal.Decimal) decimal.Decimal { return d.Mul(decimal.New(121, -2)).Round(2) }

// line is a number of pieces of one product in a basket.
type line struct {
	product  *product
	quantity int
	net      decimal.Decimal // per piece, as it was then
}

// part is what one warehouse sends.
type part struct {
	warehouse int
	lines     []line
	offer     offer           // the cheapest service allowed
	goods     decimal.Decimal // without tax and shipping
	net       decimal.Decimal // with shipping, without tax
	total     decimal.Decimal // with everything
}

// basket is what an order asks for, sorted out.
type basket struct {
	unknown, parents, inactive []string
	parts                      []*part // by warehouse
}

func (s *Server) basket(wants []want) basket {
	var b basket
	byWarehouse := map[int]*part{}
	for _, w := range wants {
		p := s.product(w.sku)
		switch {
		case p == nil:
			b.unknown = append(b.unknown, w.sku)
		case p.Attributes:
			b.parents = append(b.parents, w.sku)
		case p.Inactive:
			b.inactive = append(b.inactive, w.sku)
		default:
			from := p.from(w.quantity)
			if byWarehouse[from] == nil {
				byWarehouse[from] = &part{warehouse: from}
			}
			byWarehouse[from].lines = append(byWarehouse[from].lines, line{p, w.quantity, p.net})
		}
	}
	for _, w := range slices.Sorted(maps.Keys(byWarehouse)) {
		b.parts = append(b.parts, byWarehouse[w])
	}
	return b
}

// refusals are the products that nobody can order, worst first.
func (b basket) refusals() []*refusal {
	var out []*refusal
	for _, r := range []refusal{{code: ER001, skus: b.unknown}, {code: ER002, skus: b.parents}, {skus: b.inactive}} {
		if len(r.skus) > 0 {
			out = append(out, &r)
		}
	}
	return out
}

// skus lists the part's products.
func (p *part) skus() []string {
	var out []string
	for _, l := range p.lines {
		out = append(out, l.product.SKU)
	}
	return out
}

func (p *part) grams() int {
	total := 0
	for _, l := range p.lines {
		total += l.product.Grams * l.quantity
	}
	return total
}

// price works out what the part costs with its offer. Each line's tax and the
// tax on shipping are rounded to the cent.
func (p *part) price() {
	gross := withVAT(p.offer.cost)
	for _, l := range p.lines {
		net := l.net.Mul(decimal.NewFromInt(int64(l.quantity)))
		p.goods = p.goods.Add(net)
		gross = gross.Add(net.Mul(l.product.tax).Round(2))
	}
	p.net, p.total = p.goods.Add(p.offer.cost), gross
}

// judge prices a part, or says why it cannot be had: everything but the
// reference and the purse, in BigBuy's order.
func (s *Server) judge(p *part, r orderRequest) *refusal {
	var soldOut []string
	for _, l := range p.lines {
		if l.product.Stock[p.warehouse] < l.quantity {
			soldOut = append(soldOut, l.product.SKU)
		}
	}
	if len(soldOut) > 0 {
		return &refusal{code: ER003, skus: soldOut}
	}
	to := countryOf(r.shipTo.Country)
	if to != nil && !to.fits(r.shipTo.Postcode) {
		return &refusal{code: ER004, data: struct {
			Example string `json:"zipExample"`
		}{to.example}}
	}
	offers := s.offers(r.shipTo.Country, p.grams(), r.carriers)
	if len(offers) == 0 {
		return &refusal{code: ER010}
	}
	if exportOnly(r.shipTo.Country, r.shipTo.Postcode) {
		return &refusal{code: ER013}
	}
	p.offer = offers[0]
	p.price()
	return s.judgePayment(p, r)
}

func (s *Server) judgePayment(p *part, r orderRequest) *refusal {
	if m := s.sw.MinimumOrder; m.Currency() != "" && p.total.LessThan(euros(m)) {
		return &refusal{code: ER007, data: struct {
			Minimum any `json:"minimunPurchase"` // BigBuy's spelling
			Total   any `json:"totalOrder"`
		}{number(euros(m)), number(p.total)}}
	}
	if m := euros(s.sw.bankwireMinimum()); r.payment == "bankwire" && p.total.LessThan(m) {
		return &refusal{code: ER012, data: struct {
			Minimum any `json:"minBankwire"`
		}{number(m)}}
	}
	known := slices.Contains([]string{"moneybox", "paypal", "bankwire"}, r.payment)
	if !known || r.payment == "paypal" && s.sw.PayPal == PayPalOff {
		return &refusal{code: ER011}
	}
	if s.sw.PackMissing {
		return &refusal{code: ER014}
	}
	return nil
}

// judgeReference refuses a reference that is used already.
func (s *Server) judgeReference(reference string) *refusal {
	known := s.byRef[reference]
	if len(known) == 0 {
		return nil
	}
	return &refusal{code: ER008, data: struct {
		ID int `json:"orderId"`
	}{known[0].id}}
}

// judgeFunds comes last: whoever is refused here has an order that is
// otherwise in good shape.
func judgeFunds(purse, total decimal.Decimal, payment string) *refusal {
	if payment != "moneybox" || !total.GreaterThan(purse) {
		return nil
	}
	return &refusal{code: ER005, data: struct {
		Purse any `json:"moneyBoxAmount"`
		Total any `json:"totalOrder"`
	}{number(purse), number(total)}}
}
