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
)

// till is a payment that writes in the books before it decides, as one does
// that asks a provider. What it says is made up.
type till struct {
	*purse
	says  []error // of the next Reserves, after the books were written
	stuck []error // of the next Releases of what it has reserved
	asked []string
	w     *world
	met   []string // keys of what held money when this one was asked
}

func (p *till) Reserve(ctx context.Context, r mip.Reservation) error {
	p.asked = append(p.asked, r.Key)
	for _, name := range []string{"wallet", "one", "two"} {
		for _, open := range p.w.open(name) {
			if open.Key != r.Key {
				p.met = append(p.met, open.Key)
			}
		}
	}
	if err := p.purse.Reserve(ctx, r); err != nil || len(p.says) == 0 {
		return err
	}
	var err error
	err, p.says = p.says[0], p.says[1:]
	return err
}

func (p *till) Release(ctx context.Context, key string) error {
	if r, err := p.ledger.Reservation(ctx, key); err == nil && r.State == mip.ReservationOpen && len(p.stuck) > 0 {
		var err error
		err, p.stuck = p.stuck[0], p.stuck[1:]
		return err
	}
	return p.purse.Release(ctx, key)
}

var outOfStock = []mip.Finding{{Code: "stock.out_of_stock", Severity: mip.Blocking, AutoClear: true}}

var declined = &mip.Error{Op: "test: reserve", Kind: mip.ErrUnfunded, Code: "payment.declined"}

// tills is a world with two of them, and perhaps a wallet before.
func tills(t *testing.T, claim string, wallet bool, f func(t *testing.T, w *world, one, two *till)) {
	t.Run(claim, func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, nil)
			named := func(name string) *till {
				p := *w.paypal
				p.name, p.settled, p.freed = name, map[string]mip.Money{}, map[string]bool{}
				return &till{purse: &p, w: w}
			}
			one, two := named("one"), named("two")
			c := engine.Config{Channels: []mip.Channel{w.shop}, Supplier: w.supply, Store: w.store, Rules: []mip.Rule{}, Payments: []mip.Payment{one, two}}
			if wallet {
				c.Payments = []mip.Payment{w.wallet, one, two}
			}
			eng, err := engine.New(c)
			require.NoError(t, err)
			w.eng = eng
			f(t, w, one, two)
			w.pass(6 * time.Hour)
			for _, account := range []string{"wallet", "one", "two"} {
				assert.Empty(t, w.open(account), "a reservation nobody closed in %s", account)
			}
		})
	})
}

func TestOneMethodAfterTheOther(t *testing.T) {
	tills(t, "two that keep books in one ledger do not meet in it", false, func(t *testing.T, w *world, one, two *till) {
		one.says = []error{declined}
		ref := w.buy("1", 1)
		w.sync()
		o := w.order(ref)
		assert.Equal(t, mip.StateSubmitted, o.State)
		assert.Equal(t, []string{"two"}, w.supply.payments)
		assert.Equal(t, []string{"shop-1--a1-one"}, one.asked)
		assert.Equal(t, []string{"shop-1--a1-two"}, two.asked)
		assert.Equal(t, "10.00 EUR", two.settled["shop-1--a1-two"].String())
		assert.True(t, one.freed["shop-1--a1-one"])
	})
	tills(t, "after a method whose answer was lost none but itself is asked, whatever has changed", true, func(t *testing.T, w *world, one, two *till) {
		w.supply.balance = mip.EUR(5_00)
		one.says = []error{lostAnswer, lostAnswer}
		ref := w.buy("1", 1)
		w.sync()
		w.supply.balance = mip.EUR(500_00)
		w.pass(30 * time.Minute)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		assert.Equal(t, []string{"one"}, w.supply.payments)
		assert.Empty(t, two.asked)
		assert.Empty(t, w.wallet.settled)
		assert.Len(t, one.asked, 3)
	})
	tills(t, "what an earlier attempt paid is given back before another method is asked", false, func(t *testing.T, w *world, one, two *till) {
		w.supply.place = []fault{{ref: outOfStock}}
		one.stuck = []error{lostAnswer, unavailable, lostAnswer, unavailable}
		one.says = []error{nil, declined}
		ref := w.buy("1", 1)
		w.pass(time.Hour)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		assert.Equal(t, []string{"one", "two"}, w.supply.payments)
		assert.Empty(t, one.stuck)
		assert.Empty(t, one.met)
		assert.Equal(t, []string{"shop-1--a2-one"}, two.met, "only what the same attempt was declined")
		assert.Len(t, one.asked, 2)
	})
	tills(t, "an order waits, and says for what, while nobody can tell what was given back", false, func(t *testing.T, w *world, one, two *till) {
		w.supply.place = []fault{{ref: outOfStock}}
		for range 60 {
			one.stuck = append(one.stuck, lostAnswer)
		}
		ref := w.buy("1", 1)
		w.pass(2 * time.Hour)
		held := w.order(ref).Holding()
		require.Equal(t, []string{mip.CodePaymentUnsettled}, mip.Codes(held))
		assert.Equal(t, "one", held[0].Params["method"])
		attempts := len(w.order(ref).Attempts)
		w.pass(5 * time.Hour)
		assert.Len(t, w.order(ref).Attempts, attempts, "waiting begins nothing")
		assert.Equal(t, []string{"one"}, w.supply.payments)
		one.stuck = nil
		for range 60 {
			if w.pass(time.Minute); w.order(ref).Attempts[0].Settled {
				break
			}
		}
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State, "as soon as it is given back")
		assert.Len(t, w.supply.orders, 1)
	})
	tills(t, "where money cannot be given back a person decides", false, func(t *testing.T, w *world, one, two *till) {
		w.supply.place = []fault{{ref: outOfStock}}
		for range 60 {
			one.stuck = append(one.stuck, &mip.Error{Op: "test: release", Kind: mip.ErrRefused, Code: "payment.refund_failed"})
		}
		ref := w.buy("1", 1)
		w.pass(20 * time.Minute)
		require.Equal(t, []string{mip.CodePaymentUnsettled}, mip.Codes(w.order(ref).Holding()))
		assert.Contains(t, mip.Codes(w.order(ref).Findings), mip.CodeRefundFailed)
		_, err := w.eng.Override(t.Context(), ref, "ana", mip.CodePaymentUnsettled, "payment", "they pay it back by bank")
		require.NoError(t, err)
		_, err = w.eng.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.sync()
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		one.stuck = nil
	})
	tills(t, "a worker that was overtaken neither turns an attempt back nor sends it", true, func(t *testing.T, w *world, one, two *till) {
		w.supply.balance = mip.EUR(5_00)
		one.says = []error{lostAnswer}
		ref := w.buy("1", 1)
		w.sync() // it has come to "one", which may have taken the money
		w.supply.balance = mip.EUR(500_00)
		at := w.order(ref).Attempts[0]
		require.Equal(t, "one", at.Payment)
		for _, e := range []mip.Event{
			{Kind: mip.EventPaying, Attempt: 1, Payment: "wallet", Version: w.order(ref).Version - 1},
			{Kind: mip.EventSending, Attempt: 1, Payment: "wallet", Amount: mip.EUR(10_00)},
			{Kind: mip.EventAwaiting, Attempt: 1, Payment: "two", Findings: []mip.Finding{{Code: mip.CodePaymentPending, Severity: mip.Blocking}}},
		} {
			_, err := w.store.Apply(t.Context(), ref, e, time.Now())
			assert.ErrorIs(t, err, mip.ErrIgnored, e.Kind)
		}
	})
}
