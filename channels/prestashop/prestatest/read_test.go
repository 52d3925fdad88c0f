package prestatest_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/prestashop/prestatest"
)

func TestKeys(t *testing.T) {
	reader := prestatest.Key{Key: strings.Repeat("R", 32), Allow: map[string]string{"orders": "GET"}}
	in(t, prestatest.Config{Keys: []prestatest.Key{{Key: prestatest.DefaultKey}, reader}}, func(t *testing.T, r raw) {
		as := func(key, password string) func(*http.Request) {
			return func(req *http.Request) { req.SetBasicAuth(key, password) }
		}
		for _, c := range []struct {
			name, method, path string
			auth               func(*http.Request)
			status             int
			code               string
		}{
			{"the key is the user, without a password", "GET", "orders", as(prestatest.DefaultKey, ""), 200, ""},
			{"or stands in the address", "GET", "orders?ws_key=" + prestatest.DefaultKey, func(q *http.Request) { q.Header.Del("Authorization") }, 200, ""},
			{"nobody is told in HTML", "GET", "orders", func(q *http.Request) { q.Header.Del("Authorization") }, 401, "401 Unauthorized"},
			{"an unknown key is code 20", "GET", "orders", as(strings.Repeat("X", 32), ""), 401, "<code><![CDATA[20]]>"},
			{"a key with a password is code 21", "GET", "orders", as(prestatest.DefaultKey, "x"), 401, "<code><![CDATA[21]]>"},
			{"a short key is code 18", "GET", "orders", as("short", ""), 401, "<code><![CDATA[18]]>"},
			{"a method not granted is 405 with code 25", "POST", "orders", as(reader.Key, ""), 405, "<code><![CDATA[25]]>"},
			{"a resource not granted is 401 with code 26", "GET", "customers", as(reader.Key, ""), 401, "<code><![CDATA[26]]>"},
			{"an unknown resource is 400 with code 27", "GET", "parcels", as(prestatest.DefaultKey, ""), 400, "<code><![CDATA[27]]>"},
		} {
			got := r.send(c.method, c.path, "", c.auth)
			assert.Equal(t, c.status, got.status, c.name)
			assert.Contains(t, got.body, c.code, c.name)
		}
	})
}

func TestForms(t *testing.T) {
	in(t, prestatest.Config{}, func(t *testing.T, r raw) {
		assert.Equal(t, "[]", r.get("orders", "").body, "an empty list")
		id := r.shop.Buy(prestatest.Order{})
		assert.JSONEq(t, `{"orders":[{"id":1}]}`, r.get("orders", "").body, "ids only without display")
		one := r.get("orders", "display=full").rows(t, "orders")[0]
		assert.InDelta(t, id, one["id"], 0)
		assert.InDelta(t, prestatest.Paid, one["current_state"], 0)
		assert.Equal(t, "15.000000", one["total_paid"])
		assert.Equal(t, "0000-00-00 00:00:00", one["delivery_date"])
		assert.Equal(t, "1", one["associations"].(map[string]any)["order_rows"].([]any)[0].(map[string]any)["id"])
		assert.NotContains(t, one, "note", "which 8 brought")
		assert.Contains(t, r.get("orders/1", "").body, `{"order":{`)

		states := r.get("order_states", "display=full").rows(t, "order_states")
		assert.IsType(t, []any{}, states[0]["name"], "several languages are a list")
		states = r.get("order_states", "display=full&language=1").rows(t, "order_states")
		assert.IsType(t, "", states[0]["name"], "one is a text")

		xml := r.send("GET", "orders", "", nil)
		assert.Contains(t, xml.body, `<orders>`, "XML unless JSON is asked for")
		for _, h := range []string{"Output-Format", "Io-Format"} {
			assert.Equal(t, "application/json", r.send("GET", "orders", "", func(q *http.Request) { q.Header.Set(h, "JSON") }).header.Get("Content-Type"))
		}
		for _, h := range []string{"PSWS-Version", "Execution-Time", "Content-Sha1", "Access-Time", "Date"} {
			assert.NotEmpty(t, xml.header.Get(h), h)
		}
		gone := r.get("orders/99", "")
		assert.Equal(t, 404, gone.status)
		assert.Empty(t, gone.body)
	})
}

func TestFilters(t *testing.T) {
	in(t, prestatest.Config{}, func(t *testing.T, r raw) {
		for range 4 {
			r.shop.Buy(prestatest.Order{})
			time.Sleep(time.Second)
		}
		for query, want := range map[string]int{
			"filter[id]=[2]": 1, "filter[id]=[1|3|9]": 2, "filter[id]=[2,4]": 3, "filter[id]=>[2]": 2, "filter[id]=<[2]": 1, "filter[id]=![2]": 3,
			"filter[payment]=%[ar]%": 4, "limit=3": 3, "limit=3,5": 1, "limit=9,5": 0,
			"date=1&filter[date_upd]=[2000-01-01 01:00:01,2000-01-01 01:00:02]": 2, "date=1&filter[date_upd]=>[2000-01-01 01:00:01]": 2,
		} {
			assert.Len(t, r.get("orders", query).rows(t, "orders"), want, query)
		}
		down := r.get("orders", "sort=[payment_ASC,id_DESC]").rows(t, "orders")
		assert.InDelta(t, 4, down[0]["id"], 0)
		for query, code := range map[string]int{
			"filter[date_upd]=>[2000-01-01 00:00:00]": 32, "filter[nothing]=[1]": 32, "filter[shipping_number]=[1]": 34, "sort=[nothing_ASC]": 38, "sort=[id]": 37,
			"display=[nothing]": 35, "display=some": 36, "limit=1,2,3": 39, "filter[id]=": 33, "sort=[date_upd_ASC]": 38,
		} {
			got := r.get("orders", query)
			assert.Equal(t, 400, got.status, query)
			assert.Equal(t, code, got.code(t), query)
		}
	})
}

func TestDatesAreTheShopsOwn(t *testing.T) {
	in(t, prestatest.Config{}, func(t *testing.T, r raw) {
		time.Sleep(time.Until(time.Date(2000, 10, 29, 0, 30, 0, 0, time.UTC)))
		for range 2 {
			r.shop.Buy(prestatest.Order{})
			time.Sleep(time.Hour)
		}
		rows := r.get("orders", "display=full").rows(t, "orders")
		assert.Equal(t, "2000-10-29 02:30:00", rows[0]["date_upd"])
		assert.Equal(t, "2000-10-29 02:30:00", rows[1]["date_upd"], "an hour later the clock shows the same")
	})
}

func TestWordsAreTheShopsCodesAreNot(t *testing.T) {
	seen := map[string]bool{}
	for _, language := range []string{"en", "pl", "de"} {
		in(t, prestatest.Config{Language: language}, func(t *testing.T, r raw) {
			got := r.get("orders", "filter[nothing]=[1]")
			assert.Equal(t, 32, got.code(t))
			seen[got.body] = true
		})
	}
	require.Len(t, seen, 3)
}
