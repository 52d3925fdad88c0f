package engine_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

// Found by simulation: bought by hand from two warehouses, undone, sent again.
func TestASiblingUnderAPersonsReferenceIsNotBoughtAgain(t *testing.T) {
	in(t, "an attempt of which a part was found elsewhere is not proven to have bought nothing", nil, func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := w.buy("1", 2)
		w.sync()
		_, err := w.eng.MarkManuallySent(t.Context(), ref, "ana", "phone-1")
		require.NoError(t, err)
		_, err = w.eng.UndoManual(t.Context(), ref, "ana")
		require.NoError(t, err)
		for i, sku := range []string{"S0000001", "S0000002"} {
			w.supply.orders = append(w.supply.orders, mip.Placement{ID: string(rune('1' + i)), Reference: "phone-1",
				Items: []mip.Item{{SKU: sku, Quantity: 2}}, Status: mip.PlacementInProcess})
		}
		w.supply.slim, w.supply.refusals = true, nil
		for range 2 {
			_, err = w.eng.Resend(t.Context(), ref, "ana")
			require.NoError(t, err)
			w.pass(5 * time.Hour)
		}
		assert.Zero(t, w.supply.placed)
		assert.Equal(t, []string{mip.CodeOutcomeUnknown}, mip.Codes(w.order(ref).Holding()))
	})
}
