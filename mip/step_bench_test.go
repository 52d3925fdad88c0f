package mip_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/miptest/benchtest"
)

// moment is an order and what happens to it next.
type moment struct {
	name  string
	order mip.Order
	event mip.Event
	at    time.Time
}

// life is an order of five lines from its first sight until it arrived,
// moment by moment.
func life(tb testing.TB) []moment {
	tb.Helper()
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	o := mip.Order{Facts: mip.Facts{Ref: mip.Ref{Channel: "shop", ID: "1001"}}}
	facts := fiveLines(o.Ref, at)
	short := []mip.Finding{{Code: "stock.out_of_stock", Path: "lines[2].sku", Severity: mip.Blocking, AutoClear: true}}
	shipped := func(s mip.PlacementStatus) []mip.Tracking {
		return []mip.Tracking{{ID: "P1", Status: s, Parcels: []mip.Parcel{{ID: "1", Carrier: "gls", Number: "GLS1", URL: "https://gls.test/1"}}}}
	}
	status := mip.Status{State: mip.StateSubmitted}
	var out []moment
	for _, m := range []struct {
		name  string
		event mip.Event
	}{
		{"imported", mip.Event{Kind: mip.EventImported, Actor: mip.ActorChannel, Facts: &facts}},
		{"held", mip.Event{Kind: mip.EventHeld, Actor: mip.ActorEngine, Findings: short, Next: at.Add(time.Hour)}},
		{"approved", mip.Event{Kind: mip.EventApproved, Actor: mip.ActorEngine, Quote: &mip.Quote{Total: mip.EUR(40_00)}, Payment: "wallet"}},
		{"sending", mip.Event{Kind: mip.EventSending, Actor: mip.ActorEngine, Attempt: 1, Payment: "wallet", Amount: mip.EUR(40_00)}},
		{"unknown", mip.Event{Kind: mip.EventUnknown, Actor: mip.ActorEngine, Attempt: 1, Next: at.Add(time.Hour)}},
		{"placed", mip.Event{Kind: mip.EventPlaced, Actor: mip.ActorEngine, Attempt: 1, Placements: []mip.Placement{{ID: "P1", Reference: "shop-1001"}}}},
		{"settled", mip.Event{Kind: mip.EventSettled, Actor: mip.ActorEngine, Attempt: 1}},
		{"reported", mip.Event{Kind: mip.EventReported, Actor: mip.ActorEngine, Status: &status}},
		{"shipped", mip.Event{Kind: mip.EventTracked, Actor: mip.ActorEngine, Tracking: shipped(mip.PlacementShipped), Next: at.Add(time.Hour)}},
		{"delivered", mip.Event{Kind: mip.EventTracked, Actor: mip.ActorEngine, Tracking: shipped(mip.PlacementDelivered)}},
	} {
		m.event.Version = o.Version
		at = at.Add(time.Minute)
		out = append(out, moment{m.name, o, m.event, at})
		r, err := mip.Step(o, m.event, at)
		require.NoError(tb, err, m.name)
		o = r.Order
		o.Version++
	}
	require.Equal(tb, mip.StateDelivered, o.State)
	return out
}

func fiveLines(ref mip.Ref, at time.Time) mip.Facts {
	f := mip.Facts{Ref: ref, Number: "1001", Demand: mip.DemandShip, UpdatedAt: at, Total: mip.EUR(105_00), Postage: mip.EUR(5_00),
		ShipTo: mip.Address{FirstName: "Ana", LastName: "Prueba", Line1: "Calle Mayor 5", Line2: "3º B", City: "Madrid",
			Postcode: "28013", Country: "ES", Phone: "+34 612 345 678", Email: "ana@example.test"}}
	for _, id := range []string{"1", "2", "3", "4", "5"} {
		f.Lines = append(f.Lines, mip.Line{ID: id, SKU: "S000000" + id, Title: "Lamp", Quantity: 2, Total: mip.EUR(20_00)})
	}
	return f
}

// byHand is the floor: a switch that knows two events of one kind of life. It
// takes and gives the same values as [mip.Step] and makes the same line of
// history and the same effects.
func byHand(o mip.Order, e mip.Event, at time.Time) (r mip.Result, err error) {
	r.Change = mip.Change{At: at, Event: e.Kind, From: o.State, Actor: e.Actor, Attempt: e.Attempt}
	r.Order = o
	n := &r.Order
	switch e.Kind {
	case mip.EventImported:
		if o.State != "" || e.Facts == nil || e.Facts.Demand != mip.DemandShip {
			return mip.Result{Order: o}, mip.ErrIgnored
		}
		n.Facts = *e.Facts
		n.ShipTo = n.ShipTo.Normal()
		n.State, n.ReceivedAt, n.ChangedAt = mip.StateReceived, at, at
		r.Effects = []mip.Effect{{Kind: mip.EffectCheck, Ref: o.Ref, Due: at}}
	case mip.EventUnknown:
		i := e.Attempt - 1
		if o.State != mip.StateSubmitting || i < 0 || i >= len(o.Attempts) || o.Attempts[i].Outcome != mip.OutcomeOpen || o.Attempts[i].SentAt.IsZero() {
			return mip.Result{Order: o}, mip.ErrIgnored
		}
		n.Attempts = slices.Clone(o.Attempts)
		n.Attempts[i].Outcome, n.Attempts[i].LostAt = mip.OutcomeUnknown, at
		r.Effects = []mip.Effect{{Kind: mip.EffectResolve, Ref: o.Ref, Attempt: e.Attempt, Due: e.Next}}
	default:
		return mip.Result{Order: o}, mip.ErrIllegal
	}
	r.Change.To = n.State
	return r, nil
}

// copied is what it costs to take and to give the values alone.
//
//go:noinline
func copied(o mip.Order, _ mip.Event, _ time.Time) (r mip.Result, err error) {
	r.Order = o
	return r, nil
}

// took uses a result where it is: a caller goes on with it, and has no need of
// a copy elsewhere.
func took(r *mip.Result) { used += len(r.Effects) + len(r.Change.To) }

var used int

// BenchmarkStep is one event. "imported" and "unknown" run against the floor,
// and against the copies that both make;
// "approved", "sending" and "placed" make or compare the digest of what is
// bought and its reference, which no switch could leave out.
func BenchmarkStep(b *testing.B) {
	for _, m := range life(b) {
		b.Run(m.name, func(b *testing.B) {
			var peers []benchtest.Peer
			if least, err := byHand(m.order, m.event, m.at); err == nil {
				same, err := mip.Step(m.order, m.event, m.at)
				require.NoError(b, err)
				require.Equal(b, same, least, "the floor does the same")
				peers = append(peers, benchtest.Peer{Name: "floor", Do: func() { r, _ := byHand(m.order, m.event, m.at); took(&r) }},
					benchtest.Peer{Name: "copies", Do: func() { r, _ := copied(m.order, m.event, m.at); took(&r) }})
			}
			benchtest.Compare(b, func() { r, _ := mip.Step(m.order, m.event, m.at); took(&r) }, peers...)
		})
	}
}

// BenchmarkLife is an order's whole life of ten events.
func BenchmarkLife(b *testing.B) {
	moments := life(b)
	benchtest.Compare(b, func() {
		for i := range moments {
			r, _ := mip.Step(moments[i].order, moments[i].event, moments[i].at)
			took(&r)
		}
	})
}
