package miptest_test

import (
	"testing"

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

	if err := eng.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	x, err := eng.Explain(t.Context(), ref)
	if err != nil || x.Order.State != mip.StateSubmitted {
		t.Error("held for", mip.Codes(x.Why), err)
	}
}
