// Package benchtest measures code against a floor or a peer in the same run.
//
// A floor is the least code that does the same work with the same durability;
// a peer is another library that does it. Their ratio survives a busy or slow
// machine, an absolute time does not.
//
// A ratio is always ours ÷ theirs and its unit is "x-" and the name of theirs:
// 1.25 is a quarter dearer, 0.1 ten times cheaper, lower is better. What theirs
// costs by itself is their name and "-ns/op".
package benchtest

import (
	"testing"
	"time"
)

// Peer is what ours is compared with.
type Peer struct {
	Name string // "floor", or the peer's short name: "json", "nethttp"
	Do   func() // does what ours does once; the caller stops the benchmark if it fails
}

// Compare runs ours as the benchmark itself, which counts its allocations. Then
// ours and each peer take turns for as long again, of milliseconds each, and
// what is reported are their best turns: those that no other program
// interrupted. What they return must go where the compiler cannot prove it
// unused, such as a package variable.
//
// With -benchtime 1x everything runs a few times only.
func Compare(b *testing.B, ours func(), peers ...Peer) {
	b.Helper()
	b.ReportAllocs()
	for b.Loop() {
		ours()
	}
	turns := min(200, b.N)
	turn := b.Elapsed() / time.Duration(turns)

	all := []*runner{newRunner(ours, turn)}
	for _, p := range peers {
		all = append(all, newRunner(p.Do, turn))
	}
	for range turns {
		for _, r := range all {
			r.turn()
		}
	}
	b.ReportMetric(all[0].best, "ns/op")
	for i, p := range peers {
		theirs := all[i+1].best
		b.ReportMetric(all[0].best/theirs, "x-"+p.Name)
		b.ReportMetric(theirs, p.Name+"-ns/op")
	}
}

// runner runs one side for one turn after the other.
type runner struct {
	do   func()
	n    int     // how often in a turn
	best float64 // ns per run of the best turn
}

func newRunner(do func(), turn time.Duration) *runner {
	r := &runner{do: do, n: 1}
	for r.turn() < turn {
		r.n *= 2
	}
	r.best = 0
	return r
}

func (r *runner) turn() time.Duration {
	began := time.Now()
	for range r.n {
		r.do()
	}
	took := time.Since(began)
	if each := float64(max(took, 1)) / float64(r.n); r.best == 0 || each < r.best {
		r.best = each
	}
	return took
}
