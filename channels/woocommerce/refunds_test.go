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
