package paypal_test

import (
	"context"
	"fmt"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
	"github.com/openmip/openmip/paypal"
)

// PayPal behind a wallet: at most €80 an order and €200 a day.
func ExampleChargedBySupplier() {
	p, err := paypal.ChargedBySupplier(paypal.Config{
		Ledger:      memstore.New(),
		MaxPerOrder: mip.EUR(80_00),
		MaxPerDay:   mip.EUR(200_00),
	})
	if err != nil {
		panic(err)
	}
	order := mip.Reservation{Key: "shop-1001--a1", Amount: mip.EUR(50_00)}
	fmt.Println(p.Reserve(context.Background(), order), p.Fee(order.Amount))

	order = mip.Reservation{Key: "shop-1002--a1", Amount: mip.EUR(90_00)}
	fmt.Println(p.Reserve(context.Background(), order))
	// Output:
	// <nil> 0.80 EUR
	// paypal: reserve: not enough money (payment.limit_exceeded): 90.00 EUR is more than 80.00 EUR an order
}
