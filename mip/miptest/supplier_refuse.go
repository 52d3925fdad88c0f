package miptest

import (
	"strings"

	"github.com/openmip/openmip/mip"
)

func splitChecks() []SupplierCheck {
	return []SupplierCheck{
		supply("a purchase in several orders tells all of them, each with its pieces",
			"each order has parcels of its own; the pieces say which line of the shop's order is on its way", func(c *customer) error {
				if c.v.Split == nil {
					return lacks("Split")
				}
				p := c.v.Split(1)
				q, err := c.check(p)
				c.kind(err, nil, "Check")
				c.parts(q)
				placed := c.buys(p)
				c.that(len(placed.Placements) > 1, "the world made %d orders of it, not several", len(placed.Placements))
				paid, told := c.paid(p)
				c.that(!told || q.Total.Equal(paid), "quoted were %s, paid were %s", q.Total, paid)
				return nil
			}),
		supply("a purchase of which a part is sold out is told in full: what was bought, and what was not and why",
			"an answer that reads as a refusal as a whole buys the rest a second time", func(c *customer) error {
				if c.v.Split == nil || c.v.SellOut == nil {
					return lacks("Split and SellOut")
				}
				p := c.v.Split(1)
				c.v.SellOut(p.Items[len(p.Items)-1].SKU)
				placed, err := c.place(p)
				c.kind(err, nil, "Place")
				c.booked(p, placed)
				c.reasoned("Place", placed.Refusals, "")
				c.that(len(placed.Placements) > 0 || len(c.v.Sold(p.Reference)) == 0, "the placements are missing")
				return nil
			}),
	}
}

func refusalChecks() []SupplierCheck {
	return []SupplierCheck{
		supply("what is sold out is refused with a finding, and nothing is bought",
			"a refusal is an answer: as an error it would be tried again for ever, and nobody would see why", func(c *customer) error {
				if c.v.SellOut == nil {
					return lacks("SellOut")
				}
				p := c.v.Purchase(1)
				c.v.SellOut(p.Items[0].SKU)
				q, err := c.check(p)
				c.kind(err, nil, "Check")
				c.reasoned("Check", q.Refusals, "")
				for _, f := range q.Refusals {
					c.that(f.Path != "", "the finding %q does not say which field it is about", f.Code)
				}
				placed, err := c.place(p)
				c.kind(err, nil, "Place")
				c.reasoned("Place", placed.Refusals, "")
				c.that(len(placed.Placements) == 0 && !placed.Exists, "placed all the same")
				c.never(p, "after a refusal")
				return nil
			}),
		supply("too little money is a refusal that can go away by itself, and nothing is bought",
			"only this code lets another payment method be tried, and brings the order back when money has come", func(c *customer) error {
				if c.v.Fund == nil {
					return lacks("Fund")
				}
				p := c.v.Purchase(1)
				c.v.Fund(mip.EUR(1))
				q, err := c.check(p)
				c.kind(err, nil, "Check")
				c.poor("Check", q.Refusals)
				placed, err := c.place(p)
				c.kind(err, nil, "Place")
				c.poor("Place", placed.Refusals)
				c.that(len(placed.Placements) == 0 && !placed.Exists, "placed all the same")
				c.never(p, "after a refusal")
				c.v.Fund(mip.EUR(10_000_00))
				c.buys(p)
				return nil
			}),
		supply("an address that does not fit is refused or taken whole, never cut",
			"a street that ends in the middle sends the parcel to somebody else", func(c *customer) error {
				p := c.v.Purchase(1)
				p.ShipTo.Line1 = strings.TrimSpace(strings.Repeat(p.ShipTo.Line1+" ", 40))
				q, err := c.check(p)
				c.kind(err, nil, "Check")
				placed, err := c.place(p)
				c.kind(err, nil, "Place")
				if len(placed.Placements) == 0 {
					c.reasoned("Check", q.Refusals, "")
					c.reasoned("Place", placed.Refusals, "")
					c.never(p, "after a refusal")
				}
				for _, s := range c.v.Sold(p.Reference) {
					c.that(s.ShipTo == (mip.Address{}) || s.ShipTo.Street() == p.ShipTo.Street(), "the street was changed")
				}
				return nil
			}),
	}
}

// poor: refused for want of money.
func (c *customer) poor(what string, refusals []mip.Finding) {
	c.reasoned(what, refusals, mip.CodeInsufficientFunds)
	for _, f := range refusals {
		c.that(f.Code != mip.CodeInsufficientFunds || f.AutoClear, "%s: the refusal for money does not go away by itself", what)
	}
}
