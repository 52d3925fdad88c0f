package miptest

import (
	"fmt"
	"sync"

	"github.com/openmip/openmip/mip"
)

const customers = 12

// crowd lets many customers do something at the same time.
func (c *customer) crowd(do func(c *customer, i int)) {
	all := make([]*customer, customers)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range all {
		all[i] = &customer{ctx: c.ctx, v: c.v}
		wg.Go(func() {
			<-start
			do(all[i], i)
		})
	}
	close(start)
	wg.Wait()
	for _, one := range all {
		c.breaches = append(c.breaches, one.breaches...)
	}
}

func supplyTogetherChecks() []SupplierCheck {
	return []SupplierCheck{
		supply("many purchases at once are bought once each",
			"one supplier serves all orders; an answer that goes to the wrong caller is a wrong id for ever", func(c *customer) error {
				c.crowd(func(c *customer, i int) { c.buys(c.v.Purchase(i + 1)) })
				return nil
			}),
		supply("one purchase from many at once is bought once",
			"two processes may run one effect at the same time", func(c *customer) error {
				p := c.v.Purchase(1)
				var mu sync.Mutex
				fresh := 0
				c.crowd(func(c *customer, _ int) {
					placed, err := c.place(p)
					c.that(err == nil || mip.KindOf(err) == mip.ErrUnknown || mip.Repeatable(err), "Place: %v", err)
					c.that(len(placed.Refusals) == 0, "refused for %v", mip.Codes(placed.Refusals))
					mu.Lock()
					defer mu.Unlock()
					if err == nil && !placed.Exists {
						fresh++
					}
				})
				c.that(fresh <= 1, "%d callers were told that they bought it", fresh)
				c.once(p, fmt.Sprintf("after %d at once", customers))
				return nil
			}),
		supply("all calls may be made at the same time",
			"checks, purchases and tracking run side by side", func(c *customer) error {
				before := c.v.Purchase(100)
				id := c.first(before)
				c.crowd(func(c *customer, i int) {
					var err error
					switch i % 4 {
					case 0:
						c.buys(c.v.Purchase(i + 1))
					case 1:
						_, err = c.check(c.v.Purchase(i + 1))
					case 2:
						c.finds(before, "a purchase")
					case 3:
						_, err = c.track(id)
					}
					c.kind(err, nil, fmt.Sprintf("call %d", i))
				})
				return nil
			}),
	}
}
