// Command hello takes one order from a shop to a supplier, both in memory.
package main

import (
	"context"
	"fmt"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/channels/channeltest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/memstore"
	"github.com/openmip/openmip/wallet"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func main() {
	ctx, store, shop := context.Background(), memstore.New(), channeltest.NewShop("demo")
	supplier := bigbuytest.New(bigbuytest.Config{}).Supplier(bigbuy.Config{})
	purse := must(wallet.New(wallet.Config{Balance: supplier, Ledger: store}))
	eng := must(engine.New(engine.Config{Channels: []mip.Channel{shop}, Supplier: supplier,
		Payments: []mip.Payment{purse}, Store: store}))
	ref := shop.Buy(channeltest.Order(1))
	if err := eng.Sync(ctx); err != nil {
		panic(err)
	}
	x := must(eng.Explain(ctx, ref))
	fmt.Println(ref, "is", x.Order.State, "at BigBuy under the reference", x.Order.Attempts[0].Reference)
	fmt.Println("the shop was told that it is", x.Order.Reported.State)
}
