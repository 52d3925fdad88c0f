package mip_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

// What the supplier cancels of a purchase must not vanish behind its siblings.
func TestAPartThatTheSupplierCancelsIsNotLost(t *testing.T) {
	two := placed
	two.Placements = []mip.Placement{
		{ID: "100", Reference: "shop-1", Items: []mip.Item{{SKU: "A", Quantity: 3}}},
		{ID: "101", Reference: "shop-1", Items: []mip.Item{{SKU: "B", Quantity: 1}}},
	}
	news := func(a, b mip.PlacementStatus) mip.Event {
		return mip.Event{Kind: mip.EventTracked, Tracking: []mip.Tracking{
			{ID: "100", Status: a, Parcels: []mip.Parcel{{ID: "100-1", Number: "N"}}}, {ID: "101", Status: b}}}
	}
	bought := []mip.Event{imported(said(0, nil)), approved, sending, two}
	t.Run("before the other has left", func(t *testing.T) {
		o, effects := play(t, append(slices.Clone(bought), news(mip.PlacementInProcess, mip.PlacementCancelled))...)
		assert.Equal(t, mip.StatePendingReview, o.State)
		assert.Equal(t, []string{mip.CodeSupplierCancelled}, mip.Codes(o.Holding()))
		assert.Equal(t, []mip.Item{{LineID: "2", SKU: "B", Quantity: 1}}, o.OpenItems(), "the rest can be bought again, and nothing else")
		assert.True(t, slices.ContainsFunc(effects, func(e mip.Effect) bool { return e.Kind == mip.EffectTrack }), "the other is followed")
	})
	t.Run("together with the other's leaving, whose number is told", func(t *testing.T) {
		o, _ := play(t, append(slices.Clone(bought), news(mip.PlacementShipped, mip.PlacementCancelled))...)
		assert.Equal(t, mip.StatePendingReview, o.State)
		assert.Equal(t, []string{mip.CodeSupplierCancelled}, mip.Codes(o.Holding()))
		require.Len(t, o.Status().Parcels, 1)
		assert.Equal(t, mip.StateSubmitted, o.Status().State)
	})
	t.Run("after all had left", func(t *testing.T) {
		o, _ := play(t, append(slices.Clone(bought), news(mip.PlacementShipped, mip.PlacementShipped), news("", mip.PlacementCancelled))...)
		assert.Equal(t, mip.StateShipped, o.State)
		assert.Contains(t, mip.Codes(o.Findings), mip.CodeSupplierCancelled, "a person hears of it")
	})
	t.Run("of what a person placed", func(t *testing.T) {
		byHand := mip.Event{Kind: mip.EventPlaced, Proven: true, Placements: two.Placements}
		o, _ := play(t, imported(said(0, nil)), mip.Event{Kind: mip.EventHeld, Findings: []mip.Finding{{Code: "x", Severity: mip.Blocking}}},
			mip.Event{Kind: mip.EventManuallySent, Actor: "ana"}, byHand, news(mip.PlacementInProcess, mip.PlacementCancelled))
		assert.Equal(t, mip.StatePendingReview, o.State)
		assert.Equal(t, []string{mip.CodeSupplierCancelled}, mip.Codes(o.Holding()))
	})
	t.Run("though the order was cancelled: then it is what was wanted", func(t *testing.T) {
		o, _ := play(t, append(slices.Clone(bought), imported(said(1, cancelled)), news(mip.PlacementShipped, mip.PlacementCancelled))...)
		assert.Equal(t, mip.StateShipped, o.State)
		assert.NotContains(t, mip.Codes(o.Holding()), mip.CodeSupplierCancelled)
	})
}

// A supplier that has all of a purchase and refuses some of it contradicts
// itself: nobody knows what is missing.
func TestARefusalBesideAWholePurchaseIsNotPassedOver(t *testing.T) {
	out := []mip.Finding{{Code: "stock.out_of_stock", Path: "lines", Severity: mip.Blocking, AutoClear: true}}
	for name, items := range map[string][]mip.Item{"all of it": {{SKU: "A", Quantity: 3}, {SKU: "B", Quantity: 1}}, "it does not say what": nil} {
		all := placed
		all.Placements, all.Findings = []mip.Placement{{ID: "100", Reference: "shop-1", Items: items}}, out
		o, _ := play(t, imported(said(0, nil)), approved, sending, all)
		assert.Equal(t, mip.StatePendingReview, o.State, name)
		assert.Equal(t, mip.OutcomeUnknown, o.Attempts[0].Outcome, name)
		assert.Subset(t, mip.Codes(o.Holding()), []string{mip.CodeOutcomeUnknown, "stock.out_of_stock"}, name)
		r, err := mip.Step(o, mip.Event{Kind: mip.EventOverridden, Override: &mip.Override{Code: mip.CodeOutcomeUnknown, Path: "lines", Actor: "ana", Why: "all is there"}}, noon)
		require.NoError(t, err, name)
		r, err = mip.Step(r.Order, mip.Event{Kind: mip.EventResend, Actor: "ana"}, noon)
		require.NoError(t, err, name)
		r, err = mip.Step(r.Order, mip.Event{Kind: mip.EventTracked, Tracking: []mip.Tracking{{ID: "100", Status: mip.PlacementInProcess}}}, noon)
		require.NoError(t, err, name)
		assert.Equal(t, mip.StateSubmitted, r.Order.State, "%s: a person has looked", name)
	}
}
