package woocommerce_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels"
	"github.com/openmip/openmip/channels/woocommerce"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

var _ channels.Webhook = (*woocommerce.Shop)(nil)

func headers(pairs ...string) http.Header {
	h := http.Header{}
	for i := 0; i < len(pairs); i += 2 {
		h.Set("X-WC-Webhook-"+pairs[i], pairs[i+1])
	}
	return h
}

func TestWebhook(t *testing.T) {
	c := open(t, wootest.New(wootest.Config{}))
	sign := func(body string) string { return wootest.Sign([]byte(body), hookSecret) }
	for _, x := range []struct {
		name string
		h    http.Header
		body string
		refs []mip.Ref
		kind error
	}{
		{"an updated order", headers("Signature", sign(`{"id":7,"status":"x"}`), "Topic", "order.updated"), `{"id":7,"status":"x"}`, []mip.Ref{ref(7)}, nil},
		{"a deleted order", headers("Signature", sign(`{"id":7}`), "Topic", "order.deleted"), `{"id":7}`, []mip.Ref{ref(7)}, nil},
		{"without a topic the body counts", headers("Signature", sign(`{"id":7}`)), `{"id":7}`, []mip.Ref{ref(7)}, nil},
		{"the ping is not signed", http.Header{}, "webhook_id=12", nil, nil},
		{"a ping with more in it is none", http.Header{}, "webhook_id=12&id=7", nil, mip.ErrUnauthorized},
		{"a signed ping with a wrong signature", headers("Signature", "eA=="), "webhook_id=12", nil, mip.ErrUnauthorized},
		{"another topic", headers("Signature", sign(`{"id":7}`), "Topic", "product.updated"), `{"id":7}`, nil, nil},
		{"an order that is gone by the time of sending", headers("Signature", sign(`{"code":"woocommerce_rest_shop_order_invalid_id"}`), "Topic", "order.updated"),
			`{"code":"woocommerce_rest_shop_order_invalid_id"}`, nil, nil},
		{"an id that is none", headers("Signature", sign(`{"id":"../7"}`), "Topic", "order.updated"), `{"id":"../7"}`, nil, nil},
		{"a changed body", headers("Signature", sign(`{"id":7}`), "Topic", "order.updated"), `{"id":8}`, nil, mip.ErrUnauthorized},
		{"no base64", headers("Signature", "%%%", "Topic", "order.updated"), `{"id":7}`, nil, mip.ErrUnauthorized},
		{"nothing", http.Header{}, "", nil, mip.ErrUnauthorized},
	} {
		d, err := c.Webhook(x.h, []byte(x.body))
		if x.kind != nil {
			require.ErrorIs(t, err, x.kind, x.name)
			assert.Empty(t, d, x.name)
			continue
		}
		require.NoError(t, err, x.name)
		assert.Equal(t, x.refs, d.Refs, x.name)
		assert.NotEmpty(t, d.ID, x.name)
	}

	deaf := open(t, wootest.New(wootest.Config{}), func(c *woocommerce.Config) { c.WebhookSecret = rest.Secret{} })
	_, err := deaf.Webhook(headers("Signature", wootest.Sign([]byte(`{"id":7}`), ""), "Topic", "order.updated"), []byte(`{"id":7}`))
	require.ErrorIs(t, err, mip.ErrUnauthorized, "no secret is not the empty secret")
	_, err = deaf.Webhook(http.Header{}, []byte("webhook_id=1"))
	require.NoError(t, err)
}

// What the fake shop delivers, in any order and repeated, names the orders.
func TestDeliveries(t *testing.T) {
	shop := wootest.New(wootest.Config{})
	c := open(t, shop)
	shop.Subscribe("order.updated", "https://mip.test/hook", hookSecret)
	a, b := shop.Buy(wootest.Order{}), shop.Buy(wootest.Order{})
	shop.SetStatus(a, "on-hold")
	shop.SetStatus(b, "on-hold")
	shop.SetStatus(a, "processing")
	p := &platform{Server: shop}
	ids := map[string][]mip.Ref{}
	news := shop.Deliveries()
	slices.Reverse(news)
	for _, d := range append(news, news...) {
		h, body := p.capture(d)
		got, err := c.Webhook(h, body)
		require.NoError(t, err)
		ids[got.ID] = got.Refs
	}
	assert.Len(t, ids, 4, "three changes and the ping; repetitions have the same id")
}

func FuzzWebhook(f *testing.F) {
	f.Add("order.updated", "", []byte(`{"id":1}`), true)
	f.Add("", "x", []byte("webhook_id=1"), false)
	f.Add("order.deleted", "d", []byte(`{"id":"9"}`), true)
	shop, err := woocommerce.New(woocommerce.Config{Name: "shop", URL: "https://woo.test", Key: rest.NewSecret("k"), Secret: rest.NewSecret("s"), WebhookSecret: rest.NewSecret(hookSecret)})
	require.NoError(f, err)
	f.Fuzz(func(t *testing.T, topic, delivery string, body []byte, signed bool) {
		h := http.Header{"X-Wc-Webhook-Topic": {topic}, "X-Wc-Webhook-Delivery-Id": {delivery}}
		if signed {
			h.Set("X-WC-Webhook-Signature", wootest.Sign(body, hookSecret))
		}
		d, err := shop.Webhook(h, body)
		if !signed {
			require.Empty(t, d.Refs, "nothing unsigned names an order")
			return
		}
		require.NoError(t, err)
		for _, r := range d.Refs {
			require.NoError(t, r.Valid())
		}
	})
}
