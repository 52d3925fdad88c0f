package miptest_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
	"github.com/openmip/openmip/mip/miptest"
	"github.com/openmip/openmip/paypal"
	"github.com/openmip/openmip/wallet"
)

// bank is a supplier with a balance.
type bank struct {
	mu     sync.Mutex
	amount mip.Money
	err    error
}

func (b *bank) Balance(context.Context) (mip.Money, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.amount, b.err
}

func (b *bank) debit(m mip.Money) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.amount, b.err = b.amount.Sub(m)
}

func (b *bank) fail(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.err = err
}

func TestWalletIsAPayment(t *testing.T) {
	miptest.TestPayment(t, func(t testing.TB) miptest.Purse {
		t.(*testing.T).Parallel() // some wait until the wallet is sure of a balance
		b := &bank{amount: miptest.PaymentFunds}
		ledger := memstore.New()
		w, err := wallet.New(wallet.Config{Balance: b, Ledger: ledger})
		require.NoError(t, err)
		return miptest.Purse{Payment: w, Ledger: ledger, Debit: b.debit, Break: b.fail}
	})
}

func TestPayPalIsAPayment(t *testing.T) {
	miptest.TestPayment(t, func(t testing.TB) miptest.Purse {
		ledger := memstore.New()
		p, err := paypal.ChargedBySupplier(paypal.Config{Ledger: ledger, MaxPerDay: miptest.PaymentFunds})
		require.NoError(t, err)
		return miptest.Purse{Payment: p, Ledger: ledger}
	})
}

// breaches runs the suite over tills with one bug and returns the names of
// the checks that found it.
func breaches(t *testing.T, bug string) []string {
	t.Helper()
	var out []string
	synctest.Test(t, func(t *testing.T) {
		for _, c := range miptest.PaymentChecks() {
			if err := c.Run(t.Context(), newTill(bug).purse()); err != nil && !errors.Is(err, errors.ErrUnsupported) {
				out = append(out, fmt.Sprintf("%s: %v", c.Name, err))
			}
		}
	})
	return out
}

func TestPaymentSuite(t *testing.T) {
	t.Run("a payment without a bug passes", func(t *testing.T) {
		assert.Empty(t, breaches(t, ""))
	})
	for _, bug := range []string{
		"overdraws", "check, then act", "the last cent stays", "a key counts every time", "a key takes any amount",
		"a repetition needs the money again", "a refusal keeps the money", "a refusal has the wrong kind",
		"an outage is a refusal", "a mistake is a refusal", "anything goes", "a hasty caller is refused",
		"a released key comes back", "a settled key sets aside", "settled money is back", "charges twice",
		"untold is free", "the quote counts", "refuses a higher price", "settles what never was", "settles nonsense",
		"minds an unknown release", "what is released stays released", "releases what is settled", "gives back twice", "forgets to release",
		"deaf", "below nought", "shows the balance", "stale", "a refusal drops reservations",
		"a fee in dollars", "a fee below nought", "a fee that grows", "no name",
	} {
		t.Run("it finds: "+bug, func(t *testing.T) {
			assert.NotEmpty(t, breaches(t, bug))
		})
	}
	t.Run("it finds: closes what another payment reserved", func(t *testing.T) {
		found := false
		for _, c := range miptest.PaymentChecks() {
			ledger := memstore.New()
			p, err := paypal.ChargedBySupplier(paypal.Config{Ledger: ledger, MaxPerDay: miptest.PaymentFunds})
			require.NoError(t, err)
			err = c.Run(t.Context(), miptest.Purse{Payment: grasping{p, ledger}, Ledger: ledger})
			found = found || err != nil && !errors.Is(err, errors.ErrUnsupported)
		}
		assert.True(t, found)
	})
	t.Run("what a payment does not offer is not asked of it", func(t *testing.T) {
		plain := miptest.Purse{Payment: struct{ mip.Payment }{newTill("")}}
		unsupported := 0
		for _, c := range miptest.PaymentChecks() {
			plain.Payment = struct{ mip.Payment }{newTill("")}
			if err := c.Run(t.Context(), plain); errors.Is(err, errors.ErrUnsupported) {
				unsupported++
			} else {
				assert.NoError(t, err, c.Name)
			}
		}
		assert.Equal(t, 12, unsupported, "six for a funder, one for fees, four for outages, one for the ledger")
	})
}

// grasping releases whatever has the key.
type grasping struct {
	*paypal.SupplierCharge
	ledger mip.Ledger
}

func (g grasping) Release(ctx context.Context, key string) error {
	return g.ledger.Release(ctx, key, time.Now())
}
