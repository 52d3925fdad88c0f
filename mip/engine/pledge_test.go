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

// elsewhere is another counter.
func elsewhere(c *counter) *counter {
	p := *c.purse
	p.name, p.settled, p.freed = "elsewhere", map[string]mip.Money{}, map[string]bool{}
	return &counter{purse: &p, said: map[string]mip.PendingState{}, taken: map[string]int{}}
}

// pledged is a world of a poor wallet, a till and a counter.
func pledged(t *testing.T, claim string, f func(t *testing.T, w *world, one *till, c *counter)) {
	t.Run(claim, func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, nil)
			p := *w.paypal
			p.name, p.settled, p.freed = "one", map[string]mip.Money{}, map[string]bool{}
			one := &till{purse: &p, w: w}
			c := &counter{purse: w.paypal, said: map[string]mip.PendingState{}, taken: map[string]int{}}
			eng, err := engine.New(engine.Config{Channels: []mip.Channel{w.shop}, Supplier: w.supply, Store: w.store,
				Payments: []mip.Payment{w.wallet, one, c}, PayWith: map[string][]string{"shop": {"wallet", "paypal"}}, Rules: []mip.Rule{}})
			require.NoError(t, err)
			w.eng = eng
			w.supply.balance = mip.EUR(5_00)
			f(t, w, one, c)
			w.pass(6 * time.Hour)
			for _, account := range []string{"wallet", "one", "paypal"} {
				assert.Empty(t, w.open(account), "a reservation nobody closed in %s", account)
			}
		})
	})
}

func TestPledges(t *testing.T) {
	pledged(t, "one that an attempt takes over while it is given up is not given back", func(t *testing.T, w *world, _ *till, c *counter) {
		ref := w.buy("1", 1)
		w.sync()
		require.Len(t, c.begun, 1)
		c.said[c.begun[0]] = mip.PaymentReady
		w.supply.refusals = tooLong
		w.pass(3*24*time.Hour - time.Hour)
		require.Equal(t, mip.StatePendingReview, w.order(ref).State)
		c.look = func() { // while the answer is on its way, for long
			w.supply.refusals = nil
			_, err := w.eng.Resend(t.Context(), ref, "ana")
			require.NoError(t, err)
			_, err = w.eng.Work(t.Context())
			require.NoError(t, err)
			time.Sleep(2 * time.Hour)
		}
		require.NoError(t, w.eng.PaymentMoved(t.Context(), ref))
		w.sync()
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		assert.Equal(t, []string{"paypal"}, w.supply.payments)
		assert.Empty(t, c.released)
		assert.Contains(t, c.settled, c.begun[0])
		assert.Len(t, c.begun, 1)
	})
	for claim, prepare := range map[string]func(c *counter){
		"an approved one is used, although the wallet could pay by now": func(c *counter) { c.said[c.begun[0]] = mip.PaymentReady },
		"one that may have taken money is waited for":                   func(c *counter) { c.quiet = true },
	} {
		pledged(t, claim, func(t *testing.T, w *world, _ *till, c *counter) {
			ref := w.buy("1", 1)
			w.sync()
			prepare(c)
			w.supply.balance = mip.EUR(500_00)
			_, err := w.eng.Resend(t.Context(), ref, "ana")
			require.NoError(t, err)
			w.pass(40 * time.Minute)
			assert.Empty(t, w.wallet.settled)
			c.said[c.begun[0]] = mip.PaymentReady
			w.pass(time.Hour)
			assert.Equal(t, []string{"paypal"}, w.supply.payments)
			assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		})
	}
	pledged(t, "one that came to nothing is closed before another is begun", func(t *testing.T, w *world, _ *till, c *counter) {
		second := elsewhere(c)
		eng, err := engine.New(engine.Config{Channels: []mip.Channel{w.shop}, Supplier: w.supply, Store: w.store,
			Payments: []mip.Payment{w.wallet, c, second}, Rules: []mip.Rule{}})
		require.NoError(t, err)
		w.eng = eng
		ref := w.buy("1", 1)
		w.sync()
		c.said[c.begun[0]] = mip.PaymentEnded
		_, err = w.eng.Resend(t.Context(), ref, "ana") // before anybody looks
		require.NoError(t, err)
		w.sync()
		assert.Equal(t, c.begun, c.released)
		require.Len(t, second.begun, 1)
		assert.Equal(t, mip.Pledge{Method: "elsewhere", Key: second.begun[0]}, w.order(ref).LastAttempt().Pledge)
		second.said[second.begun[0]] = mip.PaymentReady
		w.pass(10 * time.Minute)
		assert.Equal(t, []string{"elsewhere"}, w.supply.payments)
		assert.Empty(t, w.open("elsewhere"))
	})
	pledged(t, "one that a person pays around is given back first", func(t *testing.T, w *world, one *till, c *counter) {
		ref := w.buy("1", 1)
		w.sync()
		c.gone = nil
		c.said[c.begun[0]] = mip.PaymentReady
		_, err := w.eng.ChoosePayment(t.Context(), ref, "ana", "one", "nobody approves")
		require.NoError(t, err)
		w.sync()
		assert.Equal(t, []string{"one"}, w.supply.payments)
		assert.Len(t, w.order(ref).Attempts, 2)
		assert.Equal(t, c.begun, c.released)
		assert.Empty(t, one.met)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
	})
}
