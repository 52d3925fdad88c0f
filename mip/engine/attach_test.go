package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

func TestLinkByID(t *testing.T) {
	half := func(id, reference, sku string) mip.Placement {
		return mip.Placement{ID: id, Reference: reference, Items: []mip.Item{{SKU: sku, Quantity: 2}}, Status: mip.PlacementInProcess, Cost: mip.EUR(5_00)}
	}
	in(t, "the sibling that a look-up does not show is never bought again, and a person links it", nil, func(t *testing.T, w *world) {
		ref := w.buy("1", 2)
		w.supply.slim = true
		w.supply.place = []fault{{err: lostAnswer}} // bought all the same, in two parts
		w.supply.orders = []mip.Placement{half("7", "shop-1", "S0000001"), half("8", "shop-1", "S0000002")}
		w.sync()
		w.pass(24 * time.Hour)
		o := w.order(ref)
		require.Equal(t, mip.StatePendingReview, o.State)
		assert.Equal(t, []string{mip.CodeOutcomeUnknown}, mip.Codes(o.Holding()))
		require.Len(t, o.Placements, 1)
		_, err := w.eng.Link(t.Context(), ref, "ana", "99")
		require.ErrorIs(t, err, mip.ErrNotFound)
		o, err = w.eng.Link(t.Context(), ref, "ana", "8")
		require.NoError(t, err)
		assert.Equal(t, mip.StateSubmitted, o.State)
		assert.Empty(t, o.OpenItems())
		_, err = w.eng.Link(t.Context(), ref, "ana", "8")
		require.NoError(t, err, "twice is no error")
		w.supply.ship("TRK")
		w.pass(24 * time.Hour)
		assert.Equal(t, mip.StateShipped, w.order(ref).State)
		assert.Equal(t, 1, w.supply.placed)
		assert.Empty(t, w.open("wallet"))
	})
	in(t, "an order by hand under a mistyped reference is linked by its id", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := w.buy("1", 1)
		w.sync()
		_, err := w.eng.MarkManuallySent(t.Context(), ref, "ana", "")
		require.NoError(t, err)
		w.supply.orders = []mip.Placement{half("7", "Shop1", "S0000001"), half("8", "", "S0000009"), half("9", "shop-2", "S0000001")}
		_, err = w.eng.Link(t.Context(), ref, "ana", "8")
		require.ErrorIs(t, err, mip.ErrConflict, "other goods")
		_, err = w.eng.Link(t.Context(), ref, "ana", "9")
		require.ErrorIs(t, err, mip.ErrConflict, "another order's reference")
		o, err := w.eng.Link(t.Context(), ref, "ana", "7")
		require.NoError(t, err)
		require.Len(t, o.Placements, 1)
		assert.Equal(t, "Shop1", o.ManualRef, "as the supplier knows it")
		assert.Equal(t, []string{"shop-1"}, o.EarlierRefs)
		assert.Equal(t, mip.Actor("ana"), func() mip.Actor {
			h, _ := w.store.History(t.Context(), ref)
			return h[len(h)-1].Actor
		}())
	})
	in(t, "what another order has been given is not linked again, by whatever way", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		one, two := w.buy("1", 1), w.buy("2", 1)
		w.sync()
		for _, ref := range []mip.Ref{one, two} {
			_, err := w.eng.MarkManuallySent(t.Context(), ref, "ana", "")
			require.NoError(t, err)
		}
		w.supply.orders = []mip.Placement{half("7", "Shop1", "S0000001")}
		_, err := w.eng.Link(t.Context(), one, "ana", "7")
		require.NoError(t, err)
		_, err = w.eng.Link(t.Context(), two, "ana", "7")
		require.ErrorIs(t, err, mip.ErrConflict)
		_, err = w.eng.MarkManuallySent(t.Context(), two, "ana", "Shop1")
		require.ErrorIs(t, err, mip.ErrConflict)
		w.supply.ship("TRK")
		w.supply.orders[0].Status = mip.PlacementDelivered
		w.pass(24 * time.Hour)
		require.Equal(t, mip.StateDelivered, w.order(one).State)
		_, err = w.eng.Link(t.Context(), two, "ana", "7")
		require.ErrorIs(t, err, mip.ErrConflict, "nor when it has arrived")
	})
	in(t, "a reference that was undone is free for another order", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		one, two := w.buy("1", 1), w.buy("2", 1)
		w.sync()
		_, err := w.eng.MarkManuallySent(t.Context(), one, "ana", "phone-2")
		require.NoError(t, err)
		_, err = w.eng.UndoManual(t.Context(), one, "ana")
		require.NoError(t, err)
		w.supply.orders = []mip.Placement{half("7", "phone-2", "S0000001")}
		_, err = w.eng.MarkManuallySent(t.Context(), two, "ana", "phone-2")
		require.NoError(t, err)
		w.pass(time.Hour)
		assert.Len(t, w.order(two).Placements, 1)
	})
	in(t, "what stands under a reference that was undone is another order's once that is placed under it", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		one, two := w.buy("1", 1), w.buy("2", 1)
		w.sync()
		_, err := w.eng.MarkManuallySent(t.Context(), one, "ana", "phone-2")
		require.NoError(t, err)
		_, err = w.eng.UndoManual(t.Context(), one, "ana")
		require.NoError(t, err)
		w.supply.orders = []mip.Placement{half("77", "phone-2", "S0000001")}
		_, err = w.eng.MarkManuallySent(t.Context(), two, "ana", "phone-2")
		require.NoError(t, err)
		w.pass(time.Hour)
		require.Len(t, w.order(two).Placements, 1)
		w.supply.refusals = nil
		_, err = w.eng.Resend(t.Context(), one, "ana")
		require.NoError(t, err)
		w.pass(24 * time.Hour)
		assert.Equal(t, 1, w.supply.placed, "it is bought")
		assert.NotEqual(t, "77", w.order(one).Placements[0].ID)
	})
	in(t, "what a resend found under a reference that was undone is nobody else's", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		one, two := w.buy("1", 1), w.buy("2", 1)
		w.sync()
		for _, reference := range []string{"phone-2", "phone-3"} {
			_, err := w.eng.MarkManuallySent(t.Context(), one, "ana", reference)
			require.NoError(t, err)
			_, err = w.eng.UndoManual(t.Context(), one, "ana")
			require.NoError(t, err)
		}
		w.supply.orders = []mip.Placement{half("77", "phone-2", "S0000001")}
		w.supply.refusals = nil
		_, err := w.eng.Resend(t.Context(), one, "ana")
		require.NoError(t, err)
		w.pass(24 * time.Hour)
		require.Zero(t, w.supply.placed)
		require.Equal(t, "77", w.order(one).Placements[0].ID)
		_, err = w.eng.MarkManuallySent(t.Context(), two, "ana", "phone-2")
		require.ErrorIs(t, err, mip.ErrConflict)
	})
	in(t, "what an attempt of ours may have made is not bought again, whoever else was given its reference", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		two := w.buy("2", 1)
		w.sync()
		_, err := w.eng.MarkManuallySent(t.Context(), two, "ana", "shop-1") // not in the store yet
		require.NoError(t, err)
		one := w.buy("1", 1)
		w.sync()
		w.supply.refusals = nil
		for _, e := range []mip.Event{
			{Kind: mip.EventApproved, Version: w.order(one).Version, Quote: &mip.Quote{Total: mip.EUR(5_00)}, Payment: "wallet"},
			{Kind: mip.EventSending, Attempt: 1, Payment: "wallet", Amount: mip.EUR(5_00)},
			{Kind: mip.EventUnknown, Attempt: 1},
			{Kind: mip.EventAbsent, Attempt: 1, Proven: true, Findings: []mip.Finding{{Code: mip.CodeTemporary, Severity: mip.Blocking}}},
		} {
			_, err := w.store.Apply(t.Context(), one, e, time.Now())
			require.NoError(t, err, e.Kind)
		}
		w.supply.orders = []mip.Placement{half("77", "shop-1", "S0000001")}
		_, err = w.eng.Resend(t.Context(), one, "ana")
		require.NoError(t, err)
		w.pass(24 * time.Hour)
		assert.Zero(t, w.supply.placed)
		require.Len(t, w.order(one).Placements, 1)
		assert.Equal(t, "77", w.order(one).Placements[0].ID)
	})
	in(t, "an order that is still to be bought takes nobody else's", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := w.buy("1", 1)
		w.sync()
		w.supply.orders = []mip.Placement{half("7", "Shop1", "S0000001")}
		_, err := w.eng.Link(t.Context(), ref, "ana", "7")
		require.ErrorIs(t, err, mip.ErrConflict)
	})
	in(t, "a cancelled order takes what was bought for it all the same, and says that the cancellation came too late", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := w.buy("1", 1)
		w.sync()
		_, err := w.eng.Cancel(t.Context(), ref, "ana", "no longer wanted")
		require.NoError(t, err)
		w.supply.orders = []mip.Placement{half("7", "shop-1", "S0000001"), half("8", "Shop1", "S0000001")}
		_, err = w.eng.Link(t.Context(), ref, "ana", "8")
		require.ErrorIs(t, err, mip.ErrConflict, "another reference")
		o, err := w.eng.Link(t.Context(), ref, "ana", "7")
		require.NoError(t, err)
		assert.Equal(t, mip.StateSubmitted, o.State)
		assert.Equal(t, []string{mip.CodeCancelLate}, mip.Codes(o.Findings))
	})
	in(t, "an order that has arrived takes nothing more, and the person is told so", nil, func(t *testing.T, w *world) {
		ref := w.buy("1", 1)
		w.sync()
		w.supply.ship("TRK")
		w.supply.orders[0].Status = mip.PlacementDelivered
		w.pass(24 * time.Hour)
		require.Equal(t, mip.StateDelivered, w.order(ref).State)
		w.supply.orders = append(w.supply.orders, half("7", "shop-1", "S0000001"))
		_, err := w.eng.Link(t.Context(), ref, "ana", "7")
		require.ErrorIs(t, err, mip.ErrIllegal)
	})
}
