package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

// partly lets a customer order two kinds of goods, and the merchant ship a
// piece of the first by hand before the order is read.
func (w *world) partly() mip.Ref {
	ref := w.buy("1", 2)
	w.change(ref, func(f *mip.Facts) { f.Lines[0].Quantity, f.Lines[0].Shipped = 3, 1 })
	w.sync()
	return ref
}

func TestWhatSomebodyElseHasShippedIsNotBoughtUnasked(t *testing.T) {
	const code, path = mip.CodePartlyShipped, "lines[0]"
	in(t, "it is held, a person lets it pass, and it is bought", nil, func(t *testing.T, w *world) {
		ref := w.partly()
		o := w.order(ref)
		require.Equal(t, mip.StatePendingReview, o.State)
		require.Equal(t, []string{code}, mip.Codes(o.Holding()))
		assert.Equal(t, path, o.Findings[0].Path)
		assert.Equal(t, map[string]string{"shipped": "1", "quantity": "3"}, o.Findings[0].Params)
		_, err := w.eng.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.pass(time.Hour)
		require.Equal(t, mip.StatePendingReview, w.order(ref).State, "resending does not let it pass")
		require.Zero(t, w.supply.placed)
		_, err = w.eng.Override(t.Context(), ref, "ana", code, path, "the parcel came back")
		require.NoError(t, err)
		_, err = w.eng.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.sync()
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		assert.Equal(t, 1, w.supply.placed)
	})
	in(t, "what was let pass of one number does not let another pass", nil, func(t *testing.T, w *world) {
		ref := w.partly()
		_, err := w.eng.Override(t.Context(), ref, "ana", code, path, "the parcel came back")
		require.NoError(t, err)
		time.Sleep(time.Minute)
		w.change(ref, func(f *mip.Facts) { f.Lines[0].Shipped = 2 })
		w.sync()
		w.pass(time.Hour)
		assert.Equal(t, []string{code}, mip.Codes(w.order(ref).Holding()))
		assert.Zero(t, w.supply.placed)
	})
	in(t, "edits of the lines keep it", nil, func(t *testing.T, w *world) {
		ref := w.partly()
		time.Sleep(time.Minute)
		w.change(ref, func(f *mip.Facts) { f.Lines[0].Quantity, f.Lines[1].Title = 4, "another" })
		w.sync()
		w.pass(time.Hour)
		assert.Equal(t, []string{code}, mip.Codes(w.order(ref).Holding()))
		assert.Zero(t, w.supply.placed)
	})
	in(t, "a shipment that is taken back clears it", nil, func(t *testing.T, w *world) {
		ref := w.partly()
		time.Sleep(time.Minute)
		w.change(ref, func(f *mip.Facts) { f.Lines[0].Shipped = 0 })
		w.sync()
		w.pass(time.Hour)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
	})
	in(t, "our own shipments never raise it, also when the rest is bought again", nil, func(t *testing.T, w *world) {
		ref := w.buy("1", 2)
		w.supply.partial = true
		w.sync()
		require.Contains(t, mip.Codes(w.order(ref).Holding()), mip.CodePartial)
		w.supply.ship("OURS")
		w.pass(time.Hour)
		require.NotEmpty(t, w.shop.heard)
		w.change(ref, func(f *mip.Facts) { f.Lines[0].Shipped, f.Lines[1].Shipped = 2, 1 })
		w.sync()
		require.NotContains(t, mip.Codes(w.order(ref).Findings), mip.CodeChangedAfter)
		w.supply.partial = false
		_, err := w.eng.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.pass(time.Hour)
		assert.Equal(t, 2, w.supply.placed)
		assert.NotContains(t, mip.Codes(w.order(ref).Findings), code)
	})
}
