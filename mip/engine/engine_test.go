package engine_test

import (
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
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
		assert.Equal(t, mip.EUR(10_00).String(), w.wallet.settled[o.Attempts[0].Key()].String())
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

func TestMoney(t *testing.T) {
	in(t, "an empty wallet holds the order without asking the supplier, and a top-up releases it", nil, func(t *testing.T, w *world) {
		w.supply.balance = mip.EUR(0)
		ref := w.buy("1", 1)
		w.sync()
		w.pass(20 * time.Minute)
		assert.Equal(t, []string{mip.CodeInsufficientFunds}, mip.Codes(w.order(ref).Holding()))
		assert.Zero(t, w.supply.checks)
		w.supply.balance = mip.EUR(50_00)
		w.pass(2 * time.Minute)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
	})
	in(t, "a top-up goes as far as it goes, earliest ship-by date first", nil, func(t *testing.T, w *world) {
		w.supply.balance = mip.EUR(1)
		late, soon, never := w.buy("1", 1), w.buy("2", 1), w.buy("3", 1)
		w.change(late, func(f *mip.Facts) { f.ShipBy = time.Now().Add(48 * time.Hour) })
		w.change(soon, func(f *mip.Facts) { f.ShipBy = time.Now().Add(24 * time.Hour) })
		w.supply.refusals = noMoney
		w.sync()
		w.supply.refusals = nil
		w.supply.balance = mip.EUR(25_00)
		w.pass(5 * time.Minute)
		assert.Equal(t, mip.StateSubmitted, w.order(soon).State)
		assert.Equal(t, mip.StateSubmitted, w.order(late).State)
		assert.Equal(t, mip.StatePendingReview, w.order(never).State)
		assert.Equal(t, mip.Reference(soon, 1), w.supply.orders[0].Reference)
		assert.False(t, w.supply.balance.IsNegative())
	})
	fallback := func(t *testing.T, claim string, f func(t *testing.T, w *world)) {
		t.Run(claim, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, nil)
				eng, err := engine.New(engine.Config{Channels: []mip.Channel{w.shop}, Supplier: w.supply, Store: w.store,
					Payments: []mip.Payment{w.wallet, w.paypal}, Rules: []mip.Rule{}})
				require.NoError(t, err)
				w.eng = eng
				f(t, w)
			})
		})
	}
	fallback(t, "what the wallet cannot pay goes to PayPal", func(t *testing.T, w *world) {
		w.supply.balance = mip.EUR(5_00)
		ref := w.buy("1", 1)
		w.sync()
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		assert.Equal(t, []string{"paypal"}, w.supply.payments)
		assert.Empty(t, w.open("paypal"))
		assert.Empty(t, w.open("wallet"))
	})
	fallback(t, "a refusal by the supplier is proven by a look-up before PayPal is asked", func(t *testing.T, w *world) {
		w.supply.place = []fault{{ref: noMoney}}
		ref := w.buy("1", 1)
		w.sync()
		assert.Equal(t, []string{"wallet", "paypal"}, w.supply.payments)
		assert.GreaterOrEqual(t, w.supply.finds, 1)
		o := w.order(ref)
		assert.Equal(t, o.Attempts[0].Reference, o.Attempts[1].Reference, "same order, same reference")
		assert.Empty(t, w.open("wallet"))
	})
	fallback(t, "after a lost answer no other method is tried", func(t *testing.T, w *world) {
		w.supply.place = []fault{{after: true, err: lostAnswer}}
		ref := w.buy("1", 1)
		w.sync()
		w.pass(time.Hour)
		assert.Equal(t, []string{"wallet"}, w.supply.payments)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
	})
	fallback(t, "a wallet that cannot be asked stops the chain", func(t *testing.T, w *world) {
		w.wallet.fail = []error{unavailable}
		ref := w.buy("1", 1)
		w.sync()
		assert.Empty(t, w.supply.payments)
		w.pass(5 * time.Minute)
		assert.Equal(t, []string{"wallet"}, w.supply.payments)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
	})
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
	in(t, "taking manually sent back looks before it buys", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := w.buy("1", 1)
		w.sync()
		_, err := w.eng.MarkManuallySent(t.Context(), ref, "ana", "by-hand-7")
		require.NoError(t, err)
		w.sync()
		_, err = w.eng.UndoManual(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.supply.orders = append(w.supply.orders, mip.Placement{ID: "77", Reference: "by-hand-7", Status: mip.PlacementInProcess})
		w.supply.refusals = nil
		_, err = w.eng.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.sync()
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		assert.Zero(t, w.supply.placed)
	})
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
		n, err := w.eng.ResendAll(t.Context(), "ana", mip.Query{Code: "address.too_long"})
		require.NoError(t, err)
		assert.Equal(t, 2, n)
		w.sync()
		assert.Equal(t, mip.StateSubmitted, w.order(a).State)
		assert.Equal(t, mip.StateSubmitted, w.order(b).State)
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

func TestReporting(t *testing.T) {
	in(t, "a failing report is repeated until it sticks, and then never again", nil, func(t *testing.T, w *world) {
		w.shop.fail = []error{lostAnswer, unavailable, errors.New("surprise")}
		ref := w.buy("1", 1)
		w.sync()
		w.pass(10 * time.Minute)
		require.Len(t, w.shop.heard, 1)
		assert.Equal(t, mip.StateSubmitted, w.shop.heard[0].State)
		w.supply.ship("TRK1")
		w.pass(2 * time.Hour)
		require.Len(t, w.shop.heard, 2)
		assert.Equal(t, mip.StateShipped, w.shop.heard[1].State)
		assert.Equal(t, []mip.Item{{LineID: "1", SKU: "S0000001", Quantity: 2}}, w.shop.heard[1].Parcels[0].Items)
		assert.True(t, w.order(ref).Reported.Equal(w.shop.heard[1]))
	})
	in(t, "a report refused for good is shown to people and not repeated", nil, func(t *testing.T, w *world) {
		w.shop.fail = []error{&mip.Error{Op: "test: report", Kind: mip.ErrNotFound}}
		ref := w.buy("1", 1)
		w.sync()
		w.pass(time.Hour)
		assert.Empty(t, w.shop.heard)
		assert.Contains(t, mip.Codes(w.order(ref).Findings), mip.CodeReportRefused)
	})
	in(t, "shipped without a number waits a bounded time for one", nil, func(t *testing.T, w *world) {
		ref := w.buy("1", 1)
		w.sync()
		w.supply.orders[0].Status = mip.PlacementShipped
		w.pass(2 * time.Hour)
		assert.Equal(t, mip.StateShipped, w.order(ref).State)
		assert.Len(t, w.shop.heard, 1)
		w.pass(3 * time.Hour)
		assert.Len(t, w.shop.heard, 2, "after three hours it is told without")
	})
	in(t, "what the supplier cancels comes back to people", nil, func(t *testing.T, w *world) {
		ref := w.buy("1", 1)
		w.sync()
		w.supply.orders[0].Status = mip.PlacementCancelled
		w.pass(time.Hour)
		o := w.order(ref)
		assert.Equal(t, []string{mip.CodeSupplierCancelled}, mip.Codes(o.Holding()))
		_, err := w.eng.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.sync()
		assert.Equal(t, "shop-1--2", w.supply.orders[1].Reference, "a used reference is not used again")
	})
}
