package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

// What an order meets on its way to an end, each found by simulation.
func TestEveryOrderComesToAnEnd(t *testing.T) {
	in(t, "a reference that the supplier knows and cannot show yet is looked up until it can", nil, func(t *testing.T, w *world) {
		w.supply.orders = []mip.Placement{{ID: "77", Reference: "shop-1", Items: []mip.Item{{SKU: "S0000001", Quantity: 2}}}}
		w.supply.hidden = 1
		ref := w.buy("1", 1)
		w.sync()
		require.Equal(t, mip.StateSubmitting, w.order(ref).State)
		w.pass(time.Hour)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		assert.Len(t, w.supply.orders, 1)
		assert.Empty(t, w.open("wallet"))
	})
	in(t, "whatever a person ever called the order by hand is looked up before it is bought", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := w.buy("1", 1)
		w.sync()
		for _, given := range []string{"phone-1", "phone-2", ""} {
			_, err := w.eng.MarkManuallySent(t.Context(), ref, "ana", given)
			require.NoError(t, err)
			_, err = w.eng.UndoManual(t.Context(), ref, "ana")
			require.NoError(t, err)
		}
		w.supply.orders = []mip.Placement{{ID: "77", Reference: "phone-1", Items: []mip.Item{{SKU: "S0000001", Quantity: 2}}}}
		w.supply.refusals = nil
		_, err := w.eng.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.pass(time.Hour)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		assert.Len(t, w.supply.orders, 1)
		assert.Zero(t, w.supply.placed)
	})
	in(t, "what exists with other content is named by the reference it has", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := w.buy("1", 1)
		w.sync()
		_, err := w.eng.MarkManuallySent(t.Context(), ref, "ana", "phone-1")
		require.NoError(t, err)
		_, err = w.eng.UndoManual(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.supply.orders = []mip.Placement{{ID: "77", Reference: "phone-1", Items: []mip.Item{{SKU: "S0000001", Quantity: 9}}}}
		w.supply.refusals = nil
		_, err = w.eng.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.sync()
		holding := w.order(ref).Holding()
		require.Equal(t, []string{mip.CodeAlreadyExists}, mip.Codes(holding))
		assert.Equal(t, "phone-1", holding[0].Params["reference"])
	})
	in(t, "an order marked as sent by hand is looked for even when all of it is given back", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := w.buy("1", 1)
		w.sync()
		_, err := w.eng.MarkManuallySent(t.Context(), ref, "ana", "")
		require.NoError(t, err)
		w.sync()
		time.Sleep(time.Minute)
		w.change(ref, func(f *mip.Facts) { f.Lines[0].Cancelled = f.Lines[0].Quantity })
		w.pass(time.Hour)
		w.supply.orders = []mip.Placement{{ID: "77", Reference: "shop-1", Status: mip.PlacementShipped}}
		w.pass(time.Hour)
		assert.Equal(t, mip.StateShipped, w.order(ref).State)
	})
}
