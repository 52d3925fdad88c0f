package engine_test

import (
	"strconv"
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

// twice is one shop that is connected under two names.
type twice struct {
	*testing.T
	woo *wootest.Server
	bb  *bigbuytest.Server
	eng *engine.Engine
}

func connectedTwice(t *testing.T) *twice {
	w := &twice{t, wootest.New(wootest.Config{}), bigbuytest.New(bigbuytest.Config{}), nil}
	store, supplier := memstore.New(), w.bb.Supplier(bigbuy.Config{})
	c := engine.Config{Supplier: supplier, Store: store, Payments: []mip.Payment{must(wallet.New(wallet.Config{Balance: supplier, Ledger: store}))}}
	for _, name := range []string{"shop", "shop2"} {
		c.Channels = append(c.Channels, must(woocommerce.New(woocommerce.Config{Name: name, URL: w.woo.URL(), Transport: w.woo.Transport(),
			Key: rest.NewSecret(wootest.DefaultKey), Secret: rest.NewSecret(wootest.DefaultSecret)})))
	}
	w.eng = must(engine.New(c))
	return w
}

// sync lets some time pass, in which all that is due is done.
func (w *twice) sync() {
	for range 30 {
		time.Sleep(time.Minute)
		require.NoError(w, w.eng.Sync(w.Context()))
	}
}

// is the state of the order under a name, with what holds it.
func (w *twice) is(name string, id int64) string {
	x, err := w.eng.Explain(w.Context(), mip.Ref{Channel: name, ID: strconv.FormatInt(id, 10)})
	require.NoError(w, err)
	out := string(x.Order.State)
	for _, code := range mip.Codes(x.Order.Holding()) {
		out += " " + code
	}
	return out
}

func TestAnOrderThatArrivesTwiceIsBoughtOnce(t *testing.T) {
	in := func(claim string, f func(w *twice, id int64, ref mip.Ref)) {
		t.Run(claim, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := connectedTwice(t)
				id := w.woo.Buy(wootest.Order{Lines: []wootest.Line{{Total: "40.00"}}})
				w.sync()
				require.Equal(t, "submitted", w.is("shop", id))
				require.Equal(t, "pending_review order.duplicate_suspected", w.is("shop2", id))
				require.Len(t, w.bb.Orders(), 1)
				f(w, id, mip.Ref{Channel: "shop2", ID: strconv.FormatInt(id, 10)})
			})
		})
	}
	in("a shop under two names", func(w *twice, id int64, _ mip.Ref) {
		_, err := w.eng.ResendAll(w.Context(), "p1", mip.Query{})
		require.NoError(w, err)
		w.sync()
		assert.Equal(w, "pending_review order.duplicate_suspected", w.is("shop2", id))
		assert.Len(w, w.bb.Orders(), 1)
	})
	in("but twice if a person says so", func(w *twice, id int64, ref mip.Ref) {
		_, err := w.eng.Override(w.Context(), ref, "p1", mip.CodeDuplicate, "lines", "he wants two")
		require.NoError(w, err)
		_, err = w.eng.Resend(w.Context(), ref, "p1")
		require.NoError(w, err)
		w.sync()
		assert.Equal(w, "submitted", w.is("shop2", id))
		assert.Len(w, w.bb.Orders(), 2)
	})
	in("and the wait costs no calls", func(w *twice, id int64, _ mip.Ref) {
		before := w.bb.Requests(bigbuytest.RouteCheckMulti)
		for range 8 {
			w.sync()
		}
		assert.Equal(w, before, w.bb.Requests(bigbuytest.RouteCheckMulti))
	})
	in("and cancelling the second leaves the first alone", func(w *twice, id int64, ref mip.Ref) {
		_, err := w.eng.Cancel(w.Context(), ref, "p1", "twice")
		require.NoError(w, err)
		w.sync()
		assert.Equal(w, "submitted", w.is("shop", id))
		assert.Equal(w, "cancelled", w.is("shop2", id))
	})
}

func TestABuyerWhoPressedTwice(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := connectedTwice(t)
		order := func() wootest.Order {
			return wootest.Order{Billing: wootest.Madrid(), Shipping: wootest.Madrid(), Lines: []wootest.Line{{SKU: bigbuytest.SKUSoldOut, Total: "40.00"}}}
		}
		first := w.woo.Buy(order())
		time.Sleep(time.Minute)
		second := w.woo.Buy(order())
		w.sync()
		require.Contains(t, w.is("shop", first), "stock.out_of_stock")
		require.Contains(t, w.is("shop", second), mip.CodeDuplicate)
		w.woo.SetStatus(first, "cancelled")
		for _, p := range bigbuytest.Catalogue() {
			if p.SKU == bigbuytest.SKUSoldOut {
				for warehouse := range p.Stock {
					w.bb.SetStock(p.SKU, warehouse, 5)
				}
			}
		}
		for range 10 {
			w.sync()
		}
		assert.Equal(t, "cancelled", w.is("shop", first))
		assert.Equal(t, "submitted", w.is("shop", second), "the one that is left goes by itself")
		assert.Contains(t, w.is("shop2", second), mip.CodeDuplicate)
		assert.Len(t, w.bb.Orders(), 1)
	})
}

func TestARefundOfWhatIsBoughtDoesNotLetItsDuplicateGo(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := connectedTwice(t)
		order := wootest.Order{Billing: wootest.Madrid(), Shipping: wootest.Madrid(), Lines: []wootest.Line{{Quantity: 2, Total: "80.00"}}}
		first := w.woo.Buy(order)
		time.Sleep(time.Minute)
		second := w.woo.Buy(order)
		w.sync()
		require.Equal(t, "submitted", w.is("shop", first))
		o, _ := w.woo.Order(first)
		w.woo.Refund(first, map[int64]int{o.Lines[0].ID: 1})
		w.sync()
		_, err := w.eng.ResendAll(t.Context(), "p1", mip.Query{})
		require.NoError(t, err)
		w.sync()
		assert.Equal(t, "pending_review order.duplicate_suspected", w.is("shop", second))
		assert.Len(t, w.bb.Orders(), 1)
	})
}
