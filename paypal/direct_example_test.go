package paypal_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
	"github.com/openmip/openmip/mip/rest"
	"github.com/openmip/openmip/paypal"
	"github.com/openmip/openmip/paypal/paypaltest"
)

// A payment waits for a person's approval, and is taken once.
func ExampleDirect() {
	ctx := context.Background()
	bank := paypaltest.New(paypaltest.Config{}) // in real life PayPal
	client, err := paypal.NewClient(paypal.ClientConfig{
		ClientID: paypaltest.ClientID, Secret: rest.NewSecret(paypaltest.Secret), Transport: bank.Transport(),
	})
	if err != nil {
		panic(err)
	}
	p, err := paypal.Direct(paypal.DirectConfig{
		Client: client, Ledger: memstore.New(), // the engine's store
		Secret: rest.NewSecret("16 bytes or more"), ReturnURL: "https://shop.example/paid",
		MaxPerOrder: mip.EUR(200_00), MaxPerDay: mip.EUR(1000_00),
		Moved: nil, // eng.PaymentMoved
	})
	if err != nil {
		panic(err)
	}
	http.Handle("/paid", p.ReturnHandler(nil))

	r := mip.Reservation{Key: "shop-1001--a1", Ref: mip.Ref{Channel: "shop", ID: "1001"}, Amount: mip.EUR(34_90)}
	err = p.Reserve(ctx, r)
	waits, _ := errors.AsType[*mip.PendingPayment](err)
	fmt.Println(err)
	fmt.Println("there is a link to approve:", waits.URL != "")

	_ = bank.Approve(bank.Orders()[0].ID) // the payer
	fmt.Println(p.Reserve(ctx, r))
	fmt.Println(p.Settle(ctx, r.Key, mip.EUR(34_90)), bank.Paid(r.Key))
	// Output:
	// paypal: reserve shop/1001: accepted, verdict pending: the payment waits: approval
	// there is a link to approve: true
	// <nil>
	// <nil> 34.90 EUR
}
