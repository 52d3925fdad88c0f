package postgres_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"iter"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/postgres"
	"github.com/openmip/openmip/wallet"
)

// workerURL names the database to a process that a benchmark starts.
const workerURL = "OPENMIP_BENCH_WORKER"

// workerAbreast is how many effects of a kind it does at once, eight among all
// workers: what they are spread over is compared, not how many there are.
const workerAbreast, inAll = "OPENMIP_BENCH_ABREAST", 8

// workUntilStopped is that process: an embedder's program whose supplier and
// shop answer at once and have no limits. It ends with its standard input.
func workUntilStopped(url string) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	store, err := postgres.Open(ctx, postgres.Config{URL: url})
	if err != nil {
		return err
	}
	defer store.Close()
	purse, err := wallet.New(wallet.Config{Balance: limitless{}, Ledger: store})
	if err != nil {
		return err
	}
	abreast, err := strconv.Atoi(os.Getenv(workerAbreast))
	if err != nil {
		return err
	}
	eng, err := engine.New(engine.Config{Channels: []mip.Channel{silent{}}, Supplier: limitless{}, Payments: []mip.Payment{purse},
		Store: store, Rules: []mip.Rule{}, Every: time.Hour, Timing: engine.Timing{Track: 100 * time.Millisecond, Abreast: abreast},
		Hooks: engine.Hooks{Failure: func(_ context.Context, r mip.Ref, err error) { fmt.Fprintln(os.Stderr, r, err) }}})
	if err != nil {
		return err
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		cancel()
	}()
	fmt.Println("ready")
	return eng.Run(ctx)
}

// limitless is a supplier that has delivered everything by the time it is
// asked, for ten euros each, and a purse that never empties.
type limitless struct{}

func (limitless) Check(context.Context, mip.Purchase) (mip.Quote, error) {
	return mip.Quote{Total: mip.EUR(10_00), At: time.Now()}, nil
}

func (limitless) Place(_ context.Context, p mip.Purchase) (mip.Placed, error) {
	return mip.Placed{Placements: []mip.Placement{{ID: "P" + p.Reference, Reference: p.Reference, Items: p.Items,
		Status: mip.PlacementInProcess, Cost: mip.EUR(10_00), PlacedAt: time.Now()}}}, nil
}

func (limitless) Find(context.Context, string) (mip.Found, error) {
	return mip.Found{Authoritative: true, Complete: true}, nil
}

func (limitless) Track(_ context.Context, ids []string) ([]mip.Tracking, error) {
	var out []mip.Tracking
	for _, id := range ids {
		out = append(out, mip.Tracking{ID: id, Status: mip.PlacementDelivered, Parcels: []mip.Parcel{{ID: "1", Number: "T" + id, Carrier: "Correos"}}})
	}
	return out, nil
}

func (limitless) Balance(context.Context) (mip.Money, error) { return mip.EUR(1_000_000_000_00), nil }

// silent is a shop that hears everything and says nothing.
type silent struct{}

func (silent) Name() string                                      { return "shop" }
func (silent) Report(context.Context, mip.Ref, mip.Status) error { return nil }
func (silent) Orders(context.Context, mip.Cursor) iter.Seq2[mip.Page, error] {
	return func(func(mip.Page, error) bool) {}
}

// hire starts workers, and stops them when the benchmark ends.
func hire(b *testing.B, cfg postgres.Config, n int) {
	b.Helper()
	for range n {
		cmd := exec.Command(os.Args[0])
		cmd.Env, cmd.Stderr = append(os.Environ(), workerURL+"="+cfg.URL, fmt.Sprintf("%s=%d", workerAbreast, inAll/n)), os.Stderr
		in, err := cmd.StdinPipe()
		require.NoError(b, err)
		out, err := cmd.StdoutPipe()
		require.NoError(b, err)
		require.NoError(b, cmd.Start())
		_, err = bufio.NewReader(out).ReadString('\n')
		require.NoError(b, err)
		b.Cleanup(func() {
			_ = in.Close()
			_ = cmd.Wait()
		})
	}
}

// changes counts the durable changes of orders and reservations.
func changes(b *testing.B, cfg postgres.Config) int {
	return count(b, cfg, "SELECT (SELECT count(*) FROM openmip.history) + 2 * (SELECT count(*) FROM openmip.reservations)")
}

// count returns the one number that a query gives.
func count(b *testing.B, cfg postgres.Config, text string) (n int) {
	b.Helper()
	require.NoError(b, query(b, cfg, text, &n))
	return n
}

// kept is what stays of orders for good: not the effects and jobs, which end.
const kept = `SELECT sum(pg_total_relation_size('openmip.' || t)) FROM unnest('{orders,history,reservations}'::text[]) AS t`

// written is how far the server's log has come, in bytes.
func written(b *testing.B, cfg postgres.Config) int {
	return count(b, cfg, "SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint")
}

// BenchmarkWorkers takes orders from their import to "delivered", told to the
// shop, in worker processes that share a database on this machine. Its floor
// is as many bare transactions, over as many connections as one worker has, as
// an order takes durable changes: those of the order itself, and of the
// reservation.
func BenchmarkWorkers(b *testing.B) {
	for _, workers := range []int{1, 2, 4} {
		b.Run(fmt.Sprintf("processes=%d", workers), func(b *testing.B) {
			cfg := prepared(b)
			w, s := newBare(b, cfg), open(b, cfg)
			hire(b, cfg, workers)
			orders := 400
			if testing.Short() {
				orders = 40
			}
			done := 1 // the one that the bare rows look like
			batch := func(n int) {
				var wg sync.WaitGroup
				const importers = 8
				for g := range importers {
					wg.Go(func() {
						for i := g; i < n; i += importers {
							apply(b, s, ref(done+i), imported(ref(done+i), 0), time.Now())
						}
					})
				}
				wg.Wait()
				done += n
				for count(b, cfg, "SELECT count(*) FROM openmip.effects") > 0 {
					time.Sleep(5 * time.Millisecond)
				}
			}
			batch(16) // everybody is at work
			first, before := done, changes(b, cfg)
			var mine, least time.Duration
			wal := 0
			for b.Loop() {
				began, lsn := time.Now(), written(b, cfg)
				batch(orders)
				mine += time.Since(began)
				b.StopTimer()
				wal += written(b, cfg) - lsn
				made := changes(b, cfg) - before
				before += made
				least += abreast(b, 16, made, w.commitOne)
				b.StartTimer()
			}
			n := float64(done - first)
			b.ReportMetric(mine.Seconds()/least.Seconds(), "x-floor")
			b.ReportMetric(n/mine.Seconds(), "orders/s")
			b.ReportMetric(float64(before)/float64(done), "changes/order")
			b.ReportMetric(float64(wal)/n, "wal-B/order")
			b.ReportMetric(float64(count(b, cfg, kept))/float64(done), "B/order")
			b.ReportMetric(float64(least.Nanoseconds())/n, "floor-ns/op")
		})
	}
}
