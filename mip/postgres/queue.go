package postgres

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/openmip/openmip/mip"
)

const (
	leaseColumns = "o.channel, o.id, e.kind, e.attempt, e.due, e.since, e.tries, e.token, e.seq"

	// unhurried lets a statement commit without waiting for the disk. What a
	// crash of the server may then undo is who holds a lease or that an effect
	// was done: it is done once more, which every effect stands.
	unhurried = "set_config('synchronous_commit', 'off', true)"

	// newToken fences a lease. It is drawn and not counted: a sequence gives out
	// again what it gave a lease that a crash of the server undid.
	newToken = "1 + floor(random() * 9e15)::bigint"

	// free is whether an effect is under no lease, or under one that ended.
	free = "(e.token = 0 OR e.until <= @now)"

	// place finds the effect that a lease names, if it still has it.
	place = `e.kind = @kind AND e.attempt = @attempt AND e.token = @token AND e.token <> 0 AND e.order_key =
		(SELECT key FROM $.orders WHERE account = @account AND channel = @channel AND id = @id)`
)

// Lease implements [mip.Queue]. Several processes may call it at once: each
// effect goes to one of them.
func (s *Store) Lease(ctx context.Context, now, until time.Time, n int, kinds ...mip.EffectKind) ([]mip.Lease, error) {
	out, err := s.lease(ctx, "postgres: lease", `WITH f AS (
			SELECT order_key, kind, attempt FROM $.effects e
			WHERE account = @account AND kind = ANY (@kinds) AND due <= @now AND `+free+`
			ORDER BY array_position(@order::text[], kind), due, seq LIMIT @n FOR UPDATE SKIP LOCKED)
		UPDATE $.effects e SET token = `+newToken+`, held = e.seq, until = @until
		FROM f JOIN $.orders o ON o.key = f.order_key
		WHERE (e.order_key, e.kind, e.attempt) = (f.order_key, f.kind, f.attempt) RETURNING `+leaseColumns+`, `+unhurried,
		pgx.NamedArgs{"account": s.account, "kinds": named(kinds), "now": nanos(now), "until": nanos(until), "n": max(n, 0), "order": named(nil)})
	return out, err
}

// lease runs a statement that leases effects, and sorts them.
func (s *Store) lease(ctx context.Context, op, text string, args pgx.NamedArgs) ([]mip.Lease, error) {
	type numbered struct {
		mip.Lease
		seq int64
	}
	var got []numbered
	err := s.write(ctx, op, mip.Ref{}, func(ctx context.Context, conn *pgxpool.Conn) error {
		rows, err := conn.Query(ctx, s.in(text), args)
		if err != nil {
			return err
		}
		got, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (l numbered, err error) {
			var due, since int64
			err = row.Scan(&l.Ref.Channel, &l.Ref.ID, &l.Kind, &l.Attempt, &due, &since, &l.Tries, &l.Token, &l.seq, nil)
			l.Due, l.Since = instant(due), instant(since)
			return l, err
		})
		return err
	})
	if err != nil {
		return nil, err
	}
	slices.SortFunc(got, func(a, b numbered) int {
		return cmp.Or(cmp.Compare(urgency(a.Kind), urgency(b.Kind)), a.Due.Compare(b.Due), cmp.Compare(a.seq, b.seq))
	})
	var out []mip.Lease
	for _, l := range got {
		out = append(out, l.Lease)
	}
	return out, nil
}

func urgency(k mip.EffectKind) int { return slices.Index(mip.EffectKinds(), k) }

// named writes kinds as texts; none = all.
func named(kinds []mip.EffectKind) []string {
	if len(kinds) == 0 {
		kinds = mip.EffectKinds()
	}
	out := make([]string, len(kinds))
	for i, k := range kinds {
		out[i] = string(k)
	}
	return out
}

// Done implements [mip.Queue].
func (s *Store) Done(ctx context.Context, l mip.Lease) error {
	// The second only finds what the first left: a newer effect.
	return s.giveBack(ctx, "postgres: done", l, nil,
		"DELETE FROM $.effects e WHERE "+place+" AND e.seq = e.held RETURNING "+unhurried,
		"UPDATE $.effects e SET token = 0 WHERE "+place+" RETURNING "+unhurried)
}

// Later implements [mip.Queue].
func (s *Store) Later(ctx context.Context, l mip.Lease, due time.Time) error {
	return s.giveBack(ctx, "postgres: later", l, pgx.NamedArgs{"due": nanos(due)},
		`UPDATE $.effects e SET token = 0, due = CASE WHEN e.seq = e.held THEN @due ELSE e.due END,
		tries = e.tries + CASE WHEN e.seq = e.held THEN 1 ELSE 0 END WHERE `+place+` RETURNING `+unhurried)
}

// giveBack ends a lease with the first statement that finds it.
func (s *Store) giveBack(ctx context.Context, op string, l mip.Lease, args pgx.NamedArgs, statements ...string) error {
	if args == nil {
		args = pgx.NamedArgs{}
	}
	args["account"], args["channel"], args["id"] = s.account, l.Ref.Channel, l.Ref.ID
	args["kind"], args["attempt"], args["token"] = string(l.Kind), l.Attempt, l.Token
	return s.write(ctx, op, l.Ref, func(ctx context.Context, conn *pgxpool.Conn) error {
		for _, text := range statements {
			tag, err := conn.Exec(ctx, s.in(text), args)
			if err != nil || tag.RowsAffected() > 0 {
				return err
			}
		}
		return &mip.Error{Op: op, Ref: l.Ref, Kind: mip.ErrConflict}
	})
}

// NextDue implements [mip.Queue].
func (s *Store) NextDue(ctx context.Context, kinds ...mip.EffectKind) (due time.Time, ok bool, err error) {
	const op = "postgres: next due"
	if err := alive(ctx, op, mip.Ref{}); err != nil {
		return time.Time{}, false, err
	}
	var next *int64
	err = s.pool.QueryRow(ctx, s.in(`SELECT min(CASE WHEN token <> 0 THEN greatest(due, until) ELSE due END) FROM $.effects
		WHERE account = $1 AND kind = ANY ($2)`), s.account, named(kinds)).Scan(&next)
	if err != nil {
		return time.Time{}, false, failure(op, mip.Ref{}, err)
	}
	if next == nil {
		return time.Time{}, false, nil
	}
	return instant(*next), true, nil
}

// Waiting implements [mip.Queue]. Effects under lease are among them.
func (s *Store) Waiting(ctx context.Context, ref mip.Ref) ([]mip.Effect, error) {
	const op = "postgres: waiting"
	if err := alive(ctx, op, ref); err != nil {
		return nil, err
	}
	if ref.Valid() != nil {
		return nil, nil
	}
	rows, err := s.pool.Query(ctx, s.in(`SELECT e.kind, e.attempt, e.due FROM $.orders o JOIN $.effects e ON e.order_key = o.key
		WHERE o.account = $1 AND o.channel = $2 AND o.id = $3 ORDER BY array_position($4::text[], e.kind), e.due, e.seq`),
		s.account, ref.Channel, ref.ID, named(nil))
	if err != nil {
		return nil, failure(op, ref, err)
	}
	var out []mip.Effect
	e, due := mip.Effect{Ref: ref}, int64(0)
	_, err = pgx.ForEachRow(rows, []any{&e.Kind, &e.Attempt, &due}, func() error {
		e.Due = instant(due)
		out = append(out, e)
		return nil
	})
	if err != nil {
		return nil, failure(op, ref, err)
	}
	return out, nil
}
