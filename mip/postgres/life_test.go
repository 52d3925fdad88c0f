package postgres_test

import (
	"context"
	"iter"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/postgres"
)

// lifetime is that of one process. All that it does outside passes through points,
// River's statements among them, and it can end at each: then its connections
// break, and nothing that it does has any effect any more.
type lifetime struct {
	ends func(p point) bool // asked at every point; nil = never
	over chan struct{}

	mu    sync.Mutex
	conns []net.Conn
	seen  map[string]int
	all   []point
}

// point is a moment before or after one thing that a process does.
type point struct {
	what  string // a statement, or the name of a call
	after bool
	nth   int // counts from 1
}

func newLife(ends func(p point) bool) *lifetime {
	return &lifetime{ends: ends, over: make(chan struct{}), seen: map[string]int{}}
}

// store opens the process's store.
func (l *lifetime) store(t *testing.T, cfg postgres.Config) *mortal {
	t.Helper()
	settings, err := pgxpool.ParseConfig(cfg.URL)
	require.NoError(t, err)
	settings.MaxConns = 8
	settings.ConnConfig.Tracer, settings.ConnConfig.DialFunc = l, l.dial
	pool, err := pgxpool.NewWithConfig(context.Background(), settings)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	cfg.Pool = pool
	ends := l.ends
	l.ends = nil // a process that cannot start has begun nothing
	s := open(t, cfg)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.ends, l.seen, l.all = ends, map[string]int{}, nil
	return &mortal{s, l}
}

func (l *lifetime) dial(ctx context.Context, network, address string) (net.Conn, error) {
	c, err := new(net.Dialer).DialContext(ctx, network, address)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended() {
		_ = c.Close()
		return nil, net.ErrClosed
	}
	l.conns = append(l.conns, c)
	return c, nil
}

func (l *lifetime) ended() bool {
	select {
	case <-l.over:
		return true
	default:
		return false
	}
}

// pass reports whether the process lives on after a point.
func (l *lifetime) pass(what string, after bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ended() {
		return false
	}
	if !after {
		l.seen[what]++
	}
	p := point{what, after, l.seen[what]}
	l.all = append(l.all, p)
	if l.ends == nil || !l.ends(p) {
		return true
	}
	close(l.over)
	for _, c := range l.conns {
		_ = c.Close()
	}
	return false
}

// statement is the key of a statement that a context carries.
type statement struct{}

// TraceQueryStart implements pgx.QueryTracer.
func (l *lifetime) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	text := strings.ReplaceAll(data.SQL, `"openmip".`, "$.")
	l.pass(text, false)
	return context.WithValue(ctx, statement{}, text)
}

// TraceQueryEnd implements pgx.QueryTracer.
func (l *lifetime) TraceQueryEnd(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryEndData) {
	if text, ok := ctx.Value(statement{}).(string); ok {
		l.pass(text, true)
	}
}

// call makes one call that is no statement.
func (l *lifetime) call(ctx context.Context, what string, f func() error) error {
	dead := &mip.Error{Op: what, Kind: mip.ErrUnknown}
	if ctx.Err() != nil || !l.pass(what, false) {
		return dead
	}
	if err := f(); err != nil {
		return err
	}
	if !l.pass(what, true) {
		return dead
	}
	return nil
}

// mortal is the store of a process that may die.
type mortal struct {
	*postgres.Store
	life *lifetime
}

// Run implements engine.Runner. The work of a dead process comes to an end,
// and changes nothing.
func (m *mortal) Run(ctx context.Context, w engine.Work) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		select {
		case <-ctx.Done():
		case <-m.life.over:
			stop()
		}
	}()
	perform := w.Perform
	w.Perform = func(ctx context.Context, leases []mip.Lease) []time.Time {
		m.life.pass("perform", false)
		again := perform(ctx, leases)
		m.life.pass("perform", true)
		return again
	}
	return m.Store.Run(ctx, w)
}

// mortalDepot is the supplier as a process that may die reaches it.
type mortalDepot struct {
	*depot
	life *lifetime
}

// Check implements mip.Supplier.
func (m mortalDepot) Check(ctx context.Context, p mip.Purchase) (q mip.Quote, err error) {
	err = m.life.call(ctx, "check", func() (err error) { q, err = m.depot.Check(ctx, p); return err })
	return q, err
}

// Place implements mip.Supplier.
func (m mortalDepot) Place(ctx context.Context, p mip.Purchase) (out mip.Placed, err error) {
	err = m.life.call(ctx, "place", func() (err error) { out, err = m.depot.Place(ctx, p); return err })
	if err != nil {
		return mip.Placed{}, err
	}
	return out, nil
}

// Find implements mip.Supplier.
func (m mortalDepot) Find(ctx context.Context, reference string) (out mip.Found, err error) {
	err = m.life.call(ctx, "find", func() (err error) { out, err = m.depot.Find(ctx, reference); return err })
	return out, err
}

// Track implements mip.Supplier.
func (m mortalDepot) Track(ctx context.Context, ids []string) (out []mip.Tracking, err error) {
	err = m.life.call(ctx, "track", func() (err error) { out, err = m.depot.Track(ctx, ids); return err })
	return out, err
}

// Balance implements mip.Balancer.
func (m mortalDepot) Balance(ctx context.Context) (b mip.Money, err error) {
	err = m.life.call(ctx, "balance", func() (err error) { b, err = m.depot.Balance(ctx); return err })
	return b, err
}

// mortalShop is the channel as a process that may die reaches it.
type mortalShop struct {
	counter
	life *lifetime
}

// Orders implements mip.Channel.
func (m mortalShop) Orders(ctx context.Context, c mip.Cursor) iter.Seq2[mip.Page, error] {
	return func(yield func(mip.Page, error) bool) {
		if err := m.life.call(ctx, "poll", func() error { return nil }); err != nil {
			yield(mip.Page{}, err)
			return
		}
		for page, err := range m.counter.Orders(ctx, c) {
			if !yield(page, err) {
				return
			}
		}
	}
}

// Report implements mip.Channel.
func (m mortalShop) Report(ctx context.Context, r mip.Ref, s mip.Status) error {
	return m.life.call(ctx, "report", func() error { return m.counter.Report(ctx, r, s) })
}
