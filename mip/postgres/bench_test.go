package postgres_test

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// life is how many changes an order gets one after the other, about as many as
// between its import and its last report.
const life = 8

// abreast makes n changes in all on that many goroutines, each with orders of
// its own, life changes to one and on to the next, and returns how long that
// took.
func abreast(b *testing.B, goroutines, n int, f func(ctx context.Context, order int) error) time.Duration {
	b.Helper()
	var wg sync.WaitGroup
	began := time.Now()
	for g := range goroutines {
		wg.Go(func() {
			for i := range n / goroutines {
				if err := f(b.Context(), (i/life*goroutines+g)%bareRows); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return time.Since(began)
}

// BenchmarkApply imports orders again with news: an update of the order, a
// history entry, an effect and its River job, committed together, against the
// bare transaction on as many connections. Both are measured in turns.
func BenchmarkApply(b *testing.B) {
	for _, conns := range []int{1, 8} {
		b.Run(fmt.Sprintf("connections=%d", conns), func(b *testing.B) {
			cfg := prepared(b)
			w, s := newBare(b, cfg), open(b, cfg)
			var news atomic.Int64
			ours := func(ctx context.Context, order int) error {
				_, err := s.Apply(ctx, ref(order), imported(ref(order), int(news.Add(1))), time.Now())
				return err
			}
			turn := 200 * conns
			var mine, least time.Duration
			rounds := 0
			for b.Loop() {
				mine += abreast(b, conns, turn, ours)
				b.StopTimer()
				least += abreast(b, conns, turn, w.commitOne)
				b.StartTimer()
				rounds++
			}
			n := float64(rounds * turn)
			b.ReportMetric(mine.Seconds()/least.Seconds(), "x-floor")
			b.ReportMetric(n/mine.Seconds(), "applies/s")
			b.ReportMetric(float64(least.Nanoseconds())/n, "floor-ns/op")
		})
	}
}
