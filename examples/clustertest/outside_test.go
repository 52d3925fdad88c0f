//go:build unix

package clustertest_test

import (
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
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
	shop     *wootest.Server
	supplier *bigbuytest.Server
	shopURL  string
	purse    mip.Money
	sales    []sale
	// attempts says how often an order was tried to be bought, by its first reference.
	attempts func(reference string) int

	mu      sync.Mutex
	rnd     *rand.Rand
	quiet   bool // no more trouble
	luck    int  // in each deck: a long run has more of it, because dying takes time
	deck    []fate
	stories map[string]*story // by reference
	numbers int               // tracking numbers written, or tried to
}

func newOutside(t *testing.T, seed uint64, hurry, orders int) *outside {
	o := &outside{rnd: rand.New(rand.NewPCG(seed, 1)), stories: map[string]*story{}, purse: mip.EUR(int64(orders) * 100_00),
		luck: 10 + orders/40}
	o.shop = wootest.New(wootest.Config{Tracking: wootest.ShipmentTracking, Seed: seed, Fault: o.shopTrouble})
	o.supplier = bigbuytest.New(bigbuytest.Config{Balance: o.purse, Switches: bigbuytest.Switches{
		Hurry: hurry, Latency: 3 * time.Millisecond, LateBy: time.Hour, ShipAfter: time.Second, TrackAfter: 200 * time.Millisecond,
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
	return o
}

// bigbuy is the address at which one process finds BigBuy.
func (o *outside) bigbuy(t *testing.T, p *process) string {
	server := httptest.NewServer(o.door(p))
	t.Cleanup(server.Close)
	return server.URL
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

// calm ends all trouble; what was late happens.
func (o *outside) calm() {
	o.mu.Lock()
	o.quiet = true
	o.mu.Unlock()
	o.supplier.CommitLate()
}

// books returns what the shop and BigBuy wrote down.
func (o *outside) books() books {
	b := books{sales: o.sales, purse: o.purse, calls: o.supplier.Calls(), bought: o.supplier.Orders(), writes: o.shop.Writes()}
	for _, s := range o.sales {
		if shown, ok := o.shop.Order(s.id); ok {
			b.shown = append(b.shown, shown)
		}
	}
	return b
}
