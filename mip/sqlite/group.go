package sqlite

import (
	"context"
	"errors"

	"github.com/openmip/openmip/mip"
)

// group is a transaction under way: writes that share one commit, so that one
// sync of the disk serves them all. Each but the first is in a savepoint, and
// fails alone. Nobody is told of a write, nor of what it was refused for,
// before the group that it saw is on disk.
type group struct {
	all  []then        // of everyone who waits for it
	done chan struct{} // closed when it is over; err and unsure are set by then
	err  error         // why nothing of it was kept
	// unsure: the disk failed during the commit, perhaps after it.
	unsure bool
}

// then is what a write does in memory once its fate is known.
type then func(committed bool)

// nothing is for a write that has nothing to do then.
func nothing(bool) {}

// most is how many writes share a commit: none waits long for the others.
const most = 128

// write runs fn in a transaction, one fn at a time, and returns when what it
// wrote is on disk. fn returns what to do then, or nil if it wrote nothing.
// After an error or a panic nothing is left behind. fn gets a context that
// does not end.
func (s *Store) write(ctx context.Context, op string, ref mip.Ref, fn func(context.Context) (then, error)) error {
	return s.prepare(ctx, op, ref, func() {}, fn)
}

// prepare is write for what has something to work out first: before runs
// beside other writes, and the group under way waits for it.
func (s *Store) prepare(ctx context.Context, op string, ref mip.Ref, before func(), fn func(context.Context) (then, error)) error {
	g, err := s.join(ctx, op, ref, before, fn)
	if g == nil {
		return err
	}
	<-g.done
	switch {
	case g.unsure:
		return &mip.Error{Op: op, Ref: ref, Kind: mip.ErrUnknown, Err: g.err}
	case g.err != nil:
		return failure(op, ref, g.err)
	}
	return err
}

// join runs fn in the group under way, or in a new one. The group is nil if
// nothing was begun.
func (s *Store) join(ctx context.Context, op string, ref mip.Ref, before func(), fn func(context.Context) (then, error)) (*group, error) {
	ctx, ends := context.WithoutCancel(ctx), ctx
	defer s.leave(ctx)
	s.enter(before)
	if err := s.ready(ends, op, ref); err != nil {
		return nil, err
	}
	if err := s.begin(ctx); err != nil {
		return nil, failure(op, ref, err)
	}
	g, finished := s.group, false
	defer func() {
		if !finished {
			s.undo(ctx)
		}
	}()
	after, err := fn(ctx)
	if err == nil && after == nil {
		return g, nil
	}
	if err != nil {
		return g, failure(op, ref, err)
	}
	if len(g.all) > 0 {
		if _, err := s.w.keep.ExecContext(ctx); err != nil {
			after(false)
			return g, failure(op, ref, err)
		}
	}
	g.all, finished = append(g.all, after), true
	return g, nil
}

// enter runs before and waits for this write's turn, which it has also after a
// panic: others may have left the group open for it.
func (s *Store) enter(before func()) {
	s.coming.Add(1)
	defer func() {
		s.mu.Lock()
		s.coming.Add(-1)
	}()
	before()
}

// begin opens a transaction, or a savepoint in the one under way. The caller
// holds s.mu, as for all below.
func (s *Store) begin(ctx context.Context) error {
	if s.group != nil {
		_, err := s.w.save.ExecContext(ctx)
		return err
	}
	if _, err := s.w.begin.ExecContext(ctx); err != nil {
		return err
	}
	s.group = &group{done: make(chan struct{})}
	return nil
}

// undo takes the last write back, and the group with it where it was the
// first. SQLite may have given up the whole transaction, on a full disk for
// one: then nothing of the group is kept.
func (s *Store) undo(ctx context.Context) {
	if len(s.group.all) == 0 {
		_, _ = s.w.rollback.ExecContext(ctx) // fails only where SQLite has rolled back already
		s.end(ctx, nil)
		return
	}
	_, err := s.w.revert.ExecContext(ctx)
	if err == nil {
		_, err = s.w.keep.ExecContext(ctx)
	}
	if err != nil {
		_, _ = s.w.rollback.ExecContext(ctx)
		s.end(ctx, errors.Join(errors.New("the transaction was given up"), err))
		return
	}
	s.group.all = append(s.group.all, nothing)
}

// leave gives the store to the next one. The group stays open for a writer
// that is coming already; the last one commits it.
func (s *Store) leave(ctx context.Context) {
	if s.group != nil && (s.coming.Load() == 0 || len(s.group.all) >= most) {
		s.commit(ctx)
	}
	s.mu.Unlock()
}

// commit puts the group under way on disk, if there is one.
func (s *Store) commit(ctx context.Context) {
	if s.group == nil {
		return
	}
	_, err := s.w.commit.ExecContext(ctx)
	if err != nil {
		s.group.unsure = !busy(err)          // else it is still open
		_, _ = s.w.rollback.ExecContext(ctx) // fails only where SQLite has rolled back already
	}
	s.end(ctx, err)
}

// end tells everyone in the group how it went.
func (s *Store) end(ctx context.Context, err error) {
	g := s.group
	s.group = nil
	for _, after := range g.all {
		after(err == nil)
	}
	if err == nil && s.stale {
		s.scrub(ctx)
	}
	g.err = err
	close(g.done)
}

// ready reports why a write cannot begin.
func (s *Store) ready(ctx context.Context, op string, ref mip.Ref) error {
	if s.closed {
		return &mip.Error{Op: op, Ref: ref, Kind: mip.ErrUnavailable, Err: errors.New("the store is closed")}
	}
	return alive(ctx, op, ref)
}
