package miptest

import (
	"context"
	"errors"
	"sync"

	"github.com/openmip/openmip/mip"
)

// Mishap is what goes wrong with one call of a [Process].
type Mishap uint8

// The mishaps. A call that is lost fails with [mip.ErrUnknown] if it could
// have done something, else with [mip.ErrUnavailable].
const (
	Fine        Mishap = iota // nothing
	LostBefore                // the call never arrives
	LostAfter                 // it takes effect, its answer never arrives
	Repeated                  // it arrives twice; the second answer is the one that is seen
	CrashBefore               // the process dies before the call leaves
	CrashAfter                // the process dies after the call took effect
	CrashLate                 // the process dies, and the call takes effect at [Process.Deliver]
)

// Point is one call of a process to the outside:
//
//   - "supplier": "check", "place", "find", "track", "balance"
//   - "payment": "reserve", "settle", "release"
//   - "channel": "page", "report"
//   - "store": its methods in plain words, "save cursor"; "apply" with the kind of event, "apply sending"
//   - what [Process.Transport] was told: the method and the path, "GET /rest/user/purse.json"
type Point struct {
	Port, Call string
	Number     int // counts the process's calls from 1
}

// Process is one run of a program, seen from outside: all that its parts say
// to stores, suppliers, payments, channels and servers passes through it, and
// can go wrong there. It dies at a call that crashes. From then on nothing it
// does has any effect: every call fails, and [Process.Context] has ended. What
// it was doing then comes to an end by itself, without panic and without a
// goroutine left behind, which is as good as a crash for everybody else.
//
// A Process is safe for concurrent use.
type Process struct {
	decide func(Point) Mishap
	ctx    context.Context
	cancel context.CancelFunc

	mu    sync.Mutex
	calls int
	dead  bool
	late  []func(context.Context)
}

// NewProcess returns a living process. decide is asked before every call, from
// the goroutine that makes it, and may wait, or let others work, before it
// answers; nil means [Fine]. The process ends with ctx.
func NewProcess(ctx context.Context, decide func(Point) Mishap) *Process {
	p := &Process{decide: decide}
	p.ctx, p.cancel = context.WithCancel(ctx)
	return p
}

// Context ends when the process dies.
func (p *Process) Context() context.Context { return p.ctx }

// Kill ends the process from outside, between two of its calls.
func (p *Process) Kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dead = true
	p.cancel()
}

// Dead reports whether the process has ended.
func (p *Process) Dead() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.dead
}

// Deliver lets the requests take effect that were on their way when the
// process died.
func (p *Process) Deliver(ctx context.Context) {
	p.mu.Lock()
	late := p.late
	p.late = nil
	p.mu.Unlock()
	for _, call := range late {
		call(ctx)
	}
}

// errDead is what a dead process hears.
var errDead = errors.New("the process is dead")

// do makes one call. writes says that it may have an effect.
func (p *Process) do(ctx context.Context, port, call string, writes bool, f func(context.Context) error) error {
	lost := mip.ErrUnavailable
	if writes {
		lost = mip.ErrUnknown
	}
	fail := func(kind error) error {
		return &mip.Error{Op: port + ": " + call, Kind: kind, Err: errors.New("the connection broke")}
	}
	switch p.next(port, call) {
	case CrashBefore:
		p.Kill()
	case CrashLate:
		p.delay(func(ctx context.Context) { _ = f(ctx) })
	case CrashAfter:
		if p.Dead() {
			break
		}
		_ = f(ctx)
		p.Kill()
	case LostBefore:
		return fail(lost)
	case LostAfter:
		_ = f(ctx)
		return fail(lost)
	case Repeated:
		_ = f(ctx)
	}
	if p.Dead() {
		return &mip.Error{Op: port + ": " + call, Kind: mip.ErrUnavailable, Err: errDead}
	}
	return f(ctx)
}

// next asks what happens to the next call.
func (p *Process) next(port, call string) Mishap {
	p.mu.Lock()
	p.calls++
	point := Point{port, call, p.calls}
	p.mu.Unlock()
	if p.decide == nil || p.Dead() {
		return Fine
	}
	return p.decide(point)
}

// delay keeps a call that is on its way, and ends the process.
func (p *Process) delay(call func(context.Context)) {
	p.mu.Lock()
	if !p.dead {
		p.late = append(p.late, call)
	}
	p.mu.Unlock()
	p.Kill()
}
