package wootest_test

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/woocommerce/wootest"
)

func TestFaults(t *testing.T) {
	in(t, wootest.Config{}, func(t *testing.T, r raw) {
		id := r.shop.Buy(wootest.Order{})
		for _, status := range []int{200, 403, 500} {
			r.shop.Fail(wootest.HTML(status))
			got := r.get(orderRoute(id))
			assert.Equal(t, status, got.status)
			assert.Contains(t, got.header.Get("Content-Type"), "text/html")
			assert.Contains(t, string(got.body), "<html")
		}
		for name, f := range map[string]wootest.Fault{"a BOM": wootest.BOM(), "a notice": wootest.Notice()} {
			r.shop.Fail(f)
			got := r.get(orderRoute(id))
			assert.Equal(t, 200, got.status, name)
			assert.False(t, json.Valid(got.body), "%s before the JSON", name)
			assert.Equal(t, byte('}'), got.body[len(got.body)-1], name)
		}
		r.shop.Fail(wootest.Throttle(429, "30"), wootest.Throttle(503, ""))
		got := r.get(orderRoute(id))
		assert.Equal(t, 429, got.status)
		assert.Equal(t, "30", got.header.Get("Retry-After"))
		assert.Equal(t, 503, r.get(orderRoute(id)).status)
		assert.Equal(t, 200, r.get(orderRoute(id)).status, "each fault counts once")
	})
}

func TestLostAnswers(t *testing.T) {
	in(t, wootest.Config{}, func(t *testing.T, r raw) {
		id := r.shop.Buy(wootest.Order{})
		complete := func(ctx context.Context) error {
			req := r.request("PUT", "https://woo.test/wp-json"+orderRoute(id), m{"status": "completed"})
			req.SetBasicAuth(wootest.DefaultKey, wootest.DefaultSecret)
			resp, err := r.shop.Transport().RoundTrip(req.WithContext(ctx))
			if err == nil {
				_ = resp.Body.Close()
			}
			return err
		}
		status := func() string { o, _ := r.shop.Order(id); return o.Status }
		for _, c := range []struct {
			name  string
			fault wootest.Fault
			done  bool
		}{
			{"lost before", wootest.LoseBefore(), false}, {"silent before", wootest.HangBefore(), false},
			{"lost after the write", wootest.LoseAfter(), true}, {"silent after the write", wootest.HangAfter(), true},
		} {
			r.shop.SetStatus(id, "processing")
			r.shop.FailOn("PUT", "/orders/", c.fault)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			err := complete(ctx)
			cancel()
			require.Error(t, err, c.name)
			assert.Equal(t, c.fault.Hang, errors.Is(err, context.DeadlineExceeded), c.name)
			assert.Equal(t, c.done, status() == "completed", c.name)
		}
		r.shop.SetStatus(id, "processing")
		r.shop.Fail(wootest.HTMLAfter(500))
		require.NoError(t, complete(t.Context()))
		assert.Equal(t, "completed", status(), "applied, and then an error page")
	})
}

func TestFaultHook(t *testing.T) {
	asked := 0
	c := wootest.Config{Fault: func(r *http.Request) wootest.Fault {
		asked++
		if r.Method == "POST" {
			return wootest.Throttle(503, "5")
		}
		return wootest.Fault{}
	}}
	in(t, c, func(t *testing.T, r raw) {
		assert.Equal(t, 200, r.get("/wc/v3/orders").status)
		assert.Equal(t, 503, r.do("POST", "/wc/v3/orders", m{}).status)
		assert.Equal(t, 2, asked)
		r.shop.FailOn("GET", "/statuses", wootest.HTML(500))
		assert.Equal(t, 200, r.get("/wc/v3/orders").status, "only the call named")
		assert.Equal(t, 500, r.get("/wc/v3/orders/statuses").status)
		assert.Equal(t, 503, r.do("POST", "/wc/v3/orders", m{}).status, "and what was there stays")
		r.shop.SetFault(nil)
		assert.Equal(t, 201, r.do("POST", "/wc/v3/orders", m{}).status)
		began := time.Now()
		r.shop.Fail(wootest.Slow(40 * time.Second))
		r.get("/wc/v3/orders")
		assert.Equal(t, 40*time.Second, time.Since(began))
	})
}
