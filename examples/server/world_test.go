package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
)

// The customer's data, the credentials and the payer's address must show
// nowhere.
const (
	canaryName   = "Quintanarenas"
	canaryStreet = "Calle Zafirocanto 7"
	canaryMail   = "quintanarenas@example.test"
	canaryPhone  = "600987612"
	hookSecret   = "hook-canary-51d0a7"
	riverSecret  = "river-canary-9e2b77"
)

var canaries = []string{canaryName, "Zafirocanto", canaryMail, canaryPhone,
	wootest.DefaultKey, wootest.DefaultSecret, bigbuytest.Token, hookSecret, riverSecret}

// world is what lives on while the daemon starts and ends: a shop and BigBuy
// on loopback sockets, and a folder.
type world struct {
	t        *testing.T
	shop     *wootest.Server
	supplier *bigbuytest.Server
	folder   string
	config   map[string]any
	env      []string
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, folder: t.TempDir()}
	w.shop = wootest.New(wootest.Config{Tracking: wootest.ShipmentTracking})
	w.supplier = bigbuytest.New(bigbuytest.Config{Switches: bigbuytest.Switches{NoLimits: true}})
	shopURL, stop, err := w.shop.Listen()
	require.NoError(t, err)
	t.Cleanup(stop)
	supplierURL, halt, err := w.supplier.Listen("")
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, halt()) })
	w.env = []string{"WOO_KEY=" + wootest.DefaultKey, "WOO_SECRET=" + wootest.DefaultSecret, "BIGBUY_KEY=" + bigbuytest.Token,
		"HOOK_SECRET=" + hookSecret, "RIVER_PASSWORD=" + riverSecret}
	w.config = map[string]any{
		"listen": "127.0.0.1:0", "shutdown": "10s", "log": "debug",
		"store":  map[string]any{"url": "sqlite:" + filepath.Join(w.folder, "orders.db")},
		"bigbuy": map[string]any{"key": "${BIGBUY_KEY}", "url": supplierURL},
		"channels": []any{map[string]any{"type": "woocommerce", "name": "shop", "url": shopURL,
			"key": "${WOO_KEY}", "secret": "${WOO_SECRET}", "webhook_secret": "${HOOK_SECRET}"}},
		"wallet": map[string]any{"cache": "100ms"},
		"timing": map[string]any{"every": "200ms", "purse": "200ms", "track": "200ms", "tracking_number": "1s", "call": "5s",
			"grace": "100ms", "retry_first": "100ms", "retry_max": "500ms"},
		"watch": map[string]any{"every": "100ms", "red": "1s"},
	}
	return w
}

// write writes the configuration and returns where it is.
func (w *world) write() string {
	raw, err := json.MarshalIndent(w.config, "", "\t")
	require.NoError(w.t, err)
	path := filepath.Join(w.folder, "server.json")
	require.NoError(w.t, os.WriteFile(path, raw, 0o600))
	return path
}

// buy is a customer's order for a lamp.
func (w *world) buy() int64 {
	a := wootest.Address{FirstName: "Aurelia", LastName: canaryName, Address1: fmt.Sprintf("%s, piso %d", canaryStreet, len(w.shop.IDs())), City: "Valencia",
		Postcode: "46005", Country: "ES", Email: canaryMail, Phone: canaryPhone}
	return w.shop.Buy(wootest.Order{Billing: a, Shipping: a,
		Lines: []wootest.Line{{SKU: bigbuytest.SKULamp, Name: "Desk lamp", Quantity: 1, Total: "29.00", TotalTax: "0.00"}}})
}

// bought is how often BigBuy has an order of the shop.
func (w *world) bought(id int64) (n int) {
	for _, o := range w.supplier.Orders() {
		if o.Reference == fmt.Sprintf("shop-%d", id) {
			n++
		}
	}
	return n
}

// ship has BigBuy ship an order of the shop.
func (w *world) ship(id int64, number string) {
	for _, o := range w.supplier.Orders() {
		if o.Reference == fmt.Sprintf("shop-%d", id) {
			require.NoError(w.t, w.supplier.Ship(o.ID, "gls", number))
		}
	}
}

// tracked reports whether the shop shows a tracking number.
func (w *world) tracked(id int64, number string) bool {
	o, _ := w.shop.Order(id)
	return o.Status == "completed" && len(o.Trackings) == 1 && o.Trackings[0].Number == number
}

// silent makes sure that nothing gives a person or a credential away.
func silent(t *testing.T, where, text string) {
	t.Helper()
	for _, c := range canaries {
		assert.NotContains(t, text, c, where)
	}
}

// push delivers what the shop's webhooks have to say.
func (w *world) push() []int { return w.shop.Deliver(http.DefaultTransport, w.shop.Deliveries()...) }
