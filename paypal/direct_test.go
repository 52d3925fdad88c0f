package paypal_test

import (
	"cmp"
	"context"
	"errors"
	"net/url"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
	"github.com/openmip/openmip/mip/miptest"
	"github.com/openmip/openmip/mip/rest"
	"github.com/openmip/openmip/paypal"
	"github.com/openmip/openmip/paypal/paypaltest"
)

const shopKey = "shop-1001--a1"

// till is a direct payment with PayPal behind it.
type till struct {
	*testing.T
	*paypal.DirectPayment
	bank   *paypaltest.Server
	ledger *memstore.Store
	config paypal.DirectConfig
}

// direct opens a till in a bubble.
func direct(t *testing.T, claim string, change func(*paypal.DirectConfig, *paypaltest.Server), f func(p *till)) {
	t.Helper()
	t.Run(claim, func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) { f(openTill(t, change)) })
	})
}

func openTill(t *testing.T, change func(*paypal.DirectConfig, *paypaltest.Server)) *till {
	t.Helper()
	p := &till{T: t, bank: paypaltest.New(paypaltest.Config{}), ledger: memstore.New()}
	client, err := paypal.NewClient(paypal.ClientConfig{ClientID: paypaltest.ClientID, Secret: rest.NewSecret(paypaltest.Secret), Transport: p.bank.Transport()})
	require.NoError(t, err)
	p.config = paypal.DirectConfig{Client: client, Ledger: p.ledger, Secret: rest.NewSecret("0123456789abcdef"), ReturnURL: "https://shop.example/paid?lang=en"}
	if change != nil {
		change(&p.config, p.bank)
	}
	p.DirectPayment, err = paypal.Direct(p.config)
	require.NoError(t, err)
	return p
}

func byVault(c *paypal.DirectConfig, bank *paypaltest.Server) { c.Vault = bank.Vault("customer") }

func authorised(c *paypal.DirectConfig, _ *paypaltest.Server) { c.Authorise = true }

func (p *till) reserve() error {
	return p.Reserve(p.Context(), mip.Reservation{Key: shopKey, Ref: mip.Ref{Channel: "shop", ID: "1001"}, Amount: mip.EUR(34_90)})
}

// waits is a reservation that must wait; it returns for what.
func (p *till) waits() mip.PendingPayment {
	p.Helper()
	err := p.reserve()
	require.ErrorIs(p, err, mip.ErrPending)
	waits, ok := errors.AsType[*mip.PendingPayment](err)
	require.True(p, ok)
	return *waits
}

// asked returns PayPal's newest order.
func (p *till) asked() paypaltest.Order {
	p.Helper()
	all := p.bank.Orders()
	require.NotEmpty(p, all)
	return all[len(all)-1]
}

func (p *till) paid() string { return p.bank.Paid(shopKey).String() }

func (p *till) state() mip.ReservationState {
	p.Helper()
	r, err := p.ledger.Reservation(p.Context(), shopKey)
	require.NoError(p, err)
	return r.State
}

func TestAnApproval(t *testing.T) {
	direct(t, "is asked for once, and then the money is taken once", nil, func(p *till) {
		waits := p.waits()
		assert.Equal(p, mip.PaymentWaiting, waits.State)
		assert.Equal(p, "approval", waits.Reason)
		address, err := url.Parse(waits.URL)
		require.NoError(p, err)
		assert.Equal(p, "www.paypal.com", address.Host)
		assert.Equal(p, 3*time.Hour, time.Until(waits.Until).Round(time.Minute))
		assert.Equal(p, 5*time.Minute, time.Until(waits.Next))
		assert.Equal(p, waits.URL, p.waits().URL, "the same link")
		require.NoError(p, p.bank.Approve(p.asked().ID))
		now, err := p.Pending(p.Context(), shopKey)
		require.NoError(p, err)
		assert.Equal(p, mip.PaymentReady, now.State)
		assert.Equal(p, "0.00 EUR", mip.EUR(0).String())
		assert.Empty(p, p.bank.Charged(shopKey), "looking takes nothing")
		for range 3 {
			require.NoError(p, p.reserve())
		}
		require.NoError(p, p.Settle(p.Context(), shopKey, mip.EUR(34_90)))
		require.NoError(p, p.Settle(p.Context(), shopKey, mip.EUR(34_90)))
		assert.Equal(p, "34.90 EUR", p.paid())
		assert.Len(p, p.bank.Orders(), 1)
		assert.Equal(p, 1, p.bank.Requests(paypaltest.RouteCaptureOrder))
		assert.Equal(p, mip.ReservationSettled, p.state())
		assert.ErrorIs(p, p.Release(p.Context(), shopKey), mip.ErrConflict)
	})
	direct(t, "names the order to whoever is paid", nil, func(p *till) {
		p.waits()
		assert.Equal(p, shopKey, p.asked().InvoiceID)
		assert.Equal(p, shopKey, p.asked().CustomID)
	})
	direct(t, "that never comes ends with the link, and no money moves", nil, func(p *till) {
		p.waits()
		time.Sleep(2*time.Hour + 58*time.Minute)
		assert.LessOrEqual(p, time.Until(p.waits().Next), 2*time.Minute, "the last look is when the link expires")
		time.Sleep(3 * time.Minute)
		now, err := p.Pending(p.Context(), shopKey)
		require.NoError(p, err)
		assert.Equal(p, mip.PendingPayment{State: mip.PaymentEnded, Reason: "expired", Next: now.Next}, now)
		err = p.reserve()
		require.ErrorIs(p, err, mip.ErrUnfunded)
		me, _ := errors.AsType[*mip.Error](err)
		assert.Equal(p, "payment.expired", me.Code)
		require.NoError(p, p.Release(p.Context(), shopKey))
		assert.Equal(p, mip.ReservationReleased, p.state())
	})
	direct(t, "that never comes ends with the link, also where PayPal shows it for longer", func(_ *paypal.DirectConfig, bank *paypaltest.Server) {
		bank.Switch(func(s *paypaltest.Switches) { s.ExpiredStay = true })
	}, func(p *till) {
		p.waits()
		time.Sleep(3*time.Hour + time.Minute)
		assert.ErrorIs(p, p.reserve(), mip.ErrUnfunded)
	})
	direct(t, "that came in the last minute is seen before the link counts as expired", nil, func(p *till) {
		p.waits()
		time.Sleep(2*time.Hour + 59*time.Minute)
		require.NoError(p, p.bank.Approve(p.asked().ID))
		time.Sleep(30 * time.Minute)
		require.NoError(p, p.reserve())
		assert.Equal(p, "34.90 EUR", p.paid())
	})
	direct(t, "that nobody uses lapses, also where PayPal shows it for longer", func(_ *paypal.DirectConfig, bank *paypaltest.Server) {
		bank.Switch(func(s *paypaltest.Switches) { s.ExpiredStay = true })
	}, func(p *till) {
		p.waits()
		require.NoError(p, p.bank.Approve(p.asked().ID))
		look := func() mip.PendingState {
			now, err := p.Pending(p.Context(), shopKey)
			require.NoError(p, err)
			return now.State
		}
		assert.Equal(p, mip.PaymentReady, look())
		time.Sleep(3 * time.Hour)
		assert.Equal(p, mip.PaymentEnded, look())
		assert.ErrorIs(p, p.reserve(), mip.ErrUnfunded)
		assert.Empty(p, p.bank.Charged(shopKey))
	})
	direct(t, "with means that are declined opens the same link again", nil, func(p *till) {
		link := p.waits().URL
		require.NoError(p, p.bank.Decline(p.asked().ID))
		assert.Equal(p, link, p.waits().URL)
		assert.Equal(p, link, p.waits().URL)
		assert.Equal(p, 1, p.bank.Requests(paypaltest.RouteCaptureOrder), "what was declined is not asked for again")
		time.Sleep(time.Minute)
		require.NoError(p, p.bank.Approve(p.asked().ID))
		require.NoError(p, p.reserve())
		assert.Equal(p, "34.90 EUR", p.paid())
		assert.Len(p, p.bank.Orders(), 1)
	})
	direct(t, "that the payer takes back in time takes nothing", nil, func(p *till) {
		p.waits()
		require.NoError(p, p.bank.Approve(p.asked().ID))
		require.NoError(p, p.bank.ReverseApproval(p.asked().ID))
		assert.Error(p, p.reserve())
		assert.Empty(p, p.bank.Charged(shopKey))
	})
	direct(t, "above a limit is never asked for", func(c *paypal.DirectConfig, _ *paypaltest.Server) { c.MaxPerOrder = mip.EUR(30_00) }, func(p *till) {
		err := p.reserve()
		require.ErrorIs(p, err, mip.ErrUnfunded)
		me, _ := errors.AsType[*mip.Error](err)
		assert.Equal(p, paypal.CodeLimitExceeded, me.Code)
		assert.Empty(p, p.bank.Calls())
	})
}

func TestMoneyThatPayPalHasNotDecidedOn(t *testing.T) {
	review := func(c *paypal.DirectConfig, bank *paypaltest.Server) {
		bank.Switch(func(s *paypaltest.Switches) { s.Funding = paypaltest.InReview })
	}
	held := func(p *till) {
		p.waits()
		require.NoError(p, p.bank.Approve(p.asked().ID))
		waits := p.waits()
		assert.Equal(p, mip.PaymentWaiting, waits.State)
		assert.Equal(p, "clearing", waits.Reason)
		assert.Empty(p, waits.URL, "nobody can hurry it")
	}
	direct(t, "is not paid: the order waits until it is", review, func(p *till) {
		held(p)
		time.Sleep(26 * time.Hour)
		assert.Equal(p, "clearing", p.waits().Reason)
		require.NoError(p, p.bank.CompleteCapture(p.asked().Captures[0].ID))
		require.NoError(p, p.reserve())
		assert.Equal(p, 1, p.bank.Requests(paypaltest.RouteCaptureOrder))
	})
	direct(t, "and then denies ends the payment", review, func(p *till) {
		held(p)
		require.NoError(p, p.bank.DenyCapture(p.asked().Captures[0].ID))
		require.ErrorIs(p, p.reserve(), mip.ErrUnfunded)
		require.NoError(p, p.Release(p.Context(), shopKey))
	})
	direct(t, "is given back only once it is decided", review, func(p *till) {
		held(p)
		err := p.Release(p.Context(), shopKey)
		require.ErrorIs(p, err, mip.ErrUnavailable)
		assert.Equal(p, time.Hour, mip.RetryAfter(err))
		assert.Equal(p, mip.ReservationOpen, p.state())
		require.NoError(p, p.bank.CompleteCapture(p.asked().Captures[0].ID))
		require.NoError(p, p.Release(p.Context(), shopKey))
		assert.Equal(p, "0.00 EUR", p.paid())
	})
}

func TestAVaultedWallet(t *testing.T) {
	direct(t, "pays without anybody", byVault, func(p *till) {
		require.NoError(p, p.reserve())
		require.NoError(p, p.reserve())
		assert.Equal(p, "34.90 EUR", p.paid())
		require.NoError(p, p.Settle(p.Context(), shopKey, mip.Money{}))
	})
	direct(t, "that declines is a proven refusal, and another way may be tried", func(c *paypal.DirectConfig, bank *paypaltest.Server) {
		byVault(c, bank)
		if err := bank.Fund(c.Vault, paypaltest.Declined); err != nil {
			panic(err)
		}
	}, func(p *till) {
		assert.ErrorIs(p, p.reserve(), mip.ErrUnfunded)
		assert.ErrorIs(p, p.reserve(), mip.ErrUnfunded)
		assert.Empty(p, p.bank.Charged(shopKey))
		assert.Equal(p, 1, p.bank.Requests(paypaltest.RouteCreateOrder))
	})
	gone := 0
	direct(t, "whose owner withdrew the agreement says so", func(c *paypal.DirectConfig, bank *paypaltest.Server) {
		byVault(c, bank)
		c.ConsentGone = func(context.Context) { gone++ }
		if err := bank.RevokeConsent(c.Vault); err != nil {
			panic(err)
		}
	}, func(p *till) {
		assert.ErrorIs(p, p.reserve(), mip.ErrUnauthorized)
		assert.Equal(p, 1, gone)
	})
	direct(t, "whose payment nobody can prove any more is left to a person, and never paid again", byVault, func(p *till) {
		p.bank.Fail(paypaltest.RouteCreateOrder, paypaltest.LoseAnswer, 3)
		require.ErrorIs(p, p.reserve(), mip.ErrUnknown)
		time.Sleep(7 * time.Hour)
		err := p.reserve()
		require.ErrorIs(p, err, mip.ErrUnknown)
		me, _ := errors.AsType[*mip.Error](err)
		assert.Equal(p, "payment.outcome_unknown", me.Code)
		assert.ErrorIs(p, p.Release(p.Context(), shopKey), mip.ErrUnknown, "the money is not said to be back")
		assert.Equal(p, "34.90 EUR", p.paid())
		assert.Equal(p, mip.ReservationOpen, p.state())
	})
	direct(t, "whose answer was lost is found by the same key and given back", byVault, func(p *till) {
		p.bank.Fail(paypaltest.RouteCreateOrder, paypaltest.LoseAnswer, 3)
		require.ErrorIs(p, p.reserve(), mip.ErrUnknown)
		require.NoError(p, p.Release(p.Context(), shopKey))
		assert.Equal(p, "0.00 EUR", p.paid())
		assert.Len(p, p.bank.Orders(), 1)
	})
	t.Run("keeps what every payment promises", func(t *testing.T) {
		miptest.TestPayment(t, func(t testing.TB) miptest.Purse {
			bank := paypaltest.New(paypaltest.Config{})
			client, err := paypal.NewClient(paypal.ClientConfig{ClientID: paypaltest.ClientID, Secret: rest.NewSecret(paypaltest.Secret),
				Transport: bank.Transport(), Retry: mip.Backoff{Tries: 1}})
			require.NoError(t, err)
			ledger := memstore.New()
			p, err := paypal.Direct(paypal.DirectConfig{Client: client, Ledger: ledger, Secret: rest.NewSecret("0123456789abcdef"),
				Vault: bank.Vault("customer"), MaxPerDay: miptest.PaymentFunds})
			require.NoError(t, err)
			return miptest.Purse{Payment: p, Ledger: ledger, Break: func(err error) {
				fault := map[error]paypaltest.Fault{mip.ErrThrottled: paypaltest.Throttle, mip.ErrUnauthorized: paypaltest.Unauthorized}[mip.KindOf(err)]
				bank.Fail(paypaltest.AnyRoute, cmp.Or(fault, paypaltest.Unreachable), 1000)
			}}
		})
	})
}
