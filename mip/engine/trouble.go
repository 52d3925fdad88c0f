package engine

import (
	"maps"
	"sync"
	"time"

	"github.com/openmip/openmip/mip"
)

// trouble counts, in this process, the failures in a row of effects that are
// given back for later also when nothing failed: their leases count both.
type trouble struct {
	mu    sync.Mutex
	since map[place]streak
	kept  int // after the old ones were last dropped
}

// place is where a store keeps one effect.
type place struct {
	ref     mip.Ref
	kind    mip.EffectKind
	attempt int
}

type streak struct {
	n           int
	first, last time.Time
}

// apart is how long after a failure the next one begins a streak of its own:
// another process may have come through meanwhile.
const apart = 24 * time.Hour

func placeOf(l mip.Lease) place { return place{l.Ref, l.Kind, l.Attempt} }

// asksOn reports whether effects of this kind ask again and again.
func asksOn(k mip.EffectKind) bool { return k == mip.EffectTrack || k == mip.EffectPay }

// failed counts a failure at a time and returns the lease as if it had been
// given back for failures only.
func (t *trouble) failed(l mip.Lease, at time.Time) mip.Lease {
	if !asksOn(l.Kind) {
		return l
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(t.since) > 2*t.kept+1000 {
		maps.DeleteFunc(t.since, func(_ place, s streak) bool { return at.Sub(s.last) >= apart })
		t.kept = len(t.since)
	}
	s := t.since[placeOf(l)]
	if at.Sub(s.last) >= apart {
		s = streak{first: at}
	}
	l.Tries, l.Since = s.n, s.first
	s.n, s.last = s.n+1, at
	if t.since == nil {
		t.since = map[place]streak{}
	}
	t.since[placeOf(l)] = s
	return l
}

// over ends a streak.
func (t *trouble) over(l mip.Lease) {
	if asksOn(l.Kind) {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.since, placeOf(l))
	}
}
