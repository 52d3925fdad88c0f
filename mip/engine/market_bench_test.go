package engine_test

import (
	"context"
	"iter"
	"path/filepath"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/sqlite"
	"github.com/openmip/openmip/wallet"
)

// market is a channel and a supplier in memory that answer at once: what an
// order costs with them is the engine's and the store's.
type market struct {
	mu     sync.Mutex
	now    time.Time
	listed []mip.Facts
	placed map[string]mip.Placement // by id
	status mip.PlacementStatus      // of everything placed, when asked
	money  mip.Money
	told   int // reports
}

var (
	_ mip.Channel  = (*market)(nil)
	_ mip.Supplier = (*market)(nil)
	_ mip.Balancer = (*market)(nil)
)

func newMarket() *market {
	return &market{now: time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC), placed: map[string]mip.Placement{},
		status: mip.PlacementInProcess, money: mip.EUR(1_000_000_000_00)}
}

func (m *market) clock() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.now
}

// pass lets time go by, and says how everything placed stands then.
func (m *market) pass(d time.Duration, status mip.PlacementStatus) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now, m.status = m.now.Add(d), status
}

// sell lists an order of one line.
func (m *market) sell(id, street string) mip.Ref {
	m.mu.Lock()
	defer m.mu.Unlock()
	f := mip.Facts{Ref: mip.Ref{Channel: "shop", ID: id}, Number: id, Demand: mip.DemandShip, Total: mip.EUR(60_00), CreatedAt: m.now, UpdatedAt: m.now,
		ShipTo: mip.Address{FirstName: "Ana", LastName: "Prueba", Line1: street, City: "Valencia", Postcode: "46005", Country: "ES",
			Phone: "+34600000000", Email: id + "@example.com"},
		Lines: []mip.Line{{ID: "1", SKU: "S0000001", Quantity: 1, Total: mip.EUR(60_00)}}}
	m.listed = append(m.listed, f)
	return f.Ref
}

func (m *market) Name() string { return "shop" }

// Orders gives what was listed after the cursor, in one page.
func (m *market) Orders(_ context.Context, since mip.Cursor) iter.Seq2[mip.Page, error] {
	return func(yield func(mip.Page, error) bool) {
		m.mu.Lock()
		read, _ := strconv.Atoi(string(since)) // empty = from the start
		page := mip.Page{Orders: m.listed[read:], Next: mip.Cursor(strconv.Itoa(len(m.listed)))}
		m.mu.Unlock()
		yield(page, nil)
	}
}

func (m *market) Report(context.Context, mip.Ref, mip.Status) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.told++
	return nil
}

func (m *market) Balance(context.Context) (mip.Money, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.money, nil
}

var price = mip.EUR(10_00)

func (m *market) Check(_ context.Context, p mip.Purchase) (mip.Quote, error) {
	return mip.Quote{Total: price, Parts: []mip.QuotePart{{Warehouse: "1", SKUs: []string{"S0000001"}, Goods: mip.EUR(6_00), Net: mip.EUR(8_26), Total: price}}}, nil
}

func (m *market) Place(_ context.Context, p mip.Purchase) (mip.Placed, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	o := mip.Placement{ID: "p-" + p.Reference, Reference: p.Reference, Warehouse: "1", Items: p.BySKU(), Status: mip.PlacementInProcess, Cost: price}
	m.placed[o.ID] = o
	m.money, _ = m.money.Sub(price)
	return mip.Placed{Placements: []mip.Placement{o}}, nil
}

// Find is for answers that were lost, and none is.
func (m *market) Find(context.Context, string) (mip.Found, error) {
	return mip.Found{}, &mip.Error{Op: "market: find", Kind: mip.ErrUnavailable}
}

func (m *market) Track(_ context.Context, ids []string) ([]mip.Tracking, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	var out []mip.Tracking
	for _, id := range ids {
		t := mip.Tracking{ID: id, Status: m.status, Cost: price}
		if m.status != mip.PlacementInProcess {
			t.Parcels = []mip.Parcel{{ID: id + "-1", Carrier: "gls", Number: "T" + id}}
		}
		out = append(out, t)
	}
	return out, nil
}

// join puts an engine with the standard rules and a wallet on a store.
func (m *market) join(b testing.TB, store mip.Store) *engine.Engine {
	b.Helper()
	purse, err := wallet.New(wallet.Config{Balance: m, Ledger: store, Now: m.clock})
	require.NoError(b, err)
	eng, err := engine.New(engine.Config{Channels: []mip.Channel{m}, Supplier: m, Payments: []mip.Payment{purse}, Store: store, Now: m.clock})
	require.NoError(b, err)
	return eng
}

func file(b testing.TB) *sqlite.Store {
	b.Helper()
	s, err := sqlite.Open(sqlite.Config{Path: filepath.Join(b.TempDir(), "mip.db")})
	require.NoError(b, err)
	b.Cleanup(func() { require.NoError(b, s.Close()) })
	return s
}
