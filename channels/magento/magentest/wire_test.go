package magentest_test

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/magento/magentest"
	"github.com/openmip/openmip/mip/rest"
)

// client speaks to a shop as an integration does, without package magento.
type client struct {
	t    *testing.T
	shop *magentest.Server
	sign rest.OAuth1
}

func open(t *testing.T, c magentest.Config) client {
	return client{t, magentest.New(c), rest.OAuth1{
		Key: rest.NewSecret(magentest.DefaultConsumerKey), Secret: rest.NewSecret(magentest.DefaultConsumerSecret),
		Token: rest.NewSecret(magentest.DefaultToken), TokenSecret: rest.NewSecret(magentest.DefaultTokenSecret),
	}}
}

func (c client) request(method, path, body string) *http.Request {
	r, err := http.NewRequestWithContext(c.t.Context(), method, c.shop.URL()+path, strings.NewReader(body))
	require.NoError(c.t, err)
	return r
}

func (c client) send(r *http.Request) (status int, body string) {
	resp, err := (&http.Client{Transport: c.shop.Transport()}).Do(r)
	require.NoError(c.t, err)
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	require.NoError(c.t, err)
	return resp.StatusCode, string(b)
}

func (c client) call(method, path, body string) (int, string) {
	r := c.request(method, "/rest/all/V1"+path, body)
	require.NoError(c.t, c.sign.Authorize(r))
	return c.send(r)
}

// list asks for orders, and returns their ids and the total.
func (c client) list(query string) (ids []int64, total int) {
	status, body := c.call("GET", "/orders?"+query, "")
	require.Equal(c.t, 200, status, body)
	var out struct {
		Items []struct {
			ID int64 `json:"entity_id"`
		} `json:"items"`
		Total int `json:"total_count"`
	}
	require.NoError(c.t, json.Unmarshal([]byte(body), &out))
	for _, i := range out.Items {
		ids = append(ids, i.ID)
	}
	return ids, out.Total
}

func page(size, at string) string {
	return url.Values{"searchCriteria[pageSize]": {size}, "searchCriteria[currentPage]": {at},
		"searchCriteria[sortOrders][0][field]": {"entity_id"}, "searchCriteria[sortOrders][0][direction]": {"ASC"}}.Encode()
}

func TestLists(t *testing.T) {
	c := open(t, magentest.Config{Version: magentest.V23, MostPerPage: 300})
	at := time.Date(2026, 11, 23, 8, 0, 0, 0, time.UTC)
	var bought []int64
	for i := range 7 {
		bought = append(bought, c.shop.Buy(magentest.Order{Updated: at.Add(time.Duration(i/3) * time.Second), Store: int64(1 + i%2)}))
	}
	filter := func(field, condition, value string) string {
		base := "searchCriteria[filter_groups][0][filters][0]"
		return url.Values{base + "[field]": {field}, base + "[condition_type]": {condition}, base + "[value]": {value}}.Encode()
	}
	for _, q := range []struct {
		name, query string
		want        []int64
	}{
		{"without a page size everything comes", "searchCriteria=all", bought},
		{"the second page", page("3", "2"), bought[3:6]},
		{"beyond the last page the last page comes again", page("3", "9"), bought[6:]},
		{"from a time on, inclusively", filter("updated_at", "gteq", "2026-11-23 08:00:01"), bought[3:]},
		{"after a time, strictly", filter("updated_at", "gt", "2026-11-23 08:00:01"), bought[6:]},
		{"of one store view", filter("store_id", "in", "2,9"), []int64{bought[1], bought[3], bought[5]}},
	} {
		ids, _ := c.list(q.query)
		assert.ElementsMatch(t, q.want, ids, q.name)
	}
	ids, total := c.list(strings.Replace(page("3", "1"), "ASC", "DESC", 1))
	assert.Equal(t, []int64{bought[6], bought[5], bought[4]}, ids)
	assert.Equal(t, 7, total)
	ids, _ = c.list(strings.Replace(page("7", "1"), "ASC", "", 1))
	assert.Equal(t, bought[6], ids[0], "descending unless told")

	orders := map[string]bool{}
	for range 20 {
		ids, _ := c.list(url.Values{"searchCriteria[sortOrders][0][field]": {"updated_at"}, "searchCriteria[sortOrders][0][direction]": {"ASC"}}.Encode())
		b, _ := json.Marshal(ids)
		orders[string(b)] = true
	}
	assert.Greater(t, len(orders), 3, "orders of one second come in any order")

	newer := open(t, magentest.Config{})
	newer.shop.Buy(magentest.Order{})
	ids, total = newer.list(page("3", "9"))
	assert.Empty(t, ids, "in 2.4 there is nothing beyond the last page")
	assert.Equal(t, 1, total)

	for query, want := range map[string]string{"": "searchCriteria", page("301", "1"): "Maximum SearchCriteria pageSize is %max"} {
		status, body := c.call("GET", "/orders?"+query, "")
		assert.Equal(t, 400, status)
		assert.Contains(t, body, want)
	}
}

func TestTheOrderOnTheWire(t *testing.T) {
	c := open(t, magentest.Config{})
	id := c.shop.Buy(magentest.Order{Items: []magentest.Item{
		{SKU: "C", Type: "configurable", Ordered: "2", RowTotal: "3.3333333333333335"}, {SKU: "C", Parent: 1, Ordered: "2"},
	}})
	_, body := c.call("GET", "/orders/"+num(id), "")
	var o map[string]any
	d := json.NewDecoder(strings.NewReader(body))
	d.UseNumber()
	require.NoError(t, d.Decode(&o))
	items := o["items"].([]any)
	require.Len(t, items, 2)
	assert.Equal(t, json.Number("3.3333333333333335"), items[0].(map[string]any)["row_total"], "amounts are numbers")
	child := items[1].(map[string]any)
	assert.Equal(t, items[0].(map[string]any)["item_id"], child["parent_item_id"])
	assert.Equal(t, json.Number("0"), child["row_total"])
	assert.NotContains(t, items[0], "parent_item_id", "what has no value is left out")
	assert.NotContains(t, o, "customer_note")
	assert.NotContains(t, o, "shipping_address")
	more := o["extension_attributes"].(map[string]any)["shipping_assignments"].([]any)
	assert.Contains(t, more[0].(map[string]any)["shipping"].(map[string]any)["address"], "street")
	assert.Equal(t, "CH", o["billing_address"].(map[string]any)["country_id"], "somebody else pays")

	_, body = c.call("GET", "/orders/"+num(c.shop.Buy(magentest.Order{Items: []magentest.Item{{Virtual: true}}})), "")
	assert.NotContains(t, body, "shipping_assignments")
}

func num(id int64) string { return json.Number(jsonOf(id)).String() }

func jsonOf(v any) string {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestAccess(t *testing.T) {
	c := open(t, magentest.Config{Denied: []string{"Magento_Sales::ship"}})
	id := num(c.shop.Buy(magentest.Order{}))
	for _, q := range []struct {
		name, method, path, header string
		sign                       func(*rest.OAuth1)
		status                     int
		says                       string
	}{
		{name: "signed", method: "GET", path: "/orders/" + id, status: 200},
		{name: "nobody", method: "GET", path: "/orders/" + id, header: "-", status: 401, says: `"parameters":{"resources":"Magento_Sales::actions_view"}`},
		{name: "the token alone", method: "GET", path: "/orders/" + id, header: "Bearer " + magentest.DefaultToken, status: 401, says: "isn't authorized"},
		{name: "another secret", method: "GET", path: "/orders/" + id, sign: func(o *rest.OAuth1) { o.Secret = rest.NewSecret("x") }, status: 401, says: "The signature is invalid"},
		{name: "a used nonce", method: "GET", path: "/orders/" + id, sign: func(o *rest.OAuth1) { o.Nonce = func() string { return "once" } }, status: 401, says: `"parameters":[1]`},
		{name: "from the future", method: "GET", path: "/orders/" + id, sign: func(o *rest.OAuth1) { o.Now = func() time.Time { return time.Now().Add(11 * time.Minute) } }, status: 401, says: "oauth_timestamp"},
		{name: "from long ago", method: "GET", path: "/orders/" + id, sign: func(o *rest.OAuth1) { o.Now = func() time.Time { return time.Now().AddDate(-1, 0, 0) } }, status: 200},
		{name: "without the right", method: "POST", path: "/order/" + id + "/ship", status: 401, says: "Magento_Sales::ship"},
		{name: "no such route", method: "GET", path: "/nothing", status: 404, says: "does not match any route"},
	} {
		o := c.sign
		if q.sign != nil {
			q.sign(&o)
		}
		var status int
		var body string
		for range 2 { // the nonce is used by the first
			r := c.request(q.method, "/rest/V1"+q.path, "{}")
			require.NoError(t, o.Authorize(r))
			if q.header != "" {
				r.Header.Set("Authorization", strings.TrimPrefix(q.header, "-"))
			}
			status, body = c.send(r)
		}
		assert.Equal(t, q.status, status, "%s: %s", q.name, body)
		assert.Contains(t, body, q.says, q.name)
	}
}

// Indexes of ten and more are signed in another order than RFC 5849 says.
func TestNaturalOrder(t *testing.T) {
	c := open(t, magentest.Config{})
	status, _ := c.call("GET", "/orders?searchCriteria[sortOrders][2][field]=entity_id&searchCriteria[sortOrders][3][field]=state", "")
	assert.Equal(t, 200, status)
	status, _ = c.call("GET", "/orders?searchCriteria[sortOrders][2][field]=entity_id&searchCriteria[sortOrders][10][field]=state", "")
	assert.Equal(t, 401, status)
}
