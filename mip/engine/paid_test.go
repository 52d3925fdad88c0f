package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
)

// provider is a payment that moves money itself: what it gave back is not
// there for what turns out to be bought.
type provider struct{ inner *purse }

func (p provider) Name() string { return p.inner.name }

func (p provider) Reserve(ctx context.Context, r mip.Reservation) error {
	return p.inner.Reserve(ctx, r)
}

func (p provider) Release(ctx context.Context, key string) error { return p.inner.Release(ctx, key) }

func (p provider) Settle(ctx context.Context, key string, actual mip.Money) error {
	if r, err := p.inner.ledger.Reservation(ctx, key); err == nil && r.State == mip.ReservationReleased {
		actual = mip.EUR(0)
	}
	return p.inner.Settle(ctx, key, actual)
}

func TestWhatTurnsOutToBeBought(t *testing.T) {
	chain := func(t *testing.T, claim string, of func(w *world) []mip.Payment, f func(t *testing.T, w *world)) {
		in(t, claim, nil, func(t *testing.T, w *world) {
			eng, err := engine.New(engine.Config{Channels: []mip.Channel{w.shop}, Supplier: w.supply, Store: w.store, Payments: of(w), Rules: []mip.Rule{}})
			require.NoError(t, err)
			w.eng = eng
			f(t, w)
		})
	}
	both := func(w *world) []mip.Payment { return []mip.Payment{w.wallet, w.paypal} }
	chain(t, "is settled with the method that paid, not with the one that was about to", both, func(t *testing.T, w *world) {
		w.supply.place = []fault{{after: true, ref: noMoney}}
		ref := w.buy("1", 1)
		w.pass(time.Hour)
		require.Equal(t, mip.StateSubmitted, w.order(ref).State)
		assert.Equal(t, "10.00 EUR", w.wallet.settled["shop-1--a1-wallet"].String())
		assert.NotContains(t, mip.Codes(w.order(ref).Findings), mip.CodeUnderpaid)
	})
	books := func(w *world) []mip.Payment { return []mip.Payment{struct{ mip.Payment }{w.paypal}} }
	hides := func(w *world) mip.Ref {
		w.supply.place, w.supply.hidden = []fault{{after: true, err: lostAnswer}}, 2
		ref := w.buy("1", 1)
		w.pass(time.Hour)
		return ref
	}
	chain(t, "counts in the books of a method that the supplier charges", books, func(t *testing.T, w *world) {
		ref := hides(w)
		require.Equal(t, mip.StateSubmitted, w.order(ref).State)
		require.Len(t, w.order(ref).Attempts, 2)
		assert.Equal(t, "10.00 EUR", w.paypal.settled["shop-1--a1-paypal"].String())
	})
	chain(t, "and had been given back is told: nobody has paid it", func(w *world) []mip.Payment { return []mip.Payment{provider{w.paypal}} },
		func(t *testing.T, w *world) {
			ref := hides(w)
			o := w.order(ref)
			require.Equal(t, mip.StateSubmitted, o.State)
			require.Contains(t, mip.Codes(o.Findings), mip.CodeUnderpaid)
			for _, f := range o.Findings {
				if f.Code == mip.CodeUnderpaid {
					assert.Equal(t, mip.Notice, f.Severity)
					assert.Equal(t, map[string]string{"method": "paypal", "paid": "0.00", "cost": "10.00", "currency": "EUR"}, f.Params)
				}
			}
			assert.Equal(t, "0.00 EUR", w.paid(ref), "the history says what was paid")
		})
	chain(t, "with a rest that is not given back stands in the history as it was paid", func(w *world) []mip.Payment { return []mip.Payment{keeper{w.paypal}} },
		func(t *testing.T, w *world) {
			ref := w.buy("1", 1)
			w.sync()
			assert.Equal(t, "12.00 EUR", w.paid(ref))
			assert.Contains(t, mip.Codes(w.order(ref).Findings), mip.CodeRefundFailed)
		})
	chain(t, "after its attempt was closed is settled all the same", func(w *world) []mip.Payment { return []mip.Payment{w.wallet} }, func(t *testing.T, w *world) {
		w.supply.place = []fault{{ref: []mip.Finding{{Code: mip.CodeRefused, Severity: mip.Blocking}}}}
		ref := w.buy("1", 1)
		w.sync()
		require.True(t, w.order(ref).Attempts[0].Settled)
		require.True(t, w.wallet.freed["shop-1--a1-wallet"])
		_, err := w.store.Apply(t.Context(), ref, mip.Event{Kind: mip.EventPlaced, Attempt: 1, Proven: true,
			Placements: []mip.Placement{{ID: "100", Reference: "shop-1", Cost: mip.EUR(9_00)}}}, time.Now())
		require.NoError(t, err)
		w.sync()
		assert.Equal(t, "9.00 EUR", w.wallet.settled["shop-1--a1-wallet"].String())
		assert.Equal(t, "9.00 EUR", w.paid(ref))
	})
	late := &hasty{}
	chain(t, "while what was reserved for it is given back is settled all the same", func(w *world) []mip.Payment {
		late.purse = w.wallet
		return []mip.Payment{late}
	}, func(t *testing.T, w *world) {
		w.supply.place = []fault{{ref: []mip.Finding{{Code: mip.CodeRefused, Severity: mip.Blocking}}}}
		ref := w.buy("1", 1)
		late.after = func() {
			_, err := w.store.Apply(t.Context(), ref, mip.Event{Kind: mip.EventPlaced, Attempt: 1, Proven: true,
				Placements: []mip.Placement{{ID: "100", Reference: "shop-1", Cost: mip.EUR(9_00)}}}, time.Now())
			assert.NoError(t, err)
		}
		w.sync()
		w.pass(time.Minute)
		assert.Equal(t, "9.00 EUR", w.wallet.settled["shop-1--a1-wallet"].String())
		assert.Equal(t, "9.00 EUR", w.paid(ref))
		assert.True(t, w.order(ref).Attempts[0].Settled)
	})
	unpaid := &dry{}
	chain(t, "with money that was set aside and cannot be taken is told at once, and tried again", func(w *world) []mip.Payment {
		unpaid.purse = w.paypal
		return []mip.Payment{unpaid}
	}, func(t *testing.T, w *world) {
		ref := w.buy("1", 1)
		w.sync()
		assert.Contains(t, mip.Codes(w.order(ref).Findings), mip.CodeUnderpaid)
		require.Len(t, w.open("paypal"), 1)
		w.pass(time.Hour)
		assert.Empty(t, w.open("paypal"))
	})
}

// paid is what the history last said that was paid for an order.
func (w *world) paid(ref mip.Ref) (last string) {
	w.t.Helper()
	history, err := w.store.History(w.t.Context(), ref)
	require.NoError(w.t, err)
	for _, c := range history {
		if c.Event == mip.EventSettled {
			last = c.Note
		}
	}
	return last
}

// keeper is a payment that took 12 euros and does not give the rest back.
type keeper struct{ *purse }

func (k keeper) Settle(ctx context.Context, key string, _ mip.Money) error {
	return errors.Join(k.purse.Settle(ctx, key, mip.EUR(12_00)), &mip.Error{Op: "test: settle", Kind: mip.ErrRefused, Code: mip.CodeRefundFailed})
}

// dry is a payment that cannot take what it has set aside, the first time.
type dry struct {
	*purse
	tried bool
}

func (d *dry) Settle(ctx context.Context, key string, actual mip.Money) error {
	if !d.tried {
		d.tried = true
		return &mip.Error{Op: "test: settle", Kind: mip.ErrConflict, Code: "payment.capture_failed"}
	}
	return d.purse.Settle(ctx, key, actual)
}

// hasty is a payment during whose first release something else happens.
type hasty struct {
	*purse
	after func()
}

func (h *hasty) Release(ctx context.Context, key string) error {
	err := h.purse.Release(ctx, key)
	if h.after != nil && err == nil {
		after := h.after
		h.after = nil
		after()
	}
	return err
}
