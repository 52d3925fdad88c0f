package miptest

import (
	"fmt"
	"slices"

	"github.com/openmip/openmip/mip"
)

func trackChecks() []SupplierCheck {
	return []SupplierCheck{
		supply("the ids of placements are understood, and what is not sent is not called sent",
			"a customer who is told of a parcel waits for it", func(c *customer) error {
				id := c.first(c.v.Purchase(1))
				news, err := c.track(id)
				c.kind(err, nil, "Track")
				s := news[id].Status
				c.that(s != mip.PlacementShipped && s != mip.PlacementDelivered && s != mip.PlacementCancelled, "an order just made is %q", s)
				c.that(len(news[id].Parcels) == 0, "it has %d parcels", len(news[id].Parcels))
				return nil
			}),
		supply("a sent order has a status, a carrier and a number",
			"the number is what the customer is told", func(c *customer) error {
				if c.v.Ship == nil {
					return lacks("Ship")
				}
				id := c.first(c.v.Purchase(1))
				c.kind(c.v.Ship(id, "GLS", "TRK001"), nil, "the world: ship")
				for range 2 {
					t := c.news(id)
					c.that(t.Status == mip.PlacementShipped, "it is %q, want shipped", t.Status)
					if c.that(len(t.Parcels) == 1, "it has %d parcels, want 1", len(t.Parcels)) {
						p := t.Parcels[0]
						c.that(p.ID != "" && p.Number == "TRK001" && p.Carrier == "GLS", "the parcel is %q: %q by %q", p.ID, p.Number, p.Carrier)
					}
				}
				return nil
			}),
		supply("an end is seen: delivered, cancelled",
			"an order that never ends is asked about for ever, and a cancelled one must be bought elsewhere", func(c *customer) error {
				if c.v.Ship == nil || c.v.Deliver == nil || c.v.Cancel == nil {
					return lacks("Ship, Deliver and Cancel")
				}
				arrived, gone := c.first(c.v.Purchase(1)), c.first(c.v.Purchase(2))
				c.kind(c.v.Ship(arrived, "GLS", "TRK001"), nil, "the world: ship")
				c.kind(c.v.Deliver(arrived), nil, "the world: deliver")
				c.kind(c.v.Cancel(gone), nil, "the world: cancel")
				s := c.news(arrived).Status
				c.that(s == mip.PlacementDelivered, "a delivered order is %q", s)
				s = c.news(gone).Status
				c.that(s == mip.PlacementCancelled, "a cancelled order is %q", s)
				return nil
			}),
		supply("unknown ids do no harm to the others",
			"one order that the supplier has forgotten must not stop the tracking of all", func(c *customer) error {
				if c.v.Ship == nil {
					return lacks("Ship")
				}
				id := c.first(c.v.Purchase(1))
				c.kind(c.v.Ship(id, "GLS", "TRK001"), nil, "the world: ship")
				news, err := c.track("987654321", id, "987654322")
				c.kind(err, nil, "Track")
				c.that(len(news[id].Parcels) == 1, "the known order has %d parcels, want 1", len(news[id].Parcels))
				for _, strange := range []string{"987654321", "987654322"} {
					s := news[strange]
					c.that(s.Status == "" && len(s.Parcels) == 0, "an unknown order is %q with %d parcels", s.Status, len(s.Parcels))
				}
				return nil
			}),
		supply("no ids bring no news, and a repeated id brings it once",
			"a batch is put together from many orders", func(c *customer) error {
				id := c.first(c.v.Purchase(1))
				none, err := c.track()
				c.kind(err, nil, "Track")
				c.that(len(none) == 0, "news of %d orders that nobody asked for", len(none))
				_, err = c.track(id, id)
				c.kind(err, nil, "Track")
				return nil
			}),
		supply("many ids at once are all asked about",
			"a question is cut into the supplier's portions; the last portion counts like the first", func(c *customer) error {
				if c.v.Ship == nil {
					return lacks("Ship")
				}
				var all []string
				for n := range 55 {
					id := c.first(c.v.Purchase(n + 1))
					c.kind(c.v.Ship(id, "GLS", fmt.Sprintf("TRK%03d", n)), nil, "the world: ship")
					all = append(all, id)
				}
				news, err := c.track(all...)
				c.kind(err, nil, "Track")
				for n, id := range all {
					t := news[id]
					c.that(len(t.Parcels) == 1 && t.Parcels[0].Number == fmt.Sprintf("TRK%03d", n), "the number of order %d of %d is lost or another's", n+1, len(all))
				}
				return nil
			}),
	}
}

// first buys p and returns the id of its first order.
func (c *customer) first(p mip.Purchase) string {
	placed := c.buys(p)
	if len(placed.Placements) == 0 {
		return ""
	}
	return placed.Placements[0].ID
}

// news asks for one order, of which there must be some.
func (c *customer) news(id string) mip.Tracking {
	news, err := c.track(id)
	c.kind(err, nil, "Track")
	_, ok := news[id]
	c.that(ok, "no news of an order that has some")
	return news[id]
}

func parcelChecks() []SupplierCheck {
	return []SupplierCheck{
		supply("a corrected number keeps its parcel",
			"a parcel is known by its id: with a new one the shop would show both numbers", func(c *customer) error {
				if c.v.Ship == nil || c.v.Renumber == nil {
					return lacks("Ship and Renumber")
				}
				id := c.first(c.v.Purchase(1))
				c.kind(c.v.Ship(id, "GLS", "TRK001"), nil, "the world: ship")
				c.kind(c.v.Ship(id, "GLS", "TRK002"), nil, "the world: ship")
				before := numbers(c.news(id))
				c.kind(c.v.Renumber(id, "TRK001", "TRK009"), nil, "the world: renumber")
				after := numbers(c.news(id))
				c.that(len(before) == 2 && before["TRK001"] != before["TRK002"], "two parcels have the ids %v", before)
				c.that(len(after) == 2 && after["TRK009"] == before["TRK001"] && after["TRK002"] == before["TRK002"],
					"the parcels were %v and are %v", before, after)
				return nil
			}),
		supply("parcels of a purchase in several orders have ids of their own",
			"two parcels with one id are one parcel to the shop, and half of the goods have no number", func(c *customer) error {
				if c.v.Ship == nil || c.v.Split == nil {
					return lacks("Ship and Split")
				}
				placed := c.buys(c.v.Split(1))
				all := ids(placed.Placements)
				for i, id := range all {
					c.kind(c.v.Ship(id, "GLS", fmt.Sprintf("TRK%03d", i)), nil, "the world: ship")
				}
				news, err := c.track(all...)
				c.kind(err, nil, "Track")
				var parcels []string
				for i, id := range all {
					t := news[id]
					c.that(len(t.Parcels) == 1 && t.Parcels[0].Number == fmt.Sprintf("TRK%03d", i), "order %d has the parcels %v", i+1, numbers(t))
					for _, p := range t.Parcels {
						c.that(!slices.Contains(parcels, p.ID), "two orders have a parcel %q", p.ID)
						parcels = append(parcels, p.ID)
					}
				}
				return nil
			}),
	}
}

// numbers are the ids of parcels by number.
func numbers(t mip.Tracking) map[string]string {
	out := map[string]string{}
	for _, p := range t.Parcels {
		out[p.Number] = p.ID
	}
	return out
}
