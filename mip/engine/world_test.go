package engine_test

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/memstore"
)

// warehouse is a supplier in memory whose answers can be lost.
type warehouse struct {
	mu       sync.Mutex
	balance  mip.Money
	price    mip.Money
	orders   []mip.Placement
	refusals []mip.Finding // of every check
	down     error         // of every check
	place    []fault       // of the next Place calls
	find     []error       // of the next Find calls
	slim     bool          // Find shows one of several
	vague    bool          // Find vouches for nothing
	partial  bool          // Place takes the first item only
	hidden   int           // so many Finds do not see what is there
	checks   int
	placed   int
	placing  func() // during every Place
	finds    int
	payments []string
	sentTo   mip.Address // of the last Place
	tracks   int         // so many ids are answered for at once; 0 = all
}

// fault says what goes wrong with one call that buys.
type fault struct {
	after bool // it was bought before the answer was lost
	err   error
	ref   []mip.Finding // refused for this
}

var _ mip.Supplier = (*warehouse)(nil)
var _ mip.Balancer = (*warehouse)(nil)

func (w *warehouse) Balance(context.Context) (mip.Money, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.balance, nil
}

func (w *warehouse) Check(_ context.Context, p mip.Purchase) (mip.Quote, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.checks++
	if w.down != nil {
		return mip.Quote{}, w.down
	}
	return mip.Quote{Total: w.price, Refusals: w.refusals}, nil
}

func (w *warehouse) Place(_ context.Context, p mip.Purchase) (mip.Placed, error) {
	if w.placing != nil {
		w.placing()
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.placed++
	w.payments = append(w.payments, p.Payment)
	w.sentTo = p.ShipTo
	var f fault
	if len(w.place) > 0 {
		f, w.place = w.place[0], w.place[1:]
	}
	if f.err != nil && !f.after {
		return mip.Placed{}, f.err
	}
	if f.ref != nil && !f.after {
		return mip.Placed{Refusals: f.ref}, nil
	}
	for _, o := range w.orders {
		if o.Reference == p.Reference && w.hidden > 0 {
			return mip.Placed{Exists: true}, nil
		}
		if o.Reference == p.Reference {
			return mip.Placed{Exists: true, Placements: []mip.Placement{o}}, nil
		}
	}
	items, refusals := p.BySKU(), []mip.Finding(nil)
	if w.partial && len(items) > 1 {
		refusals = []mip.Finding{{Code: "stock.out_of_stock", Path: "lines", Severity: mip.Blocking, AutoClear: true}}
		items = items[:1]
	}
	o := mip.Placement{ID: fmt.Sprint(100 + len(w.orders)), Reference: p.Reference, Items: items, Status: mip.PlacementInProcess, Cost: w.price}
	w.orders = append(w.orders, o)
	if p.Payment == "wallet" {
		w.balance, _ = w.balance.Sub(w.price)
	}
	if f.ref != nil {
		return mip.Placed{Refusals: f.ref}, nil
	}
	return mip.Placed{Placements: []mip.Placement{o}, Refusals: refusals}, f.err
}

func (w *warehouse) Find(_ context.Context, reference string) (mip.Found, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.finds++
	if len(w.find) > 0 {
		var err error
		if err, w.find = w.find[0], w.find[1:]; err != nil {
			return mip.Found{}, err
		}
	}
	out := mip.Found{Authoritative: !w.vague, Complete: !w.slim}
	if w.hidden > 0 {
		w.hidden--
		return out, nil
	}
	for _, o := range w.orders {
		if o.Reference == reference {
			o.Parcels = nil // a search does not show them
			out.Placements = append(out.Placements, o)
		}
	}
	if w.slim && len(out.Placements) > 1 {
		out.Placements = out.Placements[:1]
	}
	return out, nil
}

func (w *warehouse) Open(_ context.Context, id string) (mip.Placement, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, o := range w.orders {
		if o.ID == id {
			return o, nil
		}
	}
	return mip.Placement{}, &mip.Error{Op: "test: open", Kind: mip.ErrNotFound}
}

func (w *warehouse) Track(_ context.Context, ids []string) ([]mip.Tracking, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []mip.Tracking
	if w.tracks > 0 {
		ids = ids[:min(len(ids), w.tracks)]
	}
	for _, o := range w.orders {
		for _, id := range ids {
			if id == o.ID {
				out = append(out, mip.Tracking{ID: o.ID, Status: o.Status, Parcels: o.Parcels})
			}
		}
	}
	return out, nil
}

// ship sends everything placed so far on its way.
func (w *warehouse) ship(number string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for i := range w.orders {
		w.orders[i].Status = mip.PlacementShipped
		w.orders[i].Parcels = []mip.Parcel{{ID: w.orders[i].ID + "-1", Carrier: "gls", Number: number}}
	}
}

// world is one engine with everything around it.
type world struct {
	t      *testing.T
	shop   *shop
	supply *warehouse
	store  *memstore.Store
	wallet *purse
	paypal *purse
	eng    *engine.Engine
}

func newWorld(t *testing.T, change func(*engine.Config)) *world {
	t.Helper()
	w := &world{t: t, shop: &shop{}, store: memstore.New(), supply: &warehouse{balance: mip.EUR(100_00), price: mip.EUR(10_00)}}
	w.wallet = &purse{name: "wallet", w: w.supply, ledger: w.store, settled: map[string]mip.Money{}, freed: map[string]bool{}}
	w.paypal = &purse{name: "paypal", w: w.supply, ledger: w.store, limit: mip.EUR(1000_00), settled: map[string]mip.Money{}, freed: map[string]bool{}}
	c := engine.Config{Channels: []mip.Channel{w.shop}, Supplier: w.supply, Payments: []mip.Payment{w.wallet}, Store: w.store,
		Rules: []mip.Rule{{Code: "test", Needs: mip.NeedFunds, Check: func(mip.Snapshot, func(mip.Finding)) {}}}}
	if change != nil {
		change(&c)
	}
	var err error
	w.eng, err = engine.New(c)
	require.NoError(t, err)
	return w
}

// buy lets a customer order n kinds of goods.
func (w *world) buy(id string, n int) mip.Ref {
	f := mip.Facts{Ref: mip.Ref{Channel: "shop", ID: id}, Demand: mip.DemandShip, Total: mip.EUR(30_00), UpdatedAt: time.Now(),
		ShipTo: mip.Address{FirstName: "Ana", LastName: "Prueba", Line1: "Calle 1", City: "Valencia", Postcode: "46005", Country: "ES"}}
	for i := range n {
		f.Lines = append(f.Lines, mip.Line{ID: fmt.Sprint(i + 1), SKU: fmt.Sprintf("S%07d", i+1), Quantity: 2, Total: mip.EUR(15_00)})
	}
	w.shop.mu.Lock()
	defer w.shop.mu.Unlock()
	w.shop.orders = append(w.shop.orders, f)
	return f.Ref
}

// change lets the channel say something new of an order.
func (w *world) change(ref mip.Ref, f func(*mip.Facts)) {
	w.shop.mu.Lock()
	defer w.shop.mu.Unlock()
	for i := range w.shop.orders {
		if w.shop.orders[i].Ref == ref {
			f(&w.shop.orders[i])
			w.shop.orders[i].UpdatedAt = time.Now()
		}
	}
}

func (w *world) sync() {
	w.t.Helper()
	require.NoError(w.t, w.eng.Sync(w.t.Context()))
}

// pass lets virtual time go by in minutes, working after each.
func (w *world) pass(d time.Duration) {
	w.t.Helper()
	for end := time.Now().Add(d); time.Now().Before(end); {
		time.Sleep(min(time.Minute, time.Until(end)))
		w.sync()
	}
}

func (w *world) order(ref mip.Ref) mip.Order {
	w.t.Helper()
	o, err := w.store.Order(w.t.Context(), ref)
	require.NoError(w.t, err)
	return o
}

// open returns the reservations nobody has closed yet.
func (w *world) open(account string) []mip.Reservation {
	w.t.Helper()
	all, err := w.store.Reservations(w.t.Context(), account, time.Now().Add(time.Hour))
	require.NoError(w.t, err)
	return all
}
