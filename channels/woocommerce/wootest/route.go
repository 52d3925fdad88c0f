package wootest

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// call is one request being answered, under the server's lock.
type call struct {
	*Server
	*answer
	r       *http.Request
	body    []byte
	query   url.Values
	now     time.Time // whole seconds, as the database keeps them
	route   string    // "/wc/v3/orders/101"
	pattern string    // "/wc/v3/orders/{id}"
	id      int64     // of the order or webhook
	item    string    // of what hangs on it
	manager bool
}

type route struct {
	methods string
	pattern string
	do      func(*call)
	feature Tracking // 0 = always there
}

const edit = "POST PUT PATCH"

func routes() []route {
	out := []route{
		{"GET", "/wc/v3/orders", (*call).listOrders, 0},
		{"POST", "/wc/v3/orders", (*call).createOrder, 0},
		{edit, "/wc/v3/orders/batch", (*call).batchOrders, 0},
		{"GET", "/wc/v3/orders/statuses", (*call).listStatuses, 0},
		{"GET", "/wc/v3/orders/{id}", (*call).getOrder, 0},
		{edit, "/wc/v3/orders/{id}", (*call).updateOrder, 0},
		{"DELETE", "/wc/v3/orders/{id}", (*call).deleteOrder, 0},
		{"GET", "/wc/v3/orders/{id}/notes", (*call).listNotes, 0},
		{"POST", "/wc/v3/orders/{id}/notes", (*call).createNote, 0},
		{"GET", "/wc/v3/orders/{id}/refunds", (*call).listRefunds, 0},
		{"POST", "/wc/v3/orders/{id}/refunds", (*call).createRefund, 0},
		{"GET", "/wc/v3/orders/{id}/fulfillments", (*call).listFulfillments, Fulfillments},
		{"POST", "/wc/v3/orders/{id}/fulfillments", (*call).createFulfillment, Fulfillments},
		{"GET", "/wc/v3/orders/{id}/fulfillments/{item}", (*call).getFulfillment, Fulfillments},
		{edit, "/wc/v3/orders/{id}/fulfillments/{item}", (*call).updateFulfillment, Fulfillments},
		{"DELETE", "/wc/v3/orders/{id}/fulfillments/{item}", (*call).deleteFulfillment, Fulfillments},
		{"GET", "/wc/v3/webhooks", (*call).listWebhooks, 0},
		{"POST", "/wc/v3/webhooks", (*call).createWebhook, 0},
		{"GET", "/wc/v3/webhooks/{id}", (*call).getWebhook, 0},
		{edit, "/wc/v3/webhooks/{id}", (*call).updateWebhook, 0},
		{"DELETE", "/wc/v3/webhooks/{id}", (*call).deleteWebhook, 0},
		{"GET", "/wc/v3/system_status", (*call).systemStatus, 0},
	}
	for _, ns := range []struct {
		base    string
		feature Tracking
	}{
		{"/wc-shipment-tracking/v3", ShipmentTracking | AdvancedShipmentTracking},
		{"/wc-ast/v3", AdvancedShipmentTracking},
		{"/wc/v1", AdvancedShipmentTracking}, {"/wc/v2", AdvancedShipmentTracking}, {"/wc/v3", AdvancedShipmentTracking},
	} {
		base := ns.base + "/orders/{id}/shipment-trackings"
		out = append(out,
			route{"GET", base, (*call).listTrackings, ns.feature},
			route{"POST", base, (*call).createTracking, ns.feature},
			route{"GET", base + "/providers", (*call).listProviders, ns.feature},
			route{"GET", ns.base + "/orders/shipment-trackings/providers", (*call).listProviders, ns.feature},
			route{"GET", base + "/{item}", (*call).getTracking, ns.feature},
			route{"DELETE", base + "/{item}", (*call).deleteTracking, ns.feature},
		)
	}
	return out
}

func (c *call) serve() {
	if !c.findRoute() {
		c.answer.status = http.StatusNotFound
		c.header.Set("Content-Type", "text/html; charset=UTF-8")
		c.answer.body = []byte("<!DOCTYPE html><html><body><h1>Not Found</h1></body></html>")
		return
	}
	if c.route == "/" {
		c.pattern = "/"
		c.siteIndex()
		return
	}
	denied := c.authorize()
	if denied != nil && denied.Code != "woocommerce_rest_cannot_view" {
		c.refuse(denied)
		return
	}
	for _, rt := range routes() {
		if rt.feature != 0 && rt.feature&c.cfg.Tracking == 0 || !slices.Contains(strings.Fields(rt.methods), c.r.Method) || !c.match(rt.pattern) {
			continue
		}
		c.pattern = rt.pattern
		if denied != nil {
			c.refuse(denied)
			return
		}
		rt.do(c)
		return
	}
	c.refuse(fail(http.StatusNotFound, "rest_no_route", "No route was found matching the URL and request method."))
}

// findRoute finds the API route in the path or, where permalinks are plain,
// in the query.
func (c *call) findRoute() bool {
	home, _ := url.Parse(c.home())
	path := strings.TrimPrefix(c.r.URL.Path, home.Path)
	rest, pretty := strings.CutPrefix(path, "/wp-json")
	switch {
	case c.query.Has("rest_route") && (path == "" || path == "/" || path == "/index.php"):
		c.route = c.query.Get("rest_route")
	case pretty && !c.cfg.PlainPermalinks && (rest == "" || strings.HasPrefix(rest, "/")):
		c.route = rest
	default:
		return false
	}
	c.route = "/" + strings.Trim(c.route, "/")
	return true
}

func (c *call) match(pattern string) bool {
	have, want := strings.Split(c.route, "/"), strings.Split(pattern, "/")
	if len(have) != len(want) {
		return false
	}
	var id int64
	var item string
	for i, w := range want {
		switch w {
		case "{id}":
			n, err := strconv.ParseInt(have[i], 10, 64)
			if err != nil || n < 0 {
				return false
			}
			id = n
		case "{item}":
			item = have[i]
		default:
			if w != have[i] {
				return false
			}
		}
	}
	c.id, c.item = id, item
	return true
}

// decode reads the JSON body; what is no JSON object is 400.
func (c *call) decode(v any) bool {
	if len(c.body) == 0 {
		return true
	}
	if json.Unmarshal(c.body, v) != nil {
		c.refuse(fail(http.StatusBadRequest, "rest_invalid_json", "Invalid JSON body passed."))
		return false
	}
	return true
}

// plainQuery is the query without what authenticates.
func (c *call) plainQuery() string {
	q := url.Values{}
	for k, v := range c.query {
		if !strings.HasPrefix(k, "oauth_") && !strings.HasPrefix(k, "consumer_") && k != "rest_route" {
			q[k] = v
		}
	}
	return q.Encode()
}
