package engine_test

import (
	"context"
	"os"
	"os/signal"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/channels/woocommerce"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/rest"
	"github.com/openmip/openmip/mip/sqlite"
	"github.com/openmip/openmip/wallet"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// One shop, one BigBuy account, one file: it runs until interrupted and
// continues where it was.
func Example() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	secret := func(name string) rest.Secret { return rest.NewSecret(os.Getenv(name)) }
	shop := must(woocommerce.New(woocommerce.Config{Name: "shop", URL: "https://shop.example", Key: secret("WOO_KEY"), Secret: secret("WOO_SECRET")}))
	supplier := must(bigbuy.New(bigbuy.Config{Key: secret("BIGBUY_KEY")}))
	store := must(sqlite.Open(sqlite.Config{Path: "orders.db"}))
	defer store.Close()
	purse := must(wallet.New(wallet.Config{Balance: supplier, Ledger: store}))
	eng := must(engine.New(engine.Config{Channels: []mip.Channel{shop}, Supplier: supplier, Payments: []mip.Payment{purse}, Store: store}))
	if err := eng.Run(ctx); err != nil {
		panic(err)
	}
}
