package miptest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/openmip/openmip/mip"
)

// shopRef names the n-th order of the account "shop".
func shopRef(n int) mip.Ref { return mip.Ref{Channel: "shop", ID: fmt.Sprintf("%d", 1000+n)} }

// plainFacts is a plain order of two lines, made up.
func plainFacts(r mip.Ref) mip.Facts {
	return mip.Facts{
		Ref: r, Number: "#" + r.ID, Demand: mip.DemandShip,
		ShipTo: mip.Address{FirstName: "Ana", LastName: "Example", Line1: "1 Test Street", City: "Valencia",
			Postcode: "46001", Country: "ES", Phone: "+34000000000", Email: "ana@example.org"},
		Lines: []mip.Line{
			{ID: "l1", SKU: "S1", Title: "One", Quantity: 2, Total: mip.EUR(20_00)},
			{ID: "l2", SKU: "S2", Title: "Two", Quantity: 1, Total: mip.EUR(5_00)},
		},
		Total: mip.EUR(29_90), Postage: mip.EUR(4_90), CreatedAt: minute(-60), UpdatedAt: minute(-60),
	}
}

func imported(f mip.Facts) mip.Event {
	return mip.Event{Kind: mip.EventImported, Actor: mip.ActorChannel, Facts: &f}
}

func noted(code string) mip.Event {
	return mip.Event{Kind: mip.EventNoted, Actor: mip.ActorEngine, Findings: []mip.Finding{{Code: code, Params: map[string]string{"n": "1"}}}}
}

func held(o mip.Order, codes ...string) mip.Event {
	e := mip.Event{Kind: mip.EventHeld, Actor: mip.ActorEngine, Version: o.Version}
	for _, c := range codes {
		e.Findings = append(e.Findings, mip.Finding{Code: c, Path: "shipTo.line1", Severity: mip.Overridable,
			Params: map[string]string{"max": "70"}, Suggestion: map[string]string{"shipTo.line1": "1 Test St."}, Value: "v1"})
	}
	return e
}

func approved(o mip.Order) mip.Event {
	return mip.Event{Kind: mip.EventApproved, Actor: mip.ActorEngine, Version: o.Version, Payment: "wallet", Quote: &mip.Quote{
		Parts: []mip.QuotePart{{Warehouse: "w1", SKUs: []string{"S1", "S2"}, Goods: mip.EUR(15_00), Net: mip.EUR(18_00), Total: mip.EUR(21_78)}},
		Total: mip.EUR(21_78), At: minute(1),
	}}
}

func sending(attempt int) mip.Event {
	return mip.Event{Kind: mip.EventSending, Actor: mip.ActorEngine, Attempt: attempt, Payment: "wallet", Amount: mip.EUR(21_78)}
}

func placed(attempt int) mip.Event {
	return mip.Event{Kind: mip.EventPlaced, Actor: mip.ActorEngine, Attempt: attempt, Next: minute(200), Placements: []mip.Placement{{
		ID: "P1", Reference: "shop-1001", Warehouse: "w1", Status: mip.PlacementInProcess, Cost: mip.EUR(21_78),
		Items: []mip.Item{{SKU: "S1", Quantity: 2}, {SKU: "S2", Quantity: 1}},
	}}}
}

func tracked(status mip.PlacementStatus, number string) mip.Event {
	return mip.Event{Kind: mip.EventTracked, Actor: mip.ActorEngine, Next: minute(300), Tracking: []mip.Tracking{{
		ID: "P1", Status: status, StatusText: "words", Cost: mip.EUR(21_78),
		Parcels: []mip.Parcel{{ID: "b1", Carrier: "Carrier", Number: number, Items: []mip.Item{{LineID: "l1", SKU: "S1", Quantity: 2}}, ShippedAt: minute(50)}},
	}}}
}

// life is what happens to an order from import to erasure, with late,
// repeated and forbidden events in between. Each sees the order as it is.
func life(f mip.Facts) []func(o mip.Order) mip.Event {
	is := func(e mip.Event) func(mip.Order) mip.Event { return func(mip.Order) mip.Event { return e } }
	address := f.ShipTo
	address.Line1 = "2 Test Street"
	status := mip.Status{State: mip.StateSubmitted, Parcels: []mip.Parcel{{ID: "b1", Items: []mip.Item{{SKU: "S1", Quantity: 1}}}}}
	attempt := func(k mip.EventKind, next time.Time) func(mip.Order) mip.Event {
		return is(mip.Event{Kind: k, Actor: mip.ActorEngine, Attempt: 1, Next: next})
	}
	return []func(mip.Order) mip.Event{
		is(noted("too.early")),
		is(imported(f)), is(imported(f)),
		is(mip.Event{Kind: mip.EventManualUndone, Actor: "p1"}),
		func(o mip.Order) mip.Event { return held(o, "address.too_long", "other") },
		is(mip.Event{Kind: mip.EventAddressEdited, Actor: "p1", Address: &address, Why: "shorter"}),
		is(mip.Event{Kind: mip.EventShippingChosen, Actor: "p1", Shipping: []string{"A", "B"}}),
		is(mip.Event{Kind: mip.EventOverridden, Actor: "p1", Override: &mip.Override{Code: "address.too_long", Path: "shipTo.line1", Actor: "p1", Why: "fine"}}),
		is(mip.Event{Kind: mip.EventResend, Actor: "p1"}),
		is(noted("note.one")),
		func(o mip.Order) mip.Event { e := approved(o); e.Version--; return e },
		approved,
		is(sending(1)), is(sending(1)),
		attempt(mip.EventUnknown, minute(60)), attempt(mip.EventAbsent, minute(70)), attempt(mip.EventUnclear, minute(80)),
		is(placed(1)), is(placed(1)), attempt(mip.EventRefused, time.Time{}),
		is(tracked("", "T1")), is(tracked(mip.PlacementShipped, "T2")), is(tracked(mip.PlacementInProcess, "T2")),
		is(mip.Event{Kind: mip.EventReported, Actor: mip.ActorEngine, Status: &status}),
		is(mip.Event{Kind: mip.EventSettled, Actor: mip.ActorEngine, Attempt: 1, Amount: mip.EUR(21_78)}),
		is(mip.Event{Kind: mip.EventCancel, Actor: "p1", Why: "too late"}),
		is(tracked(mip.PlacementDelivered, "T2")),
		is(mip.Event{Kind: mip.EventErased, Actor: "p1"}),
	}
}

// live applies the whole life to a store and the book, comparing all the way.
func (b book) live(ctx context.Context, s mip.Store, f mip.Facts, each func() error) error {
	for i, event := range life(f) {
		var o mip.Order
		if en, ok := b[f.Ref]; ok {
			o = en.order
		}
		if err := b.both(ctx, s, f.Ref, event(o), minute(i)); err != nil {
			return err
		}
		if err := each(); err != nil {
			return err
		}
	}
	return nil
}

// anything returns some event for an order, whether it makes sense or not.
func anything(rnd *rand.Rand, o mip.Order, f mip.Facts) mip.Event {
	events := life(f)
	e := events[rnd.IntN(len(events))](o)
	switch e.Kind {
	case mip.EventErased:
		return noted(fmt.Sprintf("note.%d", rnd.IntN(5)))
	case mip.EventImported:
		f.Lines[0].Quantity = 1 + rnd.IntN(3)
		f.UpdatedAt = minute(rnd.IntN(600))
		return imported(f)
	}
	if e.Attempt > 0 {
		e.Attempt = 1 + rnd.IntN(max(1, len(o.Attempts)))
	}
	return e
}

// reach brings an order to where events lead it, in a store alone.
func reach(ctx context.Context, s mip.Store, f mip.Facts, at time.Time, events ...func(o mip.Order) mip.Event) (mip.Order, error) {
	res, err := s.Apply(ctx, f.Ref, imported(f), at)
	for _, event := range events {
		if err != nil {
			return mip.Order{}, fmt.Errorf("prepare %s: %w", f.Ref, err)
		}
		res, err = s.Apply(ctx, f.Ref, event(res.Order), at)
	}
	if err != nil {
		return mip.Order{}, fmt.Errorf("prepare %s: %w", f.Ref, err)
	}
	return res.Order, nil
}
