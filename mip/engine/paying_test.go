package engine_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/rules"
)

// dear is a payment that costs 5.00 more.
type dear struct{ *purse }

func (d dear) Fee(mip.Money) mip.Money { return mip.EUR(5_00) }

func paying(t *testing.T, claim string, change func(*engine.Config), f func(t *testing.T, w *world)) {
	t.Run(claim, func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, nil)
			c := engine.Config{Channels: []mip.Channel{w.shop}, Supplier: w.supply, Store: w.store,
				Payments: []mip.Payment{w.wallet, dear{w.paypal}}, Rules: []mip.Rule{rules.Margin(rules.MarginConfig{})}}
			if change != nil {
				change(&c)
			}
			eng, err := engine.New(c)
			require.NoError(t, err)
			w.eng = eng
			f(t, w)
		})
	})
}

func TestHowAnOrderIsPaid(t *testing.T) {
	paying(t, "a channel's policy limits the methods", func(c *engine.Config) {
		c.PayWith = map[string][]string{"shop": {"wallet"}}
	}, func(t *testing.T, w *world) {
		w.supply.balance = mip.EUR(5_00)
		ref := w.buy("1", 1)
		w.sync()
		w.pass(2 * time.Hour)
		assert.Equal(t, []string{mip.CodeInsufficientFunds}, mip.Codes(w.order(ref).Holding()))
		assert.Empty(t, w.supply.payments)
	})
	paying(t, "a channel's policy orders the methods", func(c *engine.Config) {
		c.PayWith = map[string][]string{"shop": {"paypal", "wallet"}, "other": {"wallet"}}
	}, func(t *testing.T, w *world) {
		ref := w.buy("1", 1)
		w.sync()
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		assert.Equal(t, []string{"paypal"}, w.supply.payments)
	})
	paying(t, "a person's choice stands above the policy, and the history keeps who and why", func(c *engine.Config) {
		c.PayWith = map[string][]string{"shop": {"wallet"}}
	}, func(t *testing.T, w *world) {
		w.supply.balance = mip.EUR(5_00)
		ref := w.buy("1", 1)
		w.sync()
		_, err := w.eng.ChoosePayment(t.Context(), ref, "ana", "paypal", "urgent")
		require.NoError(t, err)
		w.sync()
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		assert.Equal(t, []string{"paypal"}, w.supply.payments)
		x, err := w.eng.Explain(t.Context(), ref)
		require.NoError(t, err)
		i := len(x.History) - 1
		for x.History[i].Event != mip.EventPaymentChosen {
			i--
		}
		assert.Equal(t, []string{"ana", "urgent", "paypal"}, []string{string(x.History[i].Actor), x.History[i].Why, x.History[i].Note})
		_, err = w.eng.ChoosePayment(t.Context(), ref, "ana", "wallet", "too late")
		assert.ErrorIs(t, err, mip.ErrIllegal)
	})
	paying(t, "a choice of the wallet keeps an order from PayPal", nil, func(t *testing.T, w *world) {
		w.supply.balance = mip.EUR(5_00)
		w.supply.refusals = tooLong
		ref := w.buy("1", 1)
		w.sync()
		_, err := w.eng.ChoosePayment(t.Context(), ref, "ana", "wallet", "no fee for this one")
		require.NoError(t, err)
		w.supply.refusals = nil
		_, err = w.eng.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.pass(time.Hour)
		assert.Equal(t, []string{mip.CodeInsufficientFunds}, mip.Codes(w.order(ref).Holding()))
		w.supply.balance = mip.EUR(50_00)
		w.pass(35 * time.Minute)
		assert.Equal(t, []string{"wallet"}, w.supply.payments)
	})
	paying(t, "what is not configured cannot be chosen", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := w.buy("1", 1)
		w.sync()
		_, err := w.eng.ChoosePayment(t.Context(), ref, "ana", "gold", "why not")
		require.ErrorIs(t, err, mip.ErrInvalid)
		assert.ErrorContains(t, err, `no payment is named "gold", want one of wallet, paypal`)
		_, err = w.eng.ChoosePayment(t.Context(), ref, "", "paypal", "nobody")
		assert.ErrorIs(t, err, mip.ErrInvalid)
	})
	paying(t, "a chosen method that is no longer configured holds the order and names it", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := w.buy("1", 1)
		w.sync()
		_, err := w.eng.ChoosePayment(t.Context(), ref, "ana", "paypal", "urgent")
		require.NoError(t, err)
		w.supply.refusals = nil
		less, err := engine.New(engine.Config{Channels: []mip.Channel{w.shop}, Supplier: w.supply, Store: w.store,
			Payments: []mip.Payment{w.wallet}, Rules: []mip.Rule{}})
		require.NoError(t, err)
		_, err = less.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		require.NoError(t, less.Sync(t.Context()))
		held := w.order(ref).Holding()
		assert.Equal(t, []string{mip.CodePaymentInvalid}, mip.Codes(held))
		assert.Equal(t, "paypal", held[0].Params["method"])
		assert.Empty(t, w.supply.payments)
	})
	paying(t, "a policy that names nothing, or nobody, is refused at once", nil, func(t *testing.T, w *world) {
		for _, names := range [][]string{{}, {"wallet", "gold"}} {
			_, err := engine.New(engine.Config{Supplier: w.supply, Store: w.store, Payments: []mip.Payment{w.wallet},
				PayWith: map[string][]string{"shop": names}})
			assert.ErrorIs(t, err, mip.ErrInvalid)
		}
	})
}

func TestFees(t *testing.T) {
	paying(t, "a fee that eats the margin holds the order before the method is used", nil, func(t *testing.T, w *world) {
		w.supply.balance, w.supply.price = mip.EUR(5_00), mip.EUR(27_00) // of 30.00
		ref := w.buy("1", 1)
		w.sync()
		held := w.order(ref).Holding()
		require.Equal(t, []string{rules.CodeBelowWholesale}, mip.Codes(held))
		assert.Equal(t, "32.00", held[0].Params["cost"])
		assert.Empty(t, w.open("paypal"))
		assert.Empty(t, w.supply.payments)

		_, err := w.eng.Override(t.Context(), ref, "ana", rules.CodeBelowWholesale, "total", "a good customer")
		require.NoError(t, err)
		_, err = w.eng.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.sync()
		assert.Equal(t, []string{"paypal"}, w.supply.payments)
		cost, err := w.order(ref).Cost()
		require.NoError(t, err)
		assert.Equal(t, "32.00 EUR", cost.String())
	})
	paying(t, "a fee that the first method does not ask for is not counted", nil, func(t *testing.T, w *world) {
		w.supply.price = mip.EUR(27_00)
		ref := w.buy("1", 1)
		w.sync()
		assert.Equal(t, []string{"wallet"}, w.supply.payments)
		cost, err := w.order(ref).Cost()
		require.NoError(t, err)
		assert.Equal(t, "27.00 EUR", cost.String())
	})
	paying(t, "the check counts the fee of the method that will pay", func(c *engine.Config) {
		c.PayWith = map[string][]string{"shop": {"paypal"}}
	}, func(t *testing.T, w *world) {
		w.supply.price = mip.EUR(27_00)
		ref := w.buy("1", 1)
		w.sync()
		assert.Equal(t, []string{rules.CodeBelowWholesale}, mip.Codes(w.order(ref).Holding()))
		assert.Empty(t, w.order(ref).Attempts)
	})
}

func TestPaymentsDueAtTheSupplier(t *testing.T) {
	var noticed, held [][]string
	due := func(c *engine.Config) {
		noticed, held = nil, nil
		c.Timing.PayWithin = 6 * time.Hour
		c.Hooks.Noticed = func(_ context.Context, _ mip.Ref, codes []string) { noticed = append(noticed, codes) }
		c.Hooks.Held = func(_ context.Context, _ mip.Ref, codes []string) { held = append(held, codes) }
	}
	wait := func(w *world) {
		for i := range w.supply.orders {
			w.supply.orders[i].Status = mip.PlacementAwaitingPayment
		}
	}
	paying(t, "a person is told at once, called at the deadline, and left alone once it is paid", due, func(t *testing.T, w *world) {
		ref := w.buy("1", 1)
		w.sync()
		wait(w)
		w.pass(31 * time.Minute)
		assert.Equal(t, [][]string{{mip.CodeAwaitingPayment}}, noticed)
		o := w.order(ref)
		assert.Equal(t, mip.StateSubmitted, o.State)
		assert.Equal(t, map[string]string{"order": "100", "deadline": o.Placements[0].PayBy.Format(time.RFC3339)}, o.Findings[0].Params)
		w.pass(6*time.Hour + 30*time.Minute)
		o = w.order(ref)
		assert.Equal(t, mip.StatePendingReview, o.State)
		assert.Equal(t, [][]string{{mip.CodePaymentOverdue}}, held)
		assert.LessOrEqual(t, o.HeldSince.Sub(o.Placements[0].PayBy), time.Minute, "at the deadline, not at the next round")
		_, err := w.eng.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.pass(3 * time.Hour)
		assert.Equal(t, []string{mip.CodePaymentOverdue}, mip.Codes(w.order(ref).Holding()), "resending buys nothing and changes nothing")
		assert.Equal(t, 1, w.supply.placed)
		w.supply.orders[0].Status = mip.PlacementInProcess
		w.pass(time.Hour)
		o = w.order(ref)
		assert.Equal(t, mip.StateSubmitted, o.State)
		assert.Empty(t, o.Findings)
		assert.Len(t, held, 1)
	})
	paying(t, "an order that the supplier cancels because nobody paid is held with both reasons gone but one", due, func(t *testing.T, w *world) {
		ref := w.buy("1", 1)
		w.sync()
		wait(w)
		w.pass(7 * time.Hour)
		w.supply.orders[0].Status = mip.PlacementCancelled
		w.pass(time.Hour)
		assert.Equal(t, []string{mip.CodeSupplierCancelled}, mip.Codes(w.order(ref).Holding()))
	})
	paying(t, "one that was paid in time is never called late", due, func(t *testing.T, w *world) {
		ref := w.buy("1", 1)
		w.sync()
		wait(w)
		w.pass(5 * time.Hour)
		w.supply.ship("TRK")
		w.pass(10 * time.Hour)
		assert.Empty(t, held)
		assert.Equal(t, mip.StateShipped, w.order(ref).State)
	})
}
