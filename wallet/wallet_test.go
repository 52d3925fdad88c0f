package wallet_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/wallet"
)

func open(t *testing.T, b *bank, l *ledger) *wallet.Wallet {
	t.Helper()
	w, err := wallet.New(wallet.Config{Balance: b, Ledger: l})
	require.NoError(t, err)
	return w
}

func reserve(w *wallet.Wallet, key string, amount mip.Money) error {
	return w.Reserve(context.Background(), mip.Reservation{
		Key: key, Ref: mip.Ref{Channel: "shop", ID: key}, Amount: amount,
	})
}

func available(t *testing.T, w *wallet.Wallet) string {
	t.Helper()
	m, err := w.Available(t.Context())
	require.NoError(t, err)
	return m.String()
}

func TestConfig(t *testing.T) {
	for name, c := range map[string]wallet.Config{
		"a balance is required":              {Ledger: newLedger()},
		"a ledger is required":               {Balance: &bank{}},
		"no duration is negative":            {Balance: &bank{}, Ledger: newLedger(), Cache: -1},
		"refresh is no longer than cache":    {Balance: &bank{}, Ledger: newLedger(), Cache: 1, Refresh: 2},
		"an account has at most 64 bytes":    {Balance: &bank{}, Ledger: newLedger(), Account: fmt.Sprintf("%65d", 1)},
		"a question has time to be answered": {Balance: &bank{}, Ledger: newLedger(), Timeout: -time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := wallet.New(c)
			require.ErrorIs(t, err, mip.ErrInvalid)
			assert.NotContains(t, err.Error(), "Key:", "validator's own text")
		})
	}
	t.Run("nothing is asked before it is needed", func(t *testing.T) {
		b := &bank{amount: mip.EUR(1)}
		open(t, b, newLedger())
		assert.Zero(t, b.questions())
	})
}

func TestReserve(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, l := &bank{amount: mip.EUR(100_00)}, newLedger()
		w := open(t, b, l)
		require.NoError(t, reserve(w, "a", mip.EUR(60_00)))
		assert.Equal(t, "40.00 EUR", available(t, w))
		require.NoError(t, reserve(w, "a", mip.EUR(60_00)), "the same key again")
		assert.Equal(t, "40.00 EUR", available(t, w))

		err := reserve(w, "b", mip.EUR(40_01))
		require.ErrorIs(t, err, mip.ErrUnfunded)
		e, ok := errors.AsType[*mip.Error](err)
		require.True(t, ok)
		assert.Equal(t, mip.CodeInsufficientFunds, e.Code)
		assert.Equal(t, mip.Ref{Channel: "shop", ID: "b"}, e.Ref)

		require.NoError(t, reserve(w, "b", mip.EUR(40_00)))
		require.NoError(t, w.Release(t.Context(), "b"))
		require.True(t, b.debit(mip.EUR(55_00)))
		require.NoError(t, w.Settle(t.Context(), "a", mip.EUR(55_00)))
		assert.Equal(t, "45.00 EUR", available(t, w), "cached balance less what settled since")
		time.Sleep(time.Minute)
		assert.Equal(t, "45.00 EUR", available(t, w), "fresh balance")
		rows, err := l.Reservations(t.Context(), "wallet", time.Time{})
		require.NoError(t, err)
		assert.Len(t, rows, 2)
	})
}

func TestWrongAmounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t, &bank{amount: mip.EUR(100_00)}, newLedger())
		for name, amount := range map[string]mip.Money{
			"no amount": {}, "nought": mip.EUR(0), "less than nought": mip.EUR(-1), "another currency": mip.Minor(1, "PLN"),
		} {
			assert.ErrorIs(t, reserve(w, name, amount), mip.ErrInvalid, name)
		}
		assert.ErrorIs(t, reserve(w, "", mip.EUR(1)), mip.ErrInvalid, "no key")
		require.NoError(t, reserve(w, "a", mip.EUR(1)))
		assert.ErrorIs(t, w.Settle(t.Context(), "a", mip.EUR(-1)), mip.ErrInvalid)
		assert.ErrorIs(t, w.Settle(t.Context(), "b", mip.EUR(1)), mip.ErrNotFound)
		assert.Equal(t, "99.99 EUR", available(t, w))
		require.NoError(t, w.Settle(t.Context(), "a", mip.Money{}))
		assert.Equal(t, "99.99 EUR", available(t, w), "nobody told: what was reserved is gone")
	})
}

func TestManyAtOnceNeverOverdraw(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, l := &bank{amount: mip.EUR(300_00), slow: time.Second}, newLedger()
		wallets := []*wallet.Wallet{open(t, b, l), open(t, b, l)} // two processes, one ledger
		var got, refused atomic.Int32
		var wg sync.WaitGroup
		for i := range 64 {
			wg.Go(func() {
				switch err := reserve(wallets[i%2], fmt.Sprint(i), mip.EUR(10_00)); {
				case err == nil:
					got.Add(1)
				case errors.Is(err, mip.ErrUnfunded):
					refused.Add(1)
				}
			})
		}
		wg.Wait()
		assert.EqualValues(t, 30, got.Load())
		assert.EqualValues(t, 34, refused.Load())
		assert.Equal(t, 2, b.questions(), "one question for all who wait, per wallet")
	})
}

func TestTopUp(t *testing.T) {
	t.Run("a refusal asks again, so that a top-up counts", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := &bank{amount: mip.EUR(0)}
			w := open(t, b, newLedger())
			require.ErrorIs(t, reserve(w, "a", mip.EUR(1)), mip.ErrUnfunded)
			b.set(mip.EUR(10_00))
			require.ErrorIs(t, reserve(w, "a", mip.EUR(1)), mip.ErrUnfunded, "the balance is but a moment old")
			time.Sleep(3 * time.Second)
			require.NoError(t, reserve(w, "a", mip.EUR(1)))
			assert.Equal(t, 2, b.questions())
		})
	})
	t.Run("an empty wallet is no storm", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := &bank{amount: mip.EUR(0)}
			w := open(t, b, newLedger())
			for i := range 500 {
				require.ErrorIs(t, reserve(w, fmt.Sprint(i), mip.EUR(1)), mip.ErrUnfunded)
			}
			assert.Equal(t, 1, b.questions())
		})
	})
	t.Run("as long as there is money the cache answers", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := &bank{amount: mip.EUR(1000_00)}
			w := open(t, b, newLedger())
			for i := range 31 {
				require.NoError(t, reserve(w, fmt.Sprint(i), mip.EUR(1)))
				time.Sleep(time.Second)
			}
			assert.Equal(t, 1, b.questions())
			require.NoError(t, reserve(w, "later", mip.EUR(1)))
			assert.Equal(t, 2, b.questions())
		})
	})
}

func TestUnreadableBalance(t *testing.T) {
	for name, c := range map[string]struct{ err, want error }{
		"a supplier that is away is unavailable":            {&mip.Error{Op: "x", Kind: mip.ErrUnavailable}, mip.ErrUnavailable},
		"a rate limit is throttled":                         {&mip.Error{Op: "x", Kind: mip.ErrThrottled}, mip.ErrThrottled},
		"a wrong key is unauthorized":                       {&mip.Error{Op: "x", Kind: mip.ErrUnauthorized}, mip.ErrUnauthorized},
		"an answer nobody understands is a broken contract": {&mip.Error{Op: "x", Kind: mip.ErrContract}, mip.ErrContract},
		"an unclassified failure is unavailable":            {errors.New("boom"), mip.ErrUnavailable},
		"an unknown outcome of a question is unavailable":   {&mip.Error{Op: "x", Kind: mip.ErrUnknown}, mip.ErrUnavailable},
		"not even a 402 proves that money is missing":       {&mip.Error{Op: "x", Kind: mip.ErrUnfunded}, mip.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &bank{amount: mip.EUR(1_00), err: c.err}
				w := open(t, b, newLedger())
				err := reserve(w, "a", mip.EUR(2_00))
				assert.Equal(t, c.want, mip.KindOf(err))
				assert.NotErrorIs(t, err, mip.ErrUnfunded)
				_, err = w.Available(t.Context())
				assert.Equal(t, c.want, mip.KindOf(err))
				assert.Equal(t, 1, b.questions(), "a failure is not repeated at once")

				time.Sleep(2 * time.Second)
				b.fail(nil)
				require.ErrorIs(t, reserve(w, "a", mip.EUR(2_00)), mip.ErrUnfunded)
				time.Sleep(3 * time.Second)
				b.fail(c.err)
				err = reserve(w, "a", mip.EUR(2_00))
				assert.Equal(t, c.want, mip.KindOf(err), "an old balance alone refuses nothing")
				require.NoError(t, reserve(w, "b", mip.EUR(1_00)), "but it still grants")
			})
		})
	}
	t.Run("whoever was told to wait waits", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := &bank{err: &mip.Error{Op: "x", Kind: mip.ErrThrottled, RetryAfter: time.Minute}}
			w := open(t, b, newLedger())
			for range 60 {
				err := reserve(w, "a", mip.EUR(1))
				require.ErrorIs(t, err, mip.ErrThrottled)
				assert.Equal(t, time.Minute, mip.RetryAfter(err))
				time.Sleep(time.Second)
			}
			assert.Equal(t, 1, b.questions())
		})
	})
	t.Run("a balance without a currency is a broken contract", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			assert.ErrorIs(t, reserve(open(t, &bank{}, newLedger()), "a", mip.EUR(1)), mip.ErrContract)
		})
	})
	t.Run("a question has an end", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			began := time.Now()
			err := reserve(open(t, &bank{slow: time.Hour}, newLedger()), "a", mip.EUR(1))
			require.ErrorIs(t, err, mip.ErrUnavailable)
			assert.Equal(t, 15*time.Second, time.Since(began))
		})
	})
}

func TestWaiting(t *testing.T) {
	t.Run("one who gives up spoils it for nobody", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := &bank{amount: mip.EUR(1_00), slow: 5 * time.Second}
			w := open(t, b, newLedger())
			hasty, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			var first, second error
			var wg sync.WaitGroup
			wg.Go(func() { _, first = w.Available(hasty) })
			wg.Go(func() { synctest.Wait(); second = reserve(w, "a", mip.EUR(1_00)) })
			wg.Wait()
			require.ErrorIs(t, first, context.DeadlineExceeded)
			require.ErrorIs(t, first, mip.ErrUnavailable)
			require.NoError(t, second)
			assert.Equal(t, 1, b.questions())
		})
	})
	t.Run("what settles while the question is on its way counts", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := &bank{amount: mip.EUR(100_00), slow: 5 * time.Second}
			w := open(t, b, newLedger())
			require.NoError(t, reserve(w, "a", mip.EUR(60_00)))
			time.Sleep(time.Minute)
			var wg sync.WaitGroup
			wg.Go(func() { assert.ErrorIs(t, reserve(w, "b", mip.EUR(50_00)), mip.ErrUnfunded) })
			synctest.Wait() // the bank has looked and said 100
			require.True(t, b.debit(mip.EUR(60_00)))
			require.NoError(t, w.Settle(t.Context(), "a", mip.EUR(60_00)))
			wg.Wait()
			assert.Equal(t, "40.00 EUR", available(t, w))
		})
	})
}

func TestLedgerFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLedger()
		w := open(t, &bank{amount: mip.EUR(1_00)}, l)
		l.err = &mip.Error{Op: "store", Kind: mip.ErrUnavailable}
		assert.Equal(t, mip.ErrUnavailable, mip.KindOf(reserve(w, "a", mip.EUR(1))))
		assert.Equal(t, mip.ErrUnavailable, mip.KindOf(w.Settle(t.Context(), "a", mip.EUR(1))))
		assert.Equal(t, mip.ErrUnavailable, mip.KindOf(w.Release(t.Context(), "a")))
		_, err := w.Available(t.Context())
		assert.Equal(t, mip.ErrUnavailable, mip.KindOf(err))
		l.err = errors.New("boom")
		assert.Equal(t, mip.ErrUnknown, mip.KindOf(reserve(w, "a", mip.EUR(1))), "unclassified: perhaps reserved")
	})
}
