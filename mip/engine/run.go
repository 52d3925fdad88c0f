package engine

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/openmip/openmip/mip"
)

// The lanes of the embedded runner. Lanes run side by side, so that checking
// never delays buying, nor a slow shop either. Within a lane effects begin in
// order, the most urgent first, and those of one budget share a lane. Only
// purchases and checks go abreast, because BigBuy takes longer to answer a
// call than it makes the next one wait.
var lanes = [][]mip.EffectKind{
	{mip.EffectSubmit},
	{mip.EffectCheck},
	{mip.EffectSettle},
	{mip.EffectResolve, mip.EffectPay, mip.EffectLink, mip.EffectTrack, mip.EffectRemind},
	{mip.EffectReport},
}

// broad is how many lanes, from the first, have [Timing].Abreast workers.
const broad = 2

func newWakes() []chan struct{} {
	out := make([]chan struct{}, len(lanes))
	for i := range out {
		out[i] = make(chan struct{}, 1)
	}
	return out
}

// Run polls, works and rechecks until ctx ends, which is not an error. Then it
// begins nothing more, and returns once the effects under way have ended: they
// have [Timing].Leave before their calls are cut off. A purchase that is cut
// off is unknown, and looked up at the next start; nothing is lost by killing
// the process either. A store that is a [Runner] does it its own way; one that is
// neither that nor a [mip.Queue] is [mip.ErrInvalid].
func (e *Engine) Run(ctx context.Context) error {
	if r, ok := e.store.(Runner); ok {
		return r.Run(ctx, e.work())
	}
	if e.queue == nil {
		return errNoQueue()
	}
	var wg sync.WaitGroup
	for i, kinds := range lanes {
		workers := 1
		if i < broad {
			workers = e.timing.Abreast
		}
		for range workers {
			wg.Go(func() { e.lane(ctx, e.wakes[i], kinds) })
		}
	}
	wg.Go(func() {
		every(ctx, e.timing.Purse, func() { _, _ = e.Recheck(ctx) }) // failures went to the hooks
	})
	for _, ch := range e.channels {
		wg.Go(func() {
			every(ctx, e.every, func() { _ = e.PollChannel(ctx, ch.Name()) }) // failures went to the hooks
		})
	}
	wg.Wait()
	return nil
}

// Sync makes one pass: poll every channel, recheck, then work until nothing
// is due. What failed and will be tried again is returned joined.
func (e *Engine) Sync(ctx context.Context) error {
	err := e.Poll(ctx)
	if _, again := e.Recheck(ctx); again != nil {
		err = errors.Join(err, again)
	}
	_, work := e.Work(ctx)
	return errors.Join(err, work)
}

// Work does every effect that is due now and whatever becomes due at once
// through them, and returns how many. Failures of single effects go to the
// hooks; the error is the store's.
func (e *Engine) Work(ctx context.Context) (int, error) {
	if e.queue == nil {
		return 0, errNoQueue()
	}
	done := 0
	for {
		n, err := e.workOnce(ctx, mip.EffectKinds(), e.Perform)
		done += n
		if err != nil || n == 0 || ctx.Err() != nil {
			return done, errors.Join(err, ctx.Err())
		}
	}
}

func errNoQueue() error {
	return &mip.Error{Op: "engine: run", Kind: mip.ErrInvalid, Err: errors.New("the store runs no effects itself")}
}

// lane works one lane until ctx ends.
func (e *Engine) lane(ctx context.Context, wake <-chan struct{}, kinds []mip.EffectKind) {
	for ctx.Err() == nil {
		n, err := e.workOnce(ctx, kinds, e.performToEnd)
		if err != nil && ctx.Err() == nil {
			e.failed(ctx, mip.Ref{}, err)
			sleep(ctx, nil, e.timing.Retry.First)
			continue
		}
		if n == 0 {
			e.idle(ctx, wake, kinds)
		}
	}
}

// idle waits until something is due, or was just stored.
func (e *Engine) idle(ctx context.Context, wake <-chan struct{}, kinds []mip.EffectKind) {
	wait := time.Minute
	if due, ok, err := e.queue.NextDue(ctx, kinds...); err == nil && ok {
		wait = min(wait, max(due.Sub(e.now()), time.Millisecond))
	}
	sleep(ctx, wake, wait)
}

func sleep(ctx context.Context, wake <-chan struct{}, d time.Duration) {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-wake:
	case <-t.C:
	}
}

// workOnce leases and does one effect, or one batch of tracking.
func (e *Engine) workOnce(ctx context.Context, kinds []mip.EffectKind, perform perform) (int, error) {
	at := e.now()
	leases, err := e.queue.Lease(ctx, at, at.Add(e.timing.Lease), 1, kinds...)
	if err != nil || len(leases) == 0 {
		return 0, err
	}
	if leases[0].Kind == mip.EffectTrack && e.timing.TrackBatch > 1 {
		more, err := e.queue.Lease(ctx, at, at.Add(e.timing.Lease), e.timing.TrackBatch-1, mip.EffectTrack)
		if err != nil {
			return 0, err
		}
		leases = append(leases, more...)
	}
	return len(leases), e.do(ctx, leases, perform)
}

// every calls f at once and then again after each wait, until ctx ends.
func every(ctx context.Context, wait time.Duration, f func()) {
	for ctx.Err() == nil {
		f()
		sleep(ctx, nil, wait)
	}
}
