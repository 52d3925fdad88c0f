package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/channels/woocommerce"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/postgres"
	"github.com/openmip/openmip/mip/rest"
	"github.com/openmip/openmip/wallet"
)

// migrate prepares the database: once per release, before the workers start.
func migrate(ctx context.Context, database string) error {
	return postgres.Migrate(ctx, postgres.Config{URL: database})
}

// work is a worker: what every embedder writes, and the same as with SQLite but
// for the first line and the limiter. It ends in good order with ctx.
func work(ctx context.Context, database, name string) error {
	store, err := postgres.Open(ctx, postgres.Config{URL: database})
	if err != nil {
		return err
	}
	defer store.Close()
	shop, err := woocommerce.New(woocommerce.Config{Name: "demo", URL: os.Getenv("SHOP_URL"),
		Key: rest.NewSecret(wootest.DefaultKey), Secret: rest.NewSecret(wootest.DefaultSecret)})
	if err != nil {
		return err
	}
	supplier, err := bigbuy.New(bigbuy.Config{Key: rest.NewSecret(bigbuytest.Token), BaseURL: os.Getenv("BIGBUY_URL"),
		Limiter: store.Limiter("bigbuy", limits())}) // one budget for all workers
	if err != nil {
		return err
	}
	purse, err := wallet.New(wallet.Config{Balance: supplier, Ledger: store})
	if err != nil {
		return err
	}
	eng, err := engine.New(engine.Config{
		Channels: []mip.Channel{shop}, Supplier: supplier, Payments: []mip.Payment{purse}, Store: store,
		Every: time.Second, Timing: soon(),
		Hooks: engine.Hooks{
			Transition: func(_ context.Context, ref mip.Ref, c mip.Change) { fmt.Printf("%-4s %s is %s\n", name, ref, c.To) },
			Failure:    func(_ context.Context, ref mip.Ref, err error) { fmt.Printf("%-4s %s: %v\n", name, ref, err) },
		},
	})
	if err != nil {
		return err
	}
	return eng.Run(ctx)
}

// soon is a patience for onlookers. A real worker needs none of it: the
// engine's own is right for BigBuy.
func soon() engine.Timing {
	return engine.Timing{Call: 2 * time.Second, Lease: 4 * time.Second, Grace: time.Second, AbsentAfter: 4 * time.Second,
		Track: 2 * time.Second, Retry: mip.Backoff{First: 200 * time.Millisecond, Max: 2 * time.Second}}
}

// limits are BigBuy's, in windows of a tenth of their length.
func limits() map[string]rest.Budget {
	plan := bigbuy.Limits()
	for name, b := range plan {
		b.Per, b.Margin = b.Per/hurry, 100*time.Millisecond
		plan[name] = b
	}
	return plan
}
