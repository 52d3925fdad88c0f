package wootest_test

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // the protocol's
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/woocommerce/wootest"
)

const orders = "https://woo.test/wp-json/wc/v3/orders"

func TestCredentials(t *testing.T) {
	readOnly := wootest.Key{Key: "ck_reader", Secret: "cs_reader", Permission: wootest.Read}
	good := wootest.Key{Key: wootest.DefaultKey, Secret: wootest.DefaultSecret}
	in(t, wootest.Config{Keys: []wootest.Key{good, readOnly}}, func(t *testing.T, r raw) {
		for _, c := range []struct {
			name, method, url, key, secret string
			status                         int
			code                           string
		}{
			{"basic over HTTPS is let in", "GET", orders, good.Key, good.Secret, 200, ""},
			{"an unknown key cannot view", "GET", orders, "ck_nobody", "cs_nobody", 401, "woocommerce_rest_cannot_view"},
			{"no key cannot view", "GET", orders, "", "", 401, "woocommerce_rest_cannot_view"},
			{"a bad secret is an authentication error", "GET", orders, good.Key, "cs_wrong", 401, "woocommerce_rest_authentication_error"},
			{"a read-only key reads", "GET", orders, readOnly.Key, readOnly.Secret, 200, ""},
			{"a read-only key that writes is 401, never 403", "POST", orders, readOnly.Key, readOnly.Secret, 401, "woocommerce_rest_authentication_error"},
			{"basic over plain HTTP cannot view", "GET", "http://woo.test/wp-json/wc/v3/orders", good.Key, good.Secret, 401, "woocommerce_rest_cannot_view"},
			{"the query over HTTPS is let in", "GET", orders + "?consumer_key=" + good.Key + "&consumer_secret=" + good.Secret, "", "", 200, ""},
			{"the query over plain HTTP cannot view", "GET", "http://woo.test/wp-json/wc/v3/orders?consumer_key=" + good.Key + "&consumer_secret=" + good.Secret, "", "", 401, "woocommerce_rest_cannot_view"},
			{"the index needs no key", "GET", "http://woo.test/wp-json/", "", "", 200, ""},
		} {
			req := r.request(c.method, c.url, nil)
			if c.key != "" {
				req.SetBasicAuth(c.key, c.secret)
			}
			got := r.send(req)
			if assert.Equal(t, c.status, got.status, c.name) && c.code != "" {
				assert.Equal(t, c.code, got.code(t), c.name)
			}
		}
	})
}

func TestHiddenTLS(t *testing.T) {
	in(t, wootest.Config{HidesTLS: true}, func(t *testing.T, r raw) {
		assert.Equal(t, 401, r.get("/wc/v3/orders").status, "behind a silent proxy the shop sees plain HTTP and refuses the name and password")
	})
}

// signed builds an address as RFC 5849 says, written out by hand.
func signed(method, base string, params url.Values, secret string, algorithm func() hash.Hash) string {
	mac := hmac.New(algorithm, []byte(secret+"&"))
	mac.Write([]byte(method + "&" + url.QueryEscape(base) + "&" + url.QueryEscape(params.Encode())))
	q := url.Values{}
	for k, v := range params {
		q[k] = v
	}
	q.Set("oauth_signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return base + "?" + q.Encode()
}

func TestOAuth(t *testing.T) {
	const base = "http://woo.test/wp-json/wc/v3/orders"
	in(t, wootest.Config{}, func(t *testing.T, r raw) {
		time.Sleep(time.Hour)
		nonce := 0
		params := func(at time.Time) url.Values {
			nonce++
			return url.Values{"oauth_consumer_key": {wootest.DefaultKey}, "oauth_nonce": {"n" + strconv.Itoa(nonce)},
				"oauth_timestamp": {strconv.FormatInt(at.Unix(), 10)}, "oauth_signature_method": {"HMAC-SHA256"}, "status": {"processing"}}
		}
		call := func(address string) reply { return r.send(r.request("GET", address, nil)) }
		assert.Equal(t, 200, call(signed("GET", base, params(time.Now()), wootest.DefaultSecret, sha256.New)).status, "a correct signature")

		older := params(time.Now())
		older.Set("oauth_signature_method", "HMAC-SHA1")
		assert.Equal(t, 200, call(signed("GET", base, older, wootest.DefaultSecret, sha1.New)).status, "SHA1 counts too")

		assert.Equal(t, 401, call(signed("GET", base, params(time.Now()), "cs_wrong", sha256.New)).status, "a wrong secret")
		assert.Equal(t, 401, call(signed("POST", base, params(time.Now()), wootest.DefaultSecret, sha256.New)).status, "another method was signed")
		assert.Equal(t, 401, call(signed("GET", base, params(time.Now()), wootest.DefaultSecret, sha256.New)+"&page=2").status, "a parameter was added")
		assert.Equal(t, 401, call(signed("GET", "http://elsewhere.test/wp-json/wc/v3/orders", params(time.Now()), wootest.DefaultSecret, sha256.New)).status, "another host was signed")
		for _, off := range []time.Duration{-16 * time.Minute, 16 * time.Minute} {
			assert.Equal(t, 401, call(signed("GET", base, params(time.Now().Add(off)), wootest.DefaultSecret, sha256.New)).status, "timestamp off by %s", off)
		}
		assert.Equal(t, 200, call(signed("GET", base, params(time.Now().Add(-14*time.Minute)), wootest.DefaultSecret, sha256.New)).status, "14 minutes are fine")

		again := signed("GET", base, params(time.Now()), wootest.DefaultSecret, sha256.New)
		assert.Equal(t, 200, call(again).status)
		assert.Equal(t, 401, call(again).status, "a nonce counts once")

		incomplete := params(time.Now())
		incomplete.Del("oauth_nonce")
		assert.Equal(t, "woocommerce_rest_authentication_missing_parameter", call(signed("GET", base, incomplete, wootest.DefaultSecret, sha256.New)).code(t))
	})
}

func TestLanguage(t *testing.T) {
	in(t, wootest.Config{Language: "de"}, func(t *testing.T, r raw) {
		got := r.get("/wc/v3/orders/1")
		assert.Equal(t, "woocommerce_rest_shop_order_invalid_id", got.code(t), "codes stay")
		assert.Equal(t, "Ungültige ID.", got.object(t)["message"], "messages are translated")
	})
}

func TestRoutes(t *testing.T) {
	in(t, wootest.Config{Statuses: []string{"packing"}}, func(t *testing.T, r raw) {
		got := r.get("/wc/v3/nothing")
		assert.Equal(t, http.StatusNotFound, got.status)
		assert.Equal(t, "rest_no_route", got.code(t))
		assert.Contains(t, string(r.get("/wc/v3/orders/statuses").body), `"slug":"packing"`)
		assert.Equal(t, "EUR", r.get("/wc/v3/system_status?_fields=settings").object(t)["settings"].(map[string]any)["currency"])

		index := r.get("/").object(t)
		assert.InDelta(t, 2, index["gmt_offset"], 0)
		assert.Empty(t, index["timezone_string"])
		assert.NotContains(t, index["routes"], `/wc/v3/orders/(?P<order_id>[\d]+)/fulfillments`)
		r.shop.SetTracking(wootest.Fulfillments | wootest.ShipmentTracking)
		index = r.get("/").object(t)
		assert.Contains(t, index["routes"], `/wc/v3/orders/(?P<order_id>[\d]+)/fulfillments`)
		assert.Contains(t, index["namespaces"], "wc-shipment-tracking/v3")
	})
	in(t, wootest.Config{PlainPermalinks: true}, func(t *testing.T, r raw) {
		assert.Contains(t, string(r.get("/wc/v3/orders").body), "<html>", "plain permalinks know no /wp-json")
		req := r.request("GET", "https://woo.test/?rest_route=/wc/v3/orders", nil)
		req.SetBasicAuth(wootest.DefaultKey, wootest.DefaultSecret)
		require.Equal(t, 200, r.send(req).status)
	})
}
