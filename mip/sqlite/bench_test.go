package sqlite_test

import (
	"context"
	"fmt"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/miptest/benchtest"
	"github.com/openmip/openmip/mip/sqlite"
)

// applier changes orders of one line again and again: an update of the order,
// an entry of its history and an effect, on disk when it returns.
type applier struct {
	s    *sqlite.Store
	news []int // by order
}

func newApplier(b *testing.B, orders int) *applier {
	a := &applier{s: open(b, filepath.Join(b.TempDir(), "orders.db")), news: make([]int, orders)}
	for i := range orders {
		a.apply(b, i)
		a.apply(b, i)
	}
	return a
}

func (a *applier) apply(b *testing.B, i int) {
	a.news[i]++
	e := imported(ref(i), a.news[i])
	if _, err := a.s.Apply(context.Background(), e.ref, e.event, at(a.news[i])); err != nil {
		b.Error(err)
	}
}

// like returns what gives the rows of a floor their size: the first order and
// the last entry of its history.
func (a *applier) like(b *testing.B) (mip.Order, mip.Change) {
	o, err := a.s.Order(b.Context(), ref(0))
	require.NoError(b, err)
	history, err := a.s.History(b.Context(), ref(0))
	require.NoError(b, err)
	return o, history[len(history)-1]
}

// BenchmarkApply has one writer, who waits for each change to be on disk.
// disk-%-of-floor is how much of the floor is that wait.
func BenchmarkApply(b *testing.B) {
	a := newApplier(b, 1)
	o, c := a.like(b)
	theirs := benchtest.Alternate(b, func() { a.apply(b, 0) },
		benchtest.Peer{Name: "floor", Do: benchtest.Durable(b, o, c)},
		benchtest.Peer{Name: "undurable", Do: benchtest.Undurable(b, o, c)})
	b.ReportMetric(100*(1-theirs[1]/theirs[0]), "disk-%-of-floor")
	b.ReportMetric(float64(time.Second)*float64(b.N)/float64(b.Elapsed()), "applies/s")
}

// BenchmarkApplyTogether has many writers, each waiting for its own changes
// to be on disk. The floors have one, who makes as many: each in a transaction
// of its own, and as many in each as there are writers.
func BenchmarkApplyTogether(b *testing.B) {
	const rounds = 16 // of each writer in one operation: writers live longer than a change
	for _, writers := range []int{8, 16, 64} {
		b.Run(fmt.Sprint(writers), func(b *testing.B) {
			a := newApplier(b, writers)
			o, c := a.like(b)
			one, group := benchtest.Durable(b, o, c), benchtest.DurableGroup(b, o, c, writers)
			together := func() {
				var all sync.WaitGroup
				for i := range writers {
					all.Go(func() {
						for range rounds {
							a.apply(b, i)
						}
					})
				}
				all.Wait()
			}
			times := func(n int, do func()) func() {
				return func() {
					for range n {
						do()
					}
				}
			}
			benchtest.Alternate(b, together, benchtest.Peer{Name: "sequential-floor", Do: times(writers*rounds, one)},
				benchtest.Peer{Name: "grouped-floor", Do: times(rounds, group)})
			b.ReportMetric(float64(time.Second)*float64(b.N*writers*rounds)/float64(b.Elapsed()), "applies/s")
		})
	}
}

// BenchmarkOrder reads one order.
func BenchmarkOrder(b *testing.B) {
	b.ReportAllocs()
	s := open(b, filepath.Join(b.TempDir(), "orders.db"))
	e := imported(ref(1), 0)
	_, err := s.Apply(b.Context(), e.ref, e.event, at(0))
	require.NoError(b, err)
	for b.Loop() {
		if _, err := s.Order(context.Background(), e.ref); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLease takes an effect out of ten thousand and gives it back.
func BenchmarkLease(b *testing.B) {
	b.ReportAllocs()
	n := 10_000
	if testing.Short() {
		n = 100
	}
	s := open(b, filepath.Join(b.TempDir(), "orders.db"))
	var all sync.WaitGroup
	for first := range 64 {
		all.Go(func() {
			for i := first; i < n; i += 64 {
				e := imported(ref(i), 0)
				if _, err := s.Apply(b.Context(), e.ref, e.event, at(0)); err != nil {
					b.Error(err)
				}
			}
		})
	}
	all.Wait()
	for n := 0; b.Loop(); n++ {
		leases, err := s.Lease(context.Background(), at(1+n), at(2+n), 1)
		if err != nil || len(leases) != 1 {
			b.Fatal(leases, err)
		}
	}
}
