package miptest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/miptest"
)

func (d *depot) Find(ctx context.Context, reference string) (mip.Found, error) {
	if err := d.reach(ctx, false); err != nil {
		if d.bug == "a failed look-up finds nothing" {
			return mip.Found{}, nil
		}
		return mip.Found{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	have := slices.DeleteFunc(d.known(reference), func(o *sale) bool { return o.shown.After(time.Now()) })
	switch {
	case d.bug == "nothing is an error" && len(have) == 0:
		return mip.Found{}, d.fail(mip.ErrNotFound, 0)
	case d.bug == "finds something" && len(have) == 0 && len(d.orders) > 0:
		have = d.orders[:1]
	case d.bug == "finds nothing":
		return mip.Found{}, nil
	case d.bug == "vouches for nothing":
		return mip.Found{Authoritative: true}, nil
	case d.bug == "half is complete":
		have = have[:min(len(have), 1)]
	}
	f := mip.Found{Placements: placements(have, reference), Complete: len(have) > 0}
	if d.bug == "finds other pieces" && len(have) > 0 {
		f.Placements[0].Items[0].Quantity++
	}
	return f, nil
}

func (d *depot) Track(ctx context.Context, ids []string) ([]mip.Tracking, error) {
	if len(ids) == 0 && d.bug != "no ids are all ids" {
		return nil, nil
	}
	if err := d.reach(ctx, false); err != nil {
		if d.bug == "failed tracking is no news" {
			return nil, nil
		}
		return nil, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.bug == "the first fifty only" {
		ids = ids[:min(len(ids), 50)]
	}
	var out []mip.Tracking
	for _, o := range d.orders {
		if slices.Contains(ids, o.ID) || d.bug == "no ids are all ids" && len(ids) == 0 {
			out = append(out, d.news(o))
		}
	}
	strange := slices.ContainsFunc(ids, func(id string) bool { return id > "9" })
	switch {
	case d.bug == "a stranger stops all" && strange:
		return nil, d.fail(mip.ErrNotFound, 0)
	case d.bug == "a stranger is delivered" && strange:
		out = append(out, mip.Tracking{ID: "987654321", Status: mip.PlacementDelivered})
	case d.bug == "twice asked, twice told" && len(ids) > len(out):
		out = append(out, out...)
	case d.bug == "knows no placement":
		return nil, nil
	}
	return out, nil
}

func (d *depot) news(o *sale) mip.Tracking {
	t := mip.Tracking{ID: o.ID, Status: o.status, Parcels: slices.Clone(o.parcels)}
	switch {
	case d.bug == "made is sent" || d.bug == "asked is sent":
		t.Status = mip.PlacementShipped
	case d.bug == "never ends" && (o.status == mip.PlacementCancelled || o.status == mip.PlacementDelivered):
		t.Status = mip.PlacementInProcess
	}
	for i := range t.Parcels {
		p := &t.Parcels[i]
		switch d.bug {
		case "no carrier":
			p.Carrier = ""
		case "no number":
			p.Number = ""
		case "a parcel is its number":
			p.ID = p.Number
		case "one parcel for all":
			p.ID = "1"
		case "parcels without the order's id":
			p.ID = fmt.Sprint(i + 1)
		}
	}
	if d.bug == "one parcel each" {
		t.Parcels = t.Parcels[:min(len(t.Parcels), 1)]
	}
	return t
}

func (d *depot) Balance(ctx context.Context) (mip.Money, error) {
	if err := d.reach(ctx, false); err != nil {
		if d.bug == "an outage is no money" {
			return mip.EUR(0), nil
		}
		return mip.Money{}, err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.bug == "the balance of yesterday" {
		return mip.EUR(10_000_00), nil
	}
	return d.balance, nil
}

func (d *depot) Carriers(context.Context, mip.Purchase) ([]mip.Carrier, error) {
	if d.bug == "a carrier without a name" {
		return []mip.Carrier{{Label: "van"}}, nil
	}
	return []mip.Carrier{{Name: "van", Cost: mip.EUR(1_00)}}, nil
}

func (d *depot) Products(_ context.Context, skus []string) (map[string]mip.Product, error) {
	out := map[string]mip.Product{}
	for _, sku := range skus {
		_, known := price[sku]
		if known || d.bug != "unknown products are left out" {
			out[sku] = mip.Product{Known: known || d.bug == "every product is known"}
		}
	}
	return out, nil
}

func (d *depot) Open(_ context.Context, id string) (p mip.Placement, err error) {
	unknown := d.order(id, func(o *sale) {
		p = placements([]*sale{o}, o.reference)[0]
		if d.bug == "opens without its pieces" {
			p.Items = nil
		}
	})
	if unknown != nil && d.bug != "opens what is not there" {
		return p, d.fail(mip.ErrNotFound, 0)
	}
	return p, nil
}

// order changes an order as the depot's staff does.
func (d *depot) order(id string, change func(o *sale)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, o := range d.orders {
		if o.ID == id {
			change(o)
			return nil
		}
	}
	return errors.New("no such order")
}

func (d *depot) buy(reference string, skus ...string) mip.Purchase {
	p := mip.Purchase{Reference: reference, Payment: "wallet", ShipTo: mip.Address{FirstName: "Aurelia", LastName: "Quintanar",
		Line1: "Callejón Ficticio 77", Line2: "Bloque Verde", City: "Alcorcón", Postcode: "28922", Country: "es", Phone: "600123987",
		Email: "aurelia@example.test"}}
	for i, sku := range skus {
		p.Items = append(p.Items, mip.Item{LineID: fmt.Sprint(i + 1), SKU: sku, Quantity: 2})
	}
	return p
}

func (d *depot) vendor() miptest.Vendor {
	locked := func(f func()) {
		d.mu.Lock()
		defer d.mu.Unlock()
		f()
	}
	lose := func(after bool) miptest.Loss {
		return miptest.Loss{Name: fmt.Sprintf("lost after %t", after), After: after, Plan: func() { locked(func() { d.lost = append(d.lost, after) }) }}
	}
	return miptest.Vendor{
		Supplier: d, Secrets: []string{secret}, Losses: []miptest.Loss{lose(true), lose(false)},
		Purchase: func(n int) mip.Purchase { return d.buy(fmt.Sprintf("shop-%d", n), "A") },
		Split:    func(n int) mip.Purchase { return d.buy(fmt.Sprintf("split-%d", n), "A", "B") },
		Sold: func(reference string) (out []miptest.Sold) {
			locked(func() {
				for _, o := range d.orders {
					if o.reference == reference {
						out = append(out, o.Sold)
					}
				}
			})
			return out
		},
		Break:   func(t miptest.Trouble) bool { locked(func() { d.trouble = t }); return true },
		SellOut: func(sku string) { locked(func() { d.stock[sku] = 0 }) },
		Fund:    func(m mip.Money) { locked(func() { d.balance = m }) },
		ByHand:  func(p mip.Purchase) error { locked(func() { d.sell(p) }); return nil },
		Lag:     func(lag time.Duration) { locked(func() { d.lag = lag }) },
		Ship: func(id, carrier, number string) error {
			return d.order(id, func(o *sale) {
				o.status = mip.PlacementShipped
				o.parcels = append(o.parcels, mip.Parcel{ID: fmt.Sprintf("%s-%d", id, len(o.parcels)+1), Carrier: carrier, Number: number})
			})
		},
		Renumber: func(id, from, to string) error {
			return d.order(id, func(o *sale) {
				for i := range o.parcels {
					if o.parcels[i].Number == from {
						o.parcels[i].Number = to
					}
				}
			})
		},
		Deliver: func(id string) error { return d.order(id, func(o *sale) { o.status = mip.PlacementDelivered }) },
		Cancel:  func(id string) error { return d.order(id, func(o *sale) { o.status = mip.PlacementCancelled }) },
	}
}
