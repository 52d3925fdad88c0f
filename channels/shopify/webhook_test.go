package shopify_test

import (
	"errors"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/shopify"
	"github.com/openmip/openmip/channels/shopify/shopifytest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

func TestDeliveriesNameTheirOrders(t *testing.T) {
	shop := world(t, shopifytest.Config{})
	channel := open(t, shop)
	topics := []string{"orders/create", "orders/paid", "orders/updated", "orders/cancelled", "orders/fulfilled", "orders/delete", "fulfillments/create",
		"orders/edited", "refunds/create",
		"fulfillment_orders/order_routing_complete"}
	for _, topic := range topics {
		shop.Subscribe(topic, "https://mip.test/hook")
	}
	a, b, c := shop.Buy(shopifytest.Order{}), shop.Buy(shopifytest.Order{}), shop.Buy(shopifytest.Order{})
	shop.Fulfil(a)
	shop.Cancel(b)
	shop.Refund(c, nil)
	shop.Edit(c, func(o *shopifytest.Order) { o.Note = "ring twice" })
	ds := shop.Deliveries()
	shop.Delete(c)
	seen := map[string]int{}
	for _, d := range append(ds, shop.Deliveries()...) {
		h, body := read(shop.Message(d))
		got, err := channel.Webhook(h, body)
		require.NoError(t, err, d.Topic)
		assert.Equal(t, d.Topic, got.Topic)
		seen[d.Topic]++
		if d.Topic == "fulfillment_orders/order_routing_complete" {
			assert.Empty(t, got.Refs, "it names no order")
			continue
		}
		assert.Equal(t, []mip.Ref{ref(d.Order)}, got.Refs, d.Topic)
	}
	for _, topic := range topics {
		assert.Positive(t, seen[topic], topic)
	}
}

func TestBothSecretsCountWhileTheyRotate(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := world(t, shopifytest.Config{})
		n := shop.Buy(shopifytest.Order{})
		message := func() (http.Header, []byte) {
			return read(shop.Message(shopifytest.Delivery{ID: "1", Topic: "orders/updated", Order: n}))
		}
		fresh := func(c *shopify.Config) { c.ClientSecret = rest.NewSecret("shpss_fresh") }
		both := open(t, shop, fresh, func(c *shopify.Config) { c.OldSecret = rest.NewSecret(shopifytest.DefaultSecret) })
		only := open(t, shop, fresh)
		shop.Rotate("shpss_fresh")
		h, body := message()
		_, err := both.Webhook(h, body)
		require.NoError(t, err, "signed with the old secret")
		_, err = only.Webhook(h, body)
		require.ErrorIs(t, err, mip.ErrUnauthorized)
		time.Sleep(2 * time.Hour)
		h, body = message()
		_, err = both.Webhook(h, body)
		require.NoError(t, err, "signed with the new one")
	})
}

func TestAnotherShopsDeliveryIsRefused(t *testing.T) {
	shop, other := world(t, shopifytest.Config{}), world(t, shopifytest.Config{URL: "https://other.myshopify.com"})
	n := other.Buy(shopifytest.Order{})
	h, body := read(other.Message(shopifytest.Delivery{ID: "1", Topic: "orders/updated", Order: n}))
	_, err := open(t, shop).Webhook(h, body)
	require.ErrorIs(t, err, mip.ErrInvalid)
	_, err = open(t, shop, func(c *shopify.Config) { c.ClientSecret = rest.Secret{} }).Webhook(h, body)
	require.ErrorIs(t, err, mip.ErrUnauthorized, "without a secret nothing is believed")
}

// receiver takes deliveries as a program does: it verifies them and fetches
// what they name.
func receiver(channel *shopify.Shop, ingest func(mip.Facts) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var d mip.Delivery
		if err == nil {
			d, err = channel.Webhook(r.Header, body)
		}
		for _, named := range d.Refs {
			var f mip.Facts
			if f, err = channel.Order(r.Context(), named.ID); err == nil {
				err = ingest(f)
			}
		}
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
		}
	})
}

func TestWhatIsPushedComesAgainUntilItIsTaken(t *testing.T) {
	shop := world(t, shopifytest.Config{})
	shop.Subscribe("orders/create", "https://mip.test/hook")
	var got []mip.Facts
	broken := true
	target := shopifytest.Handler(receiver(open(t, shop), func(f mip.Facts) error {
		if broken {
			return errors.New("the store is down")
		}
		got = append(got, f)
		return nil
	}))
	n := shop.Buy(shopifytest.Order{})
	assert.Equal(t, []int{500}, shop.Deliver(target, shop.Deliveries()...))
	broken = false
	assert.Equal(t, []int{200}, shop.Deliver(target, shop.Deliveries()...), "it is sent again")
	require.Len(t, got, 1)
	assert.Equal(t, ref(n), got[0].Ref)

	shop.Buy(shopifytest.Order{})
	broken = true
	for range 9 {
		shop.Deliver(target, shop.Deliveries()...)
	}
	assert.False(t, shop.Subscribed("orders/create"), "Shopify gives up")
}
