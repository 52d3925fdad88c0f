package engine_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/memstore"
)

func codes(o mip.Order) []string { return mip.Codes(o.Findings) }

func TestHeldOrders(t *testing.T) {
	in(t, "what only a person can clear is not checked in vain, and says so", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := w.buy("1", 1)
		w.sync()
		_, err := w.eng.MarkManuallySent(t.Context(), ref, "ana", "")
		require.NoError(t, err)
		_, err = w.eng.UndoManual(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.supply.refusals = nil
		time.Sleep(time.Minute)
		w.change(ref, func(f *mip.Facts) { f.Lines[0].Quantity = 1 })
		w.sync()
		assert.Equal(t, []string{mip.CodeManualUndone}, codes(w.order(ref)))
		w.pass(time.Hour)
		assert.Equal(t, []string{mip.CodeManualUndone}, codes(w.order(ref)))
		assert.Zero(t, w.supply.placed)
	})
	in(t, "money that still does not suffice is asked about once", nil, func(t *testing.T, w *world) {
		w.supply.balance, w.supply.price, w.supply.refusals = mip.EUR(5_00), mip.Money{}, noMoney
		ref := w.buy("1", 1)
		w.sync()
		w.supply.balance = mip.EUR(8_00)
		w.pass(25 * time.Minute)
		assert.LessOrEqual(t, w.supply.checks, 2)
		assert.Equal(t, "8.00", w.order(ref).Holding()[0].Params["available"], "what there was when it was last asked")
		history, err := w.store.History(t.Context(), ref)
		require.NoError(t, err)
		assert.LessOrEqual(t, len(history), 3)
	})
	in(t, "a price that rose while the order waited is the price it waits for", nil, func(t *testing.T, w *world) {
		w.supply.balance, w.supply.refusals = mip.EUR(5_00), noMoney
		ref := w.buy("1", 1)
		w.sync()
		w.supply.price, w.supply.balance = mip.EUR(12_00), mip.EUR(11_00)
		w.pass(25 * time.Minute)
		assert.Equal(t, "12.00", w.order(ref).Quote.Total.Text())
		assert.LessOrEqual(t, w.supply.checks, 2)
		w.supply.refusals, w.supply.balance = nil, mip.EUR(12_00)
		w.pass(3 * time.Minute)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
	})
	in(t, "an order that became cheaper is not held for its old price", nil, func(t *testing.T, w *world) {
		w.supply.balance, w.supply.refusals = mip.EUR(6_00), noMoney
		ref := w.buy("1", 2)
		w.sync()
		w.supply.price, w.supply.refusals = mip.EUR(5_00), nil
		time.Sleep(time.Minute)
		w.change(ref, func(f *mip.Facts) { f.Lines[1].Cancelled = 2 })
		w.sync()
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
	})
	in(t, "what is refused again and again is for a person in the end", nil, func(t *testing.T, w *world) {
		for range 30 {
			w.supply.place = append(w.supply.place, fault{ref: noStock})
		}
		ref := w.buy("1", 1)
		w.sync()
		w.pass(24 * time.Hour)
		o := w.order(ref)
		assert.LessOrEqual(t, len(o.Attempts), 21)
		assert.Contains(t, mip.Codes(o.Holding()), mip.CodeGaveUp)
		assert.Contains(t, mip.Codes(o.Holding()), "stock.out_of_stock")
		w.supply.place = nil
		_, err := w.eng.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.sync()
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
	})
	in(t, "a person's correction waits for the cool-off too", func(c *engine.Config) { c.CoolOff = 10 * time.Minute }, func(t *testing.T, w *world) {
		ref := w.buy("1", 1)
		w.sync()
		_, err := w.eng.EditAddress(t.Context(), ref, "ana", mip.Address{Line1: "Calle 2", Country: "ES"})
		require.NoError(t, err)
		w.sync()
		assert.Equal(t, mip.StateReceived, w.order(ref).State)
		w.pass(11 * time.Minute)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
	})
}

func TestAnOrderReachesItsEnd(t *testing.T) {
	in(t, "found again only after it had arrived", nil, func(t *testing.T, w *world) {
		w.supply.place = []fault{{after: true, err: lostAnswer}}
		ref := w.buy("1", 1)
		w.sync()
		w.supply.ship("TRK1")
		w.supply.orders[0].Status = mip.PlacementDelivered
		w.pass(2 * time.Hour)
		assert.Equal(t, mip.StateDelivered, w.order(ref).State)
		last := w.shop.heard[len(w.shop.heard)-1]
		assert.Equal(t, mip.StateDelivered, last.State)
		assert.Equal(t, "TRK1", last.Parcels[0].Number)
	})
	in(t, "placed by hand and cancelled by the supplier before it was linked", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := w.buy("1", 1)
		w.sync()
		o, err := w.eng.MarkManuallySent(t.Context(), ref, "ana", "")
		require.NoError(t, err)
		w.supply.orders = append(w.supply.orders, mip.Placement{ID: "77", Reference: o.ManualRef, Status: mip.PlacementCancelled})
		w.pass(time.Hour)
		assert.Equal(t, []string{mip.CodeSupplierCancelled}, mip.Codes(w.order(ref).Holding()))
	})
	in(t, "part of it arrived and a person cancels the rest", nil, func(t *testing.T, w *world) {
		w.supply.partial = true
		ref := w.buy("1", 2)
		w.sync()
		w.supply.ship("TRK1")
		w.supply.orders[0].Status = mip.PlacementDelivered
		w.pass(time.Hour)
		require.Equal(t, mip.StatePendingReview, w.order(ref).State)
		_, err := w.eng.Cancel(t.Context(), ref, "ana", "the rest is refunded")
		require.NoError(t, err)
		w.sync()
		assert.Equal(t, mip.StateDelivered, w.order(ref).State)
	})
	in(t, "the rest, placed by hand under a wrong reference, comes back to a person", nil, func(t *testing.T, w *world) {
		w.supply.partial = true
		ref := w.buy("1", 2)
		w.sync()
		_, err := w.eng.MarkManuallySent(t.Context(), ref, "ana", "TYPO")
		require.NoError(t, err)
		w.sync()
		assert.Contains(t, codes(w.order(ref)), mip.CodeNotMatched)
		w.pass(15 * 24 * time.Hour)
		assert.Equal(t, []string{mip.CodeNotMatched}, mip.Codes(w.order(ref).Holding()))
	})
	in(t, "siblings that the supplier shows one after the other are all linked", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := w.buy("1", 2)
		w.sync()
		o, err := w.eng.MarkManuallySent(t.Context(), ref, "ana", "")
		require.NoError(t, err)
		for i, sku := range []string{"S0000001", "S0000002"} {
			w.supply.orders = append(w.supply.orders, mip.Placement{ID: []string{"77", "78"}[i], Reference: o.ManualRef,
				Status: mip.PlacementInProcess, Items: []mip.Item{{SKU: sku, Quantity: 2}}})
			w.pass(20 * time.Minute)
		}
		assert.Len(t, w.order(ref).Placements, 2)
	})
}

func TestBeforeTheCallLeaves(t *testing.T) {
	in(t, "a new address is used, not the old one", nil, func(t *testing.T, w *world) {
		w.wallet.fail = []error{unavailable}
		ref := w.buy("1", 1)
		w.sync()
		require.Equal(t, mip.StateSubmitting, w.order(ref).State)
		time.Sleep(time.Second)
		w.change(ref, func(f *mip.Facts) { f.ShipTo.Line1 = "Calle 2" })
		w.pass(5 * time.Minute)
		o := w.order(ref)
		assert.Equal(t, mip.StateSubmitted, o.State)
		assert.Equal(t, "Calle 2", o.ShipTo.Line1)
		assert.Equal(t, o.Purchase("").ShipTo, w.supply.sentTo)
		assert.NotContains(t, codes(o), mip.CodeChangedAfter)
		assert.Empty(t, w.open("wallet"))
	})
	in(t, "a payment that was withdrawn holds it", nil, func(t *testing.T, w *world) {
		w.wallet.fail = []error{unavailable}
		ref := w.buy("1", 1)
		w.sync()
		time.Sleep(time.Second)
		w.change(ref, func(f *mip.Facts) { f.Demand = mip.DemandUnpaid })
		w.pass(5 * time.Minute)
		assert.Equal(t, []string{mip.CodePaymentWithdrawn}, mip.Codes(w.order(ref).Holding()))
		_, err := w.eng.ResendAll(t.Context(), "ana", mip.Query{})
		require.NoError(t, err)
		w.sync()
		assert.Equal(t, []string{mip.CodePaymentWithdrawn}, codes(w.order(ref)))
		assert.Zero(t, w.supply.placed)
		_, err = w.eng.Override(t.Context(), ref, "ana", mip.CodePaymentWithdrawn, "", "paid in cash")
		require.NoError(t, err)
		_, err = w.eng.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.sync()
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
	})
	in(t, "a purse that will never pay says so at once", nil, func(t *testing.T, w *world) {
		w.wallet.fail = []error{&mip.Error{Op: "test: reserve", Kind: mip.ErrInvalid}}
		ref := w.buy("1", 1)
		w.sync()
		assert.Equal(t, []string{"payment.method_invalid"}, mip.Codes(w.order(ref).Holding()))
		assert.Equal(t, "wallet", w.order(ref).Holding()[0].Params["method"])
	})
	in(t, "a worker that was held up does not call any more", func(c *engine.Config) { c.Store = &slow{Store: c.Store.(*memstore.Store)} }, func(t *testing.T, w *world) {
		ref := w.buy("1", 1)
		w.sync()
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		assert.Equal(t, 1, w.order(ref).Attempts[0].Tries, "it said that it had not, and began anew")
		assert.Equal(t, 1, w.supply.placed)
	})
}

// slow is a store whose answer to the first "sending" takes very long.
type slow struct {
	*memstore.Store
	done bool
}

// Apply implements mip.Store.
func (s *slow) Apply(ctx context.Context, ref mip.Ref, e mip.Event, at time.Time) (mip.Result, error) {
	r, err := s.Store.Apply(ctx, ref, e, at)
	if e.Kind == mip.EventSending && !s.done {
		s.done = true
		time.Sleep(2 * time.Minute)
	}
	return r, err
}

func TestADoubtIsNoRefusal(t *testing.T) {
	in(t, "a refusal in doubt is looked up", nil, func(t *testing.T, w *world) {
		w.supply.place = []fault{{after: true, ref: []mip.Finding{{Code: mip.CodeOutcomeUnknown, Path: "lines", Severity: mip.Overridable}}}}
		ref := w.buy("1", 1)
		w.sync()
		assert.True(t, w.order(ref).InFlight())
		w.pass(10 * time.Minute)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		assert.Equal(t, 1, w.supply.placed)
	})
	in(t, "an answer that says neither yes nor no is looked up", nil, func(t *testing.T, w *world) {
		w.supply.place = []fault{{after: true, ref: []mip.Finding{}}}
		ref := w.buy("1", 1)
		w.sync()
		require.Equal(t, mip.OutcomeUnknown, w.order(ref).LastAttempt().Outcome)
		assert.Len(t, w.open("wallet"), 1, "its money stays set aside")
		w.pass(10 * time.Minute)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		assert.Equal(t, 1, w.supply.placed)
	})
	in(t, "what a person has seen may have changed since", nil, func(t *testing.T, w *world) {
		w.supply.place = []fault{{err: lostAnswer}}
		for range 20 {
			w.supply.find = append(w.supply.find, unavailable)
		}
		ref := w.buy("1", 1)
		w.sync()
		w.pass(6 * time.Hour)
		require.Equal(t, []string{mip.CodeOutcomeUnknown}, mip.Codes(w.order(ref).Holding()))
		seen := w.order(ref).Holding()[0]
		seen.Value = mip.ValueHash("an earlier attempt")
		_, err := w.eng.OverrideSeen(t.Context(), ref, "ana", seen, "I looked")
		require.ErrorIs(t, err, mip.ErrConflict)
		_, err = w.eng.OverrideSeen(t.Context(), ref, "ana", w.order(ref).Holding()[0], "I looked")
		require.NoError(t, err)
		assert.False(t, w.order(ref).InFlight())
	})
}

func TestTrackingReachesEveryOrder(t *testing.T) {
	in(t, "who was not answered for is asked about first next time", nil, func(t *testing.T, w *world) {
		var refs []mip.Ref
		for _, id := range []string{"1", "2", "3", "4"} {
			refs = append(refs, w.buy(id, 1))
		}
		w.sync()
		w.supply.tracks = 2
		w.pass(35 * time.Minute)
		w.supply.ship("TRK1")
		w.pass(35 * time.Minute)
		w.supply.ship("TRK1")
		w.pass(35 * time.Minute)
		for _, ref := range refs {
			assert.Equal(t, mip.StateShipped, w.order(ref).State, ref.ID)
		}
	})
}
