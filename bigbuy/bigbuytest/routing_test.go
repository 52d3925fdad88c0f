package bigbuytest_test

import (
	"net/http"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
)

func TestRouting(t *testing.T) {
	for _, c := range []struct {
		name, method, path string
		status             int
		body               string
	}{
		{"the suffix is optional: with", "GET", "user/purse.json", 200, `"10000.00"`},
		{"the suffix is optional: without", "GET", "user/purse", 200, `"10000.00"`},
		{"the credentials check is empty", "GET", "user/auth/status.json", 200, ``},
		{"an unknown route is 400", "GET", "user/moneybox.json", 400, `{"code":400,"message":"Bad request"}`},
		{"a wrong method is 400", "GET", "shipping/orders", 400, `{"code":400,"message":"Bad request"}`},
		{"invented routes are 400", "POST", "orders", 400, `{"code":400,"message":"Bad request"}`},
		{"a body that is no JSON is 400", "POST", "order/check", 400, `{"code":400,"message":"Bad request"}`},
		{"references are unescaped", "GET", "order/reference/a%2Fb%20c.json", 404,
			`{"code":404,"message":"No order found with refOrder: a\/b c"}`},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := send(t, world(bigbuytest.Switches{}).Client(), bigbuytest.URL, c.method, c.path, "")
			require.NoError(t, err)
			assert.Equal(t, c.status, a.status)
			assert.Equal(t, c.body, a.body)
			assert.Equal(t, "application/json", a.header.Get("Content-Type"))
		})
	}
}

func TestFirewall(t *testing.T) {
	call := func(t *testing.T, srv *bigbuytest.Server, method, key, contentType string) *http.Response {
		t.Helper()
		req, err := http.NewRequestWithContext(t.Context(), method, bigbuytest.URL+"/rest/order/check", nil)
		if method == http.MethodGet {
			req, err = http.NewRequestWithContext(t.Context(), method, bigbuytest.URL+"/rest/user/purse", nil)
		}
		require.NoError(t, err)
		req.Header.Set("Authorization", key)
		req.Header.Set("Content-Type", contentType)
		res, err := srv.Client().Do(req)
		require.NoError(t, err)
		require.NoError(t, res.Body.Close())
		return res
	}
	for _, key := range []string{"", "Bearer wrong", bigbuytest.Token} {
		t.Run("401 without limit headers for key "+strconv.Quote(key), func(t *testing.T) {
			srv := bigbuytest.New(bigbuytest.Config{})
			for range 3 {
				res := call(t, srv, http.MethodGet, key, "")
				assert.Equal(t, 401, res.StatusCode)
				assert.Empty(t, res.Header.Get("X-RateLimit-Limit"))
				assert.Empty(t, res.Header.Get("X-RateLimit-Reset"))
			}
		})
	}
	t.Run("415 for another content type", func(t *testing.T) {
		srv := bigbuytest.New(bigbuytest.Config{})
		for _, contentType := range []string{"", "text/plain", "application/x-www-form-urlencoded"} {
			assert.Equal(t, 415, call(t, srv, http.MethodPost, "Bearer "+bigbuytest.Token, contentType).StatusCode)
		}
		assert.Equal(t, 400, call(t, srv, http.MethodPost, "Bearer "+bigbuytest.Token, "application/json; charset=utf-8").StatusCode)
	})
	t.Run("the key can be chosen", func(t *testing.T) {
		srv := bigbuytest.New(bigbuytest.Config{Token: "other"})
		assert.Equal(t, 200, call(t, srv, http.MethodGet, "Bearer other", "").StatusCode)
		assert.Equal(t, 401, call(t, srv, http.MethodGet, "Bearer "+bigbuytest.Token, "").StatusCode)
	})
	t.Run("401 has body H and no code", func(t *testing.T) {
		srv := bigbuytest.New(bigbuytest.Config{Token: "other"})
		assert.JSONEq(t, `{"message":"Invalid Token"}`, get(t, srv, "user/purse").body)
	})
}

func TestLimiter(t *testing.T) {
	t.Run("one call a second, the second is plain text", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			srv := bigbuytest.New(bigbuytest.Config{})
			start := time.Now()
			first := get(t, srv, "user/purse")
			assert.Equal(t, 200, first.status)
			assert.Equal(t, "1", first.header.Get("X-RateLimit-Limit"))
			assert.Equal(t, "0", first.header.Get("X-RateLimit-Remaining"))
			assert.Equal(t, strconv.FormatInt(start.Unix()+1, 10), first.header.Get("X-RateLimit-Reset"))

			time.Sleep(900 * time.Millisecond)
			second := get(t, srv, "user/purse.json")
			assert.Equal(t, 429, second.status)
			assert.Equal(t, "You exceeded the rate limit", second.body)
			assert.Contains(t, second.header.Get("Content-Type"), "text/html")
			assert.Empty(t, second.header.Get("Retry-After"))
			assert.Equal(t, first.header.Get("X-RateLimit-Reset"), second.header.Get("X-RateLimit-Reset"), "not pushed out")

			time.Sleep(100 * time.Millisecond)
			assert.Equal(t, 200, get(t, srv, "user/purse").status)
			assert.Equal(t, 3, srv.Requests(bigbuytest.RoutePurse))
			assert.Equal(t, 1, srv.Throttled())
		})
	})
	t.Run("waiting for Reset is enough within a second too", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			srv := bigbuytest.New(bigbuytest.Config{})
			time.Sleep(300 * time.Millisecond)
			reset, err := strconv.ParseInt(get(t, srv, "user/purse").header.Get("X-RateLimit-Reset"), 10, 64)
			require.NoError(t, err)
			time.Sleep(time.Until(time.Unix(reset, 0)))
			assert.Equal(t, 200, get(t, srv, "user/purse").status)
		})
	})
	t.Run("all orders share a route, other routes have their own", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			srv := bigbuytest.New(bigbuytest.Config{})
			assert.Equal(t, 404, get(t, srv, "order/1").status)
			assert.Equal(t, 429, get(t, srv, "order/2").status)
			assert.Equal(t, 404, get(t, srv, "order/reference/1").status)
			assert.Equal(t, 200, get(t, srv, "order/orderstatuses").status)
		})
	})
	t.Run("lists have ten calls an hour, counted from the first", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			srv := bigbuytest.New(bigbuytest.Config{})
			for i := range 10 {
				a := get(t, srv, "catalog/products")
				assert.Equal(t, 200, a.status)
				assert.Equal(t, strconv.Itoa(9-i), a.header.Get("X-RateLimit-Remaining"))
				time.Sleep(5 * time.Minute)
			}
			assert.Equal(t, 429, get(t, srv, "catalog/products").status)
			time.Sleep(10 * time.Minute)
			assert.Equal(t, 200, get(t, srv, "catalog/products").status)
		})
	})
	t.Run("single products and lowest costs", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			srv := bigbuytest.New(bigbuytest.Config{})
			assert.Equal(t, 200, get(t, srv, "catalog/product/101").status)
			time.Sleep(4 * time.Second)
			assert.Equal(t, 429, get(t, srv, "catalog/product/102").status)
			time.Sleep(time.Second)
			assert.Equal(t, 200, get(t, srv, "catalog/product/102").status)
			assert.Equal(t, "36", get(t, srv, "shipping/lowest-shipping-costs-by-country/ES").header.Get("X-RateLimit-Limit"))
		})
	})
}
