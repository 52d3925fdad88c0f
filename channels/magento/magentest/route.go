package magentest

import (
	"encoding/json"
	"net/http"
	"net/url"
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
	now     time.Time // the database's clock
	view    string    // store view code of the address
	route   string    // "/orders/101"
	pattern string    // "/orders/{id}"
	id      int64
}

type route struct {
	method, pattern, resource string
	do                        func(*call)
}

func routes() []route {
	const sales = "Magento_Sales::"
	return []route{
		{"GET", "/orders", sales + "actions_view", (*call).listOrders},
		{"GET", "/orders/{id}", sales + "actions_view", (*call).getOrder},
		{"POST", "/orders/{id}/cancel", sales + "cancel", (*call).cancel},
		{"POST", "/orders/{id}/hold", sales + "hold", (*call).hold},
		{"POST", "/orders/{id}/unhold", sales + "unhold", (*call).unhold},
		{"POST", "/orders/{id}/comments", sales + "comment", (*call).comment},
		{"POST", "/order/{id}/invoice", sales + "sales_invoice", (*call).invoice},
		{"POST", "/order/{id}/ship", sales + "ship", (*call).ship},
		{"GET", "/shipments", sales + "shipment", (*call).listShipments},
		{"GET", "/shipment/{id}", sales + "shipment", (*call).getShipment},
		{"POST", "/shipment/track", sales + "shipment", (*call).saveTrack},
		{"DELETE", "/shipment/track/{id}", sales + "shipment", (*call).deleteTrack},
	}
}

func (c *call) serve() {
	if !c.findRoute() {
		c.page(http.StatusNotFound)
		return
	}
	if _, known := c.cfg.Views[c.view]; !known && c.view != "" && c.view != "all" {
		c.refuse(refusal(http.StatusNotFound, noStore, nil))
		return
	}
	if c.r.Method == http.MethodPost && c.route == "/integration/admin/token" {
		c.pattern = c.route
		c.adminToken()
		return
	}
	for _, rt := range routes() {
		if rt.method == c.r.Method && c.match(rt.pattern) {
			c.pattern = rt.pattern
			if denied := c.authorize(rt.resource); denied != nil {
				c.refuse(denied)
				return
			}
			rt.do(c)
			return
		}
	}
	c.refuse(refusal(http.StatusNotFound, noRoute, nil))
}

// findRoute finds store view and route in /rest/<view>/V1/<route>; the view
// may be missing.
func (c *call) findRoute() bool {
	home, err := url.Parse(c.cfg.URL)
	if err != nil {
		return false
	}
	path, ok := strings.CutPrefix(strings.TrimPrefix(c.r.URL.Path, home.Path), "/rest/")
	if !ok {
		return false
	}
	if route, bare := strings.CutPrefix(path, "V1/"); bare {
		c.route = "/" + strings.Trim(route, "/")
		return true
	}
	view, route, ok := strings.Cut(path, "/V1/")
	c.view, c.route = view, "/"+strings.Trim(route, "/")
	return ok
}

func (c *call) match(pattern string) bool {
	have, want := strings.Split(c.route, "/"), strings.Split(pattern, "/")
	if len(have) != len(want) {
		return false
	}
	c.id = 0
	for i, w := range want {
		switch {
		case w == "{id}":
			n, err := strconv.ParseInt(have[i], 10, 64)
			if err != nil || n < 0 {
				return false
			}
			c.id = n
		case w != have[i]:
			return false
		}
	}
	return true
}

// decode reads the JSON body.
func (c *call) decode(v any) bool {
	if err := json.Unmarshal(c.body, v); err != nil {
		c.refuse(refusal(http.StatusBadRequest, "Decoding error: %1", []string{"Syntax error"}))
		return false
	}
	return true
}

// order returns the order that the address names, or refuses.
func (c *call) order() (*Order, bool) {
	o, ok := c.orders[c.id]
	if !ok {
		c.refuse(refusal(http.StatusNotFound, noEntity, nil))
	}
	return o, ok
}
