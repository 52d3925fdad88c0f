package shopify

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// order is one order being read.
type order struct {
	*rest.Reading
	wireOrder
	shop *Shop
	id   string
}

// facts reads one order. What cannot be read is a defect. An error says that a
// part of it could not be fetched; the facts then have a defect there.
func (s *Shop) facts(ctx context.Context, row rest.Row[wireOrder]) (mip.Facts, error) {
	o := &order{Reading: row.Order(), wireOrder: row.V, shop: s, id: tail("Order", row.V.ID)}
	err := errors.Join(o.fetchLines(ctx), o.fetchRoutes(ctx))
	f := mip.Facts{
		Ref: mip.Ref{Channel: s.config.Name, ID: o.id}, Number: o.Name, Note: o.Note, ShipTo: o.address(),
		Lines: o.lines(), Total: o.amount("totalPriceSet", o.Total), CreatedAt: o.Time("createdAt", time.RFC3339, o.Created),
		UpdatedAt: o.updated(),
	}
	f.Postage, f.Service = o.postage()
	if f.Demand = o.demand(); f.Demand == mip.DemandUnpaid && o.unrouted() {
		err = errors.Join(err, s.mayRoute(ctx))
	}
	if err != nil && mip.KindOf(err) != mip.ErrUnauthorized {
		o.Check("order", false)
	}
	return o.Facts(f), rest.About(f.Ref, single(err))
}

// single is the first of joined errors.
func single(err error) error {
	if many, ok := err.(interface{ Unwrap() []error }); ok {
		if _, own := err.(*mip.Error); !own {
			return many.Unwrap()[0]
		}
	}
	return err
}

func (o *order) fetchLines(ctx context.Context) error {
	if o.Lines == nil {
		o.Lines = &list[wireLine]{}
		o.Check("lineItems", false)
	}
	return o.Lines.rest("read lines", func(after string) (*list[wireLine], error) {
		var out struct {
			Order *struct {
				Lines json.RawMessage `json:"lineItems"`
			}
		}
		err := o.shop.sized(ctx, docLines, map[string]any{"id": o.ID, "after": after}, &out)
		if err != nil || out.Order == nil {
			return nil, err
		}
		var page *list[wireLine]
		o.Check("lineItems", json.Unmarshal(out.Order.Lines, &page) == nil)
		return page, nil
	})
}

func (o *order) fetchRoutes(ctx context.Context) error {
	if o.Routes == nil {
		o.Routes = &list[wireRoute]{}
		o.Check("fulfillmentOrders", false)
	}
	return o.Routes.rest("read fulfillment orders", func(after string) (*list[wireRoute], error) {
		var out struct {
			Order *struct {
				Routes *list[wireRoute] `json:"fulfillmentOrders"`
			}
		}
		err := o.shop.do(ctx, docRoutes, map[string]any{"id": o.ID, "after": after}, &out)
		if err != nil || out.Order == nil {
			return nil, err
		}
		return out.Order.Routes, nil
	})
}

// updated is when the order or one of its fulfillment orders last changed:
// a hold that ends need not touch the order.
func (o *order) updated() time.Time {
	at := o.Time("updatedAt", time.RFC3339, o.Updated)
	for i, r := range o.Routes.Nodes {
		at = later(at, o.Time(fmt.Sprintf("fulfillmentOrders[%d].updatedAt", i), time.RFC3339, r.Updated))
	}
	return at
}

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// demand says what the shop wants.
func (o *order) demand() mip.Demand {
	switch {
	case o.Cancelled != "" || o.Financial == "REFUNDED" || o.Financial == "VOIDED":
		return mip.DemandCancel
	case o.Fulfillment == "FULFILLED" || o.Closed != "" || !o.RequiresShipping:
		return mip.DemandClosed
	case o.Test && !o.shop.config.TestOrders:
		return mip.DemandUnpaid
	}
	paid := o.Financial == "PAID" || o.Financial == "PARTIALLY_REFUNDED" || slices.Contains(o.shop.config.Ship, o.Financial)
	if !paid {
		known := []string{"AUTHORIZED", "EXPIRED", "PARTIALLY_PAID", "PENDING"}
		o.Check("displayFinancialStatus", slices.Contains(known, o.Financial))
		return mip.DemandUnpaid
	}
	return o.route()
}

// route says what the fulfillment orders ask for.
func (o *order) route() mip.Demand {
	have := map[string]bool{}
	for i, r := range o.Routes.Nodes {
		known := []string{"CANCELLED", "CLOSED", "INCOMPLETE", "IN_PROGRESS", "ON_HOLD", "OPEN", "SCHEDULED"}
		o.Check(fmt.Sprintf("fulfillmentOrders[%d].status", i), slices.Contains(known, r.Status))
		have[r.Status] = true
		have["ship"] = have["ship"] || shippable(r.Status, r.Actions)
	}
	switch {
	case have["ship"]:
		return mip.DemandShip
	case have["OPEN"] || have["IN_PROGRESS"] || have["ON_HOLD"] || have["SCHEDULED"] || have["INCOMPLETE"]:
		return mip.DemandUnpaid
	case have["CLOSED"]:
		return mip.DemandClosed
	case have["CANCELLED"]:
		return mip.DemandCancel
	}
	return mip.DemandUnpaid // not routed yet
}

// unrouted: there is not a single fulfillment order, which is what an order
// looks like for a moment, and for ever to an app without the scopes.
func (o *order) unrouted() bool { return len(o.Routes.Nodes) == 0 && !o.Test }

// address is the delivery address. A shop hides it from apps that may not see
// personal data, so an order that is to be shipped without one has a defect.
func (o *order) address() mip.Address {
	a := o.ShipTo
	if a == nil {
		o.Check("shippingAddress", !o.RequiresShipping)
		a = &wireAddress{}
	}
	to := mip.Address{FirstName: a.FirstName, LastName: a.LastName, Company: a.Company, Line1: a.Address1, Line2: a.Address2,
		City: a.City, Province: a.ProvinceCode, Postcode: a.Zip, Country: a.Country, Phone: a.Phone, Email: o.Email}
	if to.Province == "" {
		to.Province = a.Province
	}
	if to.Phone == "" {
		to.Phone = o.Phone
	}
	return to.Normal()
}

func (o *order) lines() []mip.Line {
	var out []mip.Line
	for i, w := range o.Lines.Nodes {
		path := fmt.Sprintf("lineItems[%d]", i)
		l := mip.Line{ID: tail("LineItem", w.ID), SKU: strings.TrimSpace(w.SKU), Title: w.Title, Quantity: w.Quantity, Cancelled: w.Quantity - w.Current}
		o.Check(path+".id", l.ID != "")
		if w.Variant != "" {
			l.Title += " - " + w.Variant
		}
		supplies := o.shop.config.Supplies
		l.Foreign = !w.RequiresShipping || l.SKU != "" && supplies != nil && !supplies(l.SKU)
		if w.Quantity < 0 || w.Current < 0 || w.Current > w.Quantity {
			o.Check(path+".quantity", false)
			l.Quantity, l.Cancelled = max(l.Quantity, 0), 0
		}
		if w.RequiresShipping {
			l.Shipped = min(max(w.Current-w.Unfulfilled, 0), l.Quantity)
		}
		l.Total = o.amount(path+".originalTotalSet", w.Original)
		for _, d := range w.Discounts {
			l.Total = o.sum(path, l.Total, o.amount(path+".discountAllocations", d.Amount).Times(-1))
		}
		l.Total = o.taxed(path, l.Total, w.Taxes)
		out = append(out, l)
	}
	return out
}

// postage sums what the shipping lines cost after discounts, tax included, and
// joins their titles.
func (o *order) postage() (mip.Money, string) {
	var sum mip.Money
	var names []string
	o.Check("shippingLines", !o.Shipping.Page.More) // more than anybody chooses from
	for i, w := range o.Shipping.Nodes {
		if w.Removed {
			continue
		}
		path := fmt.Sprintf("shippingLines[%d]", i)
		sum = o.sum(path, sum, o.taxed(path, o.amount(path+".discountedPriceSet", w.Price), w.Taxes))
		if w.Title != "" {
			names = append(names, w.Title)
		}
	}
	return sum, strings.Join(names, ", ")
}

// amount reads an amount, which is in the shop's currency.
func (o *order) amount(path string, m wireMoney) mip.Money {
	o.Check("currencyCode", m.Shop.Currency == o.Currency)
	return o.Money(path, m.Shop.Amount, m.Shop.Currency)
}

// taxed adds taxes where prices are without.
func (o *order) taxed(path string, m mip.Money, taxes []wireTax) mip.Money {
	for _, t := range taxes {
		if !o.TaxesIncluded {
			m = o.sum(path, m, o.amount(path+".taxLines", t.Price))
		}
	}
	return m
}

func (o *order) sum(path string, a, b mip.Money) mip.Money {
	sum, err := a.Add(b)
	o.Check(path, err == nil)
	return sum
}

func contract(op string) error { return fail(op, mip.ErrContract, "the answer has another form") }
