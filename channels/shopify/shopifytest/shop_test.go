package shopifytest_test

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/shopify/shopifytest"
)

type object = map[string]any

// post sends a document as any client would.
func post(t *testing.T, s *shopifytest.Server, token, query string, vars object) (status int, header http.Header, out object) {
	t.Helper()
	body, err := json.Marshal(object{"query": query, "variables": vars})
	require.NoError(t, err)
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+"/admin/api/2026-10/graphql.json", bytes.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("X-Shopify-Access-Token", token)
	resp, err := s.Transport().RoundTrip(r)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&out))
	return resp.StatusCode, resp.Header, out
}

// ask expects status 200.
func ask(t *testing.T, s *shopifytest.Server, query string, vars object) object {
	t.Helper()
	status, _, out := post(t, s, shopifytest.DefaultToken, query, vars)
	require.Equal(t, http.StatusOK, status)
	return out
}

// dig follows a path of keys; numbers index lists.
func dig(v any, path ...any) any {
	for _, p := range path {
		switch p := p.(type) {
		case string:
			m, _ := v.(object)
			v = m[p]
		case int:
			l, _ := v.([]any)
			if p >= len(l) {
				return nil
			}
			v = l[p]
		}
	}
	return v
}

func code(out object) any { return dig(out, "errors", 0, "extensions", "code") }

const listing = `query L($q:String,$after:String,$first:Int!){orders(first:$first,after:$after,query:$q,sortKey:UPDATED_AT){pageInfo{hasNextPage endCursor} nodes{id}}}`

func TestOnlyAQuotedTimeCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := shopifytest.New(shopifytest.Config{})
		time.Sleep(10 * time.Hour)
		s.Buy(shopifytest.Order{})
		count := func(q string) int {
			nodes, _ := dig(ask(t, s, listing, object{"q": q, "first": 10}), "data", "orders", "nodes").([]any)
			return len(nodes)
		}
		assert.Equal(t, 1, count("updated_at:>='2000-01-01T10:00:00Z'"))
		assert.Equal(t, 0, count("updated_at:>='2000-01-01T10:00:01Z'"))
		assert.Equal(t, 1, count("updated_at:>=2000-01-01T23:00:00Z"), "unquoted: the whole day")
		assert.Equal(t, 0, count("updated_at:<'2000-01-01T10:00:00Z'"))
		assert.Equal(t, 0, count("financial_status:pending"))
		assert.Equal(t, 1, count("financial_status:paid test:false"))
	})
}

func TestTheIndexLagsBehind(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := shopifytest.New(shopifytest.Config{Lag: 5 * time.Second})
		s.Buy(shopifytest.Order{})
		list := func() any {
			return dig(ask(t, s, listing, object{"q": "", "first": 10}), "data", "orders", "nodes", 0)
		}
		assert.Nil(t, list())
		time.Sleep(5 * time.Second)
		assert.NotNil(t, list())
	})
}

func TestACursorBelongsToItsSearch(t *testing.T) {
	s := shopifytest.New(shopifytest.Config{})
	for range 3 {
		s.Buy(shopifytest.Order{})
	}
	first := ask(t, s, listing, object{"q": "test:false", "first": 2})
	assert.Equal(t, true, dig(first, "data", "orders", "pageInfo", "hasNextPage"))
	after := dig(first, "data", "orders", "pageInfo", "endCursor")
	second := ask(t, s, listing, object{"q": "test:false", "first": 2, "after": after})
	assert.Equal(t, false, dig(second, "data", "orders", "pageInfo", "hasNextPage"))
	assert.Equal(t, "INVALID_CURSOR", code(ask(t, s, listing, object{"q": "test:true", "first": 2, "after": after})))
	assert.Equal(t, "BAD_REQUEST", code(ask(t, s, listing, object{"q": "", "first": 251})))
}

func TestEveryAnswerTellsItsCostAndVersion(t *testing.T) {
	s := shopifytest.New(shopifytest.Config{Version: "2027-01", Bucket: 60, Rate: 10})
	_, h, out := post(t, s, shopifytest.DefaultToken, listing, object{"first": 10})
	assert.Equal(t, "2027-01", h.Get("X-Shopify-API-Version"))
	cost := dig(out, "extensions", "cost", "requestedQueryCost").(float64)
	assert.Positive(t, cost)
	assert.InDelta(t, 60-cost, dig(out, "extensions", "cost", "throttleStatus", "currentlyAvailable"), 0)
	for range 20 {
		out = ask(t, s, listing, object{"first": 10})
	}
	assert.Equal(t, "THROTTLED", code(out))
	assert.Nil(t, out["data"])

	s = shopifytest.New(shopifytest.Config{MaxCost: 5})
	assert.Equal(t, "MAX_COST_EXCEEDED", code(ask(t, s, listing, object{"first": 250})))
}

func TestTokensExpireAndScopesHide(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := shopifytest.New(shopifytest.Config{Scopes: []string{"read_orders"}})
		s.Buy(shopifytest.Order{})
		form := url.Values{"grant_type": {"client_credentials"}, "client_id": {shopifytest.DefaultClientID}, "client_secret": {shopifytest.DefaultSecret}}
		grant := func() (int, object) {
			r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL()+"/admin/oauth/access_token", strings.NewReader(form.Encode()))
			require.NoError(t, err)
			resp, err := s.Transport().RoundTrip(r)
			require.NoError(t, err)
			var out object
			require.NoError(t, json.NewDecoder(resp.Body).Decode(&out))
			return resp.StatusCode, out
		}
		_, out := grant()
		token := out["access_token"].(string)
		assert.InDelta(t, 86399, out["expires_in"], 0)
		status, _, _ := post(t, s, token, listing, object{"first": 1})
		assert.Equal(t, http.StatusOK, status)
		time.Sleep(24 * time.Hour)
		status, _, _ = post(t, s, token, listing, object{"first": 1})
		assert.Equal(t, http.StatusUnauthorized, status)
		form.Set("client_secret", "wrong")
		status, _ = grant()
		assert.Equal(t, http.StatusBadRequest, status)

		const routes = `{orders(first:9){nodes{id fulfillmentOrders(first:9){nodes{id}}}}}`
		out = ask(t, s, routes, nil)
		assert.Empty(t, dig(out, "data", "orders", "nodes", 0, "fulfillmentOrders", "nodes"), "hidden without a word")
		assert.Nil(t, out["errors"])
		time.Sleep(60 * 24 * time.Hour)
		assert.Empty(t, dig(ask(t, s, routes, nil), "data", "orders", "nodes"), "older than 60 days")
		s.SetScopes("write_merchant_managed_fulfillment_orders")
		assert.Equal(t, "ACCESS_DENIED", code(ask(t, s, routes, nil)))
	})
}

const ship = `mutation S($f:FulfillmentInput!){fulfillmentCreate(fulfillment:$f){fulfillment{id trackingInfo{url}} userErrors{field message}}}`

func TestAFulfillmentIsNotIdempotent(t *testing.T) {
	s := shopifytest.New(shopifytest.Config{})
	n := s.Buy(shopifytest.Order{Lines: []shopifytest.Line{{Quantity: 3}, {Places: map[int64]int{2: 1}}}})
	other := s.Buy(shopifytest.Order{})
	o, _ := s.Order(n)
	p, _ := s.Order(other)
	route := func(id int64, lines ...object) object {
		out := object{"fulfillmentOrderId": "gid://shopify/FulfillmentOrder/" + jsonID(id)}
		if lines != nil {
			out["fulfillmentOrderLineItems"] = lines
		}
		return out
	}
	call := func(company string, routes ...object) (id any, url any, refused bool) {
		out := ask(t, s, ship, object{"f": object{"lineItemsByFulfillmentOrder": routes, "trackingInfo": object{"number": "T1", "company": company}}})
		id, url = dig(out, "data", "fulfillmentCreate", "fulfillment", "id"), dig(out, "data", "fulfillmentCreate", "fulfillment", "trackingInfo", 0, "url")
		return id, url, dig(out, "data", "fulfillmentCreate", "userErrors", 0) != nil
	}
	_, _, refused := call("UPS", route(o.Routes[0].ID), route(o.Routes[1].ID))
	assert.True(t, refused, "two locations")
	_, _, refused = call("UPS", route(o.Routes[0].ID), route(p.Routes[0].ID))
	assert.True(t, refused, "two orders")
	one := object{"id": "gid://shopify/FulfillmentOrderLineItem/" + jsonID(o.Routes[0].Lines[0].ID), "quantity": 1}
	_, _, refused = call("UPS", route(o.Routes[0].ID, object{"id": one["id"], "quantity": 4}))
	assert.True(t, refused, "more than there is")
	_, link, refused := call("ups", route(o.Routes[0].ID, one))
	assert.False(t, refused)
	assert.Nil(t, link, "spelled wrong")
	_, link, refused = call("UPS", route(o.Routes[0].ID, one))
	assert.False(t, refused, "the same again ships another piece")
	assert.NotNil(t, link)
	_, _, refused = call("UPS", route(o.Routes[0].ID))
	assert.False(t, refused, "lines left out: all that remains")
	_, _, refused = call("UPS", route(o.Routes[0].ID))
	assert.True(t, refused, "nothing remains")
	o, _ = s.Order(n)
	assert.Len(t, o.Shipments, 3)
}

func jsonID(n int64) string {
	b, err := json.Marshal(n)
	if err != nil {
		panic(err)
	}
	return string(b)
}

func TestACancelledFulfillmentMakesNewWork(t *testing.T) {
	s := shopifytest.New(shopifytest.Config{})
	n := s.Buy(shopifytest.Order{})
	s.Fulfil(n)
	o, _ := s.Order(n)
	out := ask(t, s, `mutation($id:ID!){fulfillmentCancel(id:$id){fulfillment{status} userErrors{message}}}`,
		object{"id": "gid://shopify/Fulfillment/" + jsonID(o.Shipments[0].ID)})
	assert.Equal(t, "CANCELLED", dig(out, "data", "fulfillmentCancel", "fulfillment", "status"))
	o, _ = s.Order(n)
	assert.Len(t, o.Routes, 2)
	assert.Equal(t, "OPEN", o.Routes[1].Status)
}

func TestCancellingIsAJobAndTagsAreIdempotent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := shopifytest.New(shopifytest.Config{})
		n := s.Buy(shopifytest.Order{})
		vars := object{"id": "gid://shopify/Order/" + jsonID(n)}
		for range 2 {
			ask(t, s, `mutation($id:ID!){tagsAdd(id:$id,tags:["a"]){node{id} userErrors{message}}}`, vars)
		}
		const cancel = `mutation($id:ID!){orderCancel(orderId:$id,reason:OTHER,restock:false){job{done} orderCancelUserErrors{message}}}`
		assert.Equal(t, false, dig(ask(t, s, cancel, vars), "data", "orderCancel", "job", "done"))
		assert.NotNil(t, dig(ask(t, s, cancel, vars), "data", "orderCancel", "orderCancelUserErrors", 0))
		o, _ := s.Order(n)
		assert.Equal(t, []string{"a"}, o.Tags)
		assert.True(t, o.Cancelled.IsZero())
		time.Sleep(2 * time.Second)
		o, _ = s.Order(n)
		assert.False(t, o.Cancelled.IsZero())
	})
}

func TestADocumentThatIsWrongHasNoData(t *testing.T) {
	for _, withSchema := range []bool{false, true} {
		schema, err := shopifytest.Schema()
		require.NoError(t, err)
		if !withSchema {
			schema = nil
		} else if schema == nil {
			t.Log("OPENMIP_SPECS is not set: documents are not checked against Shopify's schema")
			continue
		}
		s := shopifytest.New(shopifytest.Config{Schema: schema})
		for _, wrong := range []string{`{orders(first:1){nodes{nonsense}}}`, `{`, `query($first:Int!){orders(first:$first){nodes{id}}}`} {
			if !withSchema && strings.HasPrefix(wrong, "query") {
				continue // a missing variable
			}
			s.Buy(shopifytest.Order{})
			out := ask(t, s, wrong, nil)
			assert.NotEmpty(t, out["errors"], wrong)
		}
	}
}

func TestAShopListensOnASocket(t *testing.T) {
	s := shopifytest.New(shopifytest.Config{})
	address, stop, err := s.Listen()
	require.NoError(t, err)
	defer stop()
	resp, err := http.Get(address + "/admin/api/2026-10/graphql.json") //nolint:noctx // loopback
	require.NoError(t, err)
	_ = resp.Body.Close()
	assert.Equal(t, http.StatusNotFound, resp.StatusCode)
}

func TestAListEndsInAnErrorWhereItIsTooDeep(t *testing.T) {
	s := shopifytest.New(shopifytest.Config{Deep: 3})
	for range 4 {
		s.Buy(shopifytest.Order{})
	}
	list := `query L($after:String){orders(first:2,after:$after,sortKey:UPDATED_AT){pageInfo{endCursor hasNextPage} nodes{id}}}`
	out := ask(t, s, list, nil)
	require.NotContains(t, out, "errors")
	end := out["data"].(object)["orders"].(object)["pageInfo"].(object)["endCursor"]
	assert.Contains(t, ask(t, s, list, object{"after": end}), "errors")
}
