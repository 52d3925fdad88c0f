package engine

import (
	"sync"
	"time"

	"github.com/openmip/openmip/mip"
)

// trouble counts, in this process, the failures in a row of effects that are
// given back for later also when nothing failed: their leases count both.
type trouble struct {
	mu    sync.Mutex
	since map[place]streak
}

// place is where a store keeps one effect.
type place struct {
	ref     mip.Ref
	kind    mip.EffectKind
	attempt int
}

type streak struct {
	n     int
	first time.Time
}

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
	s := t.since[placeOf(l)]
	if s.n == 0 {
		s.first = at
	}
	l.Tries, l.Since = s.n, s.first
	s.n++
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
