package main

import (
	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// outside is the world around the engine: a shop and BigBuy, each a real HTTP
// server on a port of its own.
type outside struct {
	shop        *wootest.Server
	shopURL     string
	shopKey     rest.Secret
	shopSecret  rest.Secret
	supplier    *bigbuytest.Server
	supplierURL string
	supplierKey rest.Secret
	stop        []func()
}

func newOutside() (*outside, error) {
	o := &outside{
		shop:       wootest.New(wootest.Config{Tracking: wootest.ShipmentTracking}),
		shopKey:    rest.NewSecret(wootest.DefaultKey),
		shopSecret: rest.NewSecret(wootest.DefaultSecret),
		// BigBuy allows one call a second for each of its endpoints; the story
		// would take half a minute, so the limit is off.
		supplier:    bigbuytest.New(bigbuytest.Config{Balance: mip.EUR(40_00), Switches: bigbuytest.Switches{NoLimits: true}}),
		supplierKey: rest.NewSecret(bigbuytest.Token),
	}
	url, stop, err := o.shop.Listen()
	if err != nil {
		return nil, err
	}
	o.shopURL, o.stop = url, append(o.stop, stop)
	url, halt, err := o.supplier.Listen("")
	if err != nil {
		o.close()
		return nil, err
	}
	o.supplierURL, o.stop = url, append(o.stop, func() { _ = halt() })
	return o, nil
}

func (o *outside) close() {
	for _, stop := range o.stop {
		stop()
	}
}

// ana is a customer with a good address.
func ana() wootest.Address {
	return wootest.Address{FirstName: "Ana", LastName: "Prueba", Address1: "Calle Falsa 1", City: "Valencia",
		Postcode: "46005", Country: "ES", Email: "ana@example.test", Phone: "600123123"}
}

// sell puts an order for one product into the shop, paid with total euros.
func (o *outside) sell(sku, title, total string, change func(*wootest.Address)) int64 {
	a := ana()
	if change != nil {
		change(&a)
	}
	return o.shop.Buy(wootest.Order{Billing: a, Shipping: a,
		Lines: []wootest.Line{{SKU: sku, Name: title, Quantity: 1, Total: total, TotalTax: "0.00"}}})
}
