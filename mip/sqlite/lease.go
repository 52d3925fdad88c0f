package sqlite

import (
	"context"
	"math"

	"github.com/openmip/openmip/mip"
)

const never = math.MaxInt64

// slot is where there is room for one effect.
type slot struct {
	key     int64 // of the order's row
	kind    mip.EffectKind
	attempt int
}

// lease is one effect in the hands of a worker.
type lease struct {
	waiting
	token int64
	until int64
}

// ready returns when the effect can be leased again. A newer effect may be
// due after the lease ends.
func (l lease) ready() int64 { return max(l.due, l.until) }

// leases are kept in memory, since the file has one process: they end with
// it, and taking one costs no write.
type leases struct {
	all    map[slot]lease
	tokens map[int64]slot
	kinds  map[mip.EffectKind]int // how many of all
	token  int64                  // the last one given
}

// newLeases starts the tokens above those of every process before.
func newLeases(ctx context.Context, w *writer) (leases, error) {
	var run int64
	err := w.conn.QueryRowContext(ctx, "UPDATE runs SET n = n + 1 RETURNING n").Scan(&run)
	if err != nil {
		return leases{}, failure(opOpen, mip.Ref{}, err)
	}
	return leases{all: map[slot]lease{}, tokens: map[int64]slot{}, kinds: map[mip.EffectKind]int{}, token: run << 32}, nil
}

func (l *leases) has(s slot) bool {
	_, ok := l.all[s]
	return ok
}

func (l *leases) free(s slot, now int64) bool {
	held, ok := l.all[s]
	return !ok || held.until <= now
}

// count returns how many effects of a kind are under lease.
func (l *leases) count(k mip.EffectKind) int { return l.kinds[k] }

// give leases an effect; whoever had it has lost it.
func (l *leases) give(w waiting, until int64) int64 {
	if l.has(w.slot) {
		l.end(w.slot)
	}
	l.token++
	l.hold(lease{waiting: w, token: l.token, until: until})
	return l.token
}

func (l *leases) hold(held lease) {
	l.kinds[held.kind]++
	l.tokens[held.token] = held.slot
	l.all[held.slot] = held
}

// held returns the lease that a worker names, if it still has it.
func (l *leases) held(named mip.Lease) (lease, bool) {
	s, ok := l.tokens[named.Token]
	held := l.all[s]
	return held, ok && held.ref == named.Ref && held.kind == named.Kind && held.attempt == named.Attempt
}

func (l *leases) end(s slot) {
	delete(l.tokens, l.all[s].token)
	delete(l.all, s)
	l.kinds[s.kind]--
}

// replaced notes when newer effects in the place of leased ones are due.
func (l *leases) replaced(key int64, effects []mip.Effect) {
	for _, e := range effects {
		s := slot{key, e.Kind, e.Attempt}
		if held, ok := l.all[s]; ok {
			held.due = nanos(e.Due)
			l.all[s] = held
		}
	}
}

// next returns when the first effect under lease is ready again.
func (l *leases) next(kinds []mip.EffectKind) (due int64, ok bool) {
	for _, held := range l.all {
		if wanted(kinds, held.kind) && (!ok || held.ready() < due) {
			due, ok = held.ready(), true
		}
	}
	return due, ok
}
