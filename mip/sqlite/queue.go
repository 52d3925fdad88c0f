package sqlite

import (
	"context"
	"database/sql"
	"slices"
	"time"

	"github.com/openmip/openmip/mip"
)

// Lease implements [mip.Queue].
func (s *Store) Lease(ctx context.Context, now, until time.Time, n int, kinds ...mip.EffectKind) ([]mip.Lease, error) {
	const op = "sqlite: lease"
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commit(context.WithoutCancel(ctx)) // an effect is leased once it is on disk
	if err := s.ready(ctx, op, mip.Ref{}); err != nil {
		return nil, err
	}
	var taken []waiting
	for _, kind := range mip.EffectKinds() {
		if !wanted(kinds, kind) || len(taken) >= n {
			continue
		}
		err := s.effects(ctx, kind, nanos(now), n-len(taken), func(w waiting) bool {
			if s.leases.free(w.slot, nanos(now)) {
				taken = append(taken, w)
			}
			return len(taken) < n
		})
		if err != nil {
			return nil, failure(op, mip.Ref{}, err)
		}
	}
	var out []mip.Lease
	for _, w := range taken {
		out = append(out, mip.Lease{Effect: w.effect(), Tries: w.tries, Since: instant(w.since), Token: s.leases.give(w, nanos(until))})
	}
	return out, nil
}

// waiting is one effect in the outbox.
type waiting struct {
	slot
	ref        mip.Ref
	due, since int64
	tries      int
	seq        int64
}

func (w waiting) effect() mip.Effect {
	return mip.Effect{Kind: w.kind, Ref: w.ref, Attempt: w.attempt, Due: instant(w.due)}
}

// effects calls fn for the effects of a kind due at now, longest due first,
// until it returns false. At least n that are not under lease are among them,
// if there are so many.
func (s *Store) effects(ctx context.Context, kind mip.EffectKind, now int64, n int, fn func(waiting) bool) error {
	rows, err := s.w.due.QueryContext(context.WithoutCancel(ctx), string(kind), now, n+s.leases.count(kind))
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		w := waiting{slot: slot{kind: kind}}
		if err := rows.Scan(&w.key, &w.ref.Channel, &w.ref.ID, &w.attempt, &w.due, &w.since, &w.tries, &w.seq); err != nil {
			return err
		}
		if !fn(w) {
			return nil
		}
	}
	return rows.Err()
}

func wanted(kinds []mip.EffectKind, k mip.EffectKind) bool {
	return len(kinds) == 0 || slices.Contains(kinds, k)
}

// Done implements [mip.Queue].
func (s *Store) Done(ctx context.Context, l mip.Lease) error {
	return s.giveBack(ctx, "sqlite: done", l, s.w.done)
}

// Later implements [mip.Queue].
func (s *Store) Later(ctx context.Context, l mip.Lease, due time.Time) error {
	return s.giveBack(ctx, "sqlite: later", l, s.w.later, nanos(due))
}

// giveBack ends a lease, if l still has it. The statement touches only the
// effect that was leased, not a newer one.
func (s *Store) giveBack(ctx context.Context, op string, l mip.Lease, q *sql.Stmt, args ...any) error {
	return s.write(ctx, op, l.Ref, func(ctx context.Context) (then, error) {
		held, ok := s.leases.held(l)
		if !ok {
			return nil, &mip.Error{Op: op, Ref: l.Ref, Kind: mip.ErrConflict}
		}
		args := append(args, held.key, string(held.kind), held.attempt, held.seq)
		if _, err := q.ExecContext(ctx, args...); err != nil {
			return nil, err
		}
		s.leases.end(held.slot) // now: it must not be given back twice in one transaction
		return func(committed bool) {
			if !committed {
				s.leases.hold(held)
			}
		}, nil
	})
}

// NextDue implements [mip.Queue].
func (s *Store) NextDue(ctx context.Context, kinds ...mip.EffectKind) (due time.Time, ok bool, err error) {
	const op = "sqlite: next due"
	s.mu.Lock()
	defer s.mu.Unlock()
	s.commit(context.WithoutCancel(ctx))
	if err := s.ready(ctx, op, mip.Ref{}); err != nil {
		return time.Time{}, false, err
	}
	next, ok := s.leases.next(kinds)
	for _, kind := range mip.EffectKinds() {
		if !wanted(kinds, kind) {
			continue
		}
		err := s.effects(ctx, kind, never, 1, func(w waiting) bool {
			if s.leases.has(w.slot) {
				return true
			}
			if !ok || w.due < next {
				next, ok = w.due, true
			}
			return false
		})
		if err != nil {
			return time.Time{}, false, failure(op, mip.Ref{}, err)
		}
	}
	if !ok {
		return time.Time{}, false, nil
	}
	return instant(next), true, nil
}

// Waiting implements [mip.Queue]. Effects under lease are among them.
func (s *Store) Waiting(ctx context.Context, ref mip.Ref) ([]mip.Effect, error) {
	var out []mip.Effect
	err := each(ctx, s.reads.waiting, func(rows *sql.Rows) error {
		w := waiting{ref: ref}
		err := rows.Scan((*string)(&w.kind), &w.attempt, &w.due)
		out = append(out, w.effect())
		return err
	}, ref.Channel, ref.ID)
	if err != nil {
		return nil, failure("sqlite: waiting", ref, err)
	}
	order := mip.EffectKinds()
	slices.SortStableFunc(out, func(a, b mip.Effect) int {
		return slices.Index(order, a.Kind) - slices.Index(order, b.Kind)
	})
	return out, nil
}
