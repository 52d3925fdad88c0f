package newchannel_test

import (
	"context"
	"fmt"

	"github.com/openmip/openmip/channels/channeltest"
	"github.com/openmip/openmip/examples/newchannel"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// One order comes in, and its buyer learns where the parcel is.
func ExampleShop() {
	platform := channeltest.NewShop("demo")
	platform.Buy(channeltest.Order(3))

	ctx := context.Background()
	shop, err := newchannel.New(newchannel.Config{Name: "demo", Key: rest.NewSecret("the-right-key"),
		API: rest.Config{BaseURL: "https://shop.test", Transport: channeltest.Serve(wire(platform))}})
	if err != nil {
		fmt.Println(err)
		return
	}
	for page, err := range shop.Orders(ctx, "") {
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, o := range page.Orders {
			fmt.Println(o.Ref, o.Demand, o.Total)
			box := mip.Parcel{ID: "1", Carrier: "DHL", Number: "TRK1"}
			if err := shop.Report(ctx, o.Ref, mip.Status{State: mip.StateShipped, Parcels: []mip.Parcel{box}}); err != nil {
				fmt.Println(err)
			}
			fmt.Println(platform.Shown(o.Ref.ID).State, platform.Shown(o.Ref.ID).Parcels[0].Number)
		}
	}
	// Output:
	// demo/1001 ship 56.01 EUR
	// shipped TRK1
}
