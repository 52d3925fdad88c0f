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
	arrived int64 // counts every effect ever stored
	tokens  int64 // counts every lease ever given
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

// put stores an effect; a lease on the one it replaces goes on.
func (q *outbox) put(ref mip.Ref, e mip.Effect, at time.Time) mip.Effect {
	if e.Due.IsZero() {
		e.Due = at
	}
	e.Ref, e.Due = ref, e.Due.UTC()
	key := slot{ref, e.Kind, e.Attempt}
	held, ok := q.waiting[key]
	if !ok {
		held = &entry{}
		q.waiting[key] = held
	}
	q.arrived++
	held.due, held.since, held.tries, held.arrived = e.Due, at, 0, q.arrived
	return e
}

func (k slot) effect(e *entry) mip.Effect {
	return mip.Effect{Kind: k.kind, Ref: k.ref, Attempt: k.attempt, Due: e.due}
}

// Lease implements [mip.Queue].
func (s *Store) Lease(ctx context.Context, now, until time.Time, n int, kinds ...mip.EffectKind) ([]mip.Lease, error) {
	if err := alive(ctx, "memstore: lease", mip.Ref{}); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	due := s.queue.keys(func(k slot, e *entry) bool { return wanted(kinds, k.kind) && !e.ready().After(now) })
	var out []mip.Lease
	for _, k := range due[:min(len(due), max(n, 0))] {
		e := s.queue.waiting[k]
		s.queue.tokens++
		e.token, e.held, e.until = s.queue.tokens, e.arrived, until.UTC()
		out = append(out, mip.Lease{Effect: k.effect(e), Tries: e.tries, Since: e.since, Token: e.token})
	}
	return out, nil
}

// keys returns the slots that pass, most urgent first.
func (q *outbox) keys(pass func(slot, *entry) bool) []slot {
	var out []slot
	for k, e := range q.waiting {
		if pass(k, e) {
			out = append(out, k)
		}
	}
	order := mip.EffectKinds()
	slices.SortFunc(out, func(a, b slot) int {
		x, y := q.waiting[a], q.waiting[b]
		return cmp.Or(cmp.Compare(slices.Index(order, a.kind), slices.Index(order, b.kind)),
			x.due.Compare(y.due), cmp.Compare(x.arrived, y.arrived))
	})
	return out
}

func wanted(kinds []mip.EffectKind, k mip.EffectKind) bool {
	return len(kinds) == 0 || slices.Contains(kinds, k)
}

// Done implements [mip.Queue].
func (s *Store) Done(ctx context.Context, l mip.Lease) error {
	return s.giveBack(ctx, "memstore: done", l, func(k slot, e *entry) {
		if e.arrived == e.held {
			delete(s.queue.waiting, k)
		}
	})
}

// Later implements [mip.Queue].
func (s *Store) Later(ctx context.Context, l mip.Lease, due time.Time) error {
	return s.giveBack(ctx, "memstore: later", l, func(_ slot, e *entry) {
		if e.arrived == e.held {
			e.due = due.UTC()
			e.tries++
		}
	})
}

// giveBack ends a lease, if l still has it.
func (s *Store) giveBack(ctx context.Context, op string, l mip.Lease, with func(slot, *entry)) error {
	if err := alive(ctx, op, l.Ref); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	k := slot{l.Ref, l.Kind, l.Attempt}
	e, ok := s.queue.waiting[k]
	if !ok || e.token == 0 || e.token != l.Token {
		return &mip.Error{Op: op, Ref: l.Ref, Kind: mip.ErrConflict}
	}
	with(k, e)
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
	for k, e := range s.queue.waiting {
		if wanted(kinds, k.kind) && (!ok || e.ready().Before(due)) {
			due, ok = e.ready(), true
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
	for _, k := range s.queue.keys(func(k slot, _ *entry) bool { return k.ref == ref }) {
		out = append(out, k.effect(s.queue.waiting[k]))
	}
	return out, nil
}
