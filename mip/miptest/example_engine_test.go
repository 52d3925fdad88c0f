package miptest_test

import (
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/channels/channeltest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/miptest"
)

// A whole world in three lines: a shop, BigBuy, and an engine between them.
func ExampleEngine() {
	_ = func(t *testing.T) {
		shop, supplier := channeltest.NewShop("demo"), bigbuytest.New(bigbuytest.Config{}).Supplier(bigbuy.Config{})
		eng := miptest.Engine(t, supplier, shop)
		ref := shop.Buy(channeltest.Order(1))

		if err := eng.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
		if x, _ := eng.Explain(t.Context(), ref); x.Order.State != mip.StateSubmitted {
			t.Error("held for", mip.Codes(x.Why))
		}
	}
}

func TestAWholeWorldInThreeLines(t *testing.T) {
	shop, supplier := channeltest.NewShop("demo"), bigbuytest.New(bigbuytest.Config{}).Supplier(bigbuy.Config{})
	eng := miptest.Engine(t, supplier, shop)
	ref := shop.Buy(channeltest.Order(1))

	require.NoError(t, eng.Sync(t.Context()))
	x, err := eng.Explain(t.Context(), ref)
	require.NoError(t, err)
	assert.Equal(t, mip.StateSubmitted, x.Order.State, "held for %v", mip.Codes(x.Why))
}

// Order promises that any of some hundreds is bought without a person.
func TestEveryOrderOfTheTestShopIsBought(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := bigbuytest.New(bigbuytest.Config{Balance: mip.EUR(100_000_00)})
		shop := channeltest.NewShop("demo")
		eng := miptest.Engine(t, server.Supplier(bigbuy.Config{}), shop)
		var refs []mip.Ref
		for n := range 200 {
			refs = append(refs, shop.Buy(channeltest.Order(n)))
		}
		require.NoError(t, eng.Sync(t.Context()))
		for n, ref := range refs {
			x, err := eng.Explain(t.Context(), ref)
			require.NoError(t, err)
			assert.Equal(t, mip.StateSubmitted, x.Order.State, "order %d is held for %v", n, mip.Codes(x.Why))
			assert.Empty(t, x.Order.OpenItems(), "order %d", n)
		}
	})
}
