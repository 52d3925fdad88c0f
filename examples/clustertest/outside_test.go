//go:build unix

package clustertest_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
)

const canary = "Quintanar"

// outside is what lives on: a shop and BigBuy on loopback, with their trouble.
type outside struct {
	shop               *wootest.Server
	supplier           *bigbuytest.Server
	shopURL, bigbuyURL string
	sales              []sale

	mu    sync.Mutex
	rnd   *rand.Rand
	quiet bool // no more trouble
}

// sale is one order that a customer made.
type sale struct {
	id     int64
	held   bool // for a person: the product is not sold any more
	pieces map[string]int
}

func newOutside(t *testing.T, seed uint64, hurry, orders int) *outside {
	o := &outside{rnd: rand.New(rand.NewPCG(seed, 1))}
	o.shop = wootest.New(wootest.Config{Tracking: wootest.ShipmentTracking, Seed: seed, Fault: o.shopTrouble})
	o.supplier = bigbuytest.New(bigbuytest.Config{Balance: mip.EUR(int64(orders) * 100_00), Switches: bigbuytest.Switches{
		Hurry: hurry, Latency: 3 * time.Millisecond, LateBy: lease / 4, ShipAfter: time.Second, TrackAfter: 200 * time.Millisecond,
		DeliverAfter: 1500 * time.Millisecond,
	}})
	for _, sku := range []string{bigbuytest.SKULamp, bigbuytest.SKUMug} {
		o.supplier.SetStock(sku, 1, 10*orders)
	}
	o.supplier.OnCall(o.supplierTrouble)
	url, stop, err := o.shop.Listen()
	require.NoError(t, err)
	t.Cleanup(stop)
	o.shopURL = url
	url, halt, err := o.supplier.Listen("")
	require.NoError(t, err)
	t.Cleanup(func() { _ = halt() })
	o.bigbuyURL = url
	return o
}

// sell puts the next customer's order into the shop.
func (o *outside) sell() {
	n := len(o.sales)
	s := sale{pieces: map[string]int{bigbuytest.SKULamp: 1}}
	a := wootest.Address{FirstName: "Aurelia", LastName: canary, Address1: fmt.Sprintf("Calle Falsa %d", n+1), City: "Valencia",
		Postcode: "46005", Country: "ES", Email: "aurelia@example.test", Phone: "600123123"}
	switch {
	case n%20 == 9:
		s.held, s.pieces = true, map[string]int{bigbuytest.SKUInactive: 1}
	case n%2 == 0:
		s.pieces = map[string]int{bigbuytest.SKULamp: 1, bigbuytest.SKUMug: 2}
	}
	order := wootest.Order{Billing: a, Shipping: a}
	for sku, pieces := range s.pieces {
		order.Lines = append(order.Lines, wootest.Line{SKU: sku, Name: sku, Quantity: float64(pieces), Total: "199.00", TotalTax: "0.00"})
	}
	s.id = o.shop.Buy(order)
	o.sales = append(o.sales, s)
}

// calm ends all trouble.
func (o *outside) calm() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.quiet = true
}

// purchaseFaults lose answers, with and without effect.
var purchaseFaults = []bigbuytest.Fault{
	bigbuytest.Reset, bigbuytest.Reset | bigbuytest.AfterCommit, bigbuytest.Reset | bigbuytest.LateCommit,
	bigbuytest.ServerError, bigbuytest.ServerError | bigbuytest.AfterCommit, bigbuytest.Embedded | bigbuytest.AfterCommit,
	bigbuytest.GatewayTimeout | bigbuytest.LateCommit, bigbuytest.Truncated,
}

// readFaults break no connection: net/http may repeat a read by itself whose
// kept connection broke, which no limiter sees.
var readFaults = []bigbuytest.Fault{bigbuytest.ServerError, bigbuytest.NoServer, bigbuytest.Truncated, bigbuytest.Empty}

func (o *outside) supplierTrouble(c bigbuytest.Call) bigbuytest.Fault {
	o.mu.Lock()
	defer o.mu.Unlock()
	buys := c.Route == bigbuytest.RouteCreateMulti
	switch {
	case o.quiet:
	case buys && o.rnd.IntN(12) == 0:
		return purchaseFaults[o.rnd.IntN(len(purchaseFaults))]
	case !buys && o.rnd.IntN(40) == 0:
		return readFaults[o.rnd.IntN(len(readFaults))]
	}
	return bigbuytest.None
}

func (o *outside) shopTrouble(*http.Request) wootest.Fault {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.quiet || o.rnd.IntN(40) != 0 {
		return wootest.Fault{}
	}
	faults := []wootest.Fault{wootest.LoseBefore(), wootest.LoseAfter(), wootest.HTML(500), wootest.HTMLAfter(500)}
	return faults[o.rnd.IntN(len(faults))]
}
