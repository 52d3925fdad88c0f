package wallet_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/wallet"
)

// audit is a balance that two programs spend from, and others too.
type audit struct {
	bank     *bank
	ledger   *ledger
	wallets  []*wallet.Wallet
	n        int
	open     map[string]mip.Money // reserved, not debited
	paid     map[string]mip.Money // debited, not settled
	foreign  mip.Money            // what came from elsewhere, less what went there
	reported mip.Money
}

func newAudit(t *rapid.T) *audit {
	a := &audit{bank: &bank{amount: mip.EUR(rapid.Int64Range(0, 900).Draw(t, "balance"))}, ledger: newLedger(),
		open: map[string]mip.Money{}, paid: map[string]mip.Money{}, foreign: mip.EUR(0), reported: mip.EUR(0)}
	for range 2 {
		w, err := wallet.New(wallet.Config{Balance: a.bank, Ledger: a.ledger})
		require.NoError(t, err)
		a.wallets = append(a.wallets, w)
	}
	_, err := a.wallets[0].Reconcile(context.Background())
	require.NoError(t, err)
	return a
}

func (a *audit) any(t *rapid.T) *wallet.Wallet {
	return a.wallets[rapid.IntRange(0, 1).Draw(t, "program")]
}

func (a *audit) reserve(t *rapid.T) {
	a.n++
	key, amount := fmt.Sprint("k", a.n), mip.EUR(rapid.Int64Range(1, 120).Draw(t, "amount"))
	if err := a.any(t).Reserve(context.Background(), mip.Reservation{Key: key, Amount: amount}); err == nil {
		a.open[key] = amount
	}
}

// debit: the supplier takes what was reserved, or less.
func (a *audit) debit(t *rapid.T) {
	for key, amount := range pick(t, a.open) {
		actual := mip.EUR(rapid.Int64Range(0, amount.Amount().Shift(2).IntPart()).Draw(t, "actual"))
		if a.bank.debit(actual) {
			a.paid[key] = actual
			delete(a.open, key)
		}
	}
}

func (a *audit) settle(t *rapid.T) {
	for key, actual := range pick(t, a.paid) {
		require.NoError(t, a.any(t).Settle(context.Background(), key, actual))
		delete(a.paid, key)
	}
}

func (a *audit) release(t *rapid.T) {
	for key := range pick(t, a.open) {
		require.NoError(t, a.any(t).Release(context.Background(), key))
		delete(a.open, key)
	}
}

func (a *audit) move(m mip.Money) {
	a.bank.set(plus(a.bank.truth(), m))
	a.foreign = plus(a.foreign, m)
}

// hasty reconciles with whatever balance is known.
func (a *audit) hasty(t *rapid.T) {
	s, err := a.any(t).Reconcile(context.Background())
	require.NoError(t, err)
	a.reported = plus(a.reported, s.Unexplained)
}

// reconcile reads the balance anew, so that all of it is known.
func (a *audit) reconcile(t *rapid.T) {
	time.Sleep(3 * time.Second)
	missing := plus(a.foreign, a.reported.Times(-1))
	s, err := a.any(t).Reconcile(context.Background())
	require.NoError(t, err)
	require.False(t, more(s.Least, missing) || more(missing, s.Most), "%s is not within %s and %s", missing, s.Least, s.Most)
	require.False(t, s.Least.IsNegative() && !s.Most.IsNegative() && !s.Unexplained.IsZero(), "a false alarm")
	require.Equal(t, s.Drift == mip.DriftNone, s.Unexplained.IsZero())
	a.reported = plus(a.reported, s.Unexplained)
}

func TestWhatNothingOfOursExplainsIsReportedOnce(t *testing.T) {
	rapid.Check(t, inVirtualTime(t, everyDifferenceOnce))
}

func everyDifferenceOnce(t *rapid.T) {
	a := newAudit(t)
	quiet := rapid.Bool().Draw(t, "nobody else")
	t.Repeat(map[string]func(*rapid.T){
		"reserve": a.reserve, "debit": a.debit, "settle": a.settle, "release": a.release,
		"reconcile": a.reconcile, "reconcile hastily": a.hasty,
		"wait": func(t *rapid.T) {
			time.Sleep(time.Duration(rapid.IntRange(1, 90_000).Draw(t, "ms")) * time.Millisecond)
		},
		"money comes or goes": func(t *rapid.T) {
			if m := mip.EUR(rapid.Int64Range(-200, 300).Draw(t, "cents")); !quiet && !plus(a.bank.truth(), m).IsNegative() {
				a.move(m)
			}
		},
		"": func(t *rapid.T) {
			require.False(t, quiet && !a.reported.IsZero(), "nobody but us, and yet %s was reported", a.reported)
		},
	})
	for len(a.open) > 0 {
		a.release(t)
	}
	for len(a.paid) > 0 {
		a.settle(t)
	}
	time.Sleep(10 * time.Second)
	a.reconcile(t)
	require.True(t, a.reported.Equal(a.foreign), "reported %s, in truth %s", a.reported, a.foreign)
}
