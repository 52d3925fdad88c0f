package paypal_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
	"github.com/openmip/openmip/paypal"
	"github.com/openmip/openmip/paypal/paypaltest"
)

func TestTheBooksSayWhatThePayerPaid(t *testing.T) {
	direct(t, "of a payment that was never taken, though the goods were bought", nil, func(p *till) {
		p.waits()
		require.NoError(p, p.Settle(p.Context(), shopKey, mip.EUR(34_90)))
		r, err := p.ledger.Reservation(p.Context(), shopKey)
		require.NoError(p, err)
		assert.Equal(p, mip.ReservationSettled, r.State)
		assert.Equal(p, "0.00 EUR", r.Actual.String())
		require.NoError(p, p.bank.Approve(p.asked().ID))
		require.NoError(p, p.reserve())
		assert.Empty(p, p.bank.Charged(shopKey))
	})
	direct(t, "of a capture that PayPal denies after the purchase", authorised, func(p *till) {
		p.approved()
		p.bank.Switch(func(s *paypaltest.Switches) { s.Funding = paypaltest.InReview })
		err := p.Settle(p.Context(), shopKey, mip.EUR(30_00))
		caps := p.asked().Captures
		require.NotEmpty(p, caps)
		require.Equal(p, "PENDING", caps[0].Status)
		require.ErrorIs(p, err, mip.ErrUnavailable)
		assert.Equal(p, mip.ReservationOpen, p.state())
		require.NoError(p, p.bank.DenyCapture(caps[0].ID))
		require.ErrorIs(p, p.Settle(p.Context(), shopKey, mip.EUR(30_00)), mip.ErrConflict)
		assert.Equal(p, mip.ReservationOpen, p.state())
	})
	direct(t, "of a capture that PayPal completes after the purchase", authorised, func(p *till) {
		p.approved()
		p.bank.Switch(func(s *paypaltest.Switches) { s.Funding = paypaltest.InReview })
		require.ErrorIs(p, p.Settle(p.Context(), shopKey, mip.EUR(30_00)), mip.ErrUnavailable)
		require.NoError(p, p.bank.CompleteCapture(p.asked().Captures[0].ID))
		require.NoError(p, p.Settle(p.Context(), shopKey, mip.EUR(30_00)))
		assert.Equal(p, "30.00 EUR", p.paid())
		assert.Equal(p, mip.ReservationSettled, p.state())
	})
}

// slow is a ledger whose Release takes its time.
type slow struct {
	*memstore.Store
	before func()
}

func (s *slow) Release(ctx context.Context, key string, at time.Time) error {
	if f := s.before; f != nil {
		s.before = nil
		f()
	}
	return s.Store.Release(ctx, key, at)
}

func TestAReleaseThatOvertakesAReservationGivesItBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ledger := &slow{Store: memstore.New()}
		p := openTill(t, func(c *paypal.DirectConfig, bank *paypaltest.Server) {
			byVault(c, bank)
			c.Ledger = ledger
		})
		ledger.before = func() { require.NoError(t, p.reserve()) } // whose program dies here
		require.NoError(t, p.Release(t.Context(), shopKey))
		assert.Equal(t, "0.00 EUR", p.paid())
	})
}

// racing is a ledger in which somebody else writes a moment earlier.
type racing struct {
	*memstore.Store
	before func()
}

func (r *racing) Note(ctx context.Context, key, old, next string) error {
	if f := r.before; f != nil && strings.Contains(next, `"stage":"taking"`) {
		r.before = nil
		f()
	}
	return r.Store.Note(ctx, key, old, next)
}

func TestWhatIsGivenBackInTheLastMomentIsNotTaken(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ledger := &racing{Store: memstore.New()}
		p := openTill(t, func(c *paypal.DirectConfig, _ *paypaltest.Server) { c.Ledger = ledger })
		p.waits()
		require.NoError(t, p.bank.Approve(p.asked().ID))
		ledger.before = func() { require.NoError(t, p.Release(t.Context(), shopKey)) }
		require.Error(t, p.reserve())
		assert.Empty(t, p.bank.Charged(shopKey))
	})
}
