package magento_test

import (
	"context"
	"fmt"

	"github.com/openmip/openmip/channels/magento"
	"github.com/openmip/openmip/channels/magento/magentest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// One order comes in, and its buyer learns where the parcel is.
func ExampleShop() {
	fake := magentest.New(magentest.Config{})
	fake.Buy(magentest.Order{Invoiced: true})

	shop, err := magento.New(magento.Config{
		Name: "shop", URL: fake.URL(), Transport: fake.Transport(), // a real shop needs no Transport
		ConsumerKey: rest.NewSecret(magentest.DefaultConsumerKey), ConsumerSecret: rest.NewSecret(magentest.DefaultConsumerSecret),
		AccessToken: rest.NewSecret(magentest.DefaultToken), TokenSecret: rest.NewSecret(magentest.DefaultTokenSecret),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	var orders []mip.Facts
	for page, err := range shop.Orders(ctx, "") {
		if err != nil {
			fmt.Println(err)
			return
		}
		orders = append(orders, page.Orders...)
	}
	for _, o := range orders {
		fmt.Println(o.Ref, o.Number, o.Demand, o.Total)
		parcel := mip.Parcel{ID: "1", Carrier: "DHL", Number: "JD0001"}
		err := shop.Report(ctx, o.Ref, mip.Status{State: mip.StateShipped, Parcels: []mip.Parcel{parcel}})
		fmt.Println("told:", err)
	}
	order, _ := fake.Order(101)
	fmt.Println(order.State, order.Shipments[0].Tracks[0].Title, order.Shipments[0].Tracks[0].Number)
	// Output:
	// shop/101 000000101 ship 10.00 EUR
	// told: <nil>
	// complete DHL JD0001
}
