//go:build unix

package killtest_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
)

const (
	absentAfter = time.Second // of the program: later than any late purchase
	lateBy      = absentAfter / 2
	firstMoney  = 40_00 // in the purse, in cents; for the rest of the orders it comes later
	canary      = "Quintanar"
)

// outside is what lives on while the program dies: a shop and BigBuy on
// loopback, with all the trouble they make.
type outside struct {
	shop               *wootest.Server
	supplier           *bigbuytest.Server
	shopURL, bigbuyURL string
	sales              []sale

	mu       sync.Mutex
	rnd      *rand.Rand
	quiet    bool         // no more trouble
	next     [2]moment    // the worst moments that come next, of purchases and of writes
	struckAt [moments]int // how often each came
	armed    int          // which of them
	kill     func()       // the program, if the moment comes; nil = not now
}

// sale is one order that a customer made.
type sale struct {
	id     int64
	kind   string // "plain", "long", "split", "obsolete"
	pieces map[string]int
}

// moment is when a kill is worst.
type moment uint8

const (
	beforePurchase moment = iota // it has arrived at BigBuy, and is thrown away
	afterPurchase                // BigBuy has made the order
	beforeWrite                  // the shop has thrown a change away
	afterWrite                   // the shop has made it
	moments
)

func newOutside(t *testing.T, seed uint64) *outside {
	o := &outside{rnd: rand.New(rand.NewPCG(seed, 1)), next: [2]moment{afterPurchase, afterWrite}}
	o.shop = wootest.New(wootest.Config{Tracking: wootest.ShipmentTracking, Seed: seed, Fault: o.shopTrouble})
	o.supplier = bigbuytest.New(bigbuytest.Config{Balance: mip.EUR(firstMoney), Switches: bigbuytest.Switches{
		NoLimits: true, Latency: 3 * time.Millisecond, LateBy: lateBy, ShipAfter: 300 * time.Millisecond, TrackAfter: 100 * time.Millisecond,
		DeliverAfter: 500 * time.Millisecond,
	}})
	for _, sku := range []string{bigbuytest.SKULamp, bigbuytest.SKUMug} {
		o.supplier.SetStock(sku, 1, 1000)
	}
	o.supplier.SetStock(bigbuytest.SKUChair, 2, 1000)
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
	s := sale{kind: "plain", pieces: map[string]int{bigbuytest.SKULamp: 1}}
	a := wootest.Address{FirstName: "Aurelia", LastName: canary, Address1: fmt.Sprintf("Calle Falsa %d", n+1), City: "Valencia",
		Postcode: "46005", Country: "ES", Email: fmt.Sprintf("aurelia.%d@example.test", n), Phone: "600123123"}
	switch {
	case n%10 == 3:
		s.kind = "long"
		a.Address1 = "Avenida de la Constitución Española de 1978, Edificio Mirador del Mar"
		a.Address2 = "Escalera B, Piso 3, Puerta 12"
	case n%10 == 6:
		s.kind, s.pieces = "split", map[string]int{bigbuytest.SKULamp: 1, bigbuytest.SKUChair: 1}
	case n%20 == 9:
		s.kind, s.pieces = "obsolete", map[string]int{bigbuytest.SKUInactive: 1}
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

// arm has the program killed at the next purchase or the next write.
func (o *outside) arm(at int, kill func()) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.armed, o.kill = at, kill
}

// unseen reports whether one of the worst moments has not come yet.
func (o *outside) unseen() bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return slices.Contains(o.struckAt[:], 0)
}

// calm ends all trouble.
func (o *outside) calm() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.quiet = true
}

// strikes kills the program if this is the moment: once before what was asked
// for is done, the next time after it.
func (o *outside) strikes(at moment) bool {
	kind := int(at / 2)
	if o.kill == nil || o.armed != kind || o.next[kind] != at {
		return false
	}
	o.kill()
	o.kill = nil
	o.struckAt[at]++
	o.next[kind] = at ^ 1
	return true
}

// purchaseFaults lose answers, with and without effect.
var purchaseFaults = []bigbuytest.Fault{
	bigbuytest.Reset, bigbuytest.Reset | bigbuytest.AfterCommit, bigbuytest.Reset | bigbuytest.LateCommit,
	bigbuytest.ServerError, bigbuytest.ServerError | bigbuytest.AfterCommit, bigbuytest.Embedded | bigbuytest.AfterCommit,
	bigbuytest.Timeout | bigbuytest.AfterCommit, bigbuytest.GatewayTimeout | bigbuytest.LateCommit, bigbuytest.Truncated,
	bigbuytest.TryLater | bigbuytest.AfterCommit, bigbuytest.PartialLater | bigbuytest.AfterCommit, bigbuytest.Partial,
}

var readFaults = []bigbuytest.Fault{bigbuytest.Reset, bigbuytest.ServerError, bigbuytest.NoServer, bigbuytest.Truncated, bigbuytest.Empty}

func (o *outside) supplierTrouble(c bigbuytest.Call) bigbuytest.Fault {
	o.mu.Lock()
	defer o.mu.Unlock()
	buys := c.Route == bigbuytest.RouteCreateMulti
	switch {
	case buys && o.strikes(beforePurchase):
		return bigbuytest.Reset
	case buys && o.strikes(afterPurchase):
		return bigbuytest.Reset | bigbuytest.AfterCommit
	case o.quiet:
	case buys && o.rnd.IntN(4) == 0:
		return purchaseFaults[o.rnd.IntN(len(purchaseFaults))]
	case !buys && o.rnd.IntN(25) == 0:
		return readFaults[o.rnd.IntN(len(readFaults))]
	}
	return bigbuytest.None
}

func (o *outside) shopTrouble(r *http.Request) wootest.Fault {
	o.mu.Lock()
	defer o.mu.Unlock()
	writes := r.Method == http.MethodPut || r.Method == http.MethodPost
	switch {
	case writes && o.strikes(beforeWrite):
		return wootest.LoseBefore()
	case writes && o.strikes(afterWrite):
		return wootest.LoseAfter()
	case o.quiet || o.rnd.IntN(25) != 0:
		return wootest.Fault{}
	}
	faults := []wootest.Fault{wootest.LoseBefore(), wootest.LoseAfter(), wootest.HTML(500), wootest.HTMLAfter(500)}
	return faults[o.rnd.IntN(len(faults))]
}
