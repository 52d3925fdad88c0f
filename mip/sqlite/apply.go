package sqlite

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"
	"time"

	"github.com/openmip/openmip/mip"
)

const opApply = "sqlite: apply"

// Apply implements [mip.Store]: one transaction, on disk when it returns. at
// is kept in UTC.
func (s *Store) Apply(ctx context.Context, ref mip.Ref, e mip.Event, at time.Time) (mip.Result, error) {
	c := change{s: s, ref: ref, event: e, at: at.UTC().Round(0)}
	if err := s.prepare(ctx, opApply, ref, c.guess, c.apply); err != nil {
		return mip.Result{Order: c.old}, err
	}
	return c.res, c.verdict
}

// change is one Apply under way.
type change struct {
	s     *Store
	ref   mip.Ref
	event mip.Event
	at    time.Time

	was *kept // the order that the rest is about, nil = not known yet
	outcome
}

// outcome is what becomes of an order, ready to be written. It follows from
// the order and the event alone.
type outcome struct {
	old     mip.Order
	res     mip.Result
	verdict error // Step's
	wrong   error // why it cannot be kept
	row     row
	entry   []byte // of the history, nil = none
	next    *kept
}

// guess works the outcome out before it is this write's turn, for the order as
// it was written last.
func (c *change) guess() {
	if c.was = c.s.recent.get(c.ref); c.was != nil {
		c.decide()
	}
}

// apply writes the outcome, worked out anew if the guess was about another
// order than the one that is there now.
func (c *change) apply(ctx context.Context) (then, error) {
	was, err := c.load(ctx)
	if err != nil {
		return nil, err
	}
	if was != c.was {
		c.was = was
		c.decide()
	}
	switch {
	case c.wrong != nil:
		return nil, c.wrong
	case c.verdict != nil && c.entry == nil:
		if c.was.key != 0 {
			c.s.recent.put(c.was)
		}
		return nil, nil
	}
	if err := c.store(ctx); err != nil {
		return nil, err
	}
	c.s.recent.put(c.next)
	return c.end, nil
}

// end is what follows the commit, or its failure.
func (c *change) end(committed bool) {
	if !committed {
		c.s.recent.take(c.ref)
		return
	}
	c.s.stale = c.s.stale || c.verdict == nil && c.event.Kind == mip.EventErased
	c.s.leases.replaced(c.next.key, c.res.Effects)
}

// load reads the order as it is. Only an import may find none.
func (c *change) load(ctx context.Context) (*kept, error) {
	if k := c.s.recent.take(c.ref); k != nil {
		return k, nil
	}
	k := &kept{}
	var version int
	var body, raw []byte
	err := c.s.w.load.QueryRowContext(ctx, c.ref.Channel, c.ref.ID).Scan(&k.key, &version, &body, &raw, &k.last)
	switch {
	case err == nil:
		k.order, err = decode(c.ref, version, body, raw)
		return k, err
	case !errors.Is(err, sql.ErrNoRows):
		return nil, err
	case c.event.Kind != mip.EventImported:
		return nil, &mip.Error{Op: opApply, Ref: c.ref, Kind: mip.ErrNotFound}
	}
	if err := c.ref.Valid(); err != nil {
		return nil, &mip.Error{Op: opApply, Kind: mip.ErrInvalid, Err: err}
	}
	k.order.Ref = c.ref
	return k, nil
}

// decide works the outcome out for the order that was.
func (c *change) decide() {
	c.outcome = outcome{old: c.was.order.Clone(), next: &kept{key: c.was.key, last: c.was.last}}
	c.res, c.verdict = mip.Step(c.old, c.event, c.at)
	if c.verdict != nil {
		c.refused()
	} else if err := c.res.Valid(c.ref); err != nil {
		c.wrong = &mip.Error{Op: opApply, Ref: c.ref, Kind: mip.ErrInvalid, Err: err}
	} else {
		c.accepted()
	}
	if c.res.Change.Event != "" && c.wrong == nil {
		c.record()
	}
}

// refused keeps what is worth a line of an event that changed nothing.
func (c *change) refused() {
	entry := c.res.Change
	c.res = mip.Result{Order: c.old}
	c.next.order = c.was.order
	if mip.KindOf(c.verdict) == mip.ErrIgnored && c.was.key != 0 && entry.Event != "" {
		entry.Version = c.old.Version
		c.res.Change = entry
	}
}

// accepted completes the result as it will be stored.
func (c *change) accepted() {
	c.res.Order.Version = c.old.Version + 1
	for i := range c.res.Effects {
		e := &c.res.Effects[i]
		if e.Due.IsZero() {
			e.Due = c.at
		}
		e.Ref, e.Due = c.ref, e.Due.UTC()
	}
	var err error
	if c.row, err = encode(c.res.Order); err != nil {
		c.wrong = &mip.Error{Op: "sqlite: write order", Ref: c.ref, Kind: mip.ErrInvalid, Err: err}
	}
	c.next.order = c.res.Order.Clone()
}

// record writes the line of the history.
func (c *change) record() {
	c.res.Change.Version = c.res.Order.Version
	var err error
	if c.entry, err = json.Marshal(c.res.Change); err != nil {
		c.wrong = &mip.Error{Op: "sqlite: write history", Ref: c.ref, Kind: mip.ErrInvalid, Err: errors.New("the entry cannot be written as JSON")}
	}
}

// store writes the order, the history entry and the effects.
func (c *change) store(ctx context.Context) error {
	if c.entry != nil {
		c.s.entry++
		c.next.last = c.s.entry
	}
	if err := c.put(ctx); err != nil {
		return err
	}
	if c.entry != nil {
		if _, err := c.s.w.record.ExecContext(ctx, c.next.last, c.was.last, c.next.key, c.entry); err != nil {
			return err
		}
	}
	for _, e := range c.res.Effects {
		if _, err := c.s.w.enqueue.ExecContext(ctx, c.next.key, string(e.Kind), e.Attempt, nanos(e.Due), nanos(c.at)); err != nil {
			return err
		}
	}
	return nil
}

// put writes the row of the order, and what the channel said if it is news.
func (c *change) put(ctx context.Context) error {
	r := c.row
	if c.was.key == 0 {
		done, err := c.s.w.insert.ExecContext(ctx, r.version, r.state, r.shipBy, r.receivedAt, r.codes, r.manualRef, r.likeness, r.body, c.next.last,
			c.ref.Channel, c.ref.ID)
		if err != nil {
			return err
		}
		if c.next.key, err = done.LastInsertId(); err != nil {
			return err
		}
	} else {
		done, err := c.replace(ctx)
		if err != nil {
			return err
		}
		if n, err := done.RowsAffected(); err != nil || n != 1 {
			return &mip.Error{Op: "sqlite: write order", Ref: c.ref, Kind: mip.ErrConflict, Err: err}
		}
	}
	switch was := c.was.order.Raw; {
	case c.verdict != nil || was == nil && r.raw == nil:
		return nil
	case r.raw == nil:
		_, err := c.s.w.dropRaw.ExecContext(ctx, c.next.key)
		return err
	case was != nil && bytes.Equal(was, r.raw):
		return nil
	}
	_, err := c.s.w.keepRaw.ExecContext(ctx, c.next.key, r.raw)
	return err
}

// replace writes the row anew; the indexes only where the order's place in
// them is another.
func (c *change) replace(ctx context.Context) (sql.Result, error) {
	r, o := c.row, c.res.Order
	switch {
	case c.verdict != nil:
		return c.s.w.remark.ExecContext(ctx, c.next.last, c.was.key, c.old.Version)
	case c.old.State == o.State && c.old.ShipBy.Equal(o.ShipBy) && c.old.ReceivedAt.Equal(o.ReceivedAt) &&
		c.old.ManualRef == o.ManualRef && c.old.Likeness() == o.Likeness() && slices.Equal(mip.Codes(c.old.Findings), mip.Codes(o.Findings)):
		return c.s.w.update.ExecContext(ctx, r.version, r.body, c.next.last, c.was.key, c.old.Version)
	}
	return c.s.w.move.ExecContext(ctx, r.version, r.body, c.next.last, r.state, r.shipBy, r.receivedAt, r.codes, r.manualRef, r.likeness, c.was.key, c.old.Version)
}
