package miptest

import (
	"context"
	"time"

	"github.com/openmip/openmip/mip"
)

func contextGone(ctx context.Context) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	return ctx, cancel
}

func contextHasty(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, time.Second)
}

func findChecks() []SupplierCheck {
	return []SupplierCheck{
		supply("an unknown reference is found to be nothing, without an error",
			"a look-up that fails on what is not there can never prove that nothing was bought", func(c *customer) error {
				c.buys(c.v.Purchase(10))
				found, err := c.find(c.v.Purchase(1))
				c.kind(err, nil, "Find")
				c.that(len(found.Placements) == 0, "Find invents %v", ids(found.Placements))
				return nil
			}),
		supply("a look-up finds the purchase of its reference, and no other",
			"a search by words finds shop-10 for shop-1, and takes a stranger's order for ours", func(c *customer) error {
				for _, n := range []int{10, 1, 100} {
					c.buys(c.v.Purchase(n))
				}
				for _, n := range []int{1, 10, 100} {
					c.finds(c.v.Purchase(n), "a purchase")
				}
				return nil
			}),
		supply("a look-up claims to be complete only with every order of the purchase",
			"an order that is left out of a complete answer is bought again", func(c *customer) error {
				if c.v.Split == nil {
					return lacks("Split")
				}
				p := c.v.Split(1)
				c.buys(p)
				c.finds(p, "a purchase in several orders")
				return nil
			}),
		supply("an order placed by hand is found by its reference, and protects it",
			"a person orders in the web shop while the program waits; both must not buy", func(c *customer) error {
				if c.v.ByHand == nil {
					return lacks("ByHand")
				}
				p := c.v.Purchase(1)
				c.kind(c.v.ByHand(p), nil, "the world: buy by hand")
				c.finds(p, "a purchase by hand")
				placed, err := c.place(p)
				c.kind(err, nil, "Place")
				c.that(placed.Exists, "the reference is used, and Exists is not set")
				c.once(p, "after a purchase by hand and one by program")
				return nil
			}),
		supply("an order that look-ups do not show yet is not bought twice",
			"an answer that was lost a second ago may be missing from every list for minutes", func(c *customer) error {
				if c.v.Lag == nil {
					return lacks("Lag")
				}
				c.v.Lag(10 * time.Minute)
				p := c.v.Purchase(1)
				c.buys(p)
				_, err := c.find(p)
				c.kind(err, nil, "Find")
				placed, err := c.place(p)
				c.that(placed.Exists || mip.KindOf(err) == mip.ErrUnknown, "Place neither knows the reference nor calls it unknown: %v", err)
				c.once(p, "bought again before it can be looked up")
				time.Sleep(11 * time.Minute)
				c.finds(p, "the list has caught up")
				return nil
			}),
	}
}
