package engine

import (
	"context"
	"time"

	"github.com/openmip/openmip/mip"
)

// Runner is a store that runs its effects itself, such as one that many
// processes share. [Engine.Run] leaves the running to it.
type Runner interface {
	// Run does the work until ctx ends, which is not an error.
	Run(ctx context.Context, w Work) error
}

// Work is what there is to do for a [Runner]. The functions tell the hooks of
// what fails and may be called at the same time.
type Work struct {
	// Channels are the names of the channel accounts to poll, each by one
	// process at a time, and Every the wait between two readings of one.
	Channels []string
	Every    time.Duration
	Timing   Timing // without zero fields
	Now      func() time.Time
	// Perform is [Engine.Perform], except that it begins nothing once ctx has
	// ended, and that what it has begun may go on for Timing.Leave after that,
	// though not beyond a deadline of ctx.
	Perform func(ctx context.Context, leases []mip.Lease) []time.Time
	// Poll reads a channel once.
	Poll func(ctx context.Context, channel string)
	// Recheck looks at the purse once; due every Timing.Purse, by one process
	// at a time.
	Recheck func(ctx context.Context)
	// Failed takes what the runner itself ran into.
	Failed func(ctx context.Context, err error)
}

func (e *Engine) work() Work {
	w := Work{
		Every: e.every, Timing: e.timing, Now: e.now, Perform: e.performToEnd,
		Poll:    func(ctx context.Context, channel string) { _ = e.PollChannel(ctx, channel) }, // failures went to the hooks
		Recheck: func(ctx context.Context) { _, _ = e.Recheck(ctx) },
		Failed:  func(ctx context.Context, err error) { e.failed(ctx, mip.Ref{}, err) },
	}
	for _, ch := range e.channels {
		w.Channels = append(w.Channels, ch.Name())
	}
	return w
}
