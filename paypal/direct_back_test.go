package paypal_test

import (
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/paypal"
	"github.com/openmip/openmip/paypal/paypaltest"
)

// approved is a till whose payer has paid.
func (p *till) approved() {
	p.Helper()
	p.waits()
	require.NoError(p, p.bank.Approve(p.asked().ID))
	require.NoError(p, p.reserve())
}

func TestGivingBack(t *testing.T) {
	direct(t, "what only waits takes nothing, whatever the payer does later", nil, func(p *till) {
		p.waits()
		require.NoError(p, p.Release(p.Context(), shopKey))
		require.NoError(p, p.bank.Approve(p.asked().ID))
		now, err := p.Pending(p.Context(), shopKey)
		require.NoError(p, err)
		assert.Equal(p, mip.PaymentEnded, now.State)
		assert.ErrorIs(p, p.reserve(), mip.ErrConflict)
		assert.Empty(p, p.bank.Charged(shopKey))
	})
	direct(t, "what was taken is refunded once", nil, func(p *till) {
		p.approved()
		for range 3 {
			require.NoError(p, p.Release(p.Context(), shopKey))
		}
		assert.Equal(p, "0.00 EUR", p.paid())
		assert.Len(p, p.bank.Charged(shopKey), 2)
		assert.Equal(p, mip.ReservationReleased, p.state())
	})
	direct(t, "a refund whose answer is lost is made once", nil, func(p *till) {
		p.approved()
		p.bank.Fail(paypaltest.RouteRefundCapture, paypaltest.LoseAnswer, 3)
		require.ErrorIs(p, p.Release(p.Context(), shopKey), mip.ErrUnknown)
		assert.Equal(p, mip.ReservationOpen, p.state(), "kept while nobody knows")
		time.Sleep(20 * 24 * time.Hour)
		require.NoError(p, p.Release(p.Context(), shopKey))
		assert.Len(p, p.bank.Charged(shopKey), 2)
	})
	direct(t, "a refund that PayPal refuses is told, and the books keep the money as gone", nil, func(p *till) {
		p.approved()
		p.bank.Refuse(paypaltest.RouteRefundCapture, "REFUND_FAILED_INSUFFICIENT_FUNDS")
		err := p.Release(p.Context(), shopKey)
		require.ErrorIs(p, err, mip.ErrRefused)
		me, _ := errors.AsType[*mip.Error](err)
		assert.Equal(p, paypal.CodeRefundFailed, me.Code)
		assert.Equal(p, mip.ReservationOpen, p.state())
		require.NoError(p, p.Release(p.Context(), shopKey), "tried again, it may work")
	})
	direct(t, "an unknown key is no error, and is never taken later", nil, func(p *till) {
		require.NoError(p, p.Release(p.Context(), shopKey))
		assert.ErrorIs(p, p.reserve(), mip.ErrConflict)
		assert.ErrorIs(p, p.Settle(p.Context(), shopKey, mip.EUR(1)), mip.ErrNotFound)
		_, err := p.Pending(p.Context(), shopKey)
		assert.ErrorIs(p, err, mip.ErrNotFound)
	})
	direct(t, "a purchase that cost less gets the rest back", nil, func(p *till) {
		p.approved()
		p.bank.Fail(paypaltest.RouteRefundCapture, paypaltest.LoseAnswer, 3)
		require.ErrorIs(p, p.Settle(p.Context(), shopKey, mip.EUR(30_00)), mip.ErrUnknown)
		require.NoError(p, p.Settle(p.Context(), shopKey, mip.EUR(30_00)))
		require.NoError(p, p.Settle(p.Context(), shopKey, mip.EUR(30_00)))
		assert.Equal(p, "30.00 EUR", p.paid())
		assert.Equal(p, mip.ReservationSettled, p.state())
	})
	direct(t, "a rest that PayPal refuses to give back is told once, and the books say what was paid", nil, func(p *till) {
		p.approved()
		p.bank.Refuse(paypaltest.RouteRefundCapture, "PARTIAL_REFUND_NOT_ALLOWED")
		require.ErrorIs(p, p.Settle(p.Context(), shopKey, mip.EUR(30_00)), mip.ErrRefused)
		r, err := p.ledger.Reservation(p.Context(), shopKey)
		require.NoError(p, err)
		assert.Equal(p, mip.ReservationSettled, r.State)
		assert.Equal(p, "34.90 EUR", r.Actual.String())
	})
	direct(t, "a capture on its way is waited for before anything is said to be back", nil, func(p *till) {
		p.waits()
		require.NoError(p, p.bank.Approve(p.asked().ID))
		p.bank.Switch(func(s *paypaltest.Switches) { s.LateBy = 40 * time.Second })
		p.bank.Fail(paypaltest.RouteCaptureOrder, paypaltest.Timeout|paypaltest.LateCommit, 1)
		p.bank.Fail(paypaltest.RouteCaptureOrder, paypaltest.Unavailable, 2)
		require.Error(p, p.reserve())
		err := p.Release(p.Context(), shopKey)
		require.ErrorIs(p, err, mip.ErrUnavailable)
		assert.LessOrEqual(p, mip.RetryAfter(err), 2*time.Minute)
		time.Sleep(3 * time.Minute)
		require.NoError(p, p.Release(p.Context(), shopKey))
		assert.Equal(p, "0.00 EUR", p.paid())
		assert.Len(p, p.bank.Charged(shopKey), 2, "it had been taken after all")
	})
}

func TestAnAuthorisation(t *testing.T) {
	direct(t, "is captured with what the purchase cost", authorised, func(p *till) {
		p.approved()
		assert.Empty(p, p.bank.Charged(shopKey), "set aside, not taken")
		p.bank.Fail(paypaltest.RouteCaptureAuthorization, paypaltest.LoseAnswer, 3)
		require.ErrorIs(p, p.Settle(p.Context(), shopKey, mip.EUR(30_00)), mip.ErrUnknown)
		require.NoError(p, p.Settle(p.Context(), shopKey, mip.EUR(30_00)))
		require.NoError(p, p.Settle(p.Context(), shopKey, mip.EUR(30_00)))
		assert.Equal(p, "30.00 EUR", p.paid())
		assert.Len(p, p.bank.Charged(shopKey), 1)
	})
	direct(t, "is voided if nothing was bought", authorised, func(p *till) {
		p.approved()
		p.bank.Fail(paypaltest.RouteVoid, paypaltest.LoseAnswer, 1)
		require.NoError(p, p.Release(p.Context(), shopKey))
		require.NoError(p, p.Release(p.Context(), shopKey))
		assert.Equal(p, "VOIDED", p.asked().Authorizations[0].Status)
		assert.Empty(p, p.bank.Charged(shopKey))
	})
	direct(t, "that ran out cannot be captured, which is an error until a person acts", authorised, func(p *till) {
		p.approved()
		time.Sleep(30 * 24 * time.Hour)
		err := p.Settle(p.Context(), shopKey, mip.EUR(30_00))
		require.ErrorIs(p, err, mip.ErrConflict)
		assert.Equal(p, mip.ReservationOpen, p.state())
	})
}

func TestWhateverIsLostThePayerPaysOnce(t *testing.T) {
	routes := []paypaltest.Route{paypaltest.RouteToken, paypaltest.RouteCreateOrder, paypaltest.RouteGetOrder, paypaltest.RouteCaptureOrder}
	for _, way := range []struct {
		name   string
		change func(*paypal.DirectConfig, *paypaltest.Server)
	}{{"approval", nil}, {"vault", byVault}} {
		for _, route := range routes {
			for _, kind := range paypaltest.Faults() {
				for _, when := range []paypaltest.Fault{0, paypaltest.AfterCommit, paypaltest.LateCommit} {
					direct(t, fmt.Sprintf("%s, %s: fault %d, %d", way.name, route, kind, when>>14), way.change, func(p *till) {
						p.bank.Fail(route, kind|when, 4)
						p.untilPaid()
						require.Equal(p, "34.90 EUR", p.paid())
						p.bank.Fail(paypaltest.AnyRoute, kind|when, 2)
						p.patiently(func() error { return p.Release(p.Context(), shopKey) })
						require.Equal(p, "0.00 EUR", p.paid())
						require.Len(p, p.bank.Charged(shopKey), 2, "taken once, given back once")
					})
				}
			}
		}
	}
}

// untilPaid reserves as an engine does: again after every error, while the
// payer approves whatever is asked.
func (p *till) untilPaid() {
	p.patiently(func() error {
		err := p.reserve()
		if errors.Is(err, mip.ErrPending) {
			require.NoError(p, p.bank.Approve(p.asked().ID))
		}
		return err
	})
}

func (p *till) patiently(f func() error) {
	p.Helper()
	var err error
	for range 20 {
		if err = f(); err == nil {
			return
		}
		require.NotErrorIs(p, err, mip.ErrUnfunded)
		time.Sleep(2*time.Minute + mip.RetryAfter(err))
	}
	require.NoError(p, err)
}

func TestManyAtOnceMakeOnePayment(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := openTill(t, nil)
		other, err := paypal.Direct(p.config)
		require.NoError(t, err)
		both := []*paypal.DirectPayment{p.DirectPayment, other}
		round := func(f func(d *paypal.DirectPayment)) {
			var wg sync.WaitGroup
			for i := range 16 {
				wg.Go(func() { f(both[i%2]) })
			}
			wg.Wait()
		}
		reserve := func(d *paypal.DirectPayment) {
			_ = d.Reserve(t.Context(), mip.Reservation{Key: shopKey, Ref: mip.Ref{Channel: "shop", ID: "1001"}, Amount: mip.EUR(34_90)})
		}
		round(reserve)
		require.Len(t, p.bank.Orders(), 1)
		require.NoError(t, p.bank.Approve(p.asked().ID))
		round(reserve)
		require.NoError(t, p.reserve())
		assert.Len(t, p.bank.Charged(shopKey), 1)
		round(func(d *paypal.DirectPayment) { _ = d.Release(t.Context(), shopKey) })
		require.NoError(t, p.Release(t.Context(), shopKey))
		assert.Len(t, p.bank.Charged(shopKey), 2)
		assert.Equal(t, "0.00 EUR", p.paid())
	})
}
