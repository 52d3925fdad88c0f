package engine

import (
	"context"
	"slices"
	"time"

	"github.com/openmip/openmip/mip"
)

// performToEnd is [Engine.Perform] for whoever runs until ctx ends: nothing is
// begun after that, and what was begun is not cut off at once.
func (e *Engine) performToEnd(ctx context.Context, leases []mip.Lease) []time.Time {
	if ctx.Err() != nil {
		return slices.Repeat([]time.Time{e.now()}, len(leases)) // another process has the time
	}
	ctx, done := e.lasting(ctx)
	defer done()
	return e.Perform(ctx, leases)
}

// lasting outlives ctx by [Timing].Leave, though not a deadline of it.
func (e *Engine) lasting(ctx context.Context) (context.Context, context.CancelFunc) {
	out, cancel := context.WithCancel(context.WithoutCancel(ctx))
	if at, ok := ctx.Deadline(); ok {
		out, cancel = context.WithDeadline(context.WithoutCancel(ctx), at)
	}
	stop := context.AfterFunc(ctx, func() {
		sleep(out, nil, e.timing.Leave)
		cancel()
	})
	return out, func() { stop(); cancel() }
}
