package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"sync"

	"github.com/openmip/openmip/mip"
)

// rawOf is what the channel said of an order, NULL where nothing is kept.
const rawOf = "(SELECT raws.body FROM raws WHERE order_key = key)"

// reads are the statements of the reading connections.
type reads struct {
	order, history, counts, cursor, waiting, reservation, reservations *sql.Stmt

	db       *sql.DB
	mu       sync.Mutex
	listings map[string]*sql.Stmt // by their text, of which there are a dozen
}

// listing returns a statement for a listing, prepared once.
func (r *reads) listing(ctx context.Context, text string) (*sql.Stmt, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if q := r.listings[text]; q != nil {
		return q, nil
	}
	q, err := r.db.PrepareContext(ctx, text)
	if err == nil {
		r.listings[text] = q
	}
	return q, err
}

func (r *reads) prepare(ctx context.Context, db *sql.DB) error {
	r.db, r.listings = db, map[string]*sql.Stmt{}
	for _, p := range []struct {
		dst **sql.Stmt
		sql string
	}{
		{&r.order, "SELECT version, body, " + rawOf + " FROM orders WHERE channel = ? AND id = ?"},
		// One row per entry, and before them one that stands for none.
		{&r.history, `WITH RECURSIVE h AS (
				SELECT last_entry AS n FROM orders WHERE channel = ? AND id = ?
				UNION ALL SELECT e.before FROM h JOIN history e USING (n))
			SELECT h.n, e.body FROM h LEFT JOIN history e USING (n) ORDER BY h.n`},
		{&r.counts, "SELECT state, count(*) FROM orders GROUP BY state"},
		{&r.cursor, "SELECT value FROM cursors WHERE channel = ?"},
		{&r.waiting, `SELECT e.kind, e.attempt, e.due FROM orders o JOIN effects e ON e.order_key = o.key
			WHERE o.channel = ? AND o.id = ? ORDER BY e.due, e.attempt`},
		{&r.reservation, "SELECT " + reservationColumns + " FROM reservations WHERE key = ?"},
		// Two ranges of one index; with OR it would be all of the account.
		{&r.reservations, "SELECT " + reservationColumns + ` FROM reservations WHERE account = ?1 AND state = 'open'
			UNION ALL SELECT ` + reservationColumns + ` FROM reservations WHERE account = ?1 AND state IN ('settled', 'released') AND at >= ?2
			ORDER BY at, key`},
	} {
		var err error
		if *p.dst, err = db.PrepareContext(ctx, p.sql); err != nil {
			return failure(opOpen, mip.Ref{}, err)
		}
	}
	return nil
}

// Order implements [mip.Store].
func (s *Store) Order(ctx context.Context, ref mip.Ref) (mip.Order, error) {
	const op = "sqlite: order"
	var version int
	var body, raw []byte
	err := s.reads.order.QueryRowContext(ctx, ref.Channel, ref.ID).Scan(&version, &body, &raw)
	if errors.Is(err, sql.ErrNoRows) {
		return mip.Order{}, &mip.Error{Op: op, Ref: ref, Kind: mip.ErrNotFound}
	}
	if err != nil {
		return mip.Order{}, failure(op, ref, err)
	}
	return decode(ref, version, body, raw)
}

// History implements [mip.Store]; an order that does not exist is
// [mip.ErrNotFound].
func (s *Store) History(ctx context.Context, ref mip.Ref) ([]mip.Change, error) {
	const op = "sqlite: history"
	found := false
	var out []mip.Change
	err := each(ctx, s.reads.history, func(rows *sql.Rows) error {
		var n int
		var body sql.RawBytes
		if err := rows.Scan(&n, &body); err != nil {
			return err
		}
		if n == 0 {
			found = true
			return nil
		}
		var c mip.Change
		if err := json.Unmarshal(body, &c); err != nil {
			return &mip.Error{Op: op, Ref: ref, Kind: mip.ErrContract, Err: errors.New("a stored entry does not decode")}
		}
		out = append(out, c)
		return nil
	}, ref.Channel, ref.ID)
	if err != nil {
		return nil, failure(op, ref, err)
	}
	if !found {
		return nil, &mip.Error{Op: op, Ref: ref, Kind: mip.ErrNotFound}
	}
	return out, nil
}

// Counts implements [mip.Store]. States without orders are absent.
func (s *Store) Counts(ctx context.Context) (map[mip.State]int, error) {
	out := map[mip.State]int{}
	err := each(ctx, s.reads.counts, func(rows *sql.Rows) error {
		var state string
		var n int
		err := rows.Scan(&state, &n)
		out[mip.State(state)] = n
		return err
	})
	if err != nil {
		return nil, failure("sqlite: counts", mip.Ref{}, err)
	}
	return out, nil
}

// each runs a query and calls fn for every row.
func each(ctx context.Context, q *sql.Stmt, fn func(*sql.Rows) error, args ...any) error {
	rows, err := q.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	return walk(rows, fn)
}

func walk(rows *sql.Rows, fn func(*sql.Rows) error) error {
	for rows.Next() {
		if err := fn(rows); err != nil {
			return errors.Join(err, rows.Close())
		}
	}
	return errors.Join(rows.Err(), rows.Close())
}
