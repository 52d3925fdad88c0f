package engine_test

import (
	"context"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/miptest/benchtest"
	"github.com/openmip/openmip/mip/sqlite"
)

// few is what many stored orders are compared with.
const few = 1_000

// many is how many orders are stored.
func many() int {
	if testing.Short() {
		return 3 * few
	}
	return 1_000_000
}

// shelf is a file with orders of which none has anything to do now.
type shelf struct {
	path string
	n    int
}

func newShelf(b *testing.B, n int) shelf {
	b.Helper()
	s := shelf{filepath.Join(b.TempDir(), "mip.db"), n}
	fill(b, s.path, n)
	s.start(b, nil) // it has run before
	return s
}

// open starts an engine on it.
func (s shelf) open(b *testing.B) (*engine.Engine, *sqlite.Store) {
	b.Helper()
	m := newMarket()
	m.pass(20*time.Minute, mip.PlacementInProcess) // the next question for tracking is due later
	store, err := sqlite.Open(sqlite.Config{Path: s.path})
	require.NoError(b, err)
	return m.join(b, store), store
}

func pass(b *testing.B, eng *engine.Engine) {
	b.Helper()
	if err := eng.Sync(context.Background()); err != nil {
		b.Fatal(err)
	}
}

// start opens the file, makes the first pass, and closes the file again. then
// is called before that; nil = nothing.
func (s shelf) start(b *testing.B, then func()) {
	eng, store := s.open(b)
	pass(b, eng)
	if then != nil {
		then()
	}
	require.NoError(b, store.Close())
	runtime.KeepAlive(eng)
}

// heap is what the process has in use after the first pass.
func (s shelf) heap(b *testing.B) (bytes float64) {
	s.start(b, func() {
		var m runtime.MemStats
		runtime.GC()
		runtime.ReadMemStats(&m)
		bytes = float64(m.HeapAlloc)
	})
	return bytes
}

// BenchmarkStored is what orders cost that are only there: a million of them,
// with -short three thousand, against a thousand. Every twentieth is at the
// supplier and to be asked about later, every five thousandth waits for a
// person, the others are done with.
func BenchmarkStored(b *testing.B) {
	most, least := newShelf(b, many()), newShelf(b, few)

	// One pass of [engine.Engine.Sync] that finds nothing to do.
	b.Run("idle", func(b *testing.B) {
		full, a := most.open(b)
		empty, z := least.open(b)
		pass(b, full)
		pass(b, empty)
		benchtest.Alternate(b, func() { pass(b, full) }, benchtest.Peer{Name: "empty", Do: func() { pass(b, empty) }})
		require.NoError(b, a.Close())
		require.NoError(b, z.Close())
	})

	// From the closed file to the end of the first pass, and closed again.
	b.Run("start", func(b *testing.B) {
		benchtest.Alternate(b, func() { most.start(b, nil) }, benchtest.Peer{Name: "empty", Do: func() { least.start(b, nil) }})
		info, err := os.Stat(most.path)
		require.NoError(b, err)
		b.ReportMetric(float64(info.Size())/float64(most.n), "file-B/order")
		full, empty := most.heap(b), least.heap(b)
		b.ReportMetric(full, "heap-B")
		b.ReportMetric(full/empty, "x-empty-heap")
	})
}
