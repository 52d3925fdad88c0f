package postgres_test

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"testing"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/miptest"
	"github.com/openmip/openmip/wallet"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// shop is a channel in memory.
type shop struct {
	mu     sync.Mutex
	orders []mip.Facts
	heard  map[mip.Ref][]mip.State
	inside int // readings under way
	most   int // of them at once
	polled map[string]int
}

// counter is the shop as one process sees it.
type counter struct {
	*shop
	who string
}

func newShop(n int) *shop {
	s := &shop{heard: map[mip.Ref][]mip.State{}, polled: map[string]int{}}
	for i := range n {
		s.orders = append(s.orders, *imported(ref(i), 0).Facts)
		s.orders[i].Lines[0].Total = mip.EUR(90_00)
		s.orders[i].Total = mip.EUR(90_00)
		s.orders[i].ShipTo.Phone, s.orders[i].ShipTo.Email = "+34600000000", "buyer@example.com"
	}
	return s
}

func (s *shop) Name() string { return "shop" }

// Orders implements mip.Channel.
func (s counter) Orders(context.Context, mip.Cursor) iter.Seq2[mip.Page, error] {
	return func(yield func(mip.Page, error) bool) {
		s.mu.Lock()
		s.inside++
		s.most = max(s.most, s.inside)
		s.polled[s.who]++
		page := mip.Page{Orders: s.orders}
		s.mu.Unlock()
		time.Sleep(5 * time.Millisecond)
		yield(page, nil)
		s.mu.Lock()
		s.inside--
		s.mu.Unlock()
	}
}

// Report implements mip.Channel.
func (s *shop) Report(_ context.Context, r mip.Ref, st mip.Status) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.heard[r] = append(s.heard[r], st.State)
	return nil
}

func (s *shop) told(state mip.State) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, states := range s.heard {
		if states[len(states)-1] == state {
			n++
		}
	}
	return n
}

// depot is a supplier in memory with 10,000 euros.
type depot struct {
	mu      sync.Mutex
	placed  map[string][]mip.Placement // by reference
	calls   int                        // of Place
	asked   []int                      // ids in each Track
	checked func()                     // runs inside Check
}

func newDepot() *depot { return &depot{placed: map[string][]mip.Placement{}} }

// Check implements mip.Supplier.
func (d *depot) Check(context.Context, mip.Purchase) (mip.Quote, error) {
	if d.checked != nil {
		d.checked()
	}
	return mip.Quote{Total: mip.EUR(10_00), At: time.Now()}, nil
}

// Place implements mip.Supplier.
func (d *depot) Place(_ context.Context, p mip.Purchase) (mip.Placed, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.calls++
	made := mip.Placement{ID: fmt.Sprint("P", d.calls), Reference: p.Reference, Items: p.Items, Status: mip.PlacementInProcess,
		Cost: mip.EUR(10_00), PlacedAt: time.Now()}
	d.placed[p.Reference] = append(d.placed[p.Reference], made)
	return mip.Placed{Placements: []mip.Placement{made}}, nil
}

// Find implements mip.Supplier.
func (d *depot) Find(_ context.Context, reference string) (mip.Found, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return mip.Found{Placements: d.placed[reference], Authoritative: true, Complete: true}, nil
}

// Track implements mip.Supplier: everything has been shipped.
func (d *depot) Track(_ context.Context, ids []string) ([]mip.Tracking, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.asked = append(d.asked, len(ids))
	var out []mip.Tracking
	for _, id := range ids {
		out = append(out, mip.Tracking{ID: id, Status: mip.PlacementShipped, Parcels: []mip.Parcel{{ID: "1", Number: "T" + id, Carrier: "Correos"}}})
	}
	return out, nil
}

// Balance implements mip.Balancer.
func (d *depot) Balance(context.Context) (mip.Money, error) { return mip.EUR(10_000_00), nil }

// swift is the engine's patience in these tests.
var swift = engine.Timing{Call: 2 * time.Second, Lease: 4 * time.Second, Track: 2 * time.Second, Purse: 100 * time.Millisecond,
	Retry: mip.Backoff{First: 100 * time.Millisecond, Max: time.Second}}

// process is an engine over a store, as one process has it.
func process(t *testing.T, s mip.Store, d miptest.BalancedSupplier, ch mip.Channel, change ...func(*engine.Config)) *engine.Engine {
	t.Helper()
	purse, err := wallet.New(wallet.Config{Balance: d, Ledger: s})
	require.NoError(t, err)
	cfg := engine.Config{Channels: []mip.Channel{ch}, Supplier: d, Payments: []mip.Payment{purse}, Store: s, Rules: []mip.Rule{},
		Every: 50 * time.Millisecond, Timing: swift,
		Hooks: engine.Hooks{Failure: func(_ context.Context, r mip.Ref, err error) { t.Log("failure", r, err) }}}
	for _, f := range change {
		f(&cfg)
	}
	eng, err := engine.New(cfg)
	require.NoError(t, err)
	return eng
}

// run runs an engine until the returned function is called or the test ends.
func run(t *testing.T, eng *engine.Engine) (stop func()) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() {
		defer close(done)
		assert.NoError(t, eng.Run(ctx))
	}()
	stop = func() {
		cancel()
		<-done
	}
	t.Cleanup(stop)
	return stop
}
