package postgres_test

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

// An import: order, history, effect and job in one durable transaction, by
// eight writers at a time.
func BenchmarkApply(b *testing.B) {
	s := open(b, prepared(b))
	var n atomic.Int64
	b.SetParallelism(4)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r := mip.Ref{Channel: "shop", ID: fmt.Sprint(n.Add(1))}
			if _, err := s.Apply(b.Context(), r, imported(r, 0), time.Now()); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "orders/s")
}

// The floor: the same number of durable one-row inserts.
func BenchmarkInsertOfOneRow(b *testing.B) {
	cfg := prepared(b)
	s := open(b, cfg)
	require.NoError(b, s.SaveCursor(b.Context(), "warm", "", "1"))
	var n atomic.Int64
	b.SetParallelism(4)
	b.ResetTimer()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			if err := s.SaveCursor(b.Context(), fmt.Sprint(n.Add(1)), "", "1"); err != nil {
				b.Error(err)
			}
		}
	})
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}
