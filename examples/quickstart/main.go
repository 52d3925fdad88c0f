// Command quickstart shows the whole story in a terminal: six orders from a
// WooCommerce shop to BigBuy and back, on servers of this process that listen
// on loopback and speak the real wire formats. No account is needed. It ends
// with status 0 only if every step was seen to happen.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/channels/woocommerce"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/rest"
	"github.com/openmip/openmip/mip/sqlite"
	"github.com/openmip/openmip/paypal"
	"github.com/openmip/openmip/wallet"
)

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, "quickstart:", err)
		os.Exit(1)
	}
}

func run() (err error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	outside, err := newOutside()
	if err != nil {
		return err
	}
	defer outside.close()
	folder, err := os.MkdirTemp("", "openmip")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	store, err := sqlite.Open(sqlite.Config{Path: filepath.Join(folder, "orders.db")})
	if err != nil {
		return err
	}
	defer store.Close()
	eng, err := wire(store, outside)
	if err != nil {
		return err
	}
	working, stop := context.WithCancel(ctx)
	stopped := make(chan error, 1)
	go func() { stopped <- eng.Run(working) }()
	err = (&story{ctx: ctx, eng: eng, store: store, outside: outside}).tell()
	stop()
	<-stopped
	return err
}

// wire is what an embedder writes: a shop, the supplier, two ways to pay, a
// store, and the engine that joins them. Only the timing is special: nobody
// wants to wait half an hour for a tracking number here.
func wire(store *sqlite.Store, o *outside) (*engine.Engine, error) {
	shop, err := woocommerce.New(woocommerce.Config{
		Name: "demo", URL: o.shopURL, Key: o.shopKey, Secret: o.shopSecret,
	})
	if err != nil {
		return nil, err
	}
	supplier, err := bigbuy.New(bigbuy.Config{Key: o.supplierKey, BaseURL: o.supplierURL, Limiter: rest.NewBudgets(nil)})
	if err != nil {
		return nil, err
	}
	purse, err := wallet.New(wallet.Config{Balance: supplier, Ledger: store, Cache: 200 * time.Millisecond})
	if err != nil {
		return nil, err
	}
	charge, err := paypal.ChargedBySupplier(paypal.Config{Ledger: store, MaxPerOrder: mip.EUR(200_00)})
	if err != nil {
		return nil, err
	}
	return engine.New(engine.Config{
		Channels: []mip.Channel{shop},
		Supplier: supplier,
		Payments: []mip.Payment{purse, charge},
		Store:    store,
		Every:    200 * time.Millisecond,
		Timing:   engine.Timing{Purse: 200 * time.Millisecond, Track: 200 * time.Millisecond, Link: 200 * time.Millisecond},
	})
}
