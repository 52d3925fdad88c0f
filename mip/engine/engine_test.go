package engine_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/memstore"
)

var (
	lostAnswer  = &mip.Error{Op: "test: create", Kind: mip.ErrUnknown}
	unavailable = &mip.Error{Op: "test: create", Kind: mip.ErrUnavailable}
	throttled   = &mip.Error{Op: "test: create", Kind: mip.ErrThrottled, RetryAfter: 90 * time.Second}
	noMoney     = []mip.Finding{{Code: mip.CodeInsufficientFunds, Severity: mip.Blocking, AutoClear: true}}
	noStock     = []mip.Finding{{Code: "stock.out_of_stock", Path: "lines", Severity: mip.Blocking, AutoClear: true}}
	tooLong     = []mip.Finding{{Code: "address.too_long", Path: "shipTo.line1", Severity: mip.Blocking}}
)

// in runs a claim in a bubble, where waiting takes no time.
func in(t *testing.T, claim string, change func(*engine.Config), f func(t *testing.T, w *world)) {
	t.Run(claim, func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { f(t, newWorld(t, change)) })
	})
}

func TestSubmission(t *testing.T) {
	in(t, "a paid order is checked once, bought once, and its money settled", nil, func(t *testing.T, w *world) {
		ref := w.buy("1", 2)
		w.sync()
		o := w.order(ref)
		assert.Equal(t, mip.StateSubmitted, o.State)
		assert.Len(t, w.supply.orders, 1)
		assert.Equal(t, 1, w.supply.checks)
		assert.Empty(t, o.OpenItems())
		assert.Equal(t, mip.EUR(10_00).String(), w.wallet.settled[o.Attempts[0].PaymentKey("wallet")].String())
		assert.Empty(t, w.open("wallet"))
		w.sync()
		assert.Equal(t, 1, w.supply.placed, "a second pass buys nothing")
	})
	in(t, "an answer lost after the purchase is found by reference and adopted", nil, func(t *testing.T, w *world) {
		w.supply.place = []fault{{after: true, err: lostAnswer}}
		ref := w.buy("1", 1)
		w.sync()
		assert.Equal(t, mip.StateSubmitting, w.order(ref).State)
		assert.Equal(t, mip.OutcomeUnknown, w.order(ref).Attempts[0].Outcome)
		assert.Len(t, w.open("wallet"), 1, "the reservation survives the unknown outcome")
		w.pass(10 * time.Minute)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		assert.Equal(t, 1, w.supply.placed)
		assert.Empty(t, w.open("wallet"))
	})
	in(t, "an answer lost before the purchase is tried again only after two absences", nil, func(t *testing.T, w *world) {
		w.supply.place = []fault{{err: lostAnswer}}
		ref := w.buy("1", 1)
		w.sync()
		time.Sleep(time.Minute)
		w.sync()
		assert.Equal(t, 1, w.supply.placed, "one absence, too young, proves nothing")
		w.pass(10 * time.Minute)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		assert.Equal(t, 2, w.supply.placed)
		assert.GreaterOrEqual(t, w.supply.finds, 3, "two absences and one look before the second purchase")
		assert.Len(t, w.supply.orders, 1)
	})
	in(t, "a look-up that lags behind does not buy twice", nil, func(t *testing.T, w *world) {
		w.supply.place = []fault{{after: true, err: lostAnswer}}
		w.supply.hidden = 2
		ref := w.buy("1", 1)
		w.sync()
		w.pass(30 * time.Minute)
		assert.Len(t, w.supply.orders, 1)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		all, err := w.store.Reservations(t.Context(), "wallet", time.Time{})
		require.NoError(t, err)
		require.Len(t, all, 1, "of the attempt that bought")
		assert.Equal(t, mip.ReservationSettled, all[0].State, "what seemed not to have arrived was given back, and debited after all")
		assert.Equal(t, "10.00", all[0].Actual.Text())
	})
	in(t, "one absence proves nothing, however late it is", nil, func(t *testing.T, w *world) {
		w.supply.place = []fault{{after: true, err: lostAnswer}}
		w.supply.hidden = 1
		ref := w.buy("1", 1)
		w.sync()
		time.Sleep(time.Hour) // nobody looked for an hour
		w.pass(time.Hour)
		assert.Len(t, w.supply.orders, 1)
		assert.Equal(t, 1, w.supply.placed)
		o := w.order(ref)
		assert.Equal(t, mip.StateSubmitted, o.State)
		assert.Len(t, o.Attempts, 1, "nothing was tried again")
	})
	in(t, "a worker that lost its lease while reserving does not buy", nil, func(t *testing.T, w *world) {
		w.wallet.before = func() {
			w.wallet.before = nil
			time.Sleep(time.Hour) // paused past its lease
			w.sync()              // another worker takes over
		}
		ref := w.buy("1", 1)
		w.sync()
		assert.Equal(t, 1, w.supply.placed)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		assert.Empty(t, w.open("wallet"))
	})
	in(t, "a purchase that a dying worker marked as sent is not left to nobody", func(c *engine.Config) { c.Store = &overtaken{Store: c.Store.(*memstore.Store)} },
		func(t *testing.T, w *world) {
			ref := w.buy("1", 1)
			w.sync()
			require.Equal(t, mip.StateSubmitting, w.order(ref).State)
			require.Zero(t, w.supply.placed, "another worker has the right to call")
			w.pass(time.Hour)
			assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
			assert.Equal(t, 1, w.supply.placed)
			assert.Empty(t, w.open("wallet"))
		})
	in(t, "an order cancelled while its money is reserved is not bought and keeps no money", nil, func(t *testing.T, w *world) {
		ref := mip.Ref{Channel: "shop", ID: "1"}
		w.wallet.before = func() {
			w.wallet.before = nil
			_, err := w.eng.Cancel(t.Context(), ref, "ana", "changed her mind")
			require.NoError(t, err)
		}
		w.buy("1", 1)
		w.sync()
		assert.Zero(t, w.supply.placed)
		assert.Equal(t, mip.StateCancelled, w.order(ref).State)
		assert.Empty(t, w.open("wallet"))
	})
	in(t, "a look-up that never answers is handed to a person with the evidence", nil, func(t *testing.T, w *world) {
		w.supply.place = []fault{{after: true, err: lostAnswer}}
		for range 100 {
			w.supply.find = append(w.supply.find, unavailable)
		}
		ref := w.buy("1", 1)
		w.sync()
		w.pass(24 * time.Hour)
		o := w.order(ref)
		require.Equal(t, mip.StatePendingReview, o.State)
		assert.Equal(t, []string{mip.CodeOutcomeUnknown}, mip.Codes(o.Holding()))
		_, err := w.eng.MarkManuallySent(t.Context(), ref, "ana", "")
		assert.ErrorIs(t, err, mip.ErrIllegal, "an unknown attempt forbids buying by hand")
		_, err = w.eng.EditAddress(t.Context(), ref, "ana", mip.Address{Line1: "Other"})
		assert.ErrorIs(t, err, mip.ErrIllegal)
		_, err = w.eng.ChooseShipping(t.Context(), ref, "ana", "gls")
		assert.ErrorIs(t, err, mip.ErrIllegal, "nor may it be sent another way")
		_, err = w.eng.ChoosePayment(t.Context(), ref, "ana", "wallet", "why not")
		assert.ErrorIs(t, err, mip.ErrIllegal, "or paid another way")
		w.supply.find = nil
		_, err = w.eng.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.sync()
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State, "resend looks before it buys")
		assert.Equal(t, 1, w.supply.placed)
	})
	in(t, "a call proven not to have arrived is simply repeated", nil, func(t *testing.T, w *world) {
		w.supply.place = []fault{{err: unavailable}, {err: throttled}}
		ref := w.buy("1", 1)
		w.sync()
		w.pass(10 * time.Minute)
		o := w.order(ref)
		assert.Equal(t, mip.StateSubmitted, o.State)
		assert.Len(t, o.Attempts, 1)
		assert.Equal(t, 3, w.supply.placed)
		assert.Zero(t, w.supply.finds)
	})
	in(t, "a purchase that is only half possible buys the other half later, once", nil, func(t *testing.T, w *world) {
		w.supply.partial = true
		ref := w.buy("1", 2)
		w.sync()
		o := w.order(ref)
		require.Equal(t, mip.StatePendingReview, o.State)
		assert.Contains(t, mip.Codes(o.Findings), mip.CodePartial)
		assert.Equal(t, []mip.Item{{LineID: "2", SKU: "S0000002", Quantity: 2}}, o.OpenItems())
		w.supply.partial = false
		_, err := w.eng.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.sync()
		o = w.order(ref)
		assert.Equal(t, mip.StateSubmitted, o.State)
		assert.Equal(t, []mip.Item{{SKU: "S0000002", Quantity: 2}}, w.supply.orders[1].Items)
		assert.NotEqual(t, o.Attempts[0].Reference, o.Attempts[1].Reference)
	})
	in(t, "a stranger's order under our reference is not adopted", nil, func(t *testing.T, w *world) {
		ref := mip.Ref{Channel: "shop", ID: "1"}
		w.supply.orders = []mip.Placement{{ID: "9", Reference: mip.Reference(ref, 1), Items: []mip.Item{{SKU: "S9", Quantity: 1}}}}
		w.buy("1", 1)
		w.sync()
		o := w.order(ref)
		assert.Equal(t, []string{mip.CodeAlreadyExists}, mip.Codes(o.Holding()))
		assert.Empty(t, o.Placements)
		assert.Empty(t, w.open("wallet"))
	})
	in(t, "an order cancelled at the channel before it is submitted is never bought", func(c *engine.Config) { c.CoolOff = 10 * time.Minute },
		func(t *testing.T, w *world) {
			ref := w.buy("1", 1)
			w.sync()
			w.change(ref, func(f *mip.Facts) { f.Demand = mip.DemandCancel })
			w.pass(time.Hour)
			assert.Equal(t, mip.StateCancelled, w.order(ref).State)
			assert.Zero(t, w.supply.placed)
		})
	in(t, "a refund of one of two pieces buys only the other", func(c *engine.Config) { c.CoolOff = 10 * time.Minute },
		func(t *testing.T, w *world) {
			ref := w.buy("1", 1)
			w.sync()
			w.change(ref, func(f *mip.Facts) { f.Lines = []mip.Line{{ID: "1", SKU: "S0000001", Quantity: 2, Cancelled: 1}} })
			w.pass(time.Hour)
			assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
			assert.Equal(t, 1, w.supply.orders[0].Items[0].Quantity)
		})
}
