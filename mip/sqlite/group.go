package sqlite

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"

	"github.com/openmip/openmip/mip"
)

// group is a transaction under way: writes that share one commit, so that one
// sync of the disk serves them all. Each but the first is in a savepoint, and
// fails alone. Nobody is told of a write, nor of what it was refused for,
// before the group that it saw is on disk.
type group struct {
	turns []*turn
	err   error // why nothing of it was kept
	// unsure: the disk failed during the commit, perhaps after it.
	unsure bool
}

// turn is one write that waits to be run, and then for its group.
type turn struct {
	ends context.Context // the caller's
	op   string
	ref  mip.Ref
	fn   func(context.Context) (then, error) // nil = nothing to do

	group    *group // nil = nothing was begun
	then     then
	err      error
	panicked any
	told     chan news // first, maybe, to lead; then that it is over
}

type news bool

const (
	lead news = true
	over news = false
)

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
	t := &turn{ends: ctx, op: op, ref: ref, then: nothing, told: make(chan news, 1)}
	s.enter(t, before, fn)
	switch g := t.group; {
	case t.panicked != nil:
		panic(t.panicked)
	case g != nil && g.unsure:
		return &mip.Error{Op: op, Ref: ref, Kind: mip.ErrUnknown, Err: g.err}
	case g != nil && g.err != nil:
		return failure(op, ref, g.err)
	}
	return t.err
}

// enter runs before, and takes its turn also after a panic: others may have
// left the group open for it.
func (s *Store) enter(t *turn, before func(), fn func(context.Context) (then, error)) {
	s.coming.Add(1)
	defer s.line.wait(t, s.lead)
	before()
	t.fn = fn
}

// line is where writes wait. The first one leads: it runs those behind it as
// well, which saves waking them for their turns.
type line struct {
	mu    sync.Mutex
	turns []*turn
	led   bool
}

// wait returns when t is over.
func (l *line) wait(t *turn, lead func()) {
	l.mu.Lock()
	leads := !l.led
	l.led = true
	l.turns = append(l.turns, t)
	l.mu.Unlock()
	if leads || bool(<-t.told) {
		lead()
		<-t.told
	}
}

// next takes the first turn. There is one for whoever leads.
func (l *line) next() *turn {
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.turns[0]
	l.turns = slices.Delete(l.turns, 0, 1)
	return t
}

// goOn reports whether the leader has more to run. A leader who wants no more
// lets the next one lead.
func (l *line) goOn(wanted bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	switch {
	case len(l.turns) == 0:
		l.led = false
		return false
	case !wanted:
		l.turns[0].told <- lead
	}
	return wanted
}

// lead runs turns until their group is on disk or nobody is there; then
// whoever is coming leads.
func (s *Store) lead() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for more := true; more; more = s.line.goOn(s.group != nil) {
		t := s.line.next()
		s.coming.Add(-1)
		s.run(t)
		s.leave()
	}
}

// run runs a turn in the group under way, or in a new one. The caller holds
// s.mu, as for all below.
func (s *Store) run(t *turn) {
	ctx := context.WithoutCancel(t.ends)
	if t.err = s.ready(t.ends, t.op, t.ref); t.err != nil || t.fn == nil {
		t.told <- over
		return
	}
	if err := s.begin(ctx); err != nil {
		t.err = failure(t.op, t.ref, err)
		t.told <- over
		return
	}
	t.group = s.group
	t.group.turns = append(t.group.turns, t)
	kept := false
	defer func() {
		t.panicked = recover()
		if !kept {
			s.undo(ctx)
		}
	}()
	after, err := t.fn(ctx)
	if err == nil && after != nil && len(t.group.turns) > 1 {
		if _, err = s.w.keep.ExecContext(ctx); err != nil {
			after(false)
		}
	}
	if err != nil {
		t.err = failure(t.op, t.ref, err)
	} else if after != nil {
		t.then, kept = after, true
	}
}

// begin opens a transaction, or a savepoint in the one under way.
func (s *Store) begin(ctx context.Context) error {
	if s.group != nil {
		_, err := s.w.save.ExecContext(ctx)
		return err
	}
	if _, err := s.w.begin.ExecContext(ctx); err != nil {
		return err
	}
	s.group = &group{}
	return nil
}

// undo takes the last write back, and the group with it where it was the
// first. SQLite may have given up the whole transaction, on a full disk for
// one: then nothing of the group is kept.
func (s *Store) undo(ctx context.Context) {
	if len(s.group.turns) == 1 {
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
	}
}

// leave commits the group, unless a writer is coming for whom it stays open.
func (s *Store) leave() {
	if s.group != nil && s.crowd && s.coming.Load() == 0 {
		runtime.Gosched() // those told of the last group may be about to come
	}
	if s.group != nil && (s.coming.Load() == 0 || len(s.group.turns) >= most) {
		s.commit(context.Background())
	}
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
	s.group, s.crowd = nil, len(g.turns) > 1
	for _, t := range g.turns {
		t.then(err == nil)
	}
	if err == nil && s.stale {
		s.scrub(ctx)
	}
	g.err = err
	for _, t := range g.turns {
		t.told <- over
	}
}

// ready reports why a write cannot begin.
func (s *Store) ready(ctx context.Context, op string, ref mip.Ref) error {
	if s.closed {
		return &mip.Error{Op: op, Ref: ref, Kind: mip.ErrUnavailable, Err: errors.New("the store is closed")}
	}
	return alive(ctx, op, ref)
}
