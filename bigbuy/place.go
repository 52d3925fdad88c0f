package bigbuy

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/openmip/openmip/mip"
)

// Place implements [mip.Supplier]: one placement per warehouse, all ids kept.
//
// A proven refusal is refusals without placements and no error. Part of it
// bought is placements and refusals; a part of which BigBuy says that it may
// have failed on its own side is refused with [mip.CodeOutcomeUnknown], for a
// person to look. A reference that is known already (ER008) sets Exists, and
// Placements tells the earlier order by its id.
//
// Only the wallet pays at once. With any other payment an order counts as
// awaiting payment until BigBuy's own status says more.
//
// [mip.ErrUnknown] is everything that may have bought: no answer, server
// errors, errors inside a 200, "try later" (ER009), an answer that cannot be
// read. [mip.ErrThrottled] and [mip.ErrUnavailable] certainly bought nothing.
func (s *Supplier) Place(ctx context.Context, p mip.Purchase) (mip.Placed, error) {
	o, err := s.request(p)
	if err == nil && (o.PaymentMethod == "" || o.InternalReference == "") {
		err = &mip.Error{Op: "bigbuy", Ref: p.Ref, Kind: mip.ErrInvalid, Err: errors.New("a purchase needs reference and payment")}
	}
	if err != nil {
		return mip.Placed{}, err
	}
	answer, err := s.client.CreateMulti(ctx, o)
	if demanded(o, err) {
		if o.Carriers, err = s.allServices(ctx); err != nil {
			return mip.Placed{}, &mip.Error{Op: "bigbuy: create", Ref: p.Ref, Kind: mip.ErrUnavailable, Err: err}
		}
		answer, err = s.client.CreateMulti(ctx, o)
	}
	if err != nil {
		e, ok := refused(err)
		switch {
		case !ok:
			return mip.Placed{}, err
		case e.Code == ERExists:
			return s.exists(ctx, p, e, nil)
		}
		return mip.Placed{Refusals: e.Findings()}, nil
	}
	return s.placed(ctx, p, answer, o.PaymentMethod != moneybox)
}

func (s *Supplier) placed(ctx context.Context, p mip.Purchase, answer Created, unpaid bool) (mip.Placed, error) {
	bought := s.placements(ctx, p, answer, unpaid)
	var out mip.Placed
	var earlier *Error
	for _, e := range answer.Errors {
		switch {
		case e.Code == ERExists:
			earlier = e
		case !errors.Is(e, mip.ErrUnknown) && !mip.Repeatable(e):
			out.Refusals = append(out.Refusals, e.Findings()...)
		case len(bought) == 0:
			return mip.Placed{}, &mip.Error{Op: "bigbuy: create", Ref: p.Ref, Kind: mip.ErrUnknown, Code: e.Code, Err: e}
		default:
			out.Refusals = append(out.Refusals, doubt(e))
		}
	}
	if lost := unaccounted(p, refs(answer.Orders), answer.Errors); len(lost) > 0 {
		if len(bought) == 0 {
			return mip.Placed{}, &mip.Error{Op: "bigbuy: create", Ref: p.Ref, Kind: mip.ErrUnknown, Err: errUntold}
		}
		out.Refusals = append(out.Refusals, doubt(&Error{SKUs: lost}))
	}
	out.Refusals = merge(out.Refusals)
	if earlier != nil {
		known, err := s.exists(ctx, p, earlier, bought)
		if err != nil && len(bought) > 0 {
			// What was bought just now must not be lost over a failed look-up,
			// and nobody knows what the earlier order holds.
			out.Placements, out.Refusals = bought, merge(append(out.Refusals, doubt(earlier)))
			return out, nil
		}
		if len(bought) > 0 && !mip.Within(known.Placements, p.Items) {
			// A stranger's order must not cost us what was bought just now.
			out.Placements, out.Refusals = bought, merge(append(out.Refusals, earlier.Findings()...))
			return out, nil
		}
		known.Refusals = out.Refusals
		return known, err
	}
	out.Placements = bought
	return out, nil
}

// placements makes one per created order. BigBuy tells SKUs without numbers;
// usually a warehouse takes all pieces of a SKU. Where that cannot be (a SKU
// twice, also in a part that failed, or parts without SKUs) the orders
// themselves are asked, and so they are if they may still have to be paid.
func (s *Supplier) placements(ctx context.Context, p mip.Purchase, answer Created, unpaid bool) []mip.Placement {
	var out []mip.Placement
	orders := answer.Orders
	taken, clear := map[string]bool{}, !unpaid
	status := mip.PlacementInProcess
	if unpaid {
		status = mip.PlacementAwaitingPayment
	}
	for _, o := range orders {
		var items []mip.Item
		for _, it := range p.BySKU() {
			if !slices.Contains(o.ProductReferences, Text(it.SKU)) {
				continue
			}
			if taken[it.SKU] {
				clear = false
				continue
			}
			taken[it.SKU] = true
			items = append(items, it)
			clear = clear && !slices.ContainsFunc(answer.Errors, func(e *Error) bool { return slices.Contains(e.SKUs, it.SKU) })
		}
		if len(o.ProductReferences) == 0 && len(orders) == 1 && len(answer.Errors) == 0 {
			items = p.BySKU()
		}
		clear = clear && len(items) > 0
		out = append(out, mip.Placement{ID: o.Number(), Reference: p.Reference, Warehouse: string(o.Warehouse),
			Items: items, Status: status, PlacedAt: time.Now().UTC()})
	}
	if !clear {
		s.contents(ctx, out)
	}
	return out
}

// lookTime bounds what may be asked between a purchase and its return: ids
// that are not stored yet must not wait in the queue of a rate limit.
const lookTime = 5 * time.Second

// contents fills in what can be learnt soon; a placement never gets lost over
// it.
func (s *Supplier) contents(ctx context.Context, placements []mip.Placement) {
	ctx, cancel := context.WithTimeout(ctx, lookTime)
	defer cancel()
	for i, p := range placements {
		told, err := s.byID(ctx, p.ID, p.Reference)
		if err != nil || len(told) != 1 {
			continue
		}
		if len(told[0].Items) > 0 {
			placements[i].Items = told[0].Items
		}
		if told[0].Status != "" {
			placements[i].Status, placements[i].StatusText = told[0].Status, told[0].StatusText
		}
		placements[i].Cost = told[0].Cost
	}
}

// exists tells the order that has the reference already, behind what this
// very call bought.
func (s *Supplier) exists(ctx context.Context, p mip.Purchase, e *Error, bought []mip.Placement) (mip.Placed, error) {
	out := mip.Placed{Placements: bought, Exists: true}
	if len(bought) > 0 {
		short, cancel := context.WithTimeout(ctx, lookTime)
		defer cancel()
		ctx = short
	}
	found, err := s.byID(ctx, e.OrderID, p.Reference)
	if e.OrderID == "" {
		var f mip.Found
		f, err = s.Find(ctx, p.Reference)
		found = f.Placements
	}
	for _, f := range found {
		if !slices.ContainsFunc(bought, func(b mip.Placement) bool { return b.ID == f.ID }) {
			out.Placements = append(out.Placements, f)
		}
	}
	switch {
	case err == nil || errors.Is(err, mip.ErrNotFound):
		return out, nil
	}
	// It exists, what is in it can be asked again: by reference, never by
	// buying.
	return mip.Placed{}, &mip.Error{Op: "bigbuy: create", Ref: p.Ref, Kind: mip.ErrUnknown, Code: ERExists,
		Err: errors.New("order " + strconv.Quote(e.OrderID) + " has the reference and could not be read")}
}

// doubt is for a part that may have been bought: a person looks at BigBuy, and
// may then let it pass.
func doubt(e *Error) mip.Finding {
	f := e.finding(mip.CodeOutcomeUnknown, "lines")
	f.Severity = mip.Overridable
	return f
}

func refs(orders []CreatedOrder) [][]Text {
	out := make([][]Text, len(orders))
	for i, o := range orders {
		out[i] = o.ProductReferences
	}
	return out
}

var errUntold = errors.New("the answer leaves out a product")

// unaccounted returns the SKUs of which a multishipping answer says nothing.
// A part that names none may stand for any.
func unaccounted(p mip.Purchase, orders [][]Text, failed []*Error) []string {
	told := map[string]bool{}
	for _, skus := range orders {
		if len(skus) == 0 {
			return nil
		}
		for _, sku := range skus {
			told[string(sku)] = true
		}
	}
	for _, e := range failed {
		if len(e.SKUs) == 0 {
			return nil
		}
		for _, sku := range e.SKUs {
			told[sku] = true
		}
	}
	var out []string
	for _, it := range p.BySKU() {
		if !told[it.SKU] {
			out = append(out, it.SKU)
		}
	}
	return out
}
