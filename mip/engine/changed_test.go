package engine_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

func TestAnOrderThatChangedWhileItsOutcomeWasUnknown(t *testing.T) {
	gone := &mip.Error{Op: "test: place", Kind: mip.ErrUnknown}
	in(t, "goes to the address of today, if nothing was bought", nil, func(t *testing.T, w *world) {
		w.supply.place = []fault{{err: gone}}
		ref := w.buy("1", 1)
		w.sync()
		w.change(ref, func(f *mip.Facts) { f.ShipTo.Line1 = "Calle 2" })
		w.pass(30 * time.Minute)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		assert.Equal(t, "Calle 2", w.supply.sentTo.Line1)
		assert.Len(t, w.supply.orders, 1)
	})
	in(t, "is checked and its money set aside anew, if nothing was bought", nil, func(t *testing.T, w *world) {
		w.supply.place = []fault{{err: gone}}
		ref := w.buy("1", 1)
		w.sync()
		checks := w.supply.checks
		w.supply.price = mip.EUR(50_00)
		w.change(ref, func(f *mip.Facts) { f.Lines[0].Quantity = 10 })
		w.pass(30 * time.Minute)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		assert.Equal(t, checks+1, w.supply.checks)
		assert.Equal(t, "50.00", w.order(ref).LastAttempt().Amount.Text())
	})
	in(t, "keeps the address it was bought with", nil, func(t *testing.T, w *world) {
		w.supply.place = []fault{{after: true, err: gone}}
		ref := w.buy("1", 1)
		w.sync()
		w.change(ref, func(f *mip.Facts) { f.ShipTo.Line1 = "Calle 2" })
		w.pass(30 * time.Minute)
		o := w.order(ref)
		assert.Equal(t, mip.StateSubmitted, o.State)
		assert.Equal(t, "Calle 1", o.ShipTo.Line1)
		assert.Contains(t, codes(o), mip.CodeChangedAfter)
		assert.Equal(t, 1, w.supply.placed)
	})
}

func TestAWrongReferenceByHand(t *testing.T) {
	in(t, "another order's is refused, in any generation", nil, func(t *testing.T, w *world) {
		bought := w.buy("2", 1)
		w.sync()
		require.Equal(t, mip.StateSubmitted, w.order(bought).State)
		w.supply.refusals = tooLong
		ref := w.buy("1", 1)
		w.sync()
		for _, given := range []string{"shop-2", " shop-2 ", "shop-2--3"} {
			_, err := w.eng.MarkManuallySent(t.Context(), ref, "ana", given)
			require.ErrorIs(t, err, mip.ErrConflict, given)
		}
		assert.Equal(t, mip.StatePendingReview, w.order(ref).State)
		for _, given := range []string{"", " ", "shop-3", "shop-1", "2", "SHOP-2"} {
			_, err := w.eng.MarkManuallySent(t.Context(), ref, "ana", given)
			require.NoError(t, err, given)
			_, err = w.eng.UndoManual(t.Context(), ref, "ana")
			require.NoError(t, err, given)
		}
	})
	in(t, "one that another order is marked with is refused", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		one, two := w.buy("1", 1), w.buy("2", 1)
		w.sync()
		w.supply.orders = []mip.Placement{{ID: "77", Reference: "phone-1", Items: []mip.Item{{SKU: "S0000001", Quantity: 2}}}}
		_, err := w.eng.MarkManuallySent(t.Context(), one, "ana", "phone-1")
		require.NoError(t, err)
		w.sync()
		_, err = w.eng.MarkManuallySent(t.Context(), two, "ana", "phone-1 ")
		require.ErrorIs(t, err, mip.ErrConflict)
		assert.Equal(t, mip.StatePendingReview, w.order(two).State)
		w.supply.orders[0].Status = mip.PlacementShipped
		w.pass(3 * time.Hour)
		require.Equal(t, mip.StateShipped, w.order(one).State)
		_, err = w.eng.MarkManuallySent(t.Context(), two, "ana", "phone-1")
		require.ErrorIs(t, err, mip.ErrConflict, "on its way")
	})
	in(t, "of two that are marked at once one is linked, and a person is told of the other", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		one, two := w.buy("1", 1), w.buy("2", 1)
		w.sync()
		w.supply.orders = []mip.Placement{{ID: "77", Reference: "phone-1", Items: []mip.Item{{SKU: "S0000001", Quantity: 2}}}}
		for _, ref := range []mip.Ref{one, two} {
			_, err := w.store.Apply(t.Context(), ref, mip.Event{Kind: mip.EventManuallySent, Actor: "ana", Reference: "phone-1"}, time.Now())
			require.NoError(t, err)
		}
		w.pass(time.Hour)
		assert.Len(t, slices.Concat(w.order(one).Placements, w.order(two).Placements), 1)
		assert.ElementsMatch(t, []mip.State{mip.StatePendingReview, mip.StateManuallySent}, []mip.State{w.order(one).State, w.order(two).State})
	})
	in(t, "an order that holds other goods is not linked, and a person is told", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := w.buy("1", 1)
		w.sync()
		w.supply.orders = []mip.Placement{{ID: "77", Reference: "phone-1", Items: []mip.Item{{SKU: "S9", Quantity: 1}}}}
		_, err := w.eng.MarkManuallySent(t.Context(), ref, "ana", "phone-1")
		require.NoError(t, err)
		w.pass(time.Hour)
		o := w.order(ref)
		assert.Empty(t, o.Placements)
		require.Equal(t, []string{mip.CodeAlreadyExists}, mip.Codes(o.Holding()))
		assert.Equal(t, "phone-1", o.Holding()[0].Params["reference"])
		w.supply.orders = append(w.supply.orders, mip.Placement{ID: "78", Reference: "phone-2", Items: []mip.Item{{SKU: "S0000001", Quantity: 2}}})
		_, err = w.eng.MarkManuallySent(t.Context(), ref, "ana", "phone-2")
		require.NoError(t, err)
		w.sync()
		assert.Len(t, w.order(ref).Placements, 1, "the right one is")
	})
}

func TestAnOrderThatIsOlderThanOursIsAStrangers(t *testing.T) {
	old := mip.Placement{ID: "9", Items: []mip.Item{{SKU: "S0000001", Quantity: 2}}}
	in(t, "under our reference", nil, func(t *testing.T, w *world) {
		for id, age := range map[string]time.Duration{"1": 72 * time.Hour, "2": 24 * time.Hour} {
			had := old
			had.ID, had.Reference, had.PlacedAt = "9"+id, "shop-"+id, time.Now().Add(-age)
			w.supply.orders = append(w.supply.orders, had)
			w.buy(id, 1)
		}
		w.sync()
		stranger, ours := w.order(mip.Ref{Channel: "shop", ID: "1"}), w.order(mip.Ref{Channel: "shop", ID: "2"})
		assert.Equal(t, []string{mip.CodeAlreadyExists}, mip.Codes(stranger.Holding()))
		assert.Empty(t, stranger.Placements)
		assert.Equal(t, mip.StateSubmitted, ours.State, "clocks and zones may differ")
		assert.Empty(t, w.open("wallet"))
	})
	in(t, "under a reference that a person gave", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := w.buy("1", 1)
		w.sync()
		old.Reference, old.PlacedAt = "phone-1", time.Now().Add(-72*time.Hour)
		w.supply.orders = []mip.Placement{old}
		_, err := w.eng.MarkManuallySent(t.Context(), ref, "ana", "phone-1")
		require.NoError(t, err)
		w.sync()
		assert.Equal(t, []string{mip.CodeAlreadyExists}, mip.Codes(w.order(ref).Holding()))
	})
	in(t, "an order that the channel has had for long may have been placed long ago", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := w.buy("1", 1)
		w.change(ref, func(f *mip.Facts) { f.CreatedAt = time.Now().Add(-30 * 24 * time.Hour) })
		w.sync()
		old.Reference, old.PlacedAt = "phone-1", time.Now().Add(-72*time.Hour)
		w.supply.orders = []mip.Placement{old}
		_, err := w.eng.MarkManuallySent(t.Context(), ref, "ana", "phone-1")
		require.NoError(t, err)
		w.sync()
		assert.Len(t, w.order(ref).Placements, 1)
	})
}

func TestWhatAPersonPlacedAMomentAgo(t *testing.T) {
	in(t, "is not bought again because look-ups do not show it yet", nil, func(t *testing.T, w *world) {
		ref := w.takenBack("phone-1")
		w.supply.orders = []mip.Placement{{ID: "77", Reference: "phone-1", Items: []mip.Item{{SKU: "S0000001", Quantity: 2}}}}
		w.supply.hidden = 1
		_, err := w.eng.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.pass(time.Hour)
		o := w.order(ref)
		assert.Equal(t, mip.StateSubmitted, o.State)
		assert.Zero(t, w.supply.placed)
		assert.Empty(t, w.open("wallet"))
	})
}

func TestWhatIsOpenIsNoLongerWanted(t *testing.T) {
	refund := func(f *mip.Facts) { f.Lines[1].Cancelled = f.Lines[1].Quantity }
	in(t, "the rest of a partly placed order is refunded after the first part arrived", nil, func(t *testing.T, w *world) {
		w.supply.partial = true
		ref := w.buy("1", 2)
		w.sync()
		w.supply.ship("TRK1")
		w.supply.orders[0].Status = mip.PlacementDelivered
		w.pass(24 * time.Hour)
		require.Equal(t, []string{mip.CodePartial}, mip.Codes(w.order(ref).Holding())[:1])
		w.change(ref, refund)
		w.pass(time.Hour)
		assert.Equal(t, mip.StateDelivered, w.order(ref).State)
	})
}
