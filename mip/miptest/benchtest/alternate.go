package benchtest

import (
	"slices"
	"testing"
	"time"
)

// Alternate is [Compare] for what waits for a disk, whose moods are longer
// than an operation: ours and the peers take turns at single operations, and
// the ratio is that of their medians. The benchmark's own time and allocations
// are ours alone. It returns the medians of the peers, in nanoseconds.
func Alternate(b *testing.B, ours func(), peers ...Peer) (theirs []float64) {
	b.Helper()
	b.ReportAllocs()
	took := make([][]time.Duration, 1+len(peers))
	once := func(i int, do func()) {
		began := time.Now()
		do()
		took[i] = append(took[i], time.Since(began))
	}
	for b.Loop() {
		once(0, ours)
		b.StopTimer()
		for i, p := range peers {
			once(1+i, p.Do)
		}
		b.StartTimer()
	}
	for i, p := range peers {
		theirs = append(theirs, median(took[1+i]))
		b.ReportMetric(median(took[0])/theirs[i], "x-"+p.Name)
		b.ReportMetric(theirs[i], p.Name+"-ns/op")
	}
	return theirs
}

func median(all []time.Duration) float64 {
	slices.Sort(all)
	return float64(max(all[len(all)/2], 1))
}
