package engine_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/memstore"
	"github.com/openmip/openmip/mip/sqlite"
	"github.com/openmip/openmip/wallet"
)

// drain is a queue of orders that an all but empty purse holds, in front of
// BigBuy with its real limits.
type drain struct {
	testing.TB
	bb     *bigbuytest.Server
	store  mip.Store
	eng    *engine.Engine
	price  mip.Money // of each order
	refs   []mip.Ref // earliest ship-by date first
	mu     sync.Mutex
	heard  []string
	stop   context.CancelFunc
	done   chan error
	before map[bigbuytest.Route]int // calls before the top-up
	topUp  time.Time
}

// newDrain imports n orders, the last one to ship first, and waits until all
// are held.
func newDrain(t testing.TB, store mip.Store, c drainCase) *drain {
	n := c.held
	d := &drain{TB: t, store: store, done: make(chan error, 1),
		bb: bigbuytest.New(bigbuytest.Config{Balance: mip.EUR(1_00), Switches: bigbuytest.Switches{Latency: c.latency}})}
	d.bb.SetStock(bigbuytest.SKULamp, 1, 2*n)
	supplier := d.bb.Supplier(bigbuy.Config{})
	purse, err := wallet.New(wallet.Config{Balance: supplier, Ledger: store})
	require.NoError(t, err)
	d.eng, err = engine.New(engine.Config{Supplier: supplier, Payments: []mip.Payment{purse}, Store: store,
		Timing: engine.Timing{Abreast: c.abreast},
		Hooks: engine.Hooks{
			WalletLow: func(_ context.Context, available, needed mip.Money) {
				d.hear("missing " + minus(needed, available).Text())
			},
			Drift: func(_ context.Context, _ string, s mip.Statement) {
				d.hear(string(s.Drift) + " " + s.Unexplained.Text())
			},
		}})
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.Background())
	d.stop = stop
	go func() { d.done <- d.eng.Run(ctx) }()
	d.refs = make([]mip.Ref, n)
	for i := range n {
		f := mip.Facts{Ref: mip.Ref{Channel: "shop", ID: fmt.Sprint(i + 1)}, Demand: mip.DemandShip, Total: mip.EUR(60_00), UpdatedAt: time.Now(),
			ShipBy: time.Now().Add(24*time.Hour + time.Duration(n-i)*time.Minute),
		}
		d.refs[n-1-i] = f.Ref
		require.NoError(t, d.eng.Ingest(ctx, d.fill(f)))
	}
	for range 2 * n {
		if time.Sleep(time.Second); d.count(mip.StatePendingReview) == n {
			break
		}
	}
	time.Sleep(time.Minute)
	d.price = d.order(d.refs[0]).Quote.Total
	d.mu.Lock()
	d.heard = nil
	d.mu.Unlock()
	d.before = map[bigbuytest.Route]int{}
	for _, r := range []bigbuytest.Route{bigbuytest.RouteCheckMulti, bigbuytest.RouteCreateMulti} {
		d.before[r] = d.bb.Requests(r)
	}
	return d
}

func (d *drain) hear(what string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.heard = append(d.heard, what)
}

func (d *drain) fill(f mip.Facts) mip.Facts {
	f.ShipTo = mip.Address{FirstName: "Ana", LastName: "Prueba", Line1: "Calle 1", City: "Valencia", Postcode: "46005", Country: "ES",
		Phone: "+34600000000", Email: f.Ref.ID + "@example.com"}
	f.Lines = []mip.Line{{ID: "1", SKU: bigbuytest.SKULamp, Quantity: 1, Total: mip.EUR(60_00)}}
	return f
}

func (d *drain) order(ref mip.Ref) mip.Order {
	o, err := d.store.Order(context.Background(), ref)
	require.NoError(d, err)
	return o
}

func (d *drain) count(s mip.State) int {
	all, err := d.store.Counts(context.Background())
	require.NoError(d, err)
	return all[s]
}

// calls is how many requests reached a route since the top-up.
func (d *drain) calls(r bigbuytest.Route) int { return d.bb.Requests(r) - d.before[r] }

// pay tops the purse up and waits until n orders are bought, and a minute
// longer. It returns how long the buying took.
func (d *drain) pay(amount mip.Money, n int) time.Duration {
	d.topUp = time.Now()
	d.bb.TopUp(amount)
	for range 2 * n {
		if time.Sleep(time.Second); len(d.bb.Orders()) >= n {
			break
		}
	}
	time.Sleep(time.Minute)
	orders := d.bb.Orders()
	require.Len(d, orders, n)
	return orders[n-1].CreatedAt.Sub(d.topUp)
}

func (d *drain) end() {
	d.stop()
	require.NoError(d, <-d.done)
	time.Sleep(time.Minute) // a question to the purse outlives those who ask it
}

// drainCase is one queue and the money for some of it.
type drainCase struct {
	held, paid int
	latency    time.Duration
	abreast    int // 1: in strict order
	file       bool
}

// play drains it in virtual time, and returns how long that took in seconds
// of BigBuy's limit, one order each second.
func (c drainCase) play(t *testing.T, path string) (ratio float64) {
	synctest.Test(t, func(t *testing.T) {
		var store mip.Store = memstore.New()
		if c.file {
			file, err := sqlite.Open(sqlite.Config{Path: path})
			require.NoError(t, err)
			defer func() { assert.NoError(t, file.Close()) }()
			store = file
		}
		began := time.Now()
		d := newDrain(t, store, c)
		defer d.end()
		t.Logf("%d orders held after %s", c.held, time.Since(began))
		rest := minus(d.price, mip.EUR(1)) // a cent too little for one more
		took := d.pay(minus(plus(d.price.Times(c.paid), rest), mip.EUR(1_00)), c.paid)
		ratio = took.Seconds() / float64(c.paid)
		t.Logf("%d orders bought %s after the top-up: %.4f of the limit; the first after %s",
			c.paid, took, ratio, d.bb.Orders()[0].CreatedAt.Sub(d.topUp))
		d.tidy(c, rest)
	})
	return ratio
}

func TestHeldOrdersDrain(t *testing.T) {
	for name, c := range map[string]drainCase{
		"four hundred, in memory":              {held: 400, paid: 400},
		"four hundred, BigBuy being slow":      {held: 400, paid: 400, latency: 1500 * time.Millisecond},
		"three hundred, in strict order":       {held: 300, paid: 300, latency: 700 * time.Millisecond, abreast: 1},
		"money for 240 of four hundred":        {held: 400, paid: 240, abreast: 1},
		"money for two hundred, BigBuy slow":   {held: 300, paid: 200, latency: 1500 * time.Millisecond},
		"two hundred, in a file":               {held: 200, paid: 200, file: true, abreast: 1},
		"money for a hundred, in a file, slow": {held: 200, paid: 100, file: true, latency: 700 * time.Millisecond},
	} {
		t.Run(name, func(t *testing.T) {
			c.held, c.paid = c.held/share, c.paid/share
			// Ten seconds to notice the top-up and to answer the first calls,
			// a few more where the queue is short.
			start := 10.0
			if share > 1 {
				start = 15
			}
			assert.LessOrEqual(t, c.play(t, filepath.Join(t.TempDir(), "mip.db")), 1.01+start/float64(c.paid))
		})
	}
}

// tidy checks what must hold after a drain.
func (d *drain) tidy(c drainCase, rest mip.Money) {
	paid := c.paid
	assert.Zero(d, d.bb.Throttled(), "no call was refused for its rate")
	assert.Equal(d, paid, d.calls(bigbuytest.RouteCreateMulti), "one create each, and none refused")
	assert.LessOrEqual(d, d.calls(bigbuytest.RouteCheckMulti), paid, "one check each")
	place := map[string]int{}
	for i, ref := range d.refs {
		place[mip.Reference(ref, 1)] = i
	}
	swapped := 6 // those that go abreast may overtake each other
	if c.abreast == 1 {
		swapped = 0
	}
	for i, o := range d.bb.Orders() {
		require.InDelta(d, i, place[o.Reference], float64(swapped), "earliest ship-by date first")
	}
	assert.Equal(d, rest.String(), d.bb.Balance().String())
	assert.Equal(d, paid, d.count(mip.StateSubmitted))
	for i, ref := range d.refs {
		released := 0
		history, err := d.store.History(context.Background(), ref)
		require.NoError(d, err)
		for _, c := range history {
			if c.Event == mip.EventRecheck {
				released++
			}
		}
		require.Equal(d, i < paid, released == 1, "released once, or not at all: %d", released)
		if o := d.order(ref); i >= paid {
			require.Equal(d, []string{mip.CodeInsufficientFunds}, mip.Codes(o.Holding()))
		}
	}
	f, err := d.eng.Forecast(context.Background())
	require.NoError(d, err)
	left := len(d.refs) - paid
	missing := minus(d.price.Times(left), rest)
	if left == 0 {
		missing = mip.EUR(0)
	}
	assert.Equal(d, fmt.Sprint(rest, mip.EUR(0), left, d.price.Times(left), 0, missing),
		fmt.Sprint(f.Available, f.Reserved, f.Waiting, plus(mip.EUR(0), f.Needed), f.Unpriced, f.Missing))
	told := []string{"credit " + minus(plus(d.price.Times(paid), rest), mip.EUR(1_00)).Text()}
	if left > 0 {
		told = append(told, "missing "+missing.Text())
	}
	assert.Equal(d, told, d.heard)
	rows, err := d.store.Reservations(context.Background(), "wallet", time.Time{})
	require.NoError(d, err)
	for _, r := range rows {
		require.Equal(d, mip.ReservationSettled, r.State)
	}
	assert.Len(d, rows, paid)
}

func plus(a, b mip.Money) mip.Money  { return must(a.Add(b)) }
func minus(a, b mip.Money) mip.Money { return must(a.Sub(b)) }
