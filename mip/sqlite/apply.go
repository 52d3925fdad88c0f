package sqlite

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/openmip/openmip/mip"
)

// Apply implements [mip.Store]: one transaction, on disk when it returns. at
// is kept in UTC.
func (s *Store) Apply(ctx context.Context, ref mip.Ref, e mip.Event, at time.Time) (mip.Result, error) {
	const op = "sqlite: apply"
	a := change{s: s, ref: ref, at: at.UTC().Round(0)}
	err := s.write(ctx, op, ref, func(ctx context.Context) (then, error) {
		if err := a.load(ctx, op, e.Kind); err != nil {
			return nil, err
		}
		a.res, a.verdict = mip.Step(a.old, e, a.at)
		if a.verdict != nil {
			return a.refused(ctx)
		}
		if err := sound(ref, a.res); err != nil {
			return nil, &mip.Error{Op: op, Ref: ref, Kind: mip.ErrInvalid, Err: err}
		}
		if err := a.store(ctx); err != nil {
			return nil, err
		}
		s.recent.put(a.key, a.res.Order)
		return a.end(e.Kind), nil
	})
	if err != nil {
		return mip.Result{Order: a.old}, err
	}
	return a.res, a.verdict
}

// change is one Apply under way.
type change struct {
	s       *Store
	ref     mip.Ref
	at      time.Time
	key     int64 // of the order's row, 0 = none yet
	old     mip.Order
	res     mip.Result
	verdict error // Step's
}

// end is what follows the commit, or its failure.
func (c *change) end(kind mip.EventKind) then {
	return func(committed bool) {
		if !committed {
			c.s.recent.take(c.ref)
			return
		}
		c.s.stale = c.s.stale || kind == mip.EventErased
		c.s.leases.replaced(c.key, c.res.Effects)
	}
}

// load reads the order as it is. Only an import may find none.
func (c *change) load(ctx context.Context, op string, kind mip.EventKind) error {
	if k, ok := c.s.recent.take(c.ref); ok {
		c.key, c.old = k.key, k.order
		return nil
	}
	var version int
	var body, raw []byte
	err := c.s.w.load.QueryRowContext(ctx, c.ref.Channel, c.ref.ID).Scan(&c.key, &version, &body, &raw)
	switch {
	case err == nil:
		c.old, err = decode(c.ref, version, body, raw)
		return err
	case !errors.Is(err, sql.ErrNoRows):
		return err
	case kind != mip.EventImported:
		return &mip.Error{Op: op, Ref: c.ref, Kind: mip.ErrNotFound}
	}
	if err := c.ref.Valid(); err != nil {
		return &mip.Error{Op: op, Kind: mip.ErrInvalid, Err: err}
	}
	c.old.Ref = c.ref
	return nil
}

// refused keeps what is worth a line of an event that changed nothing.
func (c *change) refused(ctx context.Context) (then, error) {
	entry := c.res.Change
	c.res = mip.Result{Order: c.old}
	if c.key != 0 {
		c.s.recent.put(c.key, c.old)
	}
	if mip.KindOf(c.verdict) != mip.ErrIgnored || c.key == 0 || entry.Event == "" {
		return nil, nil
	}
	entry.Version = c.old.Version
	c.res.Change = entry
	return nothing, c.record(ctx)
}

// store writes the order, the history entry and the effects.
func (c *change) store(ctx context.Context) error {
	c.res.Order.Version = c.old.Version + 1
	if err := c.put(ctx); err != nil {
		return err
	}
	if c.res.Change.Event != "" {
		c.res.Change.Version = c.res.Order.Version
		if err := c.record(ctx); err != nil {
			return err
		}
	}
	for i := range c.res.Effects {
		e := &c.res.Effects[i]
		if e.Due.IsZero() {
			e.Due = c.at
		}
		e.Ref, e.Due = c.ref, e.Due.UTC()
		if _, err := c.s.w.enqueue.ExecContext(ctx, c.key, string(e.Kind), e.Attempt, nanos(e.Due), nanos(c.at)); err != nil {
			return err
		}
	}
	return nil
}

func (c *change) put(ctx context.Context) error {
	r, err := encode(c.res.Order)
	if err != nil {
		return &mip.Error{Op: "sqlite: write order", Ref: c.ref, Kind: mip.ErrInvalid, Err: err}
	}
	if c.key == 0 {
		done, err := c.s.w.insert.ExecContext(ctx, r.version, r.state, r.shipBy, r.receivedAt, r.codes, r.body, r.raw,
			c.ref.Channel, c.ref.ID)
		if err != nil {
			return err
		}
		c.key, err = done.LastInsertId()
		return err
	}
	done, err := c.replace(ctx, r)
	if err != nil {
		return err
	}
	if n, err := done.RowsAffected(); err != nil || n != 1 {
		return &mip.Error{Op: "sqlite: write order", Ref: c.ref, Kind: mip.ErrConflict, Err: err}
	}
	return nil
}

// replace writes the row anew; the indexes only where the order's place in
// them is another.
func (c *change) replace(ctx context.Context, r row) (sql.Result, error) {
	if c.old.State == c.res.Order.State && c.old.ShipBy.Equal(c.res.Order.ShipBy) && c.old.ReceivedAt.Equal(c.res.Order.ReceivedAt) {
		return c.s.w.update.ExecContext(ctx, r.version, r.codes, r.body, r.raw, c.key, c.old.Version)
	}
	return c.s.w.move.ExecContext(ctx, r.version, r.codes, r.body, r.raw, r.state, r.shipBy, r.receivedAt, c.key, c.old.Version)
}

func (c *change) record(ctx context.Context) error {
	body, err := json.Marshal(c.res.Change)
	if err != nil {
		return &mip.Error{Op: "sqlite: write history", Ref: c.ref, Kind: mip.ErrInvalid, Err: errors.New("the entry cannot be written as JSON")}
	}
	_, err = c.s.w.record.ExecContext(ctx, c.key, body)
	return err
}

// sound refuses a result that could not be kept: of another order, or with an
// effect that nobody would ever do.
func sound(ref mip.Ref, res mip.Result) error {
	if res.Order.Ref != ref {
		return errors.New("the step changed the order's identity")
	}
	for _, e := range res.Effects {
		if !slices.Contains(mip.EffectKinds(), e.Kind) {
			return fmt.Errorf("unknown kind of effect %q", e.Kind)
		}
	}
	return nil
}
