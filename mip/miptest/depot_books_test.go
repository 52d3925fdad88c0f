package miptest_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/miptest"
)

// known is what stands under a reference.
func (d *depot) known(reference string) []*sale {
	var out []*sale
	for _, o := range d.orders {
		if o.reference == reference || d.bug == "finds by the beginning" && strings.HasPrefix(o.reference, reference) {
			out = append(out, o)
		}
	}
	return out
}

// sell books one order for each warehouse that has the goods.
func (d *depot) sell(p mip.Purchase) []*sale {
	var out []*sale
	for i, it := range p.BySKU() {
		if d.stock[it.SKU] < it.Quantity {
			continue
		}
		if d.bug == "the last quantity counts" {
			it.Quantity = p.Items[len(p.Items)-1].Quantity
		}
		if d.bug == "one of each" {
			it.Quantity = 1
		}
		paid := d.split(p)[i].Total
		if d.bug == "shipping comes on top" {
			paid, _ = paid.Add(mip.EUR(1_20))
		}
		d.stock[it.SKU] -= it.Quantity
		d.balance, _ = d.balance.Sub(paid)
		o := &sale{reference: p.Reference, status: mip.PlacementInProcess, shown: time.Now().Add(d.lag),
			Sold: miptest.Sold{ID: fmt.Sprint(7001 + len(d.orders)), Items: []mip.Item{{SKU: it.SKU, Quantity: it.Quantity}}, ShipTo: d.label(p), Paid: paid}}
		d.orders = append(d.orders, o)
		out = append(out, o)
	}
	return out
}

// label is what is written on the parcel.
func (d *depot) label(p mip.Purchase) mip.Address {
	a := p.ShipTo.Normal()
	a.Line1, a.Line2 = a.Street(), ""
	switch d.bug {
	case "loses the telephone number":
		a.Phone = ""
	case "loses the second line":
		a.Line1 = p.ShipTo.Line1
	case "cuts the street":
		a.Line1 = a.Line1[:min(len(a.Line1), 70)]
	}
	return a
}

func placements(sales []*sale, reference string) []mip.Placement {
	var out []mip.Placement
	for _, o := range sales {
		out = append(out, mip.Placement{ID: o.ID, Reference: reference, Items: slices.Clone(o.Items), Status: o.status, Cost: o.Paid})
	}
	return out
}
