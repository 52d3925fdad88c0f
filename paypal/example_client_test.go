package paypal_test

import (
	"context"
	"fmt"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
	"github.com/openmip/openmip/paypal"
)

// A person approves an order at PayPal, then it is captured. The key is that
// of the attempt, so that a program that starts again repeats the same calls.
func ExampleClient() {
	c, err := paypal.NewClient(paypal.ClientConfig{ClientID: "id", Secret: rest.NewSecret("secret"), Sandbox: true,
		Transport: inTurn(says(201, created), says(201, captured))}) // for this example only
	if err != nil {
		panic(err)
	}
	ctx, key := context.Background(), "shop-1001--a1"

	order, err := c.CreateOrder(ctx, paypal.NewRequestID(key, "create"), paypal.OrderRequest{
		Units:    []paypal.Unit{{Amount: mip.EUR(34_90), CustomID: "shop-1001", InvoiceID: "SUP-1001-1"}},
		Approval: &paypal.Approval{ReturnURL: "https://shop.example/return", CancelURL: "https://shop.example/cancel"},
	})
	fmt.Println(order.Status, order.ApproveURL, err)

	order, err = c.CaptureOrder(ctx, paypal.NewRequestID(key, "capture"), order.ID)
	switch paypal.ClassOf(err) {
	case "":
		fmt.Println("paid:", order.Captures()[0].Paid(), order.Captures()[0].Amount)
	case paypal.ClassPayer:
		fmt.Println("back to the approval link")
	case paypal.ClassRetry, paypal.ClassReread:
		fmt.Println("look before anything else")
	}
	// Output:
	// PAYER_ACTION_REQUIRED https://www.paypal.com/checkoutnow?token=5O190127TN364715T <nil>
	// paid: true 34.90 EUR
}
