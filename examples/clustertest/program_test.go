//go:build unix

package clustertest_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"strconv"
	"testing"
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

// TestMain lets the test binary be the program that is killed.
func TestMain(m *testing.M) {
	if os.Getenv("CLUSTERTEST_DATABASE") == "" {
		os.Exit(m.Run())
	}
	if err := program(); err != nil {
		fmt.Fprintln(os.Stderr, "program:", err)
		os.Exit(1)
	}
}

// program works until it is killed. It waits for a database that is away.
func program() error {
	ctx := context.Background()
	logger := slog.New(slog.NewTextHandler(os.Stderr, nil))
	hurry, err := strconv.Atoi(os.Getenv("CLUSTERTEST_HURRY"))
	if err != nil {
		return err
	}
	for {
		store, err := postgres.Open(ctx, postgres.Config{URL: os.Getenv("CLUSTERTEST_DATABASE")})
		if err != nil {
			time.Sleep(100 * time.Millisecond)
			continue
		}
		eng, err := join(store, os.Getenv("CLUSTERTEST_SHOP"), os.Getenv("CLUSTERTEST_BIGBUY"), hurry, logger)
		if err != nil {
			return err
		}
		return eng.Run(ctx)
	}
}

// join is what an embedder writes. Only the patience is smaller than usual,
// and BigBuy's windows shorter.
func join(store *postgres.Store, shopURL, bigbuyURL string, hurry int, logger *slog.Logger) (*engine.Engine, error) {
	shop, err := woocommerce.New(woocommerce.Config{Name: "shop", URL: shopURL,
		Key: rest.NewSecret(wootest.DefaultKey), Secret: rest.NewSecret(wootest.DefaultSecret)})
	if err != nil {
		return nil, err
	}
	plan := bigbuy.Limits()
	for name, budget := range plan {
		budget.Per /= time.Duration(hurry)
		budget.Margin = margin
		plan[name] = budget
	}
	supplier, err := bigbuy.New(bigbuy.Config{Key: rest.NewSecret(bigbuytest.Token), BaseURL: bigbuyURL,
		Limiter: store.Limiter("bigbuy", plan), Retry: mip.Backoff{First: 10 * time.Millisecond, Max: 50 * time.Millisecond, Tries: 3}})
	if err != nil {
		return nil, err
	}
	purse, err := wallet.New(wallet.Config{Balance: supplier, Ledger: store, Cache: 300 * time.Millisecond})
	if err != nil {
		return nil, err
	}
	return engine.New(engine.Config{
		Channels: []mip.Channel{shop},
		Supplier: supplier,
		Payments: []mip.Payment{purse},
		Store:    store,
		Every:    time.Second,
		Logger:   logger,
		Timing: engine.Timing{
			Call: call, Lease: lease, Grace: 200 * time.Millisecond, AbsentAfter: lease,
			Track: 800 * time.Millisecond, TrackingNumber: 500 * time.Millisecond, Purse: 500 * time.Millisecond,
			Retry: mip.Backoff{First: 50 * time.Millisecond, Max: 500 * time.Millisecond, Tries: 10_000, Age: time.Hour},
		},
	})
}

const (
	call   = 2 * time.Second
	lease  = 2 * call
	second = time.Second            // the window of all calls made here
	margin = 200 * time.Millisecond // a busy machine delivers calls unevenly
)
