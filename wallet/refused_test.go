package wallet_test

import (
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

func TestRefused(t *testing.T) {
	t.Run("the supplier's word replaces the cached balance", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := &bank{amount: mip.EUR(100_00)}
			w := open(t, b, newLedger())
			require.Equal(t, "100.00 EUR", available(t, w))
			time.Sleep(5 * time.Second)
			require.NoError(t, w.Refused(t.Context(), mip.EUR(5_00)))
			assert.Equal(t, "5.00 EUR", available(t, w))
			require.ErrorIs(t, reserve(w, "a", mip.EUR(5_01)), mip.ErrUnfunded)
			assert.Equal(t, 1, b.questions(), "believed without asking")
		})
	})
	t.Run("it stands until the next question, not as long as a balance", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := &bank{amount: mip.EUR(100_00)}
			w := open(t, b, newLedger())
			require.Equal(t, "100.00 EUR", available(t, w))
			require.NoError(t, w.Refused(t.Context(), mip.EUR(0)))
			assert.Equal(t, "0.00 EUR", available(t, w))
			time.Sleep(3 * time.Second)
			assert.Equal(t, "100.00 EUR", available(t, w))
		})
	})
	t.Run("what settled since the last question counts against it", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := open(t, &bank{amount: mip.EUR(100_00)}, newLedger())
			require.NoError(t, reserve(w, "a", mip.EUR(30_00)))
			require.NoError(t, w.Settle(t.Context(), "a", mip.EUR(30_00)))
			time.Sleep(time.Second)
			require.NoError(t, w.Refused(t.Context(), mip.EUR(50_00)))
			assert.Equal(t, "20.00 EUR", available(t, w), "the supplier may have looked before the debit")
			require.NoError(t, w.Refused(t.Context(), mip.EUR(5_00)))
			assert.Equal(t, "0.00 EUR", available(t, w), "never below nought")
		})
	})
	t.Run("without a balance it makes the next caller ask", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := &bank{amount: mip.EUR(100_00)}
			w := open(t, b, newLedger())
			require.Equal(t, "100.00 EUR", available(t, w))
			b.set(mip.EUR(7_00))
			require.NoError(t, w.Refused(t.Context(), mip.Money{}))
			require.ErrorIs(t, reserve(w, "a", mip.EUR(8_00)), mip.ErrUnfunded)
			require.NoError(t, reserve(w, "b", mip.EUR(7_00)))
			assert.Equal(t, 2, b.questions())
		})
	})
	t.Run("before any balance is known it makes the first caller ask", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := open(t, &bank{amount: mip.EUR(1_00)}, newLedger())
			require.NoError(t, w.Refused(t.Context(), mip.EUR(9_00)))
			assert.Equal(t, "1.00 EUR", available(t, w))
		})
	})
	t.Run("in another currency it is invalid, and the old balance is gone", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := &bank{amount: mip.EUR(100_00)}
			w := open(t, b, newLedger())
			require.Equal(t, "100.00 EUR", available(t, w))
			b.set(mip.EUR(1_00))
			require.ErrorIs(t, w.Refused(t.Context(), mip.Minor(1, "PLN")), mip.ErrInvalid)
			assert.Equal(t, "1.00 EUR", available(t, w))
		})
	})
	t.Run("a question that left before it is out of date", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := &bank{amount: mip.EUR(100_00), slow: time.Second}
			w := open(t, b, newLedger())
			var wg sync.WaitGroup
			wg.Go(func() { assert.ErrorIs(t, reserve(w, "a", mip.EUR(50_00)), mip.ErrUnfunded) })
			synctest.Wait() // the bank has looked and said 100
			b.set(mip.EUR(20_00))
			require.NoError(t, w.Refused(t.Context(), mip.Money{}))
			assert.Equal(t, "20.00 EUR", available(t, w), "who comes later asks anew")
			wg.Wait()
			assert.Equal(t, "20.00 EUR", available(t, w))
			assert.Equal(t, 2, b.questions())
		})
	})
}
