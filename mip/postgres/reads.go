package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/openmip/openmip/mip"
)

// Order implements [mip.Store].
func (s *Store) Order(ctx context.Context, ref mip.Ref) (mip.Order, error) {
	const op = "postgres: order"
	if err := alive(ctx, op, ref); err != nil {
		return mip.Order{}, err
	}
	if ref.Valid() != nil {
		return mip.Order{}, &mip.Error{Op: op, Ref: ref, Kind: mip.ErrNotFound}
	}
	var k kept
	err := s.pool.QueryRow(ctx, s.in("SELECT key, version, body, raw FROM $.orders WHERE account = $1 AND channel = $2 AND id = $3"),
		s.account, ref.Channel, ref.ID).Scan(&k.key, &k.version, &k.body, &k.raw)
	if errors.Is(err, pgx.ErrNoRows) {
		return mip.Order{}, &mip.Error{Op: op, Ref: ref, Kind: mip.ErrNotFound}
	}
	if err != nil {
		return mip.Order{}, failure(op, ref, err)
	}
	s.recent.put(ref, k)
	return decode(ref, k.version, k.body, slices.Clone(k.raw))
}

// History implements [mip.Store]; an order that does not exist is
// [mip.ErrNotFound].
func (s *Store) History(ctx context.Context, ref mip.Ref) ([]mip.Change, error) {
	const op = "postgres: history"
	if err := alive(ctx, op, ref); err != nil {
		return nil, err
	}
	none := &mip.Error{Op: op, Ref: ref, Kind: mip.ErrNotFound}
	if ref.Valid() != nil {
		return nil, none
	}
	found := false
	var out []mip.Change
	var body []byte
	// One row per entry, and one without an entry for an order that has none.
	rows, err := s.pool.Query(ctx, s.in(`SELECT h.body FROM $.orders o LEFT JOIN $.history h ON h.order_key = o.key
		WHERE o.account = $1 AND o.channel = $2 AND o.id = $3 ORDER BY h.n`), s.account, ref.Channel, ref.ID)
	if err != nil {
		return nil, failure(op, ref, err)
	}
	_, err = pgx.ForEachRow(rows, []any{&body}, func() error {
		found = true
		if body == nil {
			return nil
		}
		var c mip.Change
		if err := json.Unmarshal(body, &c); err != nil {
			return &mip.Error{Op: op, Ref: ref, Kind: mip.ErrContract, Err: errors.New("a stored entry does not decode")}
		}
		out = append(out, c)
		return nil
	})
	switch {
	case err != nil:
		return nil, failure(op, ref, err)
	case !found:
		return nil, none
	}
	return out, nil
}

// Counts implements [mip.Store]. States without orders are absent.
func (s *Store) Counts(ctx context.Context) (map[mip.State]int, error) {
	const op = "postgres: counts"
	out := map[mip.State]int{}
	rows, err := s.pool.Query(ctx, s.in("SELECT state, count(*) FROM $.orders WHERE account = $1 GROUP BY state"), s.account)
	if err != nil {
		return nil, failure(op, mip.Ref{}, err)
	}
	var state string
	var n int
	_, err = pgx.ForEachRow(rows, []any{&state, &n}, func() error {
		out[mip.State(state)] = n
		return nil
	})
	if err != nil {
		return nil, failure(op, mip.Ref{}, err)
	}
	return out, nil
}
