package engine_test

import (
	"context"
	"fmt"
	"iter"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/channels/woocommerce"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/memstore"
	"github.com/openmip/openmip/mip/rest"
	"github.com/openmip/openmip/wallet"
)

// BenchmarkCalls counts the requests that orders of one WooCommerce shop cost
// BigBuy and the shop, from import until the shop shows their tracking
// numbers. All are there at once, and the engine runs as in a program, in
// virtual time, before servers that answer as the real ones do.
func BenchmarkCalls(b *testing.B) {
	for _, n := range []int{1, 100, 10_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			if testing.Short() {
				n = min(n, 150)
			}
			var c calls
			for b.Loop() {
				ok := testing.RunTests(func(string, string) (bool, error) { return true, nil }, []testing.InternalTest{{Name: b.Name(),
					F: func(t *testing.T) { synctest.Test(t, func(t *testing.T) { c = season(t, n) }) }}})
				require.True(b, ok)
			}
			b.ReportMetric(float64(c.supplier+c.channel)/float64(minimum(n)), "x-minimum")
			b.ReportMetric(float64(c.supplier)/float64(n), "supplier-calls/order")
			b.ReportMetric(float64(c.channel)/float64(n), "channel-calls/order")
			b.ReportMetric(float64(c.tracking)/float64(n), "tracking-calls/order")
		})
	}
}

// minimum is the least that n orders can cost.
//
// At BigBuy: two requests each, because it sells one order per request, and
// tells only in a check what must be set aside before; one look at the purse,
// one for the carriers' names, and one question for the tracking of each fifty
// placements ([engine.Timing.TrackBatch]).
//
// At the shop: a page for each hundred orders (its largest); and for each
// order one reading, so that nothing is written that is there already, and two
// requests that write, as shipments and statuses are different resources.
func minimum(n int) int {
	pages := func(size int) int { return (n + size - 1) / size }
	return 2*n + 2 + pages(50) + pages(100) + 3*n
}

// calls are the requests that orders cost. At the shop they are those of its
// first reading, in which all orders come, and all that are about one order.
// The later readings are left out: one each minute, with or without orders.
type calls struct{ supplier, channel, tracking int }

// listings returns how often a shop was asked for a page of its orders.
func listings(shop *wootest.Server) int { return shop.Count("GET", "/wc/v3/orders") }

// reader notes how many pages the first reading of a shop took.
type reader struct {
	*woocommerce.Shop
	server *wootest.Server
	first  atomic.Int64
}

func (r *reader) Orders(ctx context.Context, since mip.Cursor) iter.Seq2[mip.Page, error] {
	return func(yield func(mip.Page, error) bool) {
		r.Shop.Orders(ctx, since)(yield)
		r.first.CompareAndSwap(0, int64(listings(r.server)))
	}
}

// season sells n orders at once and ships each within a minute of its
// purchase; it ends when the shop knows of all.
func season(t *testing.T, n int) calls {
	shop := wootest.New(wootest.Config{Tracking: wootest.Fulfillments})
	for range n {
		shop.Buy(wootest.Order{Lines: []wootest.Line{{SKU: bigbuytest.SKULamp, Quantity: 1, Total: "60.00"}}})
	}
	channel, err := woocommerce.New(woocommerce.Config{Name: "shop", URL: shop.URL(), Transport: shop.Transport(),
		Key: rest.NewSecret(wootest.DefaultKey), Secret: rest.NewSecret(wootest.DefaultSecret)})
	require.NoError(t, err)
	first := &reader{Shop: channel, server: shop}
	bb := bigbuytest.New(bigbuytest.Config{Balance: mip.EUR(100_00).Times(n)})
	bb.SetStock(bigbuytest.SKULamp, 1, n)
	supplier, store := bb.Supplier(bigbuy.Config{}), memstore.New()
	purse, err := wallet.New(wallet.Config{Balance: supplier, Ledger: store})
	require.NoError(t, err)
	eng, err := engine.New(engine.Config{Channels: []mip.Channel{first}, Supplier: supplier, Payments: []mip.Payment{purse}, Store: store})
	require.NoError(t, err)

	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- eng.Run(ctx) }()
	for sent, end := 0, time.Now().Add(24*time.Hour); len(told(t, store)) < n; time.Sleep(time.Minute) {
		require.True(t, time.Now().Before(end), "%d of %d are not shipped after a day", n-len(told(t, store)), n)
		for all := bb.Orders(); sent < len(all); sent++ {
			require.NoError(t, bb.Ship(all[sent].ID, "", fmt.Sprint("T", sent)))
		}
	}
	stop()
	require.NoError(t, <-done)
	time.Sleep(time.Minute) // a question to the purse outlives those who ask it
	assert.Len(t, bb.Orders(), n)
	assert.Zero(t, bb.Throttled())
	return calls{supplier: bb.Requests(bigbuytest.AnyRoute), tracking: bb.Requests(bigbuytest.RouteTrackingOrders),
		channel: len(shop.Calls()) - listings(shop) + int(first.first.Load())}
}

// told are the shipped orders that the shop has heard of.
func told(t *testing.T, store *memstore.Store) (out []mip.Ref) {
	for o, err := range store.Orders(context.Background(), mip.Query{States: []mip.State{mip.StateShipped}}) {
		require.NoError(t, err)
		if o.Status().Equal(o.Reported) {
			out = append(out, o.Ref)
		}
	}
	return out
}
