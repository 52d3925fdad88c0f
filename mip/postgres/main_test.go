package postgres_test

import (
	"context"
	"flag"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/postgres"
	"github.com/openmip/openmip/mip/postgres/pgtest"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

// TestMain lets the test binary be a worker of a benchmark as well.
func TestMain(m *testing.M) {
	if url := os.Getenv(workerURL); url != "" {
		if err := workUntilStopped(url); err != nil {
			fmt.Fprintln(os.Stderr, "worker:", err)
			os.Exit(1)
		}
		return
	}
	flag.Parse()
	if f := flag.Lookup("test.parallel"); f.Value.String() == f.DefValue {
		_ = f.Value.Set("8") // they wait for a server more than they compute
	}
	goleak.VerifyTestMain(m,
		// The process that clears the cluster away, and the cluster.
		goleak.IgnoreAnyFunction("github.com/openmip/openmip/mip/postgres/pgtest.undertaker.func2"),
		goleak.IgnoreAnyFunction("github.com/openmip/openmip/mip/postgres/pgtest.(*Server).Start.func2"))
}

// prepared returns a migrated database that nobody else uses.
func prepared(t testing.TB) postgres.Config {
	t.Helper()
	cfg := postgres.Config{URL: pgtest.Database(t)}
	require.NoError(t, postgres.Migrate(t.Context(), cfg))
	return cfg
}

// open opens a store for the time of a test.
func open(t testing.TB, cfg postgres.Config) *postgres.Store {
	t.Helper()
	s, err := postgres.Open(t.Context(), cfg)
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

// accounts hands out stores that are empty but share one database, which is
// much faster than a database for each.
func accounts(t *testing.T) func(t testing.TB) *postgres.Store {
	t.Helper()
	cfg := prepared(t)
	pool, err := pgxpool.New(t.Context(), cfg.URL+"&pool_max_conns=20")
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	cfg.Pool = pool
	var mu sync.Mutex
	n := 0
	return func(t testing.TB) *postgres.Store {
		t.Helper()
		mu.Lock()
		defer mu.Unlock()
		n++
		cfg := cfg
		cfg.Account = fmt.Sprint("a", n)
		return open(t, cfg)
	}
}

func at(n int) time.Time {
	return time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC).Add(time.Duration(n) * time.Minute)
}

func ref(n int) mip.Ref { return mip.Ref{Channel: "shop", ID: fmt.Sprint(1000 + n)} }

// imported is an order of one line; news makes it differ from older news.
func imported(r mip.Ref, news int) mip.Event {
	return mip.Event{Kind: mip.EventImported, Actor: mip.ActorChannel, Facts: &mip.Facts{
		Ref: r, Demand: mip.DemandShip, UpdatedAt: at(news), Note: fmt.Sprintf("news %d", news),
		ShipTo: mip.Address{FirstName: "Ana", LastName: "Example", Line1: "1 Test Street", City: "Valencia", Postcode: "46001", Country: "ES"},
		Lines:  []mip.Line{{ID: "l1", SKU: "S1", Quantity: 1, Total: mip.EUR(19_99)}},
	}}
}

func apply(t testing.TB, s mip.Store, r mip.Ref, e mip.Event, when time.Time) mip.Result {
	t.Helper()
	res, err := s.Apply(context.Background(), r, e, when)
	require.NoError(t, err)
	return res
}
