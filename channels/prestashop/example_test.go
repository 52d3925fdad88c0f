package prestashop_test

import (
	"context"
	"fmt"

	"github.com/openmip/openmip/channels/prestashop"
	"github.com/openmip/openmip/channels/prestashop/prestatest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// A shop is read, and told that its order is on its way.
func Example() {
	ctx, shop := context.Background(), prestatest.New(prestatest.Config{})
	id := shop.Buy(prestatest.Order{Lines: []prestatest.Line{{Reference: "S0000042", Quantity: 2}}})

	channel, err := prestashop.New(prestashop.Config{Name: "shop", URL: shop.URL(), Key: rest.NewSecret(prestatest.DefaultKey),
		Transport: shop.Transport()}) // a real shop needs no Transport
	if err != nil {
		fmt.Println(err)
		return
	}
	var orders []mip.Facts
	for page, err := range channel.Orders(ctx, "") {
		if err != nil {
			fmt.Println(err)
			return
		}
		orders = append(orders, page.Orders...)
	}
	for _, o := range orders {
		fmt.Println(o.Ref, o.Demand, o.Lines[0].Quantity, "×", o.Lines[0].SKU, o.Total)
		err := channel.Report(ctx, o.Ref, mip.Status{State: mip.StateShipped, Parcels: []mip.Parcel{{ID: "1", Carrier: "DHL", Number: "JD0146"}}})
		fmt.Println(err)
	}
	st, _ := shop.State(id)
	fmt.Println(st.State == prestatest.Shipped, st.Slots[0].Tracking)
	// Output:
	// shop/1 ship 2 × S0000042 25.00 EUR
	// <nil>
	// true JD0146
}
