package wallet_test

import (
	"context"
	"fmt"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/wallet"
)

// Money is set aside before a purchase and settled with what it really cost.
func Example() {
	ctx := context.Background()
	bigbuy := &bank{amount: mip.EUR(100_00)} // in real life a *bigbuy.Supplier
	w, err := wallet.New(wallet.Config{Balance: bigbuy, Ledger: newLedger()})
	if err != nil {
		panic(err)
	}

	fmt.Println(w.Reserve(ctx, mip.Reservation{Key: "shop-1001--a1", Amount: mip.EUR(70_00)}))
	fmt.Println(w.Reserve(ctx, mip.Reservation{Key: "shop-1002--a1", Amount: mip.EUR(40_00)}))

	fmt.Println(w.Settle(ctx, "shop-1001--a1", mip.EUR(68_50)))
	rest, err := w.Available(ctx)
	fmt.Println(rest, err)
	// Output:
	// <nil>
	// wallet: reserve: not enough money (wallet.insufficient_funds): want 40.00 EUR of a balance of 100.00 EUR less what is reserved
	// <nil>
	// 31.50 EUR <nil>
}

// What nothing of ours explains is reported once.
func ExampleWallet_Reconcile() {
	ctx := context.Background()
	now := time.Date(2026, 5, 1, 8, 0, 0, 0, time.UTC)
	bigbuy := &bank{amount: mip.EUR(100_00)}
	w, err := wallet.New(wallet.Config{Balance: bigbuy, Ledger: newLedger(), Now: func() time.Time { return now }})
	if err != nil {
		panic(err)
	}
	_, _ = w.Reconcile(ctx) // the first reading has nothing to compare with

	bigbuy.set(mip.EUR(350_00)) // a bank transfer arrives
	now = now.Add(time.Hour)
	s, err := w.Reconcile(ctx)
	fmt.Println(s.Drift, s.Unexplained, err)
	// Output: credit 250.00 EUR <nil>
}
