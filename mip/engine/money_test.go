package engine_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
)

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
	fallback(t, "a refusal that the look-up contradicts does not lead to PayPal", func(t *testing.T, w *world) {
		w.supply.place = []fault{{after: true, ref: noMoney}}
		ref := w.buy("1", 1)
		w.sync()
		assert.Equal(t, []string{"wallet"}, w.supply.payments)
		w.pass(2 * time.Hour)
		assert.Len(t, w.supply.orders, 1)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
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
