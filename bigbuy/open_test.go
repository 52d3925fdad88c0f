package bigbuy_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
)

func TestOpen(t *testing.T) {
	server := bigbuytest.New(bigbuytest.Config{})
	to := mip.Address{FirstName: "Ana", LastName: "Prueba", Line1: "Calle Falsa 1", City: "Valencia", Postcode: "46005", Country: "ES", Phone: "600123123", Email: "ana@example.test"}
	made, err := server.PlaceByHand("shop-1", to, mip.Item{SKU: bigbuytest.SKULamp, Quantity: 2})
	require.NoError(t, err)
	supplier := server.Supplier(bigbuy.Config{})

	p, err := supplier.Open(t.Context(), made[0].ID)
	require.NoError(t, err)
	assert.Equal(t, made[0].ID, p.ID)
	assert.Equal(t, "shop-1", p.Reference)
	assert.Equal(t, []mip.Item{{SKU: bigbuytest.SKULamp, Quantity: 2}}, p.Items)
	assert.True(t, p.Cost.Equal(made[0].Total))

	for _, none := range []string{"", "1", "../user/purse", "15000001.json", "abc"} {
		_, err := supplier.Open(t.Context(), none)
		require.ErrorIs(t, err, mip.ErrNotFound, none)
	}
}
