package shopify_test

import (
	"context"
	"fmt"

	"github.com/openmip/openmip/channels/shopify"
	"github.com/openmip/openmip/channels/shopify/shopifytest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// An order is read, and its parcel told back.
func Example() {
	ctx := context.Background()
	shop := shopifytest.New(shopifytest.Config{})
	channel, err := shopify.New(shopify.Config{
		Name: "shop", URL: shop.URL(), ClientID: shopifytest.DefaultClientID, ClientSecret: rest.NewSecret(shopifytest.DefaultSecret),
		Transport: shop.Transport(), // leave it out for a real shop
	})
	if err != nil {
		panic(err)
	}
	shop.Buy(shopifytest.Order{})
	var orders []mip.Facts
	for page, err := range channel.Orders(ctx, "") {
		if err != nil {
			panic(err)
		}
		orders = append(orders, page.Orders...)
	}
	for _, f := range orders {
		fmt.Println(f.Number, f.Demand, f.Total)
		box := mip.Parcel{ID: "1", Carrier: "seur", Number: "T1"}
		if err := channel.Report(ctx, f.Ref, mip.Status{State: mip.StateShipped, Parcels: []mip.Parcel{box}}); err != nil {
			panic(err)
		}
	}
	o, _ := shop.Order(shop.IDs()[0])
	fmt.Println(o.Shipments[0].Tracks[0].URL)
	// Output:
	// #1001 ship 10.00 EUR
	// https://www.seur.com/track/T1
}
