package miptest

import (
	"slices"

	"github.com/openmip/openmip/mip"
)

func quoteChecks() []SupplierCheck {
	return []SupplierCheck{
		supply("a check buys nothing and may be repeated",
			"every order is checked several times in its life; a check that buys, or uses the reference up, buys twice", func(c *customer) error {
				p := c.v.Purchase(1)
				for range 3 {
					q, err := c.check(p)
					c.kind(err, nil, "Check")
					c.that(len(q.Refusals) == 0, "a good purchase is refused for %v", mip.Codes(q.Refusals))
				}
				c.never(p, "after three checks")
				c.buys(p)
				return nil
			}),
		supply("a quote names what the whole purchase will cost",
			"the total is what is set aside; a total without tax or shipping overdraws the purse", func(c *customer) error {
				p := c.v.Purchase(1)
				q, err := c.check(p)
				c.kind(err, nil, "Check")
				c.that(q.Total.Currency() != "" && !q.Total.IsZero() && !q.Total.IsNegative(), "the total is %s", q.Total)
				c.parts(q)
				c.buys(p)
				paid, told := c.paid(p)
				c.that(!told || q.Total.Equal(paid), "quoted were %s, paid were %s", q.Total, paid)
				return nil
			}),
	}
}

// parts: the parts of a quote add up to its total.
func (c *customer) parts(q mip.Quote) {
	var sum mip.Money
	for _, part := range q.Parts {
		var err error
		sum, err = sum.Add(part.Total)
		c.kind(err, nil, "the sum of the parts")
		net, err := part.Net.Cmp(part.Total)
		c.that(part.Net.Currency() == "" || err == nil && net <= 0, "without tax %s, with tax %s", part.Net, part.Total)
		goods, err := part.Goods.Cmp(part.Net)
		c.that(part.Goods.Currency() == "" || err == nil && goods <= 0, "goods %s, with shipping %s", part.Goods, part.Net)
	}
	c.that(len(q.Parts) == 0 || sum.Equal(q.Total), "the parts add up to %s, the total is %s", sum, q.Total)
}

// paid is what the books say a purchase cost, if they do.
func (c *customer) paid(p mip.Purchase) (sum mip.Money, told bool) {
	for _, s := range c.v.Sold(p.Reference) {
		if s.Paid.Currency() == "" {
			return sum, false
		}
		var err error
		sum, err = sum.Add(s.Paid)
		c.kind(err, nil, "the sum of what was paid")
	}
	return sum, sum.Currency() != ""
}

func placeChecks() []SupplierCheck {
	return []SupplierCheck{
		supply("a purchase buys exactly once, and every id is told",
			"an order whose id is lost is never followed, and its customer never hears of a parcel", func(c *customer) error {
				c.buys(c.v.Purchase(1))
				c.buys(c.v.Purchase(2))
				c.buys(c.v.Purchase(10))
				return nil
			}),
		supply("the same reference again exists, and buys nothing",
			"the reference is the last line of defence against buying twice", func(c *customer) error {
				p := c.v.Purchase(1)
				first := c.buys(p)
				other := p
				other.Items = []mip.Item{{LineID: "1", SKU: p.Items[0].SKU, Quantity: 1}}
				for what, again := range map[string]mip.Purchase{"the same purchase again": p, "less under the same reference": other} {
					placed, err := c.place(again)
					c.kind(err, nil, what)
					c.that(placed.Exists, "%s: Exists is not set", what)
					for _, id := range ids(placed.Placements) {
						c.that(slices.Contains(ids(first.Placements), id), "%s: told of order %q, want one of %v", what, id, ids(first.Placements))
					}
					c.once(p, "after "+what)
				}
				return nil
			}),
		supply("goods go where the purchase says",
			"a lost telephone number is a parcel that comes back", func(c *customer) error {
				p := c.v.Purchase(1)
				c.buys(p)
				for _, s := range c.v.Sold(p.Reference) {
					if s.ShipTo == (mip.Address{}) {
						return lacks("address in its books")
					}
					c.address(p.ShipTo.Normal(), s.ShipTo)
				}
				return nil
			}),
		supply("two lines of one SKU are bought together, all pieces",
			"a supplier without lines refuses a SKU that comes twice, or takes the last quantity for all", func(c *customer) error {
				p := c.v.Purchase(1)
				p.Items = append(slices.Clone(p.Items), mip.Item{LineID: "2", SKU: p.Items[0].SKU, Quantity: 1})
				q, err := c.check(p)
				c.kind(err, nil, "Check")
				c.that(len(q.Refusals) == 0, "refused for %v", mip.Codes(q.Refusals))
				c.buys(p)
				return nil
			}),
		supply("what is no purchase is invalid, and buys nothing",
			"without a reference nothing protects from buying twice, and an unknown way to pay must not become another one", func(c *customer) error {
				for what, spoil := range map[string]func(*mip.Purchase){
					"an unknown way to pay": func(p *mip.Purchase) { p.Payment = "cowries" },
					"no way to pay":         func(p *mip.Purchase) { p.Payment = "" },
					"no reference":          func(p *mip.Purchase) { p.Reference = "" },
					"no items":              func(p *mip.Purchase) { p.Items = nil },
				} {
					p := c.v.Purchase(1)
					spoil(&p)
					placed, err := c.place(p)
					c.kind(err, mip.ErrInvalid, what)
					c.that(len(placed.Placements) == 0, "%s: placed all the same", what)
					c.never(p, "after "+what)
				}
				return nil
			}),
	}
}

// address compares where goods go with where they should go.
func (c *customer) address(want, got mip.Address) {
	for _, f := range []struct{ name, want, got string }{
		{"first name", want.FirstName, got.FirstName}, {"last name", want.LastName, got.LastName},
		{"company", want.Company, got.Company}, {"street", want.Street(), got.Street()}, {"city", want.City, got.City},
		{"postcode", want.Postcode, got.Postcode}, {"country", want.Country, got.Country},
		{"telephone number", want.Phone, got.Phone}, {"e-mail address", want.Email, got.Email},
	} {
		c.that(f.want == f.got, "the %s is not the purchase's (%d bytes instead of %d)", f.name, len(f.got), len(f.want))
	}
}
