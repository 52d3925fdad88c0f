package wallet_test

import (
	"context"
	"fmt"

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
