package sqlite

import (
	"context"
	"errors"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/openmip/openmip/mip"
)

// Panic writes a cursor and panics before it is committed.
func (s *Store) Panic(ctx context.Context) error {
	return s.write(ctx, "panic", mip.Ref{}, func(ctx context.Context) (then, error) {
		if _, err := s.w.saveCursor.ExecContext(ctx, "shop", []byte("half")); err != nil {
			return nil, err
		}
		panic("planted")
	})
}

// Pragma returns a setting of the connection that writes.
func (s *Store) Pragma(ctx context.Context, name string) (value string, err error) {
	err = s.w.conn.QueryRowContext(ctx, "PRAGMA "+name).Scan(&value)
	return value, err
}

// Plans returns how SQLite would run the listings of q.
func (s *Store) Plans(ctx context.Context, q mip.Query) ([]string, error) {
	var out []string
	for _, l := range s.listings(q) {
		text, args := l.query()
		rows, err := s.readers.QueryContext(ctx, "EXPLAIN QUERY PLAN "+text, args...)
		if err != nil {
			return nil, err
		}
		for rows.Next() {
			var id, parent, unused int
			var detail string
			if err := rows.Scan(&id, &parent, &unused, &detail); err != nil {
				return nil, err
			}
			out = append(out, detail)
		}
		if err := rows.Err(); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Meet lets writers in one after the other, none of whom finds that it is the
// last, and returns what each returned.
func (s *Store) Meet(writers ...func() error) []error {
	out := make([]error, len(writers))
	var all sync.WaitGroup
	var over atomic.Int32
	no := s.Expect()
	for i, w := range writers {
		all.Go(func() { out[i] = w(); over.Add(1) })
		for s.Uncommitted()+int(over.Load()) <= i {
			runtime.Gosched()
		}
	}
	no()
	s.mu.Lock()
	s.leave()
	s.mu.Unlock()
	all.Wait()
	return out
}

// Expect makes the store believe that one more writer is coming, until the
// function is called.
func (s *Store) Expect() (no func()) {
	s.coming.Add(1)
	return func() { s.coming.Add(-1) }
}

// Uncommitted is how many writers wait for the commit of a group.
func (s *Store) Uncommitted() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.group == nil {
		return 0
	}
	return len(s.group.turns)
}

// Orphan writes an effect of no order, which only the commit finds out.
func (s *Store) Orphan(ctx context.Context) error {
	return s.write(ctx, "orphan", mip.Ref{}, func(ctx context.Context) (then, error) {
		_, err := s.w.conn.ExecContext(ctx, "PRAGMA defer_foreign_keys = 1; INSERT INTO raws VALUES (-1, x'')")
		return nothing, err
	})
}

// GiveUp fails as a write on a full disk does: SQLite gives up the whole
// transaction.
func (s *Store) GiveUp(ctx context.Context) error {
	return s.write(ctx, "give up", mip.Ref{}, func(ctx context.Context) (then, error) {
		if _, err := s.w.conn.ExecContext(ctx, "ROLLBACK"); err != nil {
			return nil, err
		}
		_, err := s.w.conn.ExecContext(ctx, "no space")
		return nil, err
	})
}

// Overtaken is Apply of an event whose outcome is worked out between before
// and after, so that it is about what after has changed.
func (s *Store) Overtaken(ctx context.Context, ref mip.Ref, e mip.Event, at time.Time, before, after func()) (mip.Result, error) {
	c := change{s: s, ref: ref, event: e, at: at}
	err := s.prepare(ctx, opApply, ref, func() { before(); c.guess(); after() }, c.apply)
	return c.res, errors.Join(err, c.verdict)
}
