package woocommerce_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/woocommerce/wootest"
)

func TestMoreRefundsThanAreReadAreADefect(t *testing.T) {
	shop := wootest.New(wootest.Config{})
	channel := open(t, shop)
	id := shop.Buy(wootest.Order{})
	for n := range 100 {
		f, err := channel.Order(t.Context(), ref(id).ID)
		require.NoError(t, err)
		require.Empty(t, f.Defects, n)
		shop.RefundMoney(id, "0.01")
	}
	f, err := channel.Order(t.Context(), ref(id).ID)
	require.NoError(t, err)
	require.Len(t, f.Defects, 1)
	assert.Equal(t, "refunds", f.Defects[0].Path)
}

// Pieces were given back, nobody can tell of what: the order must not be bought
// as if nothing had been.
func TestARefundOfALineThatNobodyKnowsIsADefect(t *testing.T) {
	shop := wootest.New(wootest.Config{})
	id := shop.Buy(wootest.Order{})
	shop.Edit(id, func(o *wootest.Order) {
		o.Refunds = []wootest.Refund{
			{ID: 901, Created: o.Created, Amount: "1.00", Lines: []wootest.RefundLine{{ID: 911, LineID: 77_777}}},
			{ID: 902, Created: o.Created, Amount: "1.00", Lines: []wootest.RefundLine{{ID: 912, LineID: 77_777, Quantity: 1}}},
		}
	})
	f, err := open(t, shop).Order(t.Context(), text(id))
	require.NoError(t, err)
	assert.Zero(t, f.Lines[0].Cancelled)
	require.Len(t, f.Defects, 1, "a refund of no pieces at all takes none away")
	assert.Equal(t, "refunds[0].line_items[0]", f.Defects[0].Path, "the newest comes first")
	assert.Equal(t, "-1", f.Defects[0].Params["value"])
	assert.True(t, f.Defects[0].Blocks())
}
