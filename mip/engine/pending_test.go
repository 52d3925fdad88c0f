package engine_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
)

// counter is a payment that somebody must approve, in memory.
type counter struct {
	*purse
	said     map[string]mip.PendingState // by key
	begun    []string                    // keys, in order
	taken    map[string]int              // how often money was taken
	gone     error                       // of every question
	released []string
	look     func() // called by the next Pending, before it answers
	quiet    bool   // it waits for nobody
}

func (c *counter) Reserve(ctx context.Context, r mip.Reservation) error {
	switch c.said[r.Key] {
	case "":
		c.said[r.Key] = mip.PaymentWaiting
		c.begun = append(c.begun, r.Key)
	case mip.PaymentReady:
		if err := c.purse.Reserve(ctx, r); err != nil {
			return err
		}
		c.taken[r.Key] = 1
		return nil
	case mip.PaymentEnded:
		return &mip.Error{Op: "test: reserve", Kind: mip.ErrUnfunded, Code: "payment.declined"}
	}
	p, _ := c.Pending(ctx, r.Key)
	return &mip.Error{Op: "test: reserve", Kind: mip.ErrPending, Err: &p}
}

func (c *counter) Pending(_ context.Context, key string) (mip.PendingPayment, error) {
	if c.gone != nil {
		return mip.PendingPayment{}, c.gone
	}
	p := mip.PendingPayment{State: c.said[key], Reason: "approval", URL: "https://pay.example/" + key,
		Until: time.Now().Add(3 * time.Hour), Next: time.Now().Add(5 * time.Minute)}
	if c.quiet {
		p.URL, p.Reason = "", "clearing"
	}
	if f := c.look; f != nil {
		c.look = nil
		f()
	}
	return p, nil
}

func (c *counter) Release(ctx context.Context, key string) error {
	if c.said[key] != "" {
		c.said[key] = mip.PaymentEnded
		c.released = append(c.released, key)
	}
	return c.purse.Release(ctx, key)
}

// Fee implements mip.Fees.
func (c *counter) Fee(m mip.Money) mip.Money { return mip.EUR(50) }

func TestPaymentsThatWait(t *testing.T) {
	pending := func(t *testing.T, claim string, f func(t *testing.T, w *world, c *counter, asked *[]string)) {
		t.Run(claim, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, nil)
				c := &counter{purse: w.paypal, said: map[string]mip.PendingState{}, taken: map[string]int{}}
				var asked []string
				eng, err := engine.New(engine.Config{Channels: []mip.Channel{w.shop}, Supplier: w.supply, Store: w.store,
					Payments: []mip.Payment{w.wallet, c}, Rules: []mip.Rule{{Code: "funds", Needs: mip.NeedFunds, Check: func(mip.Snapshot, func(mip.Finding)) {}}},
					Hooks: engine.Hooks{Approve: func(_ context.Context, ref mip.Ref, p mip.PendingPayment) { asked = append(asked, p.URL) }}})
				require.NoError(t, err)
				w.eng = eng
				w.supply.balance = mip.EUR(5_00)
				f(t, w, c, &asked)
				w.pass(6 * time.Hour)
				for _, account := range []string{"wallet", "paypal"} {
					assert.Empty(t, w.open(account), "a reservation nobody closed in %s", account)
				}
			})
		})
	}
	pending(t, "an approval is asked for once, and the order goes out when it is there", func(t *testing.T, w *world, c *counter, asked *[]string) {
		ref := w.buy("1", 1)
		w.sync()
		o := w.order(ref)
		require.Equal(t, mip.StatePendingReview, o.State)
		assert.Equal(t, []string{mip.CodePaymentPending, mip.CodeInsufficientFunds}, mip.Codes(o.Holding()))
		assert.Equal(t, (*asked)[0], o.Holding()[0].Params["url"])
		assert.Equal(t, "2000-01-01T03:00:00Z", o.Holding()[0].Params["until"])
		w.pass(30 * time.Minute)
		assert.Equal(t, 0, w.supply.placed)
		assert.Equal(t, 1, w.supply.checks, "waiting costs the supplier nothing")
		_, err := w.eng.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.sync()
		assert.Len(t, *asked, 1, "a payment that was begun is asked for once, however often the order is tried")
		require.NotEmpty(t, c.begun)
		c.said[c.begun[0]] = mip.PaymentReady
		w.pass(6 * time.Minute)
		o = w.order(ref)
		assert.Equal(t, mip.StateSubmitted, o.State)
		assert.Equal(t, []string{"paypal"}, w.supply.payments)
		assert.Len(t, *asked, 1)
		assert.Len(t, c.begun, 1, "one payment, several attempts")
		last := o.LastAttempt()
		assert.Equal(t, mip.Pledge{Method: "paypal", Key: c.begun[0]}, last.Pledge)
		assert.True(t, last.Fee.Equal(mip.EUR(50)))
		total, err := o.Cost()
		require.NoError(t, err)
		assert.Equal(t, "10.50 EUR", total.String())
	})
	pending(t, "whoever hears of the approval first says so", func(t *testing.T, w *world, c *counter, _ *[]string) {
		ref := w.buy("1", 1)
		w.sync()
		require.NotEmpty(t, c.begun)
		c.said[c.begun[0]] = mip.PaymentReady
		require.NoError(t, w.eng.PaymentMoved(t.Context(), ref))
		w.sync()
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		require.NoError(t, w.eng.PaymentMoved(t.Context(), ref), "again, and too late")
	})
	pending(t, "a payment that came to nothing is given back and begun anew", func(t *testing.T, w *world, c *counter, asked *[]string) {
		ref := w.buy("1", 1)
		w.sync()
		require.NotEmpty(t, c.begun)
		c.said[c.begun[0]] = mip.PaymentEnded
		w.pass(6 * time.Minute)
		assert.Equal(t, mip.CodePaymentEnded, w.order(ref).Holding()[0].Code)
		assert.Equal(t, c.begun, c.released)
		w.pass(time.Hour)
		assert.Len(t, *asked, 2)
		assert.NotEqual(t, c.begun[0], c.begun[1])
		c.said[c.begun[1]] = mip.PaymentReady
		w.pass(time.Hour)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
	})
	pending(t, "a top-up overtakes an approval, which is given back", func(t *testing.T, w *world, c *counter, _ *[]string) {
		ref := w.buy("1", 1)
		w.sync()
		w.supply.balance = mip.EUR(50_00)
		w.pass(35 * time.Minute)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		assert.Equal(t, []string{"wallet"}, w.supply.payments)
		assert.Equal(t, c.begun, c.released)
	})
	pending(t, "cancelling gives the payment back", func(t *testing.T, w *world, c *counter, _ *[]string) {
		ref := w.buy("1", 1)
		w.sync()
		_, err := w.eng.Cancel(t.Context(), ref, "ana", "not wanted")
		require.NoError(t, err)
		w.sync()
		assert.Equal(t, mip.StateCancelled, w.order(ref).State)
		assert.Equal(t, c.begun, c.released)
	})
	pending(t, "an order placed by hand instead gives the payment back", func(t *testing.T, w *world, c *counter, _ *[]string) {
		ref := w.buy("1", 1)
		w.sync()
		_, err := w.eng.MarkManuallySent(t.Context(), ref, "ana", "")
		require.NoError(t, err)
		w.sync()
		assert.Equal(t, c.begun, c.released)
	})
	pending(t, "a new price needs a new approval", func(t *testing.T, w *world, c *counter, asked *[]string) {
		ref := w.buy("1", 1)
		w.sync()
		require.NotEmpty(t, c.begun)
		c.said[c.begun[0]] = mip.PaymentReady
		w.supply.price = mip.EUR(12_00)
		w.pass(10 * time.Minute)
		assert.Equal(t, mip.StatePendingReview, w.order(ref).State)
		assert.Len(t, *asked, 2)
		assert.Equal(t, c.begun[:1], c.released)
		assert.Empty(t, c.taken)
		c.said[c.begun[1]] = mip.PaymentReady
		w.pass(10 * time.Minute)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		assert.Equal(t, map[string]int{c.begun[1]: 1}, c.taken)
	})
	pending(t, "an approval for an order that is refused after all is given back", func(t *testing.T, w *world, c *counter, _ *[]string) {
		ref := w.buy("1", 1)
		w.sync()
		require.NotEmpty(t, c.begun)
		c.said[c.begun[0]] = mip.PaymentReady
		w.supply.place = []fault{{ref: []mip.Finding{{Code: "product.inactive", Severity: mip.Blocking}}}}
		w.pass(10 * time.Minute)
		assert.Equal(t, []string{"product.inactive"}, mip.Codes(w.order(ref).Holding()))
		assert.Equal(t, c.begun, c.released)
	})
	pending(t, "an approval that an order held for something else cannot use is given back after some days", func(t *testing.T, w *world, c *counter, _ *[]string) {
		ref := w.buy("1", 1)
		w.sync()
		c.said[c.begun[0]] = mip.PaymentReady
		w.supply.refusals = tooLong
		w.pass(3*24*time.Hour - time.Hour)
		assert.Empty(t, c.released)
		w.pass(3 * time.Hour)
		assert.Equal(t, c.begun, c.released)
		assert.Equal(t, mip.StatePendingReview, w.order(ref).State)
	})
	pending(t, "a provider that cannot be asked is asked again", func(t *testing.T, w *world, c *counter, _ *[]string) {
		ref := w.buy("1", 1)
		w.sync()
		c.gone = unavailable
		require.NotEmpty(t, c.begun)
		c.said[c.begun[0]] = mip.PaymentReady
		w.pass(30 * time.Minute)
		assert.Equal(t, mip.StatePendingReview, w.order(ref).State)
		c.gone = nil
		w.pass(time.Hour)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
	})
	pending(t, "the address to approve at is in no log line, error or history", func(t *testing.T, w *world, c *counter, _ *[]string) {
		ref := w.buy("1", 1)
		w.sync()
		require.NotEmpty(t, c.begun)
		c.said[c.begun[0]] = mip.PaymentEnded
		w.pass(10 * time.Minute)
		history, err := w.store.History(t.Context(), ref)
		require.NoError(t, err)
		for _, h := range history {
			assert.NotContains(t, strings.Join([]string{h.Note, h.Why}, " "), "pay.example")
		}
		p, err := c.Pending(t.Context(), "k")
		require.NoError(t, err)
		assert.NotContains(t, p.Error(), "pay.example")
	})
}
