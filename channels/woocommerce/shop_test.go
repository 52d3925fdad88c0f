package woocommerce_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/woocommerce"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

func TestConfig(t *testing.T) {
	good := func() woocommerce.Config {
		return woocommerce.Config{Name: "shop", URL: "https://woo.test/", Key: rest.NewSecret("ck_canary"), Secret: rest.NewSecret("cs_canary")}
	}
	_, err := woocommerce.New(good())
	require.NoError(t, err)
	for name, spoil := range map[string]func(*woocommerce.Config){
		"no name":              func(c *woocommerce.Config) { c.Name = "" },
		"a name in capitals":   func(c *woocommerce.Config) { c.Name = "Shop" },
		"no address":           func(c *woocommerce.Config) { c.URL = "" },
		"no web address":       func(c *woocommerce.Config) { c.URL = "woo.test" },
		"a query":              func(c *woocommerce.Config) { c.URL = "https://woo.test/?x=1" },
		"no key":               func(c *woocommerce.Config) { c.Key = rest.Secret{} },
		"no secret":            func(c *woocommerce.Config) { c.Secret = rest.Secret{} },
		"an unknown demand":    func(c *woocommerce.Config) { c.Statuses = map[string]mip.Demand{"x": "buy"} },
		"an unknown tracking":  func(c *woocommerce.Config) { c.Tracking = "pigeon" },
		"a negative look back": func(c *woocommerce.Config) { c.LookBack = -time.Hour },
		"too many in parallel": func(c *woocommerce.Config) { c.Parallel = 100 },
	} {
		c := good()
		spoil(&c)
		_, err := woocommerce.New(c)
		require.ErrorIs(t, err, mip.ErrInvalid, name)
		assert.NotContains(t, err.Error(), "canary", name)
	}
}

// Every way of authentication that shops offer, against a shop that checks.
func TestAuthentication(t *testing.T) {
	for _, c := range []struct {
		name string
		shop wootest.Config
		with func(*woocommerce.Config)
		kind error
	}{
		{"basic over HTTPS", wootest.Config{}, nil, nil},
		{"in the query, where hosts strip the header", wootest.Config{}, func(c *woocommerce.Config) { c.KeyInQuery = true }, nil},
		{"OAuth over plain HTTP", wootest.Config{URL: "http://woo.test"}, nil, nil},
		{"OAuth in a folder with a port", wootest.Config{URL: "http://woo.test:8080/tienda/ñ"}, nil, nil},
		{"OAuth without pretty permalinks", wootest.Config{URL: "http://woo.test", PlainPermalinks: true}, func(c *woocommerce.Config) { c.PlainPermalinks = true }, nil},
		{"basic without pretty permalinks", wootest.Config{PlainPermalinks: true}, func(c *woocommerce.Config) { c.PlainPermalinks = true }, nil},
		{"a proxy that hides TLS", wootest.Config{HidesTLS: true}, nil, mip.ErrUnauthorized},
		{"an unknown key", wootest.Config{}, func(c *woocommerce.Config) { c.Key = rest.NewSecret("ck_x") }, mip.ErrUnauthorized},
		{"a wrong secret over plain HTTP", wootest.Config{URL: "http://woo.test"}, func(c *woocommerce.Config) { c.Secret = rest.NewSecret("cs_x") }, mip.ErrUnauthorized},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				shop := wootest.New(c.shop)
				id := shop.Buy(wootest.Order{CustomerNote: "ñ & +%20 ~"})
				time.Sleep(time.Minute)
				with := c.with
				if with == nil {
					with = func(*woocommerce.Config) {}
				}
				channel := open(t, shop, with)
				_, _, err := read(t.Context(), channel, "")
				if c.kind != nil {
					require.ErrorIs(t, err, c.kind)
					return
				}
				require.NoError(t, err)
				require.NoError(t, channel.Report(t.Context(), ref(id), shipped(box("a", "N1"))))
				assert.Equal(t, "completed", status(shop, id))
			})
		})
	}
	t.Run("a read-only key cannot report", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			shop := wootest.New(wootest.Config{Keys: []wootest.Key{{Key: wootest.DefaultKey, Secret: wootest.DefaultSecret, Permission: wootest.Read}}})
			id := shop.Buy(wootest.Order{})
			require.ErrorIs(t, open(t, shop).Report(t.Context(), ref(id), shipped()), mip.ErrUnauthorized)
		})
	})
}

// A wrong clock makes the shop refuse signatures until it has told its own.
func TestSignaturesOfAWrongClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := wootest.New(wootest.Config{URL: "http://woo.test"})
		id := shop.Buy(wootest.Order{})
		c := open(t, shop, func(c *woocommerce.Config) { c.Transport = shifted{shop.Transport(), -20 * time.Minute} })
		require.NoError(t, c.Report(t.Context(), ref(id), shipped()))
		assert.Equal(t, "completed", status(shop, id))
	})
}

func TestFewRequestsAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := wootest.New(wootest.Config{})
		var now, most atomic.Int32
		c := open(t, shop, func(c *woocommerce.Config) {
			c.Parallel = 2
			c.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
				most.Store(max(most.Load(), now.Add(1)))
				defer now.Add(-1)
				time.Sleep(time.Second)
				return shop.Transport().RoundTrip(r)
			})
		})
		done := make(chan error)
		for range 20 {
			id := shop.Buy(wootest.Order{})
			go func() { done <- c.Report(t.Context(), ref(id), shipped(box("a", "N1"))) }()
		}
		for range 20 {
			require.NoError(t, <-done)
		}
		assert.EqualValues(t, 2, most.Load())
	})
}

// Over real sockets, as the examples run it: plain HTTP with signatures.
func TestLoopback(t *testing.T) {
	shop := wootest.New(wootest.Config{Tracking: wootest.Fulfillments})
	url, stop, err := shop.Listen()
	require.NoError(t, err)
	defer stop()
	id := shop.Buy(wootest.Order{Created: time.Now().Add(-time.Hour).Truncate(time.Second).UTC()})
	c := open(t, shop, func(c *woocommerce.Config) { c.URL, c.Transport = url, nil })
	got, next, err := read(t.Context(), c, "")
	require.NoError(t, err)
	require.NotEmpty(t, next)
	require.Contains(t, got, text(id))
	require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("a", "N1"))))
	o, _ := shop.Order(id)
	assert.Equal(t, "completed", o.Status)
	assert.Len(t, o.Fulfillments, 1)
}

// Reports on one order wait for each other, so that none is told twice.
func TestReportsOnOneOrder(t *testing.T) {
	for _, features := range []wootest.Tracking{0, wootest.ShipmentTracking, wootest.Fulfillments} {
		synctest.Test(t, func(t *testing.T) {
			shop := wootest.New(wootest.Config{Tracking: features})
			id := shop.Buy(wootest.Order{})
			c := open(t, shop)
			done := make(chan error)
			for range 8 {
				go func() { done <- c.Report(t.Context(), ref(id), shipped(box("a", "N1"))) }()
			}
			for range 8 {
				require.NoError(t, <-done)
			}
			shown := (&platform{Server: shop}).Shown(text(id))
			assert.Len(t, shown.Parcels, 1)
		})
	}
}

// Plugins keep pick-up points and tax numbers in fields of their own.
func TestExtend(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := wootest.New(wootest.Config{})
		id := shop.Buy(wootest.Order{Meta: []wootest.Meta{{Key: "_pickup_point", Value: "PS-17"}}})
		c := open(t, shop, func(c *woocommerce.Config) {
			c.Extend = func(order json.RawMessage, f *mip.Facts) {
				var o struct {
					Meta []struct {
						Key   string
						Value any
					} `json:"meta_data"`
				}
				if json.Unmarshal(order, &o) != nil {
					return
				}
				for _, m := range o.Meta {
					if m.Key == "_pickup_point" {
						f.PickupPoint = fmt.Sprint(m.Value)
					}
				}
			}
		})
		f, err := c.Order(t.Context(), text(id))
		require.NoError(t, err)
		assert.Equal(t, "PS-17", f.PickupPoint)
	})
}

// Read what customers bought, and tell the shop where the parcel is.
func Example() {
	demo := wootest.New(wootest.Config{}) // stands for a real shop
	demo.Buy(wootest.Order{Lines: []wootest.Line{{SKU: "S0000042", Quantity: 2}}, Created: time.Now().Add(-time.Hour).Truncate(time.Second).UTC()})

	shop, err := woocommerce.New(woocommerce.Config{
		Name: "shop", URL: demo.URL(),
		Key: rest.NewSecret(wootest.DefaultKey), Secret: rest.NewSecret(wootest.DefaultSecret),
		Transport: demo.Transport(), // tests and examples only
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	for page, err := range shop.Orders(ctx, "") {
		if err != nil {
			fmt.Println(err)
			return
		}
		for _, order := range page.Orders {
			fmt.Println(order.Ref, order.Demand, order.Lines[0].Quantity, order.Lines[0].SKU, order.Total)
			err := shop.Report(ctx, order.Ref, mip.Status{State: mip.StateShipped,
				Parcels: []mip.Parcel{{ID: "1", Carrier: "DHL", Number: "00340434161094000000"}}})
			fmt.Println("told:", err == nil)
		}
	}
	sold, _ := demo.Order(101)
	fmt.Println(sold.Status, "–", sold.Notes[0].Text)
	// Output:
	// shop/101 ship 2 S0000042 30.25 EUR
	// told: true
	// completed – Tracking: DHL - 00340434161094000000 - https://www.dhl.com/global-en/home/tracking.html?tracking-id=00340434161094000000
}

// A delivery is believed only if it is signed; then it names the order to read.
func ExampleShop_Webhook() {
	shop, err := woocommerce.New(woocommerce.Config{
		Name: "shop", URL: "https://shop.example", Key: rest.NewSecret("ck_key"), Secret: rest.NewSecret("cs_secret"),
		WebhookSecret: rest.NewSecret("the webhook's secret"),
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	body := []byte(`{"id":1001,"status":"processing"}`)
	header := http.Header{}
	header.Set("X-WC-Webhook-Topic", "order.updated")
	header.Set("X-WC-Webhook-Signature", wootest.Sign(body, "the webhook's secret"))
	delivery, err := shop.Webhook(header, body)
	fmt.Println(delivery.Topic, delivery.Refs, err)

	header.Set("X-WC-Webhook-Signature", wootest.Sign(body, "a guess"))
	_, err = shop.Webhook(header, body)
	fmt.Println(errors.Is(err, mip.ErrUnauthorized))
	// Output:
	// order.updated [shop/1001] <nil>
	// true
}
