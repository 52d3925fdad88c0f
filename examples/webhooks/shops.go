package main

import (
	"fmt"
	"net/http"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/channels"
	"github.com/openmip/openmip/channels/shopify"
	"github.com/openmip/openmip/channels/shopify/shopifytest"
	"github.com/openmip/openmip/channels/woocommerce"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// channel is what a shop that pushes has to be: read, told, and asked for one
// order by its id.
type channel interface {
	mip.Channel
	channels.Pushed
}

// shop is an imitation with the channel to it.
type shop struct {
	channel
	buy  func() (id string)
	news func() delivery // takes what is waiting to be pushed
}

// delivery sends once, and again if it is called again. It returns the status
// of each answer.
type delivery func() []int

// wooCommerce signs with the secret that its webhook was given.
func wooCommerce(name, address string) (shop, error) {
	const secret = "the shop's own words"
	fake := wootest.New(wootest.Config{})
	fake.Subscribe("order.created", address+"/webhooks/"+name, secret)
	ch, err := woocommerce.New(woocommerce.Config{Name: name, URL: fake.URL(), Key: rest.NewSecret(wootest.DefaultKey),
		Secret: rest.NewSecret(wootest.DefaultSecret), WebhookSecret: rest.NewSecret(secret), Transport: fake.Transport()})
	return shop{
		channel: ch,
		buy: func() string {
			return fmt.Sprint(fake.Buy(wootest.Order{Lines: []wootest.Line{{SKU: bigbuytest.SKULamp, Quantity: 1, Total: "40.00"}}}))
		},
		news: func() delivery {
			ds := fake.Deliveries()
			return func() []int { return fake.Deliver(http.DefaultTransport, ds...) }
		},
	}, err
}

// shopifyShop signs with the app's client secret; while that is changed, the
// one before counts as well.
func shopifyShop(name, address string) (shop, error) {
	fake := shopifytest.New(shopifytest.Config{})
	fake.Subscribe("orders/create", address+"/webhooks/"+name)
	ch, err := shopify.New(shopify.Config{Name: name, URL: fake.URL(), ClientID: shopifytest.DefaultClientID,
		ClientSecret: rest.NewSecret("shpss_the_next_one"), OldSecret: rest.NewSecret(shopifytest.DefaultSecret),
		Transport: fake.Transport()})
	fake.Rotate("shpss_the_next_one")
	return shop{
		channel: ch,
		buy: func() string {
			return fmt.Sprint(fake.Buy(shopifytest.Order{Email: fmt.Sprintf("buyer%d@example.org", len(fake.IDs())),
				Lines: []shopifytest.Line{{SKU: bigbuytest.SKULamp, Price: "40.00"}}}))
		},
		news: func() delivery {
			ds := fake.Deliveries()
			return func() []int { return fake.Deliver(http.DefaultTransport, ds...) }
		},
	}, err
}
