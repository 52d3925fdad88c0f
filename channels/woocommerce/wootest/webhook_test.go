package wootest_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"io"
	"net/http"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/woocommerce/wootest"
)

func jsonNumber(v any) string { return strconv.FormatInt(int64(v.(float64)), 10) }

// inbox is a receiver that keeps what it got and answers with a status.
type inbox struct {
	status int
	got    []*http.Request
	bodies [][]byte
}

func (in *inbox) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	b, _ := io.ReadAll(r.Body)
	in.got, in.bodies = append(in.got, r), append(in.bodies, b)
	w.WriteHeader(in.status)
}

func TestWebhooks(t *testing.T) {
	in(t, wootest.Config{}, func(t *testing.T, r raw) {
		made := r.do("POST", "/wc/v3/webhooks", m{"name": "x", "topic": "order.updated", "delivery_url": "https://mip.test/hook", "secret": "s3cret"})
		require.Equal(t, 201, made.status)
		assert.NotContains(t, string(made.body), "s3cret")
		hook := int64(made.object(t)["id"].(float64))
		r.shop.Subscribe("order.deleted", "https://mip.test/hook", "s3cret")
		box := &inbox{status: 200}
		target := wootest.Handler(box)

		pings := r.shop.Deliveries()
		require.Len(t, pings, 2)
		assert.Equal(t, []int{200, 200}, r.shop.Deliver(target, pings...))
		assert.Equal(t, "webhook_id="+strconv.FormatInt(hook, 10), string(box.bodies[0]), "first comes an unsigned ping as a form")
		assert.Equal(t, "application/x-www-form-urlencoded", box.got[0].Header.Get("Content-Type"))
		assert.Empty(t, box.got[0].Header.Get("X-WC-Webhook-Signature"))

		id := r.shop.Buy(wootest.Order{})
		r.shop.SetStatus(id, "on-hold")
		r.shop.SetStatus(id, "processing")
		news := r.shop.Deliveries()
		require.Len(t, news, 2, "only the topic subscribed to")
		assert.NotEqual(t, news[0].ID, news[1].ID)
		slices.Reverse(news)
		r.shop.Deliver(target, append(news, news[0])...) // reordered and repeated; losing is leaving out
		last := box.got[len(box.got)-1]
		mac := hmac.New(sha256.New, []byte("s3cret"))
		mac.Write(box.bodies[len(box.bodies)-1])
		assert.Equal(t, base64.StdEncoding.EncodeToString(mac.Sum(nil)), last.Header.Get("X-WC-Webhook-Signature"))
		assert.Equal(t, news[0].ID, last.Header.Get("X-WC-Webhook-Delivery-ID"), "a repetition has the same id")
		assert.Equal(t, "order.updated", last.Header.Get("X-WC-Webhook-Topic"))
		assert.Contains(t, string(box.bodies[len(box.bodies)-1]), `"status":"processing"`)

		r.shop.Delete(id)
		r.shop.Deliver(target, r.shop.Deliveries()...)
		assert.JSONEq(t, `{"id":`+strconv.FormatInt(id, 10)+`}`, string(box.bodies[len(box.bodies)-1]), "a deletion tells only the id")
	})
}

func TestWebhookDisablesItself(t *testing.T) {
	in(t, wootest.Config{}, func(t *testing.T, r raw) {
		hook := r.shop.Subscribe("order.created", "https://mip.test/hook", "s")
		box := &inbox{status: 302}
		r.shop.Deliver(wootest.Handler(box), r.shop.Deliveries()...)
		send := func(status int) int {
			box.status = status
			r.shop.Buy(wootest.Order{})
			return r.shop.Deliver(wootest.Handler(box), r.shop.Deliveries()...)[0]
		}
		for range 5 {
			assert.Equal(t, 500, send(500))
		}
		assert.Equal(t, 302, send(302), "302 is a success and begins anew")
		for range 6 {
			assert.Equal(t, 404, send(404))
		}
		h, _ := r.shop.Webhook(hook)
		assert.Equal(t, "disabled", h.Status, "after more than five failures in a row")
		n := len(box.got)
		r.shop.Buy(wootest.Order{})
		assert.Empty(t, r.shop.Deliveries())
		assert.Len(t, box.got, n)
		assert.Equal(t, 200, r.do("PUT", "/wc/v3/webhooks/"+strconv.FormatInt(hook, 10), m{"status": "active"}).status)
		assert.Equal(t, 200, send(200))
		assert.Equal(t, 200, r.do("DELETE", "/wc/v3/webhooks/"+strconv.FormatInt(hook, 10), nil).status)
		assert.Empty(t, r.get("/wc/v3/webhooks").list(t))
	})
}
