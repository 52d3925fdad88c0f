package miptest_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
	"github.com/openmip/openmip/mip/miptest"
)

// lying is a store that changes what it commits, or forgets what follows.
type lying struct {
	*memstore.Store
	change func(*mip.Result)
	forget mip.EffectKind
	lose   mip.EventKind // its answer
}

// Apply implements mip.Store.
func (l *lying) Apply(ctx context.Context, ref mip.Ref, e mip.Event, at time.Time) (mip.Result, error) {
	r, err := l.Store.Apply(ctx, ref, e, at)
	if err == nil && l.change != nil {
		l.change(&r)
	}
	if err == nil && e.Kind == l.lose {
		return mip.Result{}, &mip.Error{Op: "apply", Ref: ref, Kind: mip.ErrUnknown}
	}
	return r, err
}

// Waiting implements mip.Queue.
func (l *lying) Waiting(ctx context.Context, ref mip.Ref) ([]mip.Effect, error) {
	all, err := l.Store.Waiting(ctx, ref)
	var out []mip.Effect
	for _, e := range all {
		if e.Kind != l.forget {
			out = append(out, e)
		}
	}
	return out, err
}

func TestTheWitnessSeesBrokenPromises(t *testing.T) {
	ref := mip.Ref{Channel: "shop", ID: "1"}
	at := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	facts := mip.Facts{Ref: ref, Demand: mip.DemandShip, UpdatedAt: at, Lines: []mip.Line{{ID: "1", SKU: "A", Quantity: 1}}}
	// run plays a purchase whose answer is lost and then found.
	run := func(t *testing.T, l *lying, saw func(mip.Order, mip.Event, mip.Result)) *miptest.Witness {
		t.Helper()
		l.Store = memstore.New()
		w := miptest.NewWitness(l, saw)
		for i, e := range []mip.Event{
			{Kind: mip.EventImported, Facts: &facts}, {Kind: mip.EventHeld, Version: 1, Findings: []mip.Finding{{Code: "x", Severity: mip.Blocking}}},
			{Kind: mip.EventApproved, Version: 2, Quote: &mip.Quote{Total: mip.EUR(1)}, Payment: "wallet"},
			{Kind: mip.EventSending, Attempt: 1, Payment: "wallet", Amount: mip.EUR(1)}, {Kind: mip.EventUnknown, Attempt: 1},
			{Kind: mip.EventPlaced, Attempt: 1, Proven: true, Placements: []mip.Placement{{ID: "100", Reference: "shop-1"}}},
		} {
			_, err := w.Apply(t.Context(), ref, e, at.Add(time.Duration(i)*time.Minute))
			require.Equal(t, e.Kind == l.lose, err != nil, "%v", err)
		}
		return w
	}
	t.Run("an honest store breaks none, and everything is seen", func(t *testing.T) {
		n := 0
		w := run(t, &lying{}, func(mip.Order, mip.Event, mip.Result) { n++ })
		require.NoError(t, w.Err())
		require.NoError(t, w.Forgotten(t.Context()))
		assert.Equal(t, 6, n)
	})
	t.Run("a change whose answer is lost is seen too", func(t *testing.T) {
		var kinds []mip.EventKind
		w := run(t, &lying{lose: mip.EventSending}, func(_ mip.Order, _ mip.Event, r mip.Result) { kinds = append(kinds, r.Change.Event) })
		require.NoError(t, w.Err())
		require.Len(t, kinds, 6)
		assert.Equal(t, mip.EventSending, kinds[3])
		_, err := w.Apply(t.Context(), mip.Ref{Channel: "shop", ID: "2"}, mip.Event{Kind: mip.EventSending}, at)
		assert.ErrorIs(t, err, mip.ErrNotFound)
		assert.Len(t, kinds, 6, "what was not done is not seen")
	})
	for claim, change := range map[string]func(*mip.Result){
		"a state is left along no row of the table": func(r *mip.Result) { r.Order.State = mip.StateDelivered },
		"a version is left out":                     func(r *mip.Result) { r.Order.Version += r.Order.Version },
		"an order waits without a reason":           func(r *mip.Result) { r.Order.Findings = nil },
		"a person is said to have sent what an attempt may have bought": func(r *mip.Result) {
			if r.Change.Event == mip.EventUnknown {
				r.Order.State = mip.StateManuallySent
			}
		},
		"older news replace newer": func(r *mip.Result) {
			r.Order.UpdatedAt = r.Order.UpdatedAt.Add(-time.Duration(r.Order.Version) * time.Hour)
		},
		"another reference is used although nothing stands under the first": func(r *mip.Result) {
			if r.Change.Event == mip.EventUnknown {
				r.Order.Attempts = append(r.Order.Attempts, mip.Attempt{Number: 2, Reference: "shop-1--2", Outcome: mip.OutcomeRefused, Settled: true})
			}
		},
		"two attempts are in flight": func(r *mip.Result) { r.Order.Attempts = append(r.Order.Attempts, r.Order.Attempts...) },
		"an unknown attempt is open again": func(r *mip.Result) {
			if r.Change.Event == mip.EventPlaced {
				r.Order.Attempts[0].Outcome = mip.OutcomeOpen
			}
		},
		"an attempt becomes another one": func(r *mip.Result) {
			if r.Change.Event == mip.EventPlaced {
				r.Order.Attempts[0].Reference = "other"
			}
		},
		"an attempt is forgotten": func(r *mip.Result) {
			if r.Change.Event == mip.EventPlaced {
				r.Order.Attempts = nil
			}
		},
		"a cancelled order is sent": func(r *mip.Result) { r.Order.CancelAsked = true },
		"an unpaid order is sent":   func(r *mip.Result) { r.Order.Demand = mip.DemandUnpaid },
	} {
		t.Run(claim, func(t *testing.T) { assert.Error(t, run(t, &lying{change: change}, nil).Err()) })
	}
	for _, kind := range []mip.EffectKind{mip.EffectSettle, mip.EffectTrack, mip.EffectReport} {
		t.Run("nobody will "+string(kind), func(t *testing.T) {
			assert.ErrorContains(t, run(t, &lying{forget: kind}, nil).Forgotten(t.Context()), string(kind))
		})
	}
}
