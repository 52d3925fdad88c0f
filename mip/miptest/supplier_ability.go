package miptest

import (
	"github.com/openmip/openmip/mip"
)

func abilityChecks() []SupplierCheck {
	return []SupplierCheck{
		supply("the balance is what is there now",
			"purchases are released as far as the money goes", func(c *customer) error {
				b, ok := c.v.Supplier.(mip.Balancer)
				if !ok || c.v.Fund == nil {
					return lacks("mip.Balancer, or Fund")
				}
				c.v.Fund(mip.EUR(500_00))
				c.balance(b, mip.EUR(500_00), "after a top-up")
				p := c.v.Purchase(1)
				c.buys(p)
				if paid, told := c.paid(p); told {
					rest, err := mip.EUR(500_00).Sub(paid)
					c.kind(err, nil, "what is left")
					c.balance(b, rest, "after a purchase")
				}
				return c.inTrouble(Unreachable, func() {
					_, err := b.Balance(c.ctx)
					c.heard("Balance", p, err)
					c.kind(err, mip.ErrUnavailable, "Balance")
				})
			}),
		supply("a carrier on the list may be chosen",
			"a person chooses from this list, and the purchase must take the choice", func(c *customer) error {
				l, ok := c.v.Supplier.(mip.CarrierLister)
				if !ok {
					return lacks("mip.CarrierLister")
				}
				p := c.v.Purchase(1)
				all, err := l.Carriers(c.ctx, p)
				c.heard("Carriers", p, err)
				c.kind(err, nil, "Carriers")
				c.that(len(all) > 0, "no carrier takes a good purchase")
				c.never(p, "after a list of carriers")
				for n, carrier := range all {
					c.that(carrier.Name != "", "carrier %d of %d has no name", n+1, len(all))
					p := c.v.Purchase(n + 1)
					p.Shipping = []string{carrier.Name}
					c.buys(p)
				}
				return nil
			}),
		supply("every SKU that was asked about is in the answer, also an unknown one",
			"what is missing from an answer is neither known nor unknown, and its order would wait without a reason", func(c *customer) error {
				l, ok := c.v.Supplier.(mip.Cataloguer)
				if !ok {
					return lacks("mip.Cataloguer")
				}
				known := c.v.Purchase(1).Items[0].SKU
				all, err := l.Products(c.ctx, []string{known, "NO-SUCH-SKU"})
				c.heard("Products", c.v.Purchase(1), err)
				c.kind(err, nil, "Products")
				strange, told := all["NO-SUCH-SKU"]
				c.that(all[known].Known, "a product on sale is not known")
				c.that(told && !strange.Known, "a SKU that does not exist is told %t, known %t", told, strange.Known)
				return nil
			}),
		supply("an order is opened by its id, with its reference and its pieces",
			"a person attaches by id what a look-up by reference does not show; what is in it decides whose it is", func(c *customer) error {
				o, ok := c.v.Supplier.(mip.Opener)
				if !ok {
					return lacks("mip.Opener")
				}
				p := c.v.Purchase(1)
				if c.v.Split != nil {
					p = c.v.Split(1)
				}
				var opened mip.Placed
				for _, id := range ids(c.buys(p).Placements) {
					got, err := o.Open(c.ctx, id)
					c.heard("Open", p, err)
					c.kind(err, nil, "Open")
					opened.Placements = append(opened.Placements, got)
				}
				c.booked(p, opened)
				_, err := o.Open(c.ctx, "987654321")
				c.heard("Open", p, err)
				c.kind(err, mip.ErrNotFound, "Open of an unknown id")
				return nil
			}),
	}
}

func (c *customer) balance(b mip.Balancer, want mip.Money, when string) {
	got, err := b.Balance(c.ctx)
	c.heard("Balance", c.v.Purchase(0), err)
	c.kind(err, nil, "Balance")
	c.that(got.Equal(want), "%s the balance is %s, want %s", when, got, want)
}
