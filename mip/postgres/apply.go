package postgres

import (
	"context"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/openmip/openmip/mip"
)

// Apply implements [mip.Store]: two statements, the second of which commits
// the order, the history entry, the effects and their jobs together, if the
// order is still what the first one read. at is kept in UTC.
func (s *Store) Apply(ctx context.Context, ref mip.Ref, e mip.Event, at time.Time) (mip.Result, error) {
	const op = "postgres: apply"
	c := change{s: s, ref: ref, at: at.UTC().Round(0)}
	err := s.write(ctx, op, ref, func(ctx context.Context, conn *pgxpool.Conn) error {
		c.conn = conn
		for try := 0; ctx.Err() == nil; try++ {
			guess := try == 0 && c.recall()
			if !guess {
				if err := c.load(ctx, op, e.Kind); err != nil {
					return failure(op, ref, err)
				}
			}
			c.res, c.verdict = mip.Step(c.old, e, c.at)
			if c.verdict != nil && guess {
				continue
			}
			if c.verdict != nil {
				if done, err := c.refused(ctx); done || err != nil {
					return err
				}
				continue
			}
			if err := c.res.Valid(ref); err != nil {
				return &mip.Error{Op: op, Ref: ref, Kind: mip.ErrInvalid, Err: err}
			}
			if done, err := c.store(ctx); done || err != nil {
				return err
			}
		}
		return &mip.Error{Op: op, Ref: ref, Kind: mip.ErrConflict, Err: errors.New("others changed it all the time")}
	})
	if err != nil {
		return mip.Result{Order: c.old}, err
	}
	return c.res, c.verdict
}

// change is one Apply under way.
type change struct {
	s       *Store
	conn    *pgxpool.Conn
	ref     mip.Ref
	at      time.Time
	key     int64 // of the order's row, 0 = none yet
	old     mip.Order
	res     mip.Result
	verdict error // Step's
	works   []work
}

// recall takes the order as this process saw it a moment ago.
func (c *change) recall() bool {
	k, ok := c.s.recent.get(c.ref)
	if !ok {
		return false
	}
	o, err := decode(c.ref, k.version, k.body, slices.Clone(k.raw))
	c.key, c.old, c.res = k.key, o, mip.Result{}
	return err == nil
}

// load reads the order as it is. Only an import may find none.
func (c *change) load(ctx context.Context, op string, kind mip.EventKind) error {
	c.key, c.old, c.res = 0, mip.Order{}, mip.Result{}
	valid := c.ref.Valid()
	if valid == nil {
		var version int
		var body, raw []byte
		err := c.conn.QueryRow(ctx, c.s.in("SELECT key, version, body, raw FROM $.orders WHERE account = $1 AND channel = $2 AND id = $3"),
			c.s.account, c.ref.Channel, c.ref.ID).Scan(&c.key, &version, &body, &raw)
		if err == nil {
			c.old, err = decode(c.ref, version, body, raw)
		}
		if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
	}
	switch {
	case kind != mip.EventImported:
		return &mip.Error{Op: op, Ref: c.ref, Kind: mip.ErrNotFound}
	case valid != nil:
		return &mip.Error{Op: op, Kind: mip.ErrInvalid, Err: valid}
	}
	c.old.Ref = c.ref
	return nil
}

// refused keeps what is worth a line of an event that changed nothing. It is
// not done if the order changed meanwhile.
func (c *change) refused(ctx context.Context) (done bool, err error) {
	entry := c.res.Change
	c.res = mip.Result{Order: c.old}
	if mip.KindOf(c.verdict) != mip.ErrIgnored || c.key == 0 || entry.Event == "" {
		return true, nil
	}
	entry.Version = c.old.Version
	body, err := c.entry(entry)
	if err != nil {
		return false, err
	}
	c.res.Change = entry
	tag, err := c.conn.Exec(ctx, c.s.in(`WITH o AS (SELECT key FROM $.orders WHERE key = $1 AND version = $2 FOR UPDATE)
		INSERT INTO $.history (order_key, body) SELECT key, $3 FROM o`), c.key, c.old.Version, body)
	return err == nil && tag.RowsAffected() == 1, err
}

// store writes the order, the history entry, the effects and their jobs. It
// is not done if the order changed meanwhile.
func (c *change) store(ctx context.Context) (done bool, err error) {
	c.res.Order.Version = c.old.Version + 1
	r, err := encode(c.res.Order)
	if err != nil {
		return false, &mip.Error{Op: "postgres: write order", Ref: c.ref, Kind: mip.ErrInvalid, Err: err}
	}
	var entry []byte
	if c.res.Change.Event != "" {
		c.res.Change.Version = c.res.Order.Version
		if entry, err = c.entry(c.res.Change); err != nil {
			return false, err
		}
	}
	for i := range c.res.Effects {
		e := &c.res.Effects[i]
		if e.Due.IsZero() {
			e.Due = c.at
		}
		e.Ref, e.Due = c.ref, e.Due.UTC()
	}
	if c.works, err = c.s.works(c.res.Effects, numberOf(c.res.Order.Version)); err != nil {
		return false, &mip.Error{Op: "postgres: write effects", Ref: c.ref, Kind: mip.ErrInvalid, Err: errors.New("a job cannot be written as JSON")}
	}
	text, args := c.statement(r, entry)
	var key int64
	var n, rung int
	err = c.conn.QueryRow(ctx, text, args...).Scan(&key, &n, &rung)
	if err != nil || n != 1 {
		c.s.recent.drop(c.ref)
		return false, err
	}
	c.s.recent.put(c.ref, kept{key: key, version: r.version, body: r.body, raw: slices.Clone(r.raw)})
	return true, nil
}

func (c *change) entry(entry mip.Change) ([]byte, error) {
	body, err := json.Marshal(entry)
	if err != nil {
		return nil, &mip.Error{Op: "postgres: write history", Ref: c.ref, Kind: mip.ErrInvalid, Err: errors.New("the entry cannot be written as JSON")}
	}
	return body, nil
}
