package wallet_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

// Money for two purchases of 50.00, and the balance is read while the first
// one is debited but not settled.
func TestThePurchaseBeforeDoesNotCountTwice(t *testing.T) {
	for name, settled := range map[string]bool{
		"settled when the second comes":     true,
		"settled a moment after the second": false,
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &bank{amount: mip.EUR(100_00)}
				w := open(t, b, newLedger())
				require.NoError(t, reserve(w, "a", mip.EUR(50_00)))
				time.Sleep(31 * time.Second)
				require.True(t, b.debit(mip.EUR(50_00)))
				assert.Equal(t, "0.00 EUR", available(t, w), "counted twice, for now")
				settle := func() { assert.NoError(t, w.Settle(t.Context(), "a", mip.EUR(50_00))) }
				if settled {
					settle()
				} else {
					time.AfterFunc(time.Millisecond, settle)
				}
				require.NoError(t, reserve(w, "b", mip.EUR(50_00)))
				assert.Equal(t, "0.00 EUR", available(t, w))
				began := time.Now()
				require.ErrorIs(t, reserve(w, "c", mip.EUR(1)), mip.ErrUnfunded)
				assert.Zero(t, time.Since(began), "what nothing can change is refused at once")
			})
		})
	}
	t.Run("one that is unknown for long is waited for by nobody", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := open(t, &bank{amount: mip.EUR(100_00)}, newLedger())
			require.NoError(t, reserve(w, "a", mip.EUR(50_00)))
			time.Sleep(2 * time.Minute)
			began := time.Now()
			require.ErrorIs(t, reserve(w, "b", mip.EUR(51_00)), mip.ErrUnfunded)
			assert.Zero(t, time.Since(began))
		})
	})
}
