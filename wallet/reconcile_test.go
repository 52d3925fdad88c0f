package wallet_test

import (
	"context"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/wallet"
)

// reconcile reads the balance anew.
func reconcile(t *testing.T, w *wallet.Wallet) mip.Statement {
	t.Helper()
	time.Sleep(10 * time.Second)
	s, err := w.Reconcile(t.Context())
	require.NoError(t, err)
	return s
}

func TestReconcile(t *testing.T) {
	for name, c := range map[string]struct {
		happens    func(t *testing.T, b *bank, w *wallet.Wallet)
		difference string
		drift      mip.Drift
		debited    string
	}{
		"nothing happens, nothing is reported": {func(*testing.T, *bank, *wallet.Wallet) {}, "0.00 EUR", mip.DriftNone, "0.00 EUR"},
		"a top-up is more than was expected": {func(_ *testing.T, b *bank, _ *wallet.Wallet) { b.set(mip.EUR(150_00)) },
			"50.00 EUR", mip.DriftCredit, "0.00 EUR"},
		"spending elsewhere is less": {func(_ *testing.T, b *bank, _ *wallet.Wallet) { b.debit(mip.EUR(12_34)) },
			"-12.34 EUR", mip.DriftDebit, "0.00 EUR"},
		"a purchase explains itself": {func(t *testing.T, b *bank, w *wallet.Wallet) {
			require.NoError(t, reserve(w, "a", mip.EUR(30_00)))
			b.debit(mip.EUR(29_00))
			require.NoError(t, w.Settle(t.Context(), "a", mip.EUR(29_00)))
		}, "0.00 EUR", mip.DriftNone, "29.00 EUR"},
		"a purchase and a refund at once": {func(t *testing.T, b *bank, w *wallet.Wallet) {
			require.NoError(t, reserve(w, "a", mip.EUR(30_00)))
			b.debit(mip.EUR(25_00))
			require.NoError(t, w.Settle(t.Context(), "a", mip.EUR(30_00)))
		}, "5.00 EUR", mip.DriftCredit, "30.00 EUR"},
		"what was released explains nothing": {func(t *testing.T, b *bank, w *wallet.Wallet) {
			require.NoError(t, reserve(w, "a", mip.EUR(30_00)))
			b.debit(mip.EUR(30_00))
			require.NoError(t, w.Release(t.Context(), "a"))
		}, "-30.00 EUR", mip.DriftDebit, "0.00 EUR"},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &bank{amount: mip.EUR(100_00)}
				l := newLedger()
				w := open(t, b, l)
				assert.Equal(t, mip.DriftNone, reconcile(t, w).Drift, "a first reading has nothing to compare with")
				c.happens(t, b, w)
				s := reconcile(t, open(t, b, l)) // a program that was started since
				assert.Equal(t, c.difference, s.Unexplained.String())
				assert.Equal(t, c.drift, s.Drift)
				assert.Equal(t, c.debited, s.Debited.String())
				assert.Equal(t, "100.00 EUR", s.Previous.Amount.String())
				assert.True(t, s.Reading.Amount.Equal(b.truth()))
				assert.Equal(t, mip.DriftNone, reconcile(t, w).Drift, "reported once")
			})
		})
	}
}

func TestReconcileWhileSomethingIsOpen(t *testing.T) {
	t.Run("a purchase that may have been debited is no alarm, nor when it proves to be", func(t *testing.T) {
		for _, debited := range []bool{true, false} {
			synctest.Test(t, func(t *testing.T) {
				b := &bank{amount: mip.EUR(100_00)}
				w := open(t, b, newLedger())
				reconcile(t, w)
				require.NoError(t, reserve(w, "a", mip.EUR(30_00)))
				if debited {
					b.debit(mip.EUR(30_00))
				}
				s := reconcile(t, w)
				assert.Equal(t, "30.00 EUR", s.Open.String())
				assert.Equal(t, mip.DriftNone, s.Drift)
				if debited {
					require.NoError(t, w.Settle(t.Context(), "a", mip.EUR(30_00)))
				} else {
					require.NoError(t, w.Release(t.Context(), "a"))
				}
				s = reconcile(t, w)
				assert.Equal(t, mip.DriftNone, s.Drift)
				assert.True(t, s.Least.IsZero() && s.Most.IsZero())
			})
		}
	})
	t.Run("the certain part of a top-up is reported, and the rest when it is certain", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := &bank{amount: mip.EUR(100_00)}
			w := open(t, b, newLedger())
			reconcile(t, w)
			require.NoError(t, reserve(w, "a", mip.EUR(30_00)))
			b.debit(mip.EUR(30_00))
			b.set(mip.EUR(120_00)) // 50.00 came
			s := reconcile(t, w)
			assert.Equal(t, []string{"20.00 EUR", "50.00 EUR", "20.00 EUR"}, []string{s.Least.String(), s.Most.String(), s.Unexplained.String()})
			require.NoError(t, w.Settle(t.Context(), "a", mip.EUR(30_00)))
			s = reconcile(t, w)
			assert.Equal(t, "30.00 EUR", s.Unexplained.String())
			assert.Equal(t, mip.DriftCredit, s.Drift)
		})
	})
	t.Run("what was open at the very first reading is no alarm when it closes", func(t *testing.T) {
		for _, before := range []bool{true, false} {
			synctest.Test(t, func(t *testing.T) {
				b := &bank{amount: mip.EUR(100_00)}
				w := open(t, b, newLedger())
				require.NoError(t, reserve(w, "a", mip.EUR(30_00)))
				if before {
					b.debit(mip.EUR(30_00))
				}
				reconcile(t, w)
				if !before {
					b.debit(mip.EUR(30_00))
				}
				require.NoError(t, w.Settle(t.Context(), "a", mip.EUR(30_00)))
				assert.Equal(t, mip.DriftNone, reconcile(t, w).Drift)
				b.debit(mip.EUR(1))
				assert.Equal(t, "-0.01 EUR", reconcile(t, w).Unexplained.String(), "and from now on all is exact")
			})
		}
	})
	t.Run("a settlement that was stored with an earlier time still explains its debit", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b, l := &bank{amount: mip.EUR(100_00)}, newLedger()
			w := open(t, b, l)
			require.NoError(t, reserve(w, "a", mip.EUR(30_00)))
			reconcile(t, w)
			b.debit(mip.EUR(30_00))
			reconcile(t, w)
			require.NoError(t, l.Settle(t.Context(), "a", mip.EUR(30_00), time.Now().Add(-8*time.Second)))
			assert.Equal(t, mip.DriftNone, reconcile(t, w).Drift)
			assert.Equal(t, mip.DriftNone, reconcile(t, w).Drift)
		})
	})
}

func TestReconcileTogether(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, l := &bank{amount: mip.EUR(100_00), slow: time.Second}, newLedger()
		reconcile(t, open(t, b, l))
		b.set(mip.EUR(170_00))
		sum := mip.EUR(0)
		var mu sync.Mutex
		var wg sync.WaitGroup
		for range 8 {
			w := open(t, b, l)
			wg.Go(func() {
				s := reconcile(t, w)
				mu.Lock()
				defer mu.Unlock()
				sum = plus(sum, s.Unexplained)
			})
		}
		wg.Wait()
		assert.Equal(t, "70.00 EUR", sum.String(), "one of eight programs reports it")
	})
}

func TestReconcileFailures(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b, l := &bank{amount: mip.EUR(1_00)}, newLedger()
		w := open(t, b, l)
		b.fail(&mip.Error{Op: "x", Kind: mip.ErrThrottled})
		_, err := w.Reconcile(t.Context())
		require.ErrorIs(t, err, mip.ErrThrottled)
		b.fail(nil)
		reconcile(t, w)
		require.NoError(t, l.SaveCursor(t.Context(), "wallet:wallet", must(l.Cursor(t.Context(), "wallet:wallet")), "?"))
		_, err = w.Reconcile(t.Context())
		require.ErrorIs(t, err, mip.ErrContract, "what is stored there is no reading")

		lonely, err := wallet.New(wallet.Config{Balance: b, Ledger: struct{ mip.Ledger }{l.Ledger}})
		require.NoError(t, err)
		reconcile(t, lonely)
		b.set(mip.EUR(3_00))
		assert.Equal(t, "2.00 EUR", reconcile(t, lonely).Unexplained.String(), "a ledger without cursors")
	})
}

func TestReserved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := open(t, &bank{amount: mip.EUR(100_00)}, newLedger())
		none, err := w.Reserved(t.Context())
		require.NoError(t, err)
		assert.True(t, none.IsZero())
		for _, key := range []string{"a", "b", "c", "d"} {
			require.NoError(t, reserve(w, key, mip.EUR(10_00)))
		}
		require.NoError(t, w.Settle(context.Background(), "a", mip.EUR(9_00)))
		require.NoError(t, w.Release(context.Background(), "b"))
		open, err := w.Reserved(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "20.00 EUR", open.String())
	})
}

func must(c mip.Cursor, err error) mip.Cursor {
	if err != nil {
		panic(err)
	}
	return c
}
