package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
)

func TestPatience(t *testing.T) {
	in(t, "a policy without waits does not run hot", func(c *engine.Config) { c.Timing.Retry = mip.Backoff{Tries: 1000} }, func(t *testing.T, w *world) {
		w.supply.refusals = noStock
		w.buy("1", 1)
		w.sync()
		w.pass(time.Minute)
		assert.Less(t, w.supply.checks, 20)
	})
	in(t, "an absence counts only after the call has ended", func(c *engine.Config) { c.Timing.Call = 10 * time.Minute }, func(t *testing.T, w *world) {
		w.supply.place = []fault{{err: lostAnswer}}
		ref := w.buy("1", 1)
		w.sync()
		w.pass(19 * time.Minute)
		assert.Equal(t, 1, w.supply.placed)
		w.pass(5 * time.Minute)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
	})
}

func TestAPurchaseThatNeverLeavesIsHeldInTheEnd(t *testing.T) {
	in(t, "where nobody can set the money aside", nil, func(t *testing.T, w *world) {
		for range 1000 {
			w.wallet.fail = append(w.wallet.fail, unavailable)
		}
		ref := w.buy("1", 1)
		w.sync()
		require.Equal(t, mip.StateSubmitting, w.order(ref).State)
		w.pass(80 * time.Hour)
		o := w.order(ref)
		assert.Equal(t, mip.StatePendingReview, o.State)
		assert.Equal(t, []string{mip.CodeUnavailable}, mip.Codes(o.Holding()))
		assert.Zero(t, w.supply.placed)
		w.wallet.fail = nil
		_, err := w.eng.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.sync()
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
	})
}

func TestAPurchaseThatNeverArrivesIsHeldInTheEnd(t *testing.T) {
	in(t, "after a few attempts", nil, func(t *testing.T, w *world) {
		for range 100 {
			w.supply.place = append(w.supply.place, fault{err: lostAnswer})
		}
		ref := w.buy("1", 1)
		w.sync()
		w.pass(12 * time.Hour)
		o := w.order(ref)
		assert.Equal(t, mip.StatePendingReview, o.State)
		assert.Equal(t, []string{mip.CodeTemporary}, mip.Codes(o.Holding()))
		assert.Equal(t, 5, w.supply.placed)
		assert.Empty(t, w.open("wallet"))
	})
}

func TestAPurchaseThatDoesNotLeaveSaysWhy(t *testing.T) {
	says := func(w *world, ref mip.Ref) []string { return mip.Codes(w.order(ref).Findings) }
	in(t, "while the supplier cannot be reached, and no longer", nil, func(t *testing.T, w *world) {
		for range 8 {
			w.supply.place = append(w.supply.place, fault{err: unavailable})
		}
		ref := w.buy("1", 1)
		w.sync()
		assert.Empty(t, says(w, ref), "a hiccup is not worth a word")
		w.pass(5 * time.Minute)
		require.Equal(t, mip.StateSubmitting, w.order(ref).State)
		assert.Equal(t, []string{mip.CodeUnavailable}, says(w, ref))
		w.pass(2 * time.Hour)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		assert.Empty(t, says(w, ref))
		assert.Equal(t, 1, w.lines(ref, mip.CodeUnavailable), "it is said once")
	})
	in(t, "while nobody can set the money aside, and no longer", nil, func(t *testing.T, w *world) {
		for range 8 {
			w.wallet.fail = append(w.wallet.fail, unavailable)
		}
		ref := w.buy("1", 1)
		w.sync()
		w.pass(5 * time.Minute)
		require.Equal(t, mip.StateSubmitting, w.order(ref).State)
		assert.Equal(t, []string{mip.CodeUnavailable}, says(w, ref))
		w.supply.place = []fault{{ref: noStock}}
		w.supply.refusals = noStock
		w.pass(2 * time.Hour)
		require.Equal(t, mip.StatePendingReview, w.order(ref).State)
		assert.Equal(t, []string{"stock.out_of_stock"}, says(w, ref))
	})
	in(t, "but not once it is cancelled in the middle of a call", nil, func(t *testing.T, w *world) {
		for range 8 {
			w.supply.place = append(w.supply.place, fault{err: unavailable})
		}
		ref := w.buy("1", 1)
		w.sync()
		for w.order(ref).Attempts[0].Tries < 2 {
			w.pass(time.Second)
		}
		w.supply.placing = func() { must(w.eng.Cancel(t.Context(), ref, "ana", "no more")) }
		w.pass(10 * time.Minute)
		assert.Equal(t, mip.StateCancelled, w.order(ref).State)
		assert.Empty(t, says(w, ref))
	})
	in(t, "a limit of calls is no outage", nil, func(t *testing.T, w *world) {
		for range 8 {
			w.supply.place = append(w.supply.place, fault{err: throttled})
		}
		ref := w.buy("1", 1)
		w.sync()
		w.pass(5 * time.Minute)
		assert.Empty(t, says(w, ref))
	})
}

func TestAnotherMethodDoesNotHelpWhereMoreThanMoneyIsMissing(t *testing.T) {
	in(t, "the order is held whole", nil, func(t *testing.T, w *world) {
		eng, err := engine.New(engine.Config{Channels: []mip.Channel{w.shop}, Supplier: w.supply, Store: w.store,
			Payments: []mip.Payment{w.wallet, w.paypal}, Rules: []mip.Rule{}})
		require.NoError(t, err)
		w.eng = eng
		w.supply.place = []fault{{ref: append(noMoney[:1:1], noStock...)}}
		ref := w.buy("1", 2)
		w.sync()
		assert.Equal(t, []string{"wallet"}, w.supply.payments)
		assert.Contains(t, mip.Codes(w.order(ref).Holding()), "stock.out_of_stock")
	})
}

func TestALimitThatEndsWithTheDayIsWaitedFor(t *testing.T) {
	in(t, "however often it was met", nil, func(t *testing.T, w *world) {
		eng, err := engine.New(engine.Config{Channels: []mip.Channel{w.shop}, Supplier: w.supply, Store: w.store,
			Payments: []mip.Payment{w.wallet, w.paypal}, Rules: []mip.Rule{}})
		require.NoError(t, err)
		w.eng = eng
		w.supply.balance, w.paypal.limit = mip.EUR(5_00), mip.EUR(5_00)
		ref := w.buy("1", 1)
		w.sync()
		w.pass(48 * time.Hour)
		require.Equal(t, []string{mip.CodeInsufficientFunds}, mip.Codes(w.order(ref).Holding()))
		assert.LessOrEqual(t, len(w.order(ref).Attempts), 32)
		w.paypal.limit = mip.EUR(1000_00)
		w.pass(12 * time.Hour)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
	})
}
