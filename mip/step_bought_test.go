package mip_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

func TestWhatComesTooLateIsToldToPeople(t *testing.T) {
	track := func(status mip.PlacementStatus) mip.Event {
		return mip.Event{Kind: mip.EventTracked, Tracking: []mip.Tracking{{ID: "100", Status: status, Parcels: []mip.Parcel{{ID: "p1", Number: "N"}}}}}
	}
	bought := []mip.Event{imported(said(0, nil)), approved, sending, placed}
	byHand := []mip.Event{imported(said(0, nil)),
		{Kind: mip.EventHeld, Findings: []mip.Finding{{Code: "x", Severity: mip.Blocking}}}, {Kind: mip.EventManuallySent, Actor: "ana"}}
	for name, before := range map[string][]mip.Event{
		"submitted": bought, "shipped": append(slices.Clone(bought), track(mip.PlacementShipped)), "manually sent": byHand,
	} {
		start, _ := play(t, before...)
		told := func(t *testing.T, code, path string, e mip.Event) mip.Order {
			t.Helper()
			r, err := mip.Step(start, e, noon)
			require.NoError(t, err)
			assert.Equal(t, start.State, r.Order.State, "what is bought goes its way")
			assert.True(t, slices.ContainsFunc(r.Order.Findings, func(f mip.Finding) bool { return f.Code == code && f.Path == path }), "%v", r.Order.Findings)
			assert.Contains(t, r.Change.Codes, code)
			assert.False(t, slices.ContainsFunc(r.Effects, func(f mip.Effect) bool { return f.Kind == mip.EffectSubmit || f.Kind == mip.EffectCheck }))
			return r.Order
		}
		t.Run(name+": a cancellation by the channel", func(t *testing.T) {
			assert.True(t, told(t, mip.CodeCancelLate, "", imported(said(1, cancelled))).CancelAsked)
		})
		t.Run(name+": a cancellation by a person", func(t *testing.T) {
			assert.True(t, told(t, mip.CodeCancelLate, "", mip.Event{Kind: mip.EventCancel, Actor: "ana", Why: "no more"}).CancelAsked)
		})
		t.Run(name+": a payment that is withdrawn, until it is there again", func(t *testing.T) {
			o := told(t, mip.CodePaymentWithdrawn, "", imported(said(1, func(f *mip.Facts) { f.Demand = mip.DemandUnpaid })))
			r, err := mip.Step(o, imported(said(2, nil)), noon)
			require.NoError(t, err)
			assert.NotContains(t, mip.Codes(r.Order.Findings), mip.CodePaymentWithdrawn)
		})
		t.Run(name+": pieces that are taken back", func(t *testing.T) {
			told(t, mip.CodeChangedAfter, "lines", imported(said(1, func(f *mip.Facts) { f.Lines[0].Cancelled = 1 })))
		})
	}
}

func TestPiecesThatAreTakenBackInTimeAreNotBought(t *testing.T) {
	one := imported(said(1, func(f *mip.Facts) { f.Lines[0].Cancelled = 1 }))
	t.Run("before the check", func(t *testing.T) {
		o, effects := play(t, imported(said(0, nil)), one)
		assert.Contains(t, o.OpenItems(), mip.Item{LineID: "1", SKU: "A", Quantity: 2})
		assert.Equal(t, mip.EffectCheck, effects[0].Kind)
	})
	t.Run("before the call leaves", func(t *testing.T) {
		o, effects := play(t, imported(said(0, nil)), approved, one)
		assert.Equal(t, mip.EffectSubmit, effects[0].Kind)
		assert.Equal(t, []string{mip.CodeChangedBefore}, mip.Codes(o.Outdated(o.Attempts[0])))
		_, err := mip.Step(o, sending, noon)
		require.ErrorIs(t, err, mip.ErrIgnored, "three pieces may not be bought any more")
	})
	t.Run("while the call is out, and nothing was bought", func(t *testing.T) {
		o, _ := play(t, imported(said(0, nil)), approved, sending, one,
			mip.Event{Kind: mip.EventRefused, Attempt: 1, Findings: []mip.Finding{{Code: "x", Severity: mip.Blocking}}, Payment: "paypal"})
		assert.Equal(t, mip.StatePendingReview, o.State)
		assert.Len(t, o.Attempts, 1, "it is checked before anything else is tried")
		assert.Contains(t, o.OpenItems(), mip.Item{LineID: "1", SKU: "A", Quantity: 2})
	})
}

func TestGivingUpIsNoProofThatNothingWasBought(t *testing.T) {
	gaveUp := mip.Event{Kind: mip.EventGaveUp, Findings: []mip.Finding{{Code: mip.CodeGaveUp, Severity: mip.Blocking}}}
	o, effects := play(t, imported(said(0, nil)), approved, sending, gaveUp)
	assert.Equal(t, mip.StatePendingReview, o.State)
	assert.Equal(t, mip.OutcomeUnknown, o.Attempts[0].Outcome, "the call may have left")
	assert.False(t, slices.ContainsFunc(effects, func(e mip.Effect) bool { return e.Kind == mip.EffectSettle }), "its money stays set aside")
	o, effects = play(t, imported(said(0, nil)), approved, gaveUp)
	assert.Equal(t, mip.OutcomeRefused, o.Attempts[0].Outcome, "it never left")
	assert.True(t, slices.ContainsFunc(effects, func(e mip.Effect) bool { return e.Kind == mip.EffectSettle }), "its money is given back")
}

func TestWhatWaitsForAPersonDoesNotSayThatItCannotLeave(t *testing.T) {
	cannot := mip.Event{Kind: mip.EventNoted, Attempt: 1, Findings: []mip.Finding{{Code: mip.CodeUnavailable, Severity: mip.Notice}}}
	pending := mip.Finding{Code: mip.CodePaymentPending, Severity: mip.Blocking, AutoClear: true}
	for name, e := range map[string]mip.Event{
		mip.CodePaymentPending: {Kind: mip.EventAwaiting, Attempt: 1, Payment: "wallet", Findings: []mip.Finding{pending}},
		mip.CodeGaveUp:         {Kind: mip.EventGaveUp, Findings: []mip.Finding{{Code: mip.CodeGaveUp, Severity: mip.Blocking}}},
	} {
		t.Run(name, func(t *testing.T) {
			o, _ := play(t, imported(said(0, nil)), approved, cannot)
			require.Equal(t, []string{mip.CodeUnavailable}, mip.Codes(o.Findings))
			o, _ = play(t, imported(said(0, nil)), approved, cannot, e)
			assert.Equal(t, []string{name}, mip.Codes(o.Findings))
		})
	}
}
