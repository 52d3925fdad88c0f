package postgres_test

import (
	"context"
	"log"
	"os"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/postgres"
	"github.com/openmip/openmip/mip/rest"
	"github.com/openmip/openmip/wallet"
)

// The same program in as many processes as wanted: they share the orders, the
// work, the money and BigBuy's limits.
func Example() {
	ctx := context.Background()
	cfg := postgres.Config{URL: os.Getenv("DATABASE_URL")}
	if err := postgres.Migrate(ctx, cfg); err != nil {
		log.Fatal(err)
	}
	store, err := postgres.Open(ctx, cfg)
	if err != nil {
		log.Fatal(err)
	}
	defer store.Close()
	supplier, err := bigbuy.New(bigbuy.Config{Key: rest.NewSecret(os.Getenv("BIGBUY_KEY")), Limiter: store.Limiter("bigbuy", bigbuy.Limits())})
	if err != nil {
		log.Fatal(err)
	}
	purse, err := wallet.New(wallet.Config{Balance: supplier, Ledger: store})
	if err != nil {
		log.Fatal(err)
	}
	eng, err := engine.New(engine.Config{Supplier: supplier, Payments: []mip.Payment{purse}, Store: store})
	if err != nil {
		log.Fatal(err)
	}
	if err := eng.Run(ctx); err != nil {
		log.Fatal(err)
	}
}
