package channeltest_test

import (
	"context"
	"fmt"
	"net/http"

	"github.com/openmip/openmip/channels/channeltest"
	"github.com/openmip/openmip/mip"
)

// A whole sales channel in memory: a customer buys, changes their mind about
// one piece, and is told the tracking number.
func ExampleShop() {
	ctx := context.Background()
	shop := channeltest.NewShop("demo")
	ref := shop.Buy(channeltest.Order(5))
	shop.Refund(ref, 0, 1)

	for page, err := range shop.Orders(ctx, "") {
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, o := range page.Orders {
			fmt.Println(o.Ref, o.Number, o.Total, "to", o.ShipTo.Country)
			for _, l := range o.Lines {
				fmt.Println(l.SKU, "wanted", l.Wanted(), "of", l.Quantity)
			}
		}
	}
	box := mip.Parcel{ID: "1", Carrier: "DHL", Number: "TRK1"}
	if err := shop.Report(ctx, ref, mip.Status{State: mip.StateShipped, Parcels: []mip.Parcel{box}}); err != nil {
		fmt.Println(err)
		return
	}
	told := shop.Reported(ref)
	fmt.Println(told.State, told.Parcels[0].Number)
	// Output:
	// demo/1001 #1001 209.40 EUR to PT
	// S0000002 wanted 2 of 3
	// S0000004 wanted 1 of 1
	// S0000005 wanted 2 of 2
	// shipped TRK1
}

// The shop carries the report out, and its answer is lost on the way.
func ExampleShop_Lose() {
	ctx := context.Background()
	shop := channeltest.NewShop("demo")
	ref := shop.Buy(channeltest.Order(1))
	shop.Lose(1)

	news := mip.Status{State: mip.StateShipped}
	fmt.Println(shop.Report(ctx, ref, news))
	fmt.Println(shop.Reported(ref).State)
	fmt.Println(shop.Report(ctx, ref, news)) // settles it
	// Output:
	// shop: report demo/1001: outcome unknown
	// shipped
	// <nil>
}

// A server on a network without sockets, broken on demand.
func ExampleServe() {
	net := channeltest.Serve(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintln(w, "over https:", r.TLS != nil)
	}))
	net.Fail(channeltest.Answers(503)...)
	for range 2 {
		res, err := net.Client().Get("https://shop.test/orders")
		if err != nil {
			fmt.Println(err)
			return
		}
		_ = res.Body.Close()
		fmt.Println(res.Status)
	}
	// Output:
	// 503 Service Unavailable
	// 200 OK
}
