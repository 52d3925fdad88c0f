package mip_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

var (
	outOfStock = mip.Finding{Code: "stock.out_of_stock", Path: "lines", Severity: mip.Blocking, AutoClear: true}
	margin     = mip.Finding{Code: "price.margin", Path: "total", Severity: mip.Overridable}
)

func held(findings ...mip.Finding) mip.Event {
	return mip.Event{Kind: mip.EventHeld, Findings: findings}
}

func tracked(tracking ...mip.Tracking) mip.Event {
	return mip.Event{Kind: mip.EventTracked, Tracking: tracking, Next: noon.Add(100 * time.Hour)}
}

func by(kind mip.EventKind) mip.Event { return mip.Event{Kind: kind, Actor: "ana"} }

func TestAHoldAlwaysSaysWhy(t *testing.T) {
	reason := mip.Finding{Code: mip.CodeNotMatched, Severity: mip.Blocking}
	o, _ := play(t, imported(said(0, nil)), held(outOfStock), by(mip.EventManuallySent),
		mip.Event{Kind: mip.EventUnclear}, mip.Event{Kind: mip.EventUnclear, Findings: []mip.Finding{reason}})
	require.Equal(t, mip.StatePendingReview, o.State)
	assert.Equal(t, []string{mip.CodeNotMatched}, mip.Codes(o.Holding()), "a notice of the same code does not hide the reason")
}

func TestADoubtfulPartIsNotBoughtAgainByAResend(t *testing.T) {
	doubt := mip.Finding{Code: mip.CodeOutcomeUnknown, Path: "lines", Severity: mip.Overridable, Params: map[string]string{"skus": "B"}}
	partly := mip.Event{Kind: mip.EventPlaced, Attempt: 1, Proven: true, Findings: []mip.Finding{doubt},
		Placements: []mip.Placement{{ID: "100", Reference: "shop-1", Items: []mip.Item{{SKU: "A", Quantity: 3}}}}}
	o, _ := play(t, imported(said(0, nil)), approved, sending, partly)
	require.Equal(t, mip.StatePendingReview, o.State)
	assert.True(t, o.InFlight(), "perhaps bought")
	require.Equal(t, []string{mip.CodeOutcomeUnknown}, mip.Codes(o.Holding()))
	assert.Equal(t, "B", o.Holding()[0].Params["skus"], "the doubtful goods are named")
	assert.Equal(t, "shop-1", o.NextReference(), "under which the supplier refuses what a person orders by hand")

	again, err := mip.Step(o, by(mip.EventResend), noon)
	require.NoError(t, err)
	for _, e := range again.Effects {
		assert.NotEqual(t, mip.EffectCheck, e.Kind, "a check could buy it again")
	}
	vouched := by(mip.EventOverridden)
	vouched.Override = &mip.Override{Code: mip.CodeOutcomeUnknown, Path: "lines", Actor: "ana", Why: "I looked"}
	r, err := mip.Step(o, vouched, noon)
	require.NoError(t, err)
	assert.Equal(t, mip.OutcomePartial, r.Order.Attempts[0].Outcome)
	assert.Equal(t, []string{mip.CodePartial}, mip.Codes(r.Order.Holding()))
}

func TestAnOverrideOfAnOlderDoubtDoesNotCoverANewerOne(t *testing.T) {
	unclear := func(n int) mip.Event {
		return mip.Event{Kind: mip.EventUnclear, Attempt: n, Findings: []mip.Finding{mip.UnknownFinding(mip.Attempt{Reference: "shop-1", Number: n})}}
	}
	o, _ := play(t, imported(said(0, nil)), approved, sending, mip.Event{Kind: mip.EventUnknown, Attempt: 1}, unclear(1))
	stale := by(mip.EventOverridden)
	stale.Override = &mip.Override{Code: mip.CodeOutcomeUnknown, Path: "lines", Value: "what was shown before", Actor: "ana", Why: "I looked"}
	_, err := mip.Step(o, stale, noon)
	require.ErrorIs(t, err, mip.ErrConflict)
	stale.Override.Value = o.Holding()[0].Value
	_, err = mip.Step(o, stale, noon)
	require.NoError(t, err)
}

func TestPiecesToldInSeveralEntriesFillSeveralLines(t *testing.T) {
	f := said(0, func(f *mip.Facts) {
		f.Lines = []mip.Line{{ID: "1", SKU: "A", Quantity: 1}, {ID: "2", SKU: "A", Quantity: 1}}
	})
	told := []mip.Item{{SKU: "A", Quantity: 1}, {SKU: "A", Quantity: 1}}
	o, _ := play(t, imported(f), approved, sending, mip.Event{Kind: mip.EventPlaced, Attempt: 1, Proven: true,
		Placements: []mip.Placement{{ID: "100", Reference: "shop-1", Items: told}}})
	assert.Equal(t, mip.StateSubmitted, o.State)
	assert.Empty(t, o.OpenItems())
}

func TestMoreWantedAfterThePurchaseDoesNotKeepAnOrderFromItsEnd(t *testing.T) {
	more := imported(said(1, func(f *mip.Facts) { f.Lines[0].Quantity = 9 }))
	parcels := []mip.Parcel{{ID: "p1", Number: "N"}}
	shipped, delivered := tracked(mip.Tracking{ID: "100", Status: mip.PlacementShipped, Parcels: parcels}), tracked(mip.Tracking{ID: "100", Status: mip.PlacementDelivered})
	o, _ := play(t, imported(said(0, nil)), approved, sending, placed, more, shipped)
	assert.Equal(t, mip.StateShipped, o.State)
	assert.Contains(t, mip.Codes(o.Findings), mip.CodeChangedAfter)
	o, _ = play(t, imported(said(0, nil)), approved, sending, placed, shipped, more, delivered)
	assert.Equal(t, mip.StateDelivered, o.State)
	two := placed
	two.Placements = []mip.Placement{{ID: "100", Reference: "shop-1", Items: []mip.Item{{SKU: "A"}}}, {ID: "101", Reference: "shop-1", Items: []mip.Item{{SKU: "B"}}}}
	o, _ = play(t, imported(said(0, nil)), approved, sending, two,
		tracked(mip.Tracking{ID: "100", Status: mip.PlacementShipped, Parcels: parcels}, mip.Tracking{ID: "101", Status: mip.PlacementShipped}),
		tracked(mip.Tracking{ID: "101", Status: mip.PlacementCancelled}), delivered)
	assert.Equal(t, mip.StateDelivered, o.State, "what came back after it left does not hold up the rest")
}

func TestWhatAPersonPlacedDecidesOnceItIsLinked(t *testing.T) {
	partly := mip.Event{Kind: mip.EventPlaced, Attempt: 1, Proven: true, Findings: []mip.Finding{outOfStock},
		Placements: []mip.Placement{{ID: "100", Reference: "shop-1", Items: []mip.Item{{SKU: "A", Quantity: 3}}}}}
	start := []mip.Event{imported(said(0, nil)), approved, sending, partly, by(mip.EventManuallySent)}
	o, _ := play(t, append(start, tracked(mip.Tracking{ID: "100", Status: mip.PlacementShipped}))...)
	assert.Equal(t, mip.StateManuallySent, o.State, "the part placed by hand is not linked yet")
	assert.Contains(t, mip.Actions(o), mip.EventManualUndone)
	undone, err := mip.Step(o, by(mip.EventManualUndone), noon)
	require.NoError(t, err)
	assert.Equal(t, mip.StatePendingReview, undone.Order.State)

	linked := mip.Event{Kind: mip.EventPlaced, Placements: []mip.Placement{{ID: "200", Reference: "shop-1--2", Items: []mip.Item{{SKU: "other goods", Quantity: 1}}}}}
	o, _ = play(t, append(start, linked, tracked(mip.Tracking{ID: "100", Status: mip.PlacementShipped}, mip.Tracking{ID: "200", Status: mip.PlacementShipped}))...)
	assert.Equal(t, mip.StateShipped, o.State, "a person vouched for the whole")
	assert.NotContains(t, mip.Actions(o), mip.EventManualUndone)
}

func TestAPersonsCancellationStands(t *testing.T) {
	cancel := by(mip.EventCancel)
	noted := imported(said(5, func(f *mip.Facts) { f.Note = "please hurry" }))
	o, _ := play(t, imported(said(0, nil)), held(outOfStock), cancel, noted)
	assert.Equal(t, mip.StateCancelled, o.State, "the channel wanted it all the time")
	o, _ = play(t, imported(said(0, nil)), held(outOfStock), cancel, imported(said(5, cancelled)), imported(said(6, nil)))
	assert.Equal(t, mip.StatePendingReview, o.State, "cancelled there too, and wanted again: that is news")
	assert.Equal(t, []string{mip.CodeReinstated}, mip.Codes(o.Holding()))
}

func TestACancellationTakenBackIsNotLost(t *testing.T) {
	lost := mip.Event{Kind: mip.EventUnknown, Attempt: 1}
	gone := mip.Event{Kind: mip.EventAbsent, Attempt: 1, Proven: true, Payment: "wallet"}
	start := []mip.Event{imported(said(0, nil)), approved, sending, lost, imported(said(1, cancelled)), imported(said(2, nil))}
	o, _ := play(t, append(start, gone)...)
	require.Equal(t, mip.StateSubmitting, o.State)
	why := o.Outdated(*o.LastAttempt())
	require.Equal(t, []string{mip.CodeReinstated}, mip.Codes(why), "the next attempt does not leave")
	o, _ = play(t, append(start, gone, mip.Event{Kind: mip.EventRefused, Attempt: 2, Findings: why})...)
	assert.Equal(t, mip.StatePendingReview, o.State)
	assert.Equal(t, []string{mip.CodeReinstated}, mip.Codes(o.Holding()))
	o, _ = play(t, append(start, placed)...)
	assert.Equal(t, mip.StateSubmitted, o.State)
	assert.False(t, o.CancelAsked)
	o, _ = play(t, imported(said(0, nil)), approved, sending, placed, imported(said(1, cancelled)), imported(said(2, nil)))
	assert.Equal(t, []string{mip.CodeReinstated}, mip.Codes(o.Findings))
	assert.Empty(t, o.Holding())
}

func TestACancelledOrderInReviewHasAWayOut(t *testing.T) {
	o, _ := play(t, imported(said(0, nil)), held(outOfStock), by(mip.EventManuallySent), by(mip.EventCancel), by(mip.EventManualUndone))
	require.Equal(t, mip.StatePendingReview, o.State)
	require.Contains(t, mip.Actions(o), mip.EventCancel)
	r, err := mip.Step(o, by(mip.EventCancel), noon)
	require.NoError(t, err)
	assert.Equal(t, mip.StateCancelled, r.Order.State)

	ask := mip.Event{Kind: mip.EventUnclear, Attempt: 1, Findings: []mip.Finding{{Code: mip.CodeOutcomeUnknown, Path: "lines", Severity: mip.Overridable}}}
	o, _ = play(t, imported(said(0, nil)), approved, sending, mip.Event{Kind: mip.EventUnknown, Attempt: 1}, ask, by(mip.EventCancel))
	require.Contains(t, mip.Actions(o), mip.EventResend, "it may be looked up again")
	r, err = mip.Step(o, by(mip.EventResend), noon)
	require.NoError(t, err)
	assert.Equal(t, []mip.Effect{{Kind: mip.EffectResolve, Ref: ref1, Attempt: 1, Due: noon}}, r.Effects)
	r, err = mip.Step(r.Order, mip.Event{Kind: mip.EventAbsent, Attempt: 1, Proven: true, Payment: "wallet"}, noon)
	require.NoError(t, err)
	assert.Equal(t, mip.StateCancelled, r.Order.State)
}

func TestALateAnswerEndsTheAttemptThatHasNotLeft(t *testing.T) {
	gone := mip.Event{Kind: mip.EventAbsent, Attempt: 1, Proven: true, Payment: "wallet"}
	start := []mip.Event{imported(said(0, nil)), approved, sending, {Kind: mip.EventUnknown, Attempt: 1}, gone}
	o, effects := play(t, append(start, placed)...)
	assert.Equal(t, mip.StateSubmitted, o.State)
	assert.False(t, o.InFlight(), "nothing is bought a second time")
	assert.Contains(t, effects, mip.Effect{Kind: mip.EffectSettle, Ref: ref1, Attempt: 2, Due: noon.Add(5 * time.Hour)})

	again := sending
	again.Attempt = 2
	o, _ = play(t, append(start, again, placed)...)
	assert.Equal(t, mip.StateSubmitting, o.State, "the second call is out: its verdict decides")
	known := placed
	known.Attempt, known.Proven = 2, false
	o, _ = play(t, append(start, again, placed, known)...)
	assert.Equal(t, mip.StateSubmitted, o.State)
	assert.Equal(t, mip.OutcomePlaced, o.Attempts[1].Outcome)
}

func TestAnErasureCanBeRepeated(t *testing.T) {
	o, _ := play(t, imported(said(0, nil)), held(outOfStock), by(mip.EventErased))
	require.Equal(t, mip.Address{Country: "ES"}, o.ShipTo)
	_, err := mip.Step(o, by(mip.EventErased), noon)
	require.ErrorIs(t, err, mip.ErrIgnored)
	o, _ = play(t, imported(said(0, nil)), imported(said(1, cancelled)), by(mip.EventErased), imported(said(2, nil)))
	require.Equal(t, mip.StatePendingReview, o.State)
	assert.Equal(t, mip.Address{Country: "ES"}, o.ShipTo, "what was erased does not come back by itself")
	edited := by(mip.EventAddressEdited)
	edited.Address = &mip.Address{Line1: "Calle 2", Country: "ES"}
	r, err := mip.Step(o, edited, noon)
	require.NoError(t, err)
	r, err = mip.Step(r.Order, by(mip.EventErased), noon.Add(time.Hour))
	require.NoError(t, err)
	assert.Equal(t, mip.Address{Country: "ES"}, r.Order.ShipTo)
}

func TestWhatClearsByItselfIsLookedAtAgainAfterAnOverride(t *testing.T) {
	pass := by(mip.EventOverridden)
	pass.Override = &mip.Override{Code: margin.Code, Path: margin.Path, Actor: "ana", Why: "a present"}
	_, effects := play(t, imported(said(0, nil)), held(outOfStock, margin), pass)
	assert.Contains(t, effects, mip.Effect{Kind: mip.EffectCheck, Ref: ref1, Due: noon.Add(2 * time.Hour)})
	_, effects = play(t, imported(said(0, nil)), held(margin), pass)
	assert.Empty(t, effects, "an override does not send")
}

func TestAPurchaseThatAPersonMustPaySaysSoAtOnce(t *testing.T) {
	unpaid := placed
	unpaid.Placements = []mip.Placement{{ID: "100", Reference: "shop-1", Status: mip.PlacementAwaitingPayment}}
	o, _ := play(t, imported(said(0, nil)), approved, sending, unpaid)
	assert.Equal(t, []string{mip.CodeAwaitingPayment}, mip.Codes(o.Findings))
}

func TestAnOrderThatChangedBeforeTheCallIsNotSent(t *testing.T) {
	for claim, change := range map[string]func(*mip.Facts){
		"another address": func(f *mip.Facts) { f.ShipTo.Line1 = "Calle 2" },
		"a piece less":    func(f *mip.Facts) { f.Lines[0].Cancelled = 1 },
		"not paid":        func(f *mip.Facts) { f.Demand = mip.DemandUnpaid },
		"done elsewhere":  func(f *mip.Facts) { f.Demand = mip.DemandClosed },
	} {
		o, _ := play(t, imported(said(0, nil)), approved, imported(said(1, change)))
		require.Equal(t, mip.StateSubmitting, o.State)
		_, err := mip.Step(o, sending, noon.Add(5*time.Hour))
		assert.ErrorIs(t, err, mip.ErrIgnored, claim)
	}
	o, _ := play(t, imported(said(0, nil)), approved, imported(said(1, func(f *mip.Facts) { f.ShipTo.Line1 = "Calle 2" })))
	assert.Equal(t, "Calle 2", o.ShipTo.Line1, "nothing has left yet")
	o, _ = play(t, imported(said(0, nil)), approved, sending, imported(said(1, func(f *mip.Facts) { f.ShipTo.Line1 = "Calle 2" })))
	assert.Equal(t, "Calle 1", o.ShipTo.Line1)
	assert.Equal(t, "Calle 2", o.Theirs.Line1)
}

func TestAResendDoesNotPassOverAWithdrawnPayment(t *testing.T) {
	unpaid := imported(said(1, func(f *mip.Facts) { f.Demand = mip.DemandUnpaid }))
	o, _ := play(t, imported(said(0, nil)), held(outOfStock), unpaid, by(mip.EventResend))
	assert.Contains(t, mip.Codes(mip.Evaluate(mip.Snapshot{Order: o}, nil)), mip.CodePaymentWithdrawn)
	late, err := mip.Step(o, mip.Event{Kind: mip.EventApproved, Version: o.Version, Quote: approved.Quote}, noon)
	require.ErrorIs(t, err, mip.ErrIgnored)
	assert.True(t, late.Change.Ignored)
	pass := by(mip.EventOverridden)
	pass.Override = &mip.Override{Code: mip.CodePaymentWithdrawn, Actor: "ana", Why: "paid in cash"}
	o, _ = play(t, imported(said(0, nil)), held(outOfStock), unpaid, pass, by(mip.EventResend), approved, sending)
	assert.False(t, o.Attempts[0].SentAt.IsZero(), "a person lets it pass")
}

// TestParcelsInAnyOrder: a number is one parcel's, wherever the supplier lists
// it; only one that is gone was corrected.
func TestParcelsInAnyOrder(t *testing.T) {
	told := func(numbers ...string) mip.Event {
		var parcels []mip.Parcel
		for i, n := range numbers {
			parcels = append(parcels, mip.Parcel{ID: "100-" + string('1'+rune(i)), Number: n})
		}
		return mip.Event{Kind: mip.EventTracked, Tracking: []mip.Tracking{{ID: "100", Status: mip.PlacementShipped, Parcels: parcels}}}
	}
	for _, c := range []struct {
		claim       string
		told        [][]string
		numbers     []string
		first, news bool // the first parcel keeps its id; the last answer is news
	}{
		{"as before", [][]string{{"A", "B"}, {"A", "B"}}, []string{"A", "B"}, true, false},
		{"the other way round", [][]string{{"A", "B"}, {"B", "A"}}, []string{"A", "B"}, true, false},
		{"one is not listed any more", [][]string{{"A", "B"}, {"B"}}, []string{"A", "B"}, true, false},
		{"one more, listed first", [][]string{{"A"}, {"B", "A"}}, []string{"A", "B"}, true, true},
		{"one more, and the other way round again", [][]string{{"A"}, {"B", "A"}, {"A", "B"}, {"B", "A"}}, []string{"A", "B"}, true, false},
		{"corrected", [][]string{{"A", "B"}, {"C", "B"}}, []string{"C", "B"}, true, true},
		{"one more, and one is not listed", [][]string{{"A", "B"}, {"B", "C"}}, []string{"A", "B", "C"}, true, true},
		{"one more, under the same number", [][]string{{"A"}, {"A", "A"}}, []string{"A", "A"}, true, true},
		{"known later", [][]string{{""}, {"A"}}, []string{"A"}, true, true},
	} {
		events := []mip.Event{imported(said(0, nil)), approved, sending, placed}
		for _, numbers := range c.told[:len(c.told)-1] {
			events = append(events, told(numbers...))
		}
		o, _ := play(t, events...)
		last := told(c.told[len(c.told)-1]...)
		r, err := mip.Step(o, last, noon.Add(24*time.Hour))
		if c.news {
			require.NoError(t, err, c.claim)
		} else {
			assert.ErrorIs(t, err, mip.ErrIgnored, c.claim)
		}
		var numbers []string
		ids := map[string]bool{}
		for _, p := range r.Order.Placements[0].Parcels {
			numbers = append(numbers, p.Number)
			ids[p.ID] = true
		}
		assert.Equal(t, c.numbers, numbers, c.claim)
		assert.Len(t, ids, len(numbers), "%s: each has an id of its own", c.claim)
		assert.Equal(t, c.first, r.Order.Placements[0].Parcels[0].ID == "100-1", c.claim)
	}
}
