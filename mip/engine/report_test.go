package engine_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

func TestReporting(t *testing.T) {
	in(t, "a failing report is repeated until it sticks, and then never again", nil, func(t *testing.T, w *world) {
		w.shop.fail = []error{lostAnswer, unavailable, errors.New("surprise")}
		ref := w.buy("1", 1)
		w.sync()
		w.pass(10 * time.Minute)
		require.Len(t, w.shop.heard, 1)
		assert.Equal(t, mip.StateSubmitted, w.shop.heard[0].State)
		w.supply.ship("TRK1")
		w.pass(2 * time.Hour)
		require.Len(t, w.shop.heard, 2)
		assert.Equal(t, mip.StateShipped, w.shop.heard[1].State)
		assert.Equal(t, []mip.Item{{LineID: "1", SKU: "S0000001", Quantity: 2}}, w.shop.heard[1].Parcels[0].Items)
		assert.True(t, w.order(ref).Reported.Equal(w.shop.heard[1]))
	})
	in(t, "a report refused for good is shown to people and not repeated", nil, func(t *testing.T, w *world) {
		w.shop.fail = []error{&mip.Error{Op: "test: report", Kind: mip.ErrNotFound}}
		ref := w.buy("1", 1)
		w.sync()
		w.pass(time.Hour)
		assert.Empty(t, w.shop.heard)
		assert.Contains(t, mip.Codes(w.order(ref).Findings), mip.CodeReportRefused)
	})
	in(t, "a verdict that comes later is asked for until it is there", nil, func(t *testing.T, w *world) {
		pending := &mip.Error{Op: "test: report", Kind: mip.ErrPending}
		w.shop.fail = []error{pending, pending, &mip.Error{Op: "test: report", Kind: mip.ErrRefused}}
		ref := w.buy("1", 1)
		w.sync()
		assert.Empty(t, w.order(ref).Reported.State, "accepted is not applied")
		w.pass(10 * time.Minute)
		assert.Contains(t, mip.Codes(w.order(ref).Findings), mip.CodeReportRefused, "rejected later, and said so")
	})
	in(t, "a shop that is away for days is told all the same once it is back", nil, func(t *testing.T, w *world) {
		ref := w.buy("1", 1)
		w.sync()
		w.supply.ship("TRK1")
		w.shop.mu.Lock()
		w.shop.fail = slices.Repeat([]error{&mip.Error{Op: "test: report", Kind: mip.ErrUnauthorized}}, 200) // the key ran out
		w.shop.mu.Unlock()
		w.pass(4 * 24 * time.Hour)
		o := w.order(ref)
		require.Equal(t, mip.StateSubmitted, o.Reported.State)
		assert.Contains(t, mip.Codes(o.Findings), mip.CodeGaveUp, "people know of it")
		w.shop.mu.Lock()
		w.shop.fail = nil
		w.shop.mu.Unlock()
		w.pass(time.Hour)
		o = w.order(ref)
		assert.Equal(t, mip.StateShipped, o.Reported.State)
		assert.NotContains(t, mip.Codes(o.Findings), mip.CodeGaveUp, "and that it is over")
	})
	in(t, "shipped without a number waits a bounded time for one", nil, func(t *testing.T, w *world) {
		ref := w.buy("1", 1)
		w.sync()
		w.supply.orders[0].Status = mip.PlacementShipped
		w.pass(2 * time.Hour)
		assert.Equal(t, mip.StateShipped, w.order(ref).State)
		assert.Len(t, w.shop.heard, 1)
		w.pass(3 * time.Hour)
		assert.Len(t, w.shop.heard, 2, "after three hours it is told without")
	})
	in(t, "what the supplier cancels comes back to people", nil, func(t *testing.T, w *world) {
		ref := w.buy("1", 1)
		w.sync()
		w.supply.orders[0].Status = mip.PlacementCancelled
		w.pass(time.Hour)
		o := w.order(ref)
		assert.Equal(t, []string{mip.CodeSupplierCancelled}, mip.Codes(o.Holding()))
		_, err := w.eng.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.sync()
		assert.Equal(t, "shop-1--2", w.supply.orders[1].Reference, "a used reference is not used again")
	})
}
