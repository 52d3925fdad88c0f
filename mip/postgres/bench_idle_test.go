package postgres_test

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/postgres"
	"github.com/openmip/openmip/wallet"
)

// BenchmarkIdleAccounts is what accounts without any work cost: many of them
// in one process over one pool, with the settings for that, each with a shop
// that is read every minute. An iteration is five seconds of doing nothing.
func BenchmarkIdleAccounts(b *testing.B) {
	accounts, rest := 100, 5*time.Second
	if testing.Short() {
		accounts, rest = 5, 500*time.Millisecond
	}
	for _, every := range []time.Duration{time.Second, 10 * time.Second} {
		b.Run(fmt.Sprintf("fetch=%s", every), func(b *testing.B) {
			cfg := prepared(b)
			pool, err := pgxpool.New(b.Context(), cfg.URL+"&pool_max_conns=16")
			require.NoError(b, err)
			defer pool.Close()
			cfg.Pool, cfg.NoListen, cfg.FetchEvery = pool, true, every
			before := heap()
			ctx, stop := context.WithCancel(context.Background())
			var all sync.WaitGroup
			for i := range accounts {
				cfg.Account = fmt.Sprint("a", i)
				eng := idler(b, open(b, cfg))
				all.Go(func() { _ = eng.Run(ctx) })
			}
			time.Sleep(rest) // they have started
			grown := heap() - before
			transactions := int64(0)
			for b.Loop() {
				began := committed(b, cfg)
				time.Sleep(rest)
				transactions += committed(b, cfg) - began
			}
			b.ReportMetric(float64(transactions)/float64(b.N)/rest.Seconds()/float64(accounts), "transactions/s/account")
			b.ReportMetric(float64(grown)/float64(accounts), "heap-B/account")
			stop()
			all.Wait()
		})
	}
}

func idler(b *testing.B, s *postgres.Store) *engine.Engine {
	b.Helper()
	purse, err := wallet.New(wallet.Config{Balance: limitless{}, Ledger: s})
	require.NoError(b, err)
	eng, err := engine.New(engine.Config{Channels: []mip.Channel{silent{}}, Supplier: limitless{}, Payments: []mip.Payment{purse},
		Store: s, Rules: []mip.Rule{}})
	require.NoError(b, err)
	return eng
}

// committed counts the database's transactions, as of its statistics.
func committed(b *testing.B, cfg postgres.Config) (n int64) {
	b.Helper()
	require.NoError(b, query(b, cfg, "SELECT xact_commit FROM pg_stat_database WHERE datname = current_database()", &n))
	return n
}

func heap() int64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc + m.StackInuse)
}
