package wallet_test

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/wallet"
)

// life is a wallet in a made-up world: purchases are reserved, debited,
// settled or released in any order, while money comes and goes.
type life struct {
	*rapid.T
	bank   *bank
	ledger *ledger
	wallet *wallet.Wallet
	n      int
	thief  bool                 // others spent something, ever
	stolen mip.Money            // spent by others since the last question
	asked  int                  // questions at that time
	open   map[string]mip.Money // reserved, not debited yet
	paid   map[string]mip.Money // debited, not settled yet
}

func newLife(t *rapid.T) *life {
	l := &life{
		T: t, bank: &bank{amount: mip.EUR(rapid.Int64Range(0, 500).Draw(t, "balance"))}, ledger: newLedger(),
		stolen: mip.EUR(0),
		open:   map[string]mip.Money{}, paid: map[string]mip.Money{},
	}
	var err error
	l.wallet, err = wallet.New(wallet.Config{Balance: l.bank, Ledger: l.ledger})
	require.NoError(t, err)
	return l
}

func (l *life) reserve(t *rapid.T) {
	amount := mip.EUR(rapid.Int64Range(1, 120).Draw(t, "amount"))
	l.n++
	key := fmt.Sprint("k", l.n)
	err := l.wallet.Reserve(context.Background(), mip.Reservation{Key: key, Amount: amount})
	l.forget()
	if err == nil {
		l.open[key] = amount
		require.False(t, more(l.promised(), plus(l.bank.truth(), l.stolen)), "reserved more than there is")
		return
	}
	require.ErrorIs(t, err, mip.ErrUnfunded)
	rest := plus(l.bank.truth(), l.promised().Times(-1))
	time.Sleep(2*time.Second + time.Millisecond)
	if len(l.paid) > 0 || more(amount, rest) {
		return // debited and still open counts twice: careful, not wrong
	}
	err = l.wallet.Reserve(context.Background(), mip.Reservation{Key: key, Amount: amount})
	l.forget()
	require.NoError(t, err, "there is money for it, and the balance was read anew")
	l.open[key] = amount
}

// pick gives one of the purchases, or none if there are none.
func pick(t *rapid.T, of map[string]mip.Money) map[string]mip.Money {
	if len(of) == 0 {
		return nil
	}
	key := rapid.SampledFrom(slices.Sorted(maps.Keys(of))).Draw(t, "key")
	return map[string]mip.Money{key: of[key]}
}

// promised is what is reserved and not debited yet.
func (l *life) promised() mip.Money {
	sum := mip.EUR(0)
	for _, m := range l.open {
		sum = plus(sum, m)
	}
	return sum
}

// forget: a new question knows what others spent before it.
func (l *life) forget() {
	if n := l.bank.questions(); n != l.asked {
		l.asked, l.stolen = n, mip.EUR(0)
	}
}

func (l *life) debit(t *rapid.T) {
	for key, amount := range pick(t, l.open) {
		if !l.bank.debit(amount) {
			require.True(t, l.thief, "reserved money was not there, and nobody else spent any")
			require.NoError(t, l.wallet.Refused(context.Background(), l.bank.truth()))
			l.stolen = mip.EUR(0)
			require.NoError(t, l.wallet.Release(context.Background(), key))
		} else {
			l.paid[key] = amount
		}
		delete(l.open, key)
	}
}

func (l *life) settle(t *rapid.T) {
	for key, amount := range pick(t, l.paid) {
		for range rapid.IntRange(1, 2).Draw(t, "times") {
			require.NoError(t, l.wallet.Settle(context.Background(), key, amount))
		}
		delete(l.paid, key)
	}
}

func (l *life) release(t *rapid.T) {
	for key := range pick(t, l.open) {
		for range rapid.IntRange(1, 2).Draw(t, "times") {
			require.NoError(t, l.wallet.Release(context.Background(), key))
		}
		delete(l.open, key)
	}
}

func (l *life) repeat(t *rapid.T) {
	for key, amount := range pick(t, l.open) {
		require.NoError(t, l.wallet.Reserve(context.Background(), mip.Reservation{Key: key, Amount: amount}))
		l.forget()
	}
}

func (l *life) check(t *rapid.T) {
	funds, err := l.wallet.Available(context.Background())
	require.NoError(t, err)
	l.forget()
	require.False(t, funds.IsNegative())
	if !funds.IsZero() {
		require.False(t, more(plus(funds, l.promised()), plus(l.bank.truth(), l.stolen)), "available and reserved exceed the balance")
	}
	rows, err := l.ledger.Reservations(context.Background(), "wallet", time.Now().Add(time.Hour))
	require.NoError(t, err)
	require.Len(t, rows, len(l.open)+len(l.paid), "reservations that nobody knows of, or twice")
}

func TestWhateverHappensTheMoneyAddsUp(t *testing.T) {
	rapid.Check(t, inVirtualTime(t, theMoneyAddsUp))
}

// inVirtualTime runs each example in a bubble of its own.
func inVirtualTime(t *testing.T, f func(*rapid.T)) func(*rapid.T) {
	return func(rt *rapid.T) {
		var broke any
		synctest.Test(t, func(*testing.T) {
			defer func() { broke = recover() }()
			f(rt)
		})
		if broke != nil {
			panic(broke)
		}
	}
}

func theMoneyAddsUp(t *rapid.T) {
	l := newLife(t)
	thieves := rapid.Bool().Draw(t, "thieves")
	t.Repeat(map[string]func(*rapid.T){
		"reserve": l.reserve, "debit": l.debit, "settle": l.settle, "release": l.release, "repeat": l.repeat,
		"wait": func(t *rapid.T) {
			time.Sleep(time.Duration(rapid.IntRange(1, 40_000).Draw(t, "ms")) * time.Millisecond)
		},
		"top up": func(t *rapid.T) { l.bank.set(plus(l.bank.truth(), mip.EUR(rapid.Int64Range(1, 300).Draw(t, "cents")))) },
		"others spend": func(t *rapid.T) {
			if m := mip.EUR(rapid.Int64Range(1, 100).Draw(t, "cents")); thieves && l.bank.debit(m) {
				l.thief, l.stolen = true, plus(l.stolen, m)
			}
		},
		"": l.check,
	})
	for len(l.open) > 0 {
		l.debit(t)
	}
	for len(l.paid) > 0 {
		l.settle(t)
	}
	time.Sleep(time.Minute)
	funds, err := l.wallet.Available(context.Background())
	require.NoError(t, err)
	require.True(t, funds.Equal(l.bank.truth()), "in the end what is available is what is there")
}
