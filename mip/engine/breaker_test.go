package engine_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/openmip/openmip/mip"
)

func TestAnOutage(t *testing.T) {
	in(t, "an outage costs a few calls, says so on every order, and ends by itself", nil, func(t *testing.T, w *world) {
		w.supply.balance = mip.EUR(100_000_00)
		w.supply.down = unavailable
		for i := range 200 {
			w.buy(strconv.Itoa(i+1), 1)
		}
		w.pass(time.Hour)
		assert.Less(t, w.supply.checks, 50, "calls in an hour's outage")
		counts, err := w.eng.Counts(t.Context())
		assert.NoError(t, err)
		assert.Equal(t, 200, counts[mip.StatePendingReview])
		assert.Equal(t, []string{mip.CodeUnavailable}, mip.Codes(w.order(mip.Ref{Channel: "shop", ID: "7"}).Holding()))
		w.supply.down = nil
		w.pass(2 * time.Hour)
		counts, err = w.eng.Counts(t.Context())
		assert.NoError(t, err)
		assert.Equal(t, 200, counts[mip.StateSubmitted])
		assert.Len(t, w.supply.orders, 200)
	})
	in(t, "a question that makes no sense is no outage, and goes on being asked", nil, func(t *testing.T, w *world) {
		for _, c := range []struct{ said, told string }{{"", mip.CodeRefused}, {mip.CodePaymentInvalid, mip.CodePaymentInvalid}} {
			w.supply.down = &mip.Error{Op: "check", Kind: mip.ErrInvalid, Code: c.said}
			ref := w.buy("9"+c.said, 1)
			w.sync()
			assert.Equal(t, []string{c.told}, mip.Codes(w.order(ref).Holding()))
			w.supply.down = nil
			w.pass(time.Hour)
			assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		}
	})
	in(t, "refusals of single orders are no outage", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		for i := range 20 {
			w.buy(strconv.Itoa(i+1), 1)
		}
		w.sync()
		assert.Equal(t, 20, w.supply.checks)
	})
	in(t, "an empty wallet is asked about once, not for every order", nil, func(t *testing.T, w *world) {
		w.supply.balance = mip.EUR(0)
		for i := range 500 {
			w.buy(strconv.Itoa(i+1), 1)
		}
		w.pass(30 * time.Minute)
		assert.Zero(t, w.supply.checks)
		assert.Zero(t, w.supply.placed)
		counts, err := w.eng.Counts(t.Context())
		assert.NoError(t, err)
		assert.Equal(t, 500, counts[mip.StatePendingReview])
	})
}
