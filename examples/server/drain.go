package main

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/postgres"
	"github.com/openmip/openmip/mip/sqlite"
)

// An engine that is stopped cuts calls off, which is safe: what became of them
// is looked up at the next start. A daemon that is told to stop can do better:
// begin nothing more, let what is under way end, and stop the engine then.

// work counts effects under way and can be told to begin no more.
type work struct {
	mu     sync.Mutex
	under  int
	closed bool
	told   bool
	idle   chan struct{} // closed once nothing is under way and nothing begins
}

func newWork() *work { return &work{idle: make(chan struct{})} }

func (w *work) ended() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.closed
}

func (w *work) add(n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.under += n
	w.tell()
}

// tell closes idle, once.
func (w *work) tell() {
	if w.closed && w.under == 0 && !w.told {
		w.told = true
		close(w.idle)
	}
}

// drain waits until nothing is under way, or ctx ends.
func (w *work) drain(ctx context.Context) error {
	w.mu.Lock()
	w.closed = true
	w.tell()
	w.mu.Unlock()
	select {
	case <-w.idle:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// gate is an embedded store that hands out no more effects once it drains.
type gate struct {
	*sqlite.Store
	*work
}

func newGate(s *sqlite.Store) *gate { return &gate{s, newWork()} }

// leave lets what is under way end, then calls stop, at the latest when ctx
// ends.
func (g *gate) leave(ctx context.Context, stop context.CancelFunc) error {
	defer stop()
	return g.drain(ctx)
}

// Lease implements [mip.Queue].
func (g *gate) Lease(ctx context.Context, now, until time.Time, n int, kinds ...mip.EffectKind) ([]mip.Lease, error) {
	g.add(1) // so that a drain waits for the answer
	defer g.add(-1)
	if g.ended() {
		return nil, nil
	}
	leases, err := g.Store.Lease(ctx, now, until, n, kinds...)
	g.add(len(leases))
	return leases, err
}

// NextDue implements [mip.Queue].
func (g *gate) NextDue(ctx context.Context, kinds ...mip.EffectKind) (time.Time, bool, error) {
	if g.ended() {
		return time.Time{}, false, nil
	}
	return g.Store.NextDue(ctx, kinds...)
}

// Done implements [mip.Queue].
func (g *gate) Done(ctx context.Context, l mip.Lease) error {
	defer g.add(-1)
	return g.Store.Done(ctx, l)
}

// Later implements [mip.Queue].
func (g *gate) Later(ctx context.Context, l mip.Lease, due time.Time) error {
	defer g.add(-1)
	return g.Store.Later(ctx, l, due)
}

// linger is a store that runs its effects itself; those under way outlive the
// end of Run's context until the drain is over.
type linger struct {
	*postgres.Store
	*work
	cut chan struct{} // closed when patience ends
}

func newLinger(s *postgres.Store) *linger { return &linger{s, newWork(), make(chan struct{})} }

// Run implements [engine.Runner].
func (l *linger) Run(ctx context.Context, w engine.Work) error {
	perform := w.Perform
	w.Perform = func(ctx context.Context, leases []mip.Lease) []time.Time {
		l.add(1)
		defer l.add(-1)
		if l.ended() || ctx.Err() != nil {
			return slices.Repeat([]time.Time{w.Now()}, len(leases)) // another process has the time
		}
		lasting, stop := context.WithCancel(context.WithoutCancel(ctx))
		defer stop()
		over := make(chan struct{})
		defer close(over)
		go func() {
			select {
			case <-l.cut:
				stop()
			case <-over:
			}
		}()
		return perform(lasting, leases)
	}
	return l.Store.Run(ctx, w)
}

// leave calls stop, so that no more jobs are fetched, and lets what is under
// way end, at the latest when ctx ends.
func (l *linger) leave(ctx context.Context, stop context.CancelFunc) error {
	defer close(l.cut)
	stop()
	return l.drain(ctx)
}
