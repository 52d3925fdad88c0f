package memstore

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/openmip/openmip/mip"
)

// outbox holds the effects that wait and who works on them.
type outbox struct {
	waiting map[slot]*entry
	byDue   map[mip.EffectKind][]*entry // the same, each kind sorted
	arrived int64                       // counts every effect ever stored
	tokens  int64                       // counts every lease ever given
}

// slot is where there is room for one effect.
type slot struct {
	ref     mip.Ref
	kind    mip.EffectKind
	attempt int
}

// entry is one waiting effect. arrived tells a new one from the one it
// replaced.
type entry struct {
	slot
	due     time.Time
	since   time.Time
	tries   int
	arrived int64
	// The lease, if token is not 0, on the effect that arrived as number held.
	token int64
	held  int64
	until time.Time
}

// ready returns when the effect can be leased.
func (e *entry) ready() time.Time {
	if e.token != 0 && e.until.After(e.due) {
		return e.until
	}
	return e.due
}

// sooner sorts the effects of one kind.
func sooner(a, b *entry) int { return cmp.Or(a.due.Compare(b.due), cmp.Compare(a.arrived, b.arrived)) }

// put stores an effect; a lease on the one it replaces goes on.
func (q *outbox) put(ref mip.Ref, e mip.Effect, at time.Time) mip.Effect {
	if e.Due.IsZero() {
		e.Due = at
	}
	e.Ref, e.Due = ref, e.Due.UTC()
	key := slot{ref, e.Kind, e.Attempt}
	held, ok := q.waiting[key]
	if ok {
		q.leave(held)
	} else {
		held = &entry{slot: key}
	}
	q.arrived++
	held.due, held.since, held.tries, held.arrived = e.Due, at, 0, q.arrived
	q.enter(held)
	return e
}

// enter gives an entry its place.
func (q *outbox) enter(e *entry) {
	q.waiting[e.slot] = e
	all := q.byDue[e.kind]
	i, _ := slices.BinarySearchFunc(all, e, sooner)
	q.byDue[e.kind] = slices.Insert(all, i, e)
}

// leave takes an entry out, before it changes or for good.
func (q *outbox) leave(e *entry) {
	delete(q.waiting, e.slot)
	all := q.byDue[e.kind]
	i, _ := slices.BinarySearchFunc(all, e, sooner)
	q.byDue[e.kind] = slices.Delete(all, i, i+1)
}

func (e *entry) effect() mip.Effect {
	return mip.Effect{Kind: e.kind, Ref: e.ref, Attempt: e.attempt, Due: e.due}
}

// Lease implements [mip.Queue].
func (s *Store) Lease(ctx context.Context, now, until time.Time, n int, kinds ...mip.EffectKind) ([]mip.Lease, error) {
	if err := alive(ctx, "memstore: lease", mip.Ref{}); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []mip.Lease
	for _, kind := range mip.EffectKinds() {
		if !wanted(kinds, kind) {
			continue
		}
		for _, e := range s.queue.byDue[kind] {
			if e.due.After(now) || len(out) >= n {
				break
			}
			if e.ready().After(now) {
				continue
			}
			s.queue.tokens++
			e.token, e.held, e.until = s.queue.tokens, e.arrived, until.UTC()
			out = append(out, mip.Lease{Effect: e.effect(), Tries: e.tries, Since: e.since, Token: e.token})
		}
	}
	return out, nil
}

func wanted(kinds []mip.EffectKind, k mip.EffectKind) bool {
	return len(kinds) == 0 || slices.Contains(kinds, k)
}

// Done implements [mip.Queue].
func (s *Store) Done(ctx context.Context, l mip.Lease) error {
	return s.giveBack(ctx, "memstore: done", l, func(e *entry) {
		if e.arrived == e.held {
			s.queue.leave(e)
		}
	})
}

// Later implements [mip.Queue].
func (s *Store) Later(ctx context.Context, l mip.Lease, due time.Time) error {
	return s.giveBack(ctx, "memstore: later", l, func(e *entry) {
		if e.arrived == e.held {
			s.queue.leave(e)
			e.due = due.UTC()
			e.tries++
			s.queue.enter(e)
		}
	})
}

// giveBack ends a lease, if l still has it.
func (s *Store) giveBack(ctx context.Context, op string, l mip.Lease, with func(*entry)) error {
	if err := alive(ctx, op, l.Ref); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	e, ok := s.queue.waiting[slot{l.Ref, l.Kind, l.Attempt}]
	if !ok || e.token == 0 || e.token != l.Token {
		return &mip.Error{Op: op, Ref: l.Ref, Kind: mip.ErrConflict}
	}
	with(e)
	e.token = 0
	return nil
}

// NextDue implements [mip.Queue].
func (s *Store) NextDue(ctx context.Context, kinds ...mip.EffectKind) (due time.Time, ok bool, err error) {
	if err := alive(ctx, "memstore: next due", mip.Ref{}); err != nil {
		return time.Time{}, false, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	for kind, all := range s.queue.byDue {
		if !wanted(kinds, kind) {
			continue
		}
		for _, e := range all {
			if ok && !e.due.Before(due) {
				break // none after it is ready sooner
			}
			if !ok || e.ready().Before(due) {
				due, ok = e.ready(), true
			}
		}
	}
	return due, ok, nil
}

// Waiting implements [mip.Queue]. Effects under lease are among them.
func (s *Store) Waiting(ctx context.Context, ref mip.Ref) ([]mip.Effect, error) {
	if err := alive(ctx, "memstore: waiting", ref); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []mip.Effect
	for _, kind := range mip.EffectKinds() {
		for _, e := range s.queue.byDue[kind] {
			if e.ref == ref {
				out = append(out, e.effect())
			}
		}
	}
	return out, nil
}
