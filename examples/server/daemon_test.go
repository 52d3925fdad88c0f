//go:build unix

package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
)

func TestAnOrderIsBoughtAndItsTrackingFlowsBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.start()
	id := w.buy()
	p.until("the purchase", func() bool { return w.bought(id) == 1 })
	w.ship(id, "TRK1")
	p.until("the tracking number in the shop", func() bool { return w.tracked(id, "TRK1") })

	status, body := p.get("/healthz")
	assert.Equal(t, http.StatusOK, status)
	assert.Contains(t, body, `"alive":true`)
	status, body = p.get("/readyz")
	assert.Equal(t, http.StatusOK, status, body)
	assert.JSONEq(t, `{"ready":true,"why":[]}`, body)
	p.until("the order in the metrics", func() bool { return p.shows(`openmip_orders{state="shipped"} 1`) })
	code := p.terminate()
	assert.Zero(t, code, p.story())
	assert.Equal(t, 1, w.bought(id))
	silent(t, "log", p.log())
}

func TestAWebhookIsFasterThanPolling(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.config["timing"].(map[string]any)["every"] = "1h"
	p := w.start()
	p.until("the first reading", func() bool { return w.shop.Count("GET", "/wc/v3/orders") > 0 })
	w.shop.Subscribe("order.created", "http://"+p.address+"/webhooks/shop", hookSecret)
	id := w.buy()
	for _, status := range w.push() {
		assert.Equal(t, http.StatusOK, status)
	}
	p.until("the purchase", func() bool { return w.bought(id) == 1 })
	p.until("the delivery in the metrics", func() bool {
		return p.shows(`openmip_webhooks_total{account="shop",result="handled"} 1`)
	})
	w.shop.Subscribe("order.created", "http://"+p.address+"/webhooks/shop", "another secret")
	w.shop.Deliveries() // its ping
	w.buy()
	assert.Contains(t, w.push(), http.StatusUnauthorized)
}

func TestReadinessTurnsRedWhileBigBuyIsDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.start()
	p.until("green", func() bool { status, _ := p.get("/readyz"); return status == http.StatusOK })
	w.supplier.Fail(bigbuytest.AnyRoute, bigbuytest.NoServer, -1)
	p.redFor("bigbuy")
	p.until("red in the metrics", func() bool { return p.shows("openmip_ready 0") })
	status, _ := p.get("/healthz")
	assert.Equal(t, http.StatusOK, status, "a restart would not help")

	w.supplier.Heal()
	p.until("green again", func() bool { status, _ := p.get("/readyz"); return status == http.StatusOK })
}

func TestReadinessTurnsRedWhileAShopIsDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.config["channels"].([]any)[0].(map[string]any)["url"] = "http://127.0.0.1:1" // nobody listens there
	p := w.start()
	p.redFor("shop")
}

// redFor waits until the daemon is not ready because an account's calls fail.
func (p *process) redFor(account string) {
	p.t.Helper()
	p.until("red for "+account, func() bool {
		status, body := p.get("/readyz")
		return status == http.StatusServiceUnavailable &&
			strings.Contains(body, `"what":"`+account+`","why":"every call fails: unavailable"`)
	})
}

// slowly returns an order that BigBuy has made and not answered for yet.
func (w *world) slowly(p *process) int64 {
	w.supplier.Switch(func(s *bigbuytest.Switches) { s.Latency = 700 * time.Millisecond })
	id := w.buy()
	p.until("a purchase under way", func() bool { return w.bought(id) == 1 })
	return id
}

func TestTerminationLetsAPurchaseEndAndARestartGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := w.start()
	first := w.buy()
	p.until("the purchase", func() bool { return w.bought(first) == 1 })
	second := w.slowly(p)
	code := p.terminate()
	assert.Zero(t, code, p.story())
	assert.Contains(t, p.log(), `"event":"placed"`)

	w.supplier.Switch(func(s *bigbuytest.Switches) { s.Latency = 0 })
	third := w.buy() // while nobody runs
	p = w.start()
	p.until("the third purchase", func() bool { return w.bought(third) == 1 })
	all := []int64{first, second, third}
	for _, id := range all {
		w.ship(id, "TRK")
	}
	for _, id := range all {
		p.until("tracking", func() bool { return w.tracked(id, "TRK") })
		assert.Equal(t, 1, w.bought(id))
	}
	assert.Zero(t, w.supplier.Requests(bigbuytest.RouteReference), "no answer was lost, so nothing is looked up")
	code = p.terminate()
	assert.Zero(t, code, p.story())
}

func TestTerminationIsBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.config["shutdown"] = "500ms"
	w.config["timing"].(map[string]any)["call"] = "1m"
	w.supplier.Fail(bigbuytest.RouteCreateMulti, bigbuytest.Hang|bigbuytest.AfterCommit, 1)
	p := w.start()
	id := w.buy()
	p.until("a purchase that hangs", func() bool { return w.bought(id) == 1 })
	code := p.terminate()
	assert.Equal(t, exitUnder, code, p.story())

	p = w.start() // the lost answer is looked up, nothing is bought again
	w.ship(id, "TRK9")
	p.until("tracking", func() bool { return w.tracked(id, "TRK9") })
	assert.Equal(t, 1, w.bought(id))
}

func TestASecondDaemonOnOneFileDoesNotStart(t *testing.T) {
	w := newWorld(t)
	w.start()
	c, err := readConfig(w.write(), env(w.env))
	require.NoError(t, err)
	_, err = c.Store.open(t.Context())
	assert.ErrorContains(t, err, "conflict")
}
