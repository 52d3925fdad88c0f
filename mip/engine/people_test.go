package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

// takenBack is an order that a person marked as manually sent under a
// reference, and took back; it may be bought again.
func (w *world) takenBack(reference string) mip.Ref {
	w.supply.refusals = tooLong
	ref := w.buy("1", 1)
	w.sync()
	_, err := w.eng.MarkManuallySent(w.t.Context(), ref, "ana", reference)
	require.NoError(w.t, err)
	w.sync()
	_, err = w.eng.UndoManual(w.t.Context(), ref, "ana")
	require.NoError(w.t, err)
	w.supply.refusals = nil
	return ref
}

func TestPeople(t *testing.T) {
	in(t, "a held order is edited, resent and bought", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := w.buy("1", 1)
		w.sync()
		require.Equal(t, mip.StatePendingReview, w.order(ref).State)
		w.supply.refusals = nil
		_, err := w.eng.EditAddress(t.Context(), ref, "ana", mip.Address{Line1: "C. 1", Country: "es"})
		require.NoError(t, err)
		w.pass(2 * time.Hour)
		assert.Equal(t, mip.StatePendingReview, w.order(ref).State, "saving does not send")
		_, err = w.eng.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.sync()
		o := w.order(ref)
		assert.Equal(t, mip.StateSubmitted, o.State)
		assert.Equal(t, "ES", o.ShipTo.Country)
	})
	in(t, "the channel's later change does not overwrite a person's edit", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := w.buy("1", 1)
		w.sync()
		_, err := w.eng.EditAddress(t.Context(), ref, "ana", mip.Address{Line1: "Ours"})
		require.NoError(t, err)
		time.Sleep(time.Minute)
		w.change(ref, func(f *mip.Facts) { f.ShipTo.Line1 = "Theirs" })
		w.sync()
		o := w.order(ref)
		assert.Equal(t, "Ours", o.ShipTo.Line1)
		assert.Equal(t, "Theirs", o.Theirs.Line1)
		assert.Contains(t, mip.Codes(o.Findings), mip.CodeEditConflict)
	})
	in(t, "a number that comes with the arrival is told as well", nil, func(t *testing.T, w *world) {
		ref := w.buy("1", 1)
		w.sync()
		w.supply.orders[0].Status = mip.PlacementDelivered // the supplier's left hand is quicker than its right
		w.pass(31 * time.Minute)
		assert.Equal(t, mip.StateShipped, w.order(ref).State)
		w.supply.orders[0].Parcels = []mip.Parcel{{ID: "p1", Carrier: "gls", Number: "LATE"}}
		w.pass(time.Hour)
		assert.Equal(t, mip.StateDelivered, w.order(ref).State)
		assert.Equal(t, "LATE", w.shop.heard[len(w.shop.heard)-1].Parcels[0].Number)
	})
	in(t, "a number that was hidden when it went out and when it came is told as well", nil, func(t *testing.T, w *world) {
		ref := w.buy("1", 1)
		w.sync()
		w.supply.orders[0].Status = mip.PlacementShipped
		w.pass(31 * time.Minute)
		w.supply.orders[0].Status = mip.PlacementDelivered // an empty answer says "no number yet", and may be an accident
		w.pass(31 * time.Minute)
		assert.Equal(t, mip.StateShipped, w.order(ref).State)
		w.supply.orders[0].Parcels = []mip.Parcel{{ID: "p1", Carrier: "gls", Number: "LATE"}}
		w.pass(time.Hour)
		assert.Equal(t, mip.StateDelivered, w.order(ref).State)
		assert.Equal(t, "LATE", w.shop.heard[len(w.shop.heard)-1].Parcels[0].Number)
	})
	in(t, "an arrival without a number ends all the same", nil, func(t *testing.T, w *world) {
		ref := w.buy("1", 1)
		w.sync()
		w.supply.orders[0].Status = mip.PlacementDelivered
		w.pass(2 * time.Hour)
		assert.Equal(t, mip.StateDelivered, w.order(ref).State)
	})
	in(t, "a part that had arrived when it was found has its parcels told as well", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := w.buy("1", 2)
		w.sync()
		o, err := w.eng.MarkManuallySent(t.Context(), ref, "ana", "")
		require.NoError(t, err)
		first := mip.Placement{ID: "77", Reference: o.ManualRef, Status: mip.PlacementDelivered, Items: []mip.Item{{SKU: "S0000001", Quantity: 2}},
			Parcels: []mip.Parcel{{ID: "p1", Carrier: "gls", Number: "EARLY"}}}
		second := mip.Placement{ID: "78", Reference: o.ManualRef, Status: mip.PlacementInProcess, Items: []mip.Item{{SKU: "S0000002", Quantity: 2}}}
		w.supply.orders = append(w.supply.orders, first, second)
		w.pass(time.Hour)
		w.supply.orders[1].Status = mip.PlacementDelivered
		w.supply.orders[1].Parcels = []mip.Parcel{{ID: "p2", Carrier: "gls", Number: "LATE"}}
		w.pass(3 * time.Hour)
		assert.Equal(t, mip.StateDelivered, w.order(ref).State)
		var told []string
		for _, p := range w.shop.heard[len(w.shop.heard)-1].Parcels {
			told = append(told, p.Number)
		}
		assert.Equal(t, []string{"EARLY", "LATE"}, told)
	})
	in(t, "an order placed by hand is linked when it appears and followed", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := w.buy("1", 1)
		w.sync()
		o, err := w.eng.MarkManuallySent(t.Context(), ref, "ana", "")
		require.NoError(t, err)
		w.sync()
		assert.Contains(t, mip.Codes(w.order(ref).Findings), mip.CodeNotMatched)
		w.supply.orders = append(w.supply.orders, mip.Placement{ID: "77", Reference: o.ManualRef, Status: mip.PlacementInProcess})
		w.pass(time.Hour)
		o = w.order(ref)
		require.Len(t, o.Placements, 1)
		assert.NotContains(t, mip.Codes(o.Findings), mip.CodeNotMatched)
		w.supply.ship("TRK1")
		w.pass(2 * time.Hour)
		assert.Equal(t, mip.StateShipped, w.order(ref).State)
		assert.Zero(t, w.supply.placed)
		assert.Equal(t, "TRK1", w.shop.heard[len(w.shop.heard)-1].Parcels[0].Number)
	})
	for claim, end := range map[string]func(w *world, ref mip.Ref){
		"it is told while nothing waits for it": func(w *world, ref mip.Ref) {
			w.supply.ship("TRK1")
			w.pass(2 * time.Hour)
			assert.Equal(w.t, mip.StateShipped, w.order(ref).State)
			assert.Equal(w.t, []string{mip.CodePartlyMatched}, mip.Codes(w.order(ref).Findings))
		},
		"not once it is bought": func(w *world, ref mip.Ref) {
			w.supply.orders = append(w.supply.orders, mip.Placement{ID: "78", Reference: "REST", Items: []mip.Item{{SKU: "S0000002", Quantity: 2}}})
			_, err := w.eng.Link(w.t.Context(), ref, "ana", "78")
			require.NoError(w.t, err)
			assert.Empty(w.t, w.order(ref).Findings)
		},
		"nor once it is not wanted": func(w *world, ref mip.Ref) {
			w.change(ref, func(f *mip.Facts) { f.Lines[1].Cancelled = 2 })
			w.sync()
			assert.NotContains(w.t, mip.Codes(w.order(ref).Findings), mip.CodePartlyMatched)
		},
	} {
		in(t, "what a person left out of an order placed by hand: "+claim, nil, func(t *testing.T, w *world) {
			w.supply.refusals = tooLong
			ref := w.buy("1", 2)
			w.sync()
			_, err := w.eng.MarkManuallySent(t.Context(), ref, "ana", "BY-HAND")
			require.NoError(t, err)
			w.supply.orders = append(w.supply.orders, mip.Placement{ID: "77", Reference: "BY-HAND",
				Items: []mip.Item{{SKU: "S0000001", Quantity: 2}}, Status: mip.PlacementInProcess})
			w.sync()
			o := w.order(ref)
			require.Equal(t, []string{mip.CodePartlyMatched}, mip.Codes(o.Findings))
			assert.Equal(t, map[string]string{"reference": "BY-HAND", "skus": "S0000002"}, o.Findings[0].Params)
			end(w, ref)
		})
	}
	in(t, "taking manually sent back looks before it buys", nil, func(t *testing.T, w *world) {
		ref := w.takenBack("by-hand-7")
		w.supply.orders = append(w.supply.orders, mip.Placement{ID: "77", Reference: "by-hand-7", Status: mip.PlacementInProcess})
		_, err := w.eng.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.sync()
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		assert.Zero(t, w.supply.placed)
	})
	for _, reference := range []string{"by-hand-7", "shop-1"} { // the second is what we call it ourselves
		in(t, "what may have been placed by hand as "+reference+" is not bought while nobody can tell", nil, func(t *testing.T, w *world) {
			ref := w.takenBack(reference)
			w.supply.vague = true
			for range 2 {
				_, err := w.eng.Resend(t.Context(), ref, "ana")
				require.NoError(t, err)
				w.sync()
				require.Equal(t, []string{mip.CodeManualUnclear}, mip.Codes(w.order(ref).Holding()))
				assert.Zero(t, w.supply.placed)
			}
			_, err := w.eng.Override(t.Context(), ref, "ana", mip.CodeManualUnclear, "", "looked: nothing there")
			require.NoError(t, err)
			_, err = w.eng.Resend(t.Context(), ref, "ana")
			require.NoError(t, err)
			w.sync()
			assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
			require.Equal(t, 1, w.supply.placed)
			assert.Equal(t, "shop-1", w.supply.orders[0].Reference)
		})
	}
	in(t, "an override lets one finding pass until its value changes", nil, func(t *testing.T, w *world) {
		f := mip.Finding{Code: "price.below_wholesale", Path: "total", Severity: mip.Overridable, Value: "30"}
		w.supply.refusals = []mip.Finding{f}
		ref := w.buy("1", 1)
		w.sync()
		_, err := w.eng.Override(t.Context(), ref, "ana", f.Code, f.Path, "")
		require.ErrorIs(t, err, mip.ErrInvalid, "a reason is needed")
		_, err = w.eng.Override(t.Context(), ref, "ana", f.Code, f.Path, "good customer")
		require.NoError(t, err)
		w.supply.refusals[0].Value = "31"
		_, err = w.eng.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.sync()
		assert.Equal(t, mip.StatePendingReview, w.order(ref).State)
		w.supply.refusals[0].Value = "30"
		_, err = w.eng.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.sync()
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
	})
	in(t, "resend all sends what may be sent and passes over the rest", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		a, b := w.buy("1", 1), w.buy("2", 1)
		w.sync()
		w.supply.refusals = nil
		n, err := w.eng.ResendAll(t.Context(), "ana", mip.Query{States: []mip.State{mip.StateSubmitted}})
		require.NoError(t, err)
		assert.Zero(t, n, "none of them is held")
		n, err = w.eng.ResendAll(t.Context(), "ana", mip.Query{Code: "address.too_long", States: []mip.State{mip.StateSubmitted, mip.StatePendingReview}})
		require.NoError(t, err)
		assert.Equal(t, 2, n)
		w.sync()
		assert.Equal(t, mip.StateSubmitted, w.order(a).State)
		assert.Equal(t, mip.StateSubmitted, w.order(b).State)
	})
	in(t, "who commands the same twice gets the order as it is, and the history one line", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := w.buy("1", 1)
		w.sync()
		for _, do := range []func() (mip.Order, error){
			func() (mip.Order, error) { return w.eng.MarkManuallySent(t.Context(), ref, "ana", "BY-HAND") },
			func() (mip.Order, error) { return w.eng.UndoManual(t.Context(), ref, "ana") },
			func() (mip.Order, error) { return w.eng.Cancel(t.Context(), ref, "ana", "not wanted") },
		} {
			once, err := do()
			require.NoError(t, err)
			twice, err := do()
			require.NoError(t, err)
			assert.Equal(t, once, twice)
		}
		_, err := w.eng.MarkManuallySent(t.Context(), ref, "ana", "BY-HAND")
		assert.ErrorIs(t, err, mip.ErrIllegal, "of another command before")
	})
	in(t, "an override that is not possible says why", nil, func(t *testing.T, w *world) {
		w.supply.refusals = noStock
		ref := w.buy("1", 1)
		w.sync()
		_, err := w.eng.Override(t.Context(), ref, "ana", noStock[0].Code, noStock[0].Path, "all the same")
		assert.ErrorContains(t, err, "invalid: the finding cannot be overridden, only its cause removed")
		_, err = w.eng.Override(t.Context(), ref, "ana", noStock[0].Code, "total", "all the same")
		assert.ErrorContains(t, err, "invalid: the order has no finding of that code and path")
	})
	in(t, "a command needs a person, and an illegal one says what is allowed", nil, func(t *testing.T, w *world) {
		ref := w.buy("1", 1)
		w.sync()
		_, err := w.eng.Resend(t.Context(), ref, "")
		assert.ErrorIs(t, err, mip.ErrInvalid)
		_, err = w.eng.MarkManuallySent(t.Context(), ref, "ana", "")
		require.ErrorIs(t, err, mip.ErrIllegal)
		assert.ErrorContains(t, err, "cancel")
		_, err = w.eng.Resend(t.Context(), mip.Ref{Channel: "shop", ID: "none"}, "ana")
		assert.ErrorIs(t, err, mip.ErrNotFound)
	})
	in(t, "explain says why, what can be done and what happens next", nil, func(t *testing.T, w *world) {
		w.supply.refusals = noStock
		ref := w.buy("1", 1)
		w.sync()
		x, err := w.eng.Explain(t.Context(), ref)
		require.NoError(t, err)
		assert.Equal(t, []string{"stock.out_of_stock"}, mip.Codes(x.Why))
		assert.Contains(t, x.Can, mip.EventResend)
		require.Len(t, x.Next, 1)
		assert.Equal(t, mip.EffectCheck, x.Next[0].Kind)
		assert.Equal(t, "shop-1", x.Reference)
		assert.Equal(t, mip.EventHeld, x.History[1].Event)
		w.supply.refusals = nil
		w.pass(time.Hour)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State, "stock came back")
	})
}
