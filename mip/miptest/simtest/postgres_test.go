package simtest

import (
	"context"
	"flag"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip/miptest"
	"github.com/openmip/openmip/mip/postgres"
	"github.com/openmip/openmip/mip/postgres/pgtest"
)

var clustered = flag.Int("postgres", 40/share, "how many worlds to simulate on PostgreSQL; 2400 and more: crash there at every call, too")

// TestSimulationOnPostgreSQL plays the histories of TestSimulation on a real
// server. A call to the store that is lost is lost by its connection.
func TestSimulationOnPostgreSQL(t *testing.T) {
	s := newServer(t)
	simulate(t, s.open, *clustered)
	assert.Positive(t, s.lost.Load(), "connections broke")
	t.Log(s.lost.Load(), "connections broke")
}

// TestCrashEverywhereOnPostgreSQL is TestCrashEverywhere on a real server, at
// some of the calls. A call that is on its way when the process dies may be
// half sent, or done and not answered.
func TestCrashEverywhereOnPostgreSQL(t *testing.T) {
	s := newServer(t)
	for _, st := range stories() {
		t.Run(st.name, func(t *testing.T) { crashEverywhere(t, s.open, st, max(2400/max(*clustered, 1), 1)) })
	}
}

// server opens the stores of worlds, each an account of its own in one
// database.
type server struct {
	t      *testing.T
	out    *outside
	config postgres.Config
	admin  *pgxpool.Pool
	worlds atomic.Int64
	lost   atomic.Int64
}

func newServer(t *testing.T) *server {
	if testing.Short() {
		t.Skip("short: the worlds in memory are played, not those on PostgreSQL")
	}
	s := &server{t: t, config: postgres.Config{URL: pgtest.Database(t)}, out: newOutside(16)}
	t.Cleanup(func() { close(s.out.calls) })
	require.NoError(t, postgres.Migrate(t.Context(), s.config))
	var err error
	s.admin, err = pgxpool.New(t.Context(), s.config.URL)
	require.NoError(t, err)
	t.Cleanup(s.admin.Close)
	return s
}

// open implements open. Processes die in these worlds and the server does not:
// it need not write to its disk at each commit.
func (s *server) open() miptest.QueuedStore {
	c := &cluster{s: s, config: s.config}
	c.config.Account = fmt.Sprint("w", s.worlds.Add(1))
	c.distant = distant{out: s.out, store: c.current, after: c.ended}
	s.out.do(c.connect)
	return c
}

// cluster is the store of one world.
type cluster struct {
	distant
	s      *server
	config postgres.Config

	mu    sync.Mutex
	now   *postgres.Store
	wires *wires
}

func (c *cluster) connect() {
	settings, err := pgxpool.ParseConfig(c.config.URL)
	c.must(err)
	w := &wires{}
	settings.MaxConns = 4
	settings.ConnConfig.RuntimeParams["jit"] = "off"
	settings.ConnConfig.RuntimeParams["synchronous_commit"] = "off"
	settings.ConnConfig.DialFunc, settings.AfterConnect = w.dial, w.name
	pool, err := pgxpool.NewWithConfig(context.Background(), settings)
	c.must(err)
	own := c.config
	own.Pool = pool
	store, err := postgres.Open(context.Background(), own)
	c.must(err)
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now, c.wires, c.config.Pool = store, w, pool
}

func (c *cluster) must(err error) {
	if err != nil {
		panic(err)
	}
}

func (c *cluster) current() miptest.QueuedStore {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Break implements lines.
func (c *cluster) Break(n int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.wires.arm(n)
}

// ended follows a call. What the server still does for a client that is gone
// is done before the world goes on, so that a history plays again as it was.
func (c *cluster) ended(miptest.QueuedStore) {
	c.mu.Lock()
	orphan := c.wires.disarm()
	c.mu.Unlock()
	if orphan == 0 {
		return
	}
	c.s.lost.Add(1)
	for alive := true; alive; time.Sleep(time.Millisecond) {
		c.must(c.s.admin.QueryRow(context.Background(), "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE pid = $1)", orphan).Scan(&alive))
	}
}

// Renew implements lines.
func (c *cluster) Renew() {
	c.s.out.do(func() {
		old := c.config.Pool
		c.connect()
		go old.Close() // which waits for the calls of others
	})
}

// Close implements lines.
func (c *cluster) Close() { c.s.out.do(c.config.Pool.Close) }
