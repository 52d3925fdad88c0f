package mip_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

var (
	ref1 = mip.Ref{Channel: "shop", ID: "1"}
	noon = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
)

// said is what the channel says of an order n minutes after noon.
func said(minutes int, change func(*mip.Facts)) mip.Facts {
	f := mip.Facts{Ref: ref1, Demand: mip.DemandShip, UpdatedAt: noon.Add(time.Duration(minutes) * time.Minute),
		ShipTo: mip.Address{Line1: "Calle 1", Country: "ES"},
		Lines:  []mip.Line{{ID: "1", SKU: "A", Quantity: 3}, {ID: "2", SKU: "B", Quantity: 1}}}
	if change != nil {
		change(&f)
	}
	return f
}

// play runs events in order; late news is no failure.
func play(t *testing.T, events ...mip.Event) (mip.Order, []mip.Effect) {
	t.Helper()
	o := mip.Order{Facts: mip.Facts{Ref: ref1}}
	var effects []mip.Effect
	for i, e := range events {
		if e.Kind == mip.EventHeld || e.Kind == mip.EventApproved {
			e.Version = o.Version
		}
		r, err := mip.Step(o, e, noon.Add(time.Duration(i)*time.Hour))
		if errors.Is(err, mip.ErrIgnored) {
			continue
		}
		require.NoError(t, err, "event %d, %s", i, e.Kind)
		o = r.Order
		o.Version++
		effects = r.Effects
	}
	return o, effects
}

func imported(f mip.Facts) mip.Event { return mip.Event{Kind: mip.EventImported, Facts: &f} }

var (
	approved = mip.Event{Kind: mip.EventApproved, Quote: &mip.Quote{Total: mip.EUR(10_00)}, Payment: "wallet"}
	sending  = mip.Event{Kind: mip.EventSending, Attempt: 1, Payment: "wallet", Amount: mip.EUR(10_00)}
	placed   = mip.Event{Kind: mip.EventPlaced, Attempt: 1, Proven: true, Placements: []mip.Placement{{ID: "100", Reference: "shop-1"}}}
)

func cancelled(f *mip.Facts) { f.Demand = mip.DemandCancel }

func TestNewsInAnyOrderEndsAlike(t *testing.T) {
	news := []mip.Facts{said(0, nil), said(1, func(f *mip.Facts) { f.ShipTo.Line1 = "Calle 2" }), said(2, cancelled)}
	for _, order := range [][3]int{{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}} {
		o, effects := play(t, imported(news[order[0]]), imported(news[order[1]]), imported(news[order[2]]))
		assert.Equal(t, mip.StateCancelled, o.State, "%v", order)
		for _, e := range effects {
			assert.NotEqual(t, mip.EffectSubmit, e.Kind)
		}
		late, err := mip.Step(o, approved, noon)
		require.ErrorIs(t, err, mip.ErrIgnored, "%v: a cancelled order cannot be approved", order)
		assert.True(t, late.Change.Ignored, "late news is recorded")
	}
}

func TestWhatTheChannelSaysLater(t *testing.T) {
	for _, c := range []struct {
		claim  string
		events []mip.Event
		check  func(t *testing.T, o mip.Order, effects []mip.Effect)
	}{
		{"an unpaid order is none of our business yet", []mip.Event{imported(said(0, func(f *mip.Facts) { f.Demand = mip.DemandUnpaid }))},
			func(t *testing.T, o mip.Order, _ []mip.Effect) { assert.Empty(t, o.State) }},
		{"an order paid a week after it was made is taken up", []mip.Event{imported(said(0, func(f *mip.Facts) { f.Demand = mip.DemandUnpaid })), imported(said(7*24*60, nil))},
			func(t *testing.T, o mip.Order, _ []mip.Effect) { assert.Equal(t, mip.StateReceived, o.State) }},
		{"an unreadable order is kept and held with its defect", []mip.Event{imported(said(0, func(f *mip.Facts) {
			f.Demand, f.Defects = mip.DemandUnpaid, []mip.Finding{{Code: mip.CodeUnreadable, Path: "status", Severity: mip.Blocking}}
		}))},
			func(t *testing.T, o mip.Order, _ []mip.Effect) {
				assert.Equal(t, mip.StatePendingReview, o.State)
				assert.Equal(t, []string{mip.CodeUnreadable}, mip.Codes(o.Holding()))
			}},
		{"an unreadable order that becomes readable is checked", []mip.Event{imported(said(0, func(f *mip.Facts) {
			f.Defects = []mip.Finding{{Code: mip.CodeUnreadable, Path: "total", Severity: mip.Blocking}}
		})), imported(said(1, nil))},
			func(t *testing.T, o mip.Order, effects []mip.Effect) {
				assert.Equal(t, mip.EffectCheck, effects[0].Kind)
				assert.NotContains(t, mip.Codes(o.Findings), mip.CodeUnreadable)
			}},
		{"a payment withdrawn before submission holds it", []mip.Event{imported(said(0, nil)), imported(said(1, func(f *mip.Facts) { f.Demand = mip.DemandUnpaid })), approved},
			func(t *testing.T, o mip.Order, _ []mip.Effect) {
				assert.Equal(t, []string{mip.CodePaymentWithdrawn}, mip.Codes(o.Holding()))
				assert.Empty(t, o.Attempts)
			}},
		{"an older version does not undo a newer", []mip.Event{imported(said(5, func(f *mip.Facts) { f.ShipTo.Line1 = "New" })), imported(said(1, nil))},
			func(t *testing.T, o mip.Order, _ []mip.Effect) { assert.Equal(t, "New", o.ShipTo.Line1) }},
		{"a cancellation before the call leaves ends it and frees the money", []mip.Event{imported(said(0, nil)), approved, imported(said(1, cancelled))},
			func(t *testing.T, o mip.Order, effects []mip.Effect) {
				assert.Equal(t, mip.StateCancelled, o.State)
				assert.Equal(t, mip.OutcomeRefused, o.Attempts[0].Outcome)
				assert.Equal(t, mip.EffectSettle, effects[0].Kind)
				_, err := mip.Step(o, sending, noon)
				assert.ErrorIs(t, err, mip.ErrIgnored, "the call may not leave any more")
			}},
		{"pieces that somebody ships before the call leaves keep it back", []mip.Event{imported(said(0, nil)), approved, imported(said(1, func(f *mip.Facts) { f.Lines[0].Shipped = 2 }))},
			func(t *testing.T, o mip.Order, effects []mip.Effect) {
				assert.Equal(t, mip.EffectSubmit, effects[0].Kind)
				assert.Equal(t, []string{mip.CodePartlyShipped}, mip.Codes(o.Outdated(o.Attempts[0])))
			}},
		{"pieces of lines that are not bought here may be shipped by anybody", []mip.Event{imported(said(0, func(f *mip.Facts) {
			f.Lines[0].Shipped, f.Lines[0].Foreign = 3, true
			f.Lines[1].Shipped, f.Lines[1].Cancelled = 1, 1
		}))},
			func(t *testing.T, o mip.Order, _ []mip.Effect) { assert.Empty(t, o.Withdrawn()) }},
		{"a cancellation while the call is out waits for the verdict", []mip.Event{imported(said(0, nil)), approved, sending, imported(said(1, cancelled))},
			func(t *testing.T, o mip.Order, _ []mip.Effect) {
				assert.Equal(t, mip.StateSubmitting, o.State)
				assert.True(t, o.CancelAsked)
			}},
		{"cancelled while out, then refused: cancelled", []mip.Event{imported(said(0, nil)), approved, sending, imported(said(1, cancelled)),
			{Kind: mip.EventRefused, Attempt: 1, Findings: []mip.Finding{{Code: "x", Severity: mip.Blocking}}, Payment: "paypal"}},
			func(t *testing.T, o mip.Order, _ []mip.Effect) {
				assert.Equal(t, mip.StateCancelled, o.State)
				assert.Len(t, o.Attempts, 1, "no other payment method is tried for it")
			}},
		{"cancelled while out, then bought: people are told", []mip.Event{imported(said(0, nil)), approved, sending, imported(said(1, cancelled)), placed},
			func(t *testing.T, o mip.Order, _ []mip.Effect) {
				assert.Equal(t, mip.StateSubmitted, o.State)
				assert.Contains(t, mip.Codes(o.Findings), mip.CodeCancelLate)
			}},
		{"a change after submission is shown with what changed, and the address used is kept", []mip.Event{imported(said(0, nil)), approved, sending, placed,
			imported(said(1, func(f *mip.Facts) { f.ShipTo.Line1 = "Late" }))},
			func(t *testing.T, o mip.Order, _ []mip.Effect) {
				assert.Equal(t, "Calle 1", o.ShipTo.Line1)
				assert.Equal(t, "Late", o.Theirs.Line1)
				assert.Equal(t, []string{mip.CodeChangedAfter}, mip.Codes(o.Findings))
				assert.Equal(t, "shipTo", o.Findings[0].Path)
			}},
		{"our own report coming back is no change", []mip.Event{imported(said(0, nil)), approved, sending, placed,
			imported(said(1, func(f *mip.Facts) { f.Demand = mip.DemandClosed }))},
			func(t *testing.T, o mip.Order, _ []mip.Effect) {
				assert.Equal(t, mip.StateSubmitted, o.State)
				assert.Empty(t, o.Findings)
			}},
		{"nor is one that counts pieces as shipped", []mip.Event{imported(said(0, nil)), approved, sending, placed,
			imported(said(1, func(f *mip.Facts) { f.Lines[0].Shipped = 3 }))},
			func(t *testing.T, o mip.Order, _ []mip.Effect) {
				assert.Equal(t, 3, o.Lines[0].Shipped)
				assert.Empty(t, o.Findings)
			}},
		{"a cancelled order that is wanted again waits for a person", []mip.Event{imported(said(0, cancelled)), imported(said(5, nil))},
			func(t *testing.T, o mip.Order, effects []mip.Effect) {
				assert.Equal(t, mip.StatePendingReview, o.State)
				assert.Equal(t, []string{mip.CodeReinstated}, mip.Codes(o.Holding()))
				assert.Empty(t, effects)
			}},
	} {
		t.Run(c.claim, func(t *testing.T) {
			o, effects := play(t, c.events...)
			c.check(t, o, effects)
		})
	}
}

func TestAJudgementOfAnOrderThatChangedSinceDoesNotCount(t *testing.T) {
	o, _ := play(t, imported(said(0, nil)))
	edited, err := mip.Step(o, mip.Event{Kind: mip.EventAddressEdited, Actor: "ana", Address: &mip.Address{Line1: "Calle 2"}}, noon)
	require.NoError(t, err)
	edited.Order.Version++
	stale := approved
	stale.Version = o.Version
	_, err = mip.Step(edited.Order, stale, noon)
	require.ErrorIs(t, err, mip.ErrIgnored)
	stale.Version = edited.Order.Version
	r, err := mip.Step(edited.Order, stale, noon)
	require.NoError(t, err)
	assert.Equal(t, mip.StateSubmitting, r.Order.State)
}

func TestTheSameReadingAgainLeavesNoTrace(t *testing.T) {
	o, _ := play(t, imported(said(0, nil)))
	f := said(0, nil)
	r, err := mip.Step(o, imported(f), noon)
	require.ErrorIs(t, err, mip.ErrIgnored)
	assert.Equal(t, mip.Change{}, r.Change)
}

func TestParcelsAreMergedByID(t *testing.T) {
	track := func(status mip.PlacementStatus, parcels ...mip.Parcel) mip.Event {
		return mip.Event{Kind: mip.EventTracked, Tracking: []mip.Tracking{{ID: "100", Status: status, Parcels: parcels}}}
	}
	base := []mip.Event{imported(said(0, nil)), approved, sending, placed}
	t.Run("a corrected number replaces the old one and is told", func(t *testing.T) {
		o, effects := play(t, append(base, track(mip.PlacementShipped, mip.Parcel{ID: "p1", Number: "OLD"}),
			mip.Event{Kind: mip.EventReported, Status: &mip.Status{State: mip.StateShipped, Parcels: []mip.Parcel{{ID: "p1", Number: "OLD"}}}},
			track("", mip.Parcel{ID: "p1", Number: "NEW"}))...)
		require.Len(t, o.Placements[0].Parcels, 1)
		assert.Equal(t, "NEW", o.Status().Parcels[0].Number)
		assert.Contains(t, effects, mip.Effect{Kind: mip.EffectReport, Ref: ref1, Due: noon.Add(6 * time.Hour)})
	})
	t.Run("a status never moves back", func(t *testing.T) {
		o, _ := play(t, append(base, track(mip.PlacementShipped), track(mip.PlacementInProcess))...)
		assert.Equal(t, mip.StateShipped, o.State)
		assert.Equal(t, mip.PlacementShipped, o.Placements[0].Status)
	})
	t.Run("what the supplier waits for is shown while it waits", func(t *testing.T) {
		o, _ := play(t, append(base, track(mip.PlacementInvoiceMissing))...)
		assert.Equal(t, mip.StateSubmitted, o.State)
		assert.Equal(t, []string{mip.CodeInvoiceMissing}, mip.Codes(o.Findings))
		o, _ = play(t, append(base, track(mip.PlacementInvoiceMissing), track(mip.PlacementInProcess))...)
		assert.Empty(t, o.Findings)
	})
	t.Run("delivered follows shipped", func(t *testing.T) {
		o, effects := play(t, append(base, track(mip.PlacementShipped, mip.Parcel{ID: "p1", Number: "N"}), track(mip.PlacementDelivered))...)
		assert.Equal(t, mip.StateDelivered, o.State)
		for _, e := range effects {
			assert.NotEqual(t, mip.EffectTrack, e.Kind, "nothing is left to ask")
		}
	})
	t.Run("what had arrived when it was found is asked about twice for its number", func(t *testing.T) {
		found := placed
		found.Placements = []mip.Placement{{ID: "100", Reference: "shop-1", Items: placed.Placements[0].Items, Status: mip.PlacementDelivered}}
		start := []mip.Event{imported(said(0, nil)), approved, sending, found, track("")}
		o, effects := play(t, start...)
		assert.Equal(t, mip.StateShipped, o.State)
		assert.True(t, slices.ContainsFunc(effects, func(e mip.Effect) bool { return e.Kind == mip.EffectTrack }))
		o, _ = play(t, append(start, track("", mip.Parcel{ID: "p1", Number: "N"}))...)
		assert.Equal(t, mip.StateDelivered, o.State)
		assert.Equal(t, "N", o.Status().Parcels[0].Number)
		o, _ = play(t, append(start, track(""))...)
		assert.Equal(t, mip.StateDelivered, o.State, "and not a third time")
	})
	t.Run("a parcel that does not say what is in it holds its placement's lines", func(t *testing.T) {
		o, _ := play(t, append(base, track(mip.PlacementShipped, mip.Parcel{ID: "p1", Number: "N"}))...)
		assert.Equal(t, []mip.Item{{LineID: "1", SKU: "A", Quantity: 3}, {LineID: "2", SKU: "B", Quantity: 1}}, o.Status().Parcels[0].Items)
	})
}
