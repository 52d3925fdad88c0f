//go:build unix

package killtest_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/channels/woocommerce"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/rest"
	"github.com/openmip/openmip/mip/sqlite"
	"github.com/openmip/openmip/wallet"
)

// TestMain lets the test binary be the program that is killed.
func TestMain(m *testing.M) {
	if os.Getenv("KILLTEST_FILE") == "" {
		os.Exit(m.Run())
	}
	if err := program(); err != nil {
		fmt.Fprintln(os.Stderr, "program:", err)
		os.Exit(1)
	}
}

// program works until it is killed, or, if it is told how many orders there
// are, until all of them are at rest.
func program() error {
	store, err := sqlite.Open(sqlite.Config{Path: os.Getenv("KILLTEST_FILE")})
	if err != nil {
		return err
	}
	defer store.Close()
	eng, err := join(store, os.Getenv("KILLTEST_SHOP"), os.Getenv("KILLTEST_BIGBUY"), slog.New(slog.NewTextHandler(os.Stderr, nil)))
	if err != nil {
		return err
	}
	all, _ := strconv.Atoi(os.Getenv("KILLTEST_ALL")) // not set: without end
	ctx, stop := context.WithCancel(context.Background())
	stopped := make(chan error, 1)
	go func() { stopped <- eng.Run(ctx) }()
	fmt.Println("ready")
	err = operate(ctx, eng, store, all)
	stop()
	<-stopped
	return err
}

// join is what an embedder writes. Only the patience is smaller than usual.
func join(store *sqlite.Store, shopURL, bigbuyURL string, logger *slog.Logger) (*engine.Engine, error) {
	shop, err := woocommerce.New(woocommerce.Config{Name: "shop", URL: shopURL,
		Key: rest.NewSecret(wootest.DefaultKey), Secret: rest.NewSecret(wootest.DefaultSecret)})
	if err != nil {
		return nil, err
	}
	supplier, err := bigbuy.New(bigbuy.Config{Key: rest.NewSecret(bigbuytest.Token), BaseURL: bigbuyURL,
		Limiter: rest.NewBudgets(nil), Retry: mip.Backoff{First: 10 * time.Millisecond, Max: 50 * time.Millisecond, Tries: 3}})
	if err != nil {
		return nil, err
	}
	purse, err := wallet.New(wallet.Config{Balance: supplier, Ledger: store, Cache: 50 * time.Millisecond})
	if err != nil {
		return nil, err
	}
	return engine.New(engine.Config{
		Channels: []mip.Channel{shop},
		Supplier: supplier,
		Payments: []mip.Payment{purse},
		Store:    store,
		Every:    100 * time.Millisecond,
		Logger:   logger,
		Timing: engine.Timing{
			Call: 800 * time.Millisecond, Grace: 100 * time.Millisecond, AbsentAfter: absentAfter,
			Track: 200 * time.Millisecond, TrackingNumber: 300 * time.Millisecond, Purse: 100 * time.Millisecond,
			Retry: mip.Backoff{First: 30 * time.Millisecond, Max: 300 * time.Millisecond, Tries: 10_000, Age: time.Hour},
		},
	})
}

const person mip.Actor = "u1"

// operate is the person at the review desk, who dies with the program. It ends
// when all orders are at rest.
func operate(ctx context.Context, eng *engine.Engine, store *sqlite.Store, all int) error {
	for tick := time.NewTicker(40 * time.Millisecond); ; <-tick.C {
		orders, resting := 0, 0
		for o, err := range store.Orders(ctx, mip.Query{}) {
			if err != nil {
				return err
			}
			orders++
			if rests(o) {
				resting++
			}
			if o.State == mip.StatePendingReview {
				if err := attend(ctx, eng, o); err != nil {
					return err
				}
			}
		}
		if all > 0 && orders == all && resting == all {
			return nil
		}
	}
}

// attend does what a person can do about a held order: it takes the suggested
// address, and sends again what failed outside.
func attend(ctx context.Context, eng *engine.Engine, o mip.Order) error {
	if slices.ContainsFunc(o.Findings, func(f mip.Finding) bool { return f.Code == mip.CodeChecking }) {
		return nil // it is being looked at
	}
	resend := false
	for _, f := range o.Holding() {
		switch f.Code {
		case "address.too_long":
			if _, err := eng.EditAddress(ctx, o.Ref, person, o.ShipTo.With(f.Suggestion)); err != nil {
				return err
			}
			resend = true
		case mip.CodeTemporary, mip.CodeUnavailable, mip.CodePartial, "stock.out_of_stock":
			resend = true
		case mip.CodeInsufficientFunds: // the engine's own business
		default:
			return nil
		}
	}
	if !resend {
		return nil
	}
	_, err := eng.Resend(ctx, o.Ref, person)
	return err
}

// rests reports whether nothing will happen to an order any more, unless a
// person decides.
func rests(o mip.Order) bool {
	for _, a := range o.Attempts {
		if !a.InFlight() && !a.Settled && !a.SentAt.IsZero() {
			return false
		}
	}
	told := o.Status().State == "" || o.Status().Equal(o.Reported)
	switch o.State {
	case mip.StateDelivered:
		return told
	case mip.StatePendingReview:
		arriving := slices.ContainsFunc(o.Placements, func(p mip.Placement) bool { return p.Status != mip.PlacementDelivered })
		return told && !arriving && forPeople(o)
	}
	return false
}

// forPeople reports whether an order waits for something that only a person
// can settle.
func forPeople(o mip.Order) bool {
	return slices.ContainsFunc(o.Holding(), func(f mip.Finding) bool {
		return slices.Contains([]string{"product.inactive", mip.CodeOutcomeUnknown}, f.Code)
	})
}
