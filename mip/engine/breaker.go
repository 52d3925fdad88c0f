package engine

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/openmip/openmip/mip"
)

// breaker stands before the supplier: after several failures in a row that
// have nothing to do with single orders, it answers "unavailable" by itself
// for a while, then lets one call try. An outage thus costs a few calls, not
// one for each waiting order.
type breaker struct {
	mip.Supplier
	now func() time.Time

	mu       sync.Mutex
	failures int // in a row
	until    time.Time
}

// outages says how long the breaker keeps calls back after the first, second …
// failure beyond patience.
var outages = mip.Backoff{First: 10 * time.Second, Max: 5 * time.Minute}

const patience = 5 // failures in a row

// codePaused marks the breaker's own answers: they are no news.
const codePaused = "engine.paused"

// ready returns an error while calls are kept back. The call after a pause is
// the trial: until its verdict the others go on waiting.
func (b *breaker) ready() error {
	b.mu.Lock()
	defer b.mu.Unlock()
	at := b.now()
	if left := b.until.Sub(at); left > 0 {
		return &mip.Error{Op: "engine: supplier", Kind: mip.ErrUnavailable, Code: codePaused, RetryAfter: left,
			Err: errors.New("kept back after repeated failures")}
	}
	if b.failures >= patience {
		b.until = at.Add(outages.First)
	}
	return nil
}

// saw takes note of a verdict.
func (b *breaker) saw(err error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch mip.KindOf(err) {
	case mip.ErrUnavailable, mip.ErrUnauthorized, mip.ErrUnknown:
		b.failures++
		if b.failures >= patience {
			b.until = b.now().Add(outages.Delay(b.failures-patience+1, "supplier", err))
		}
	default:
		b.failures, b.until = 0, time.Time{}
	}
}

func guarded[T any](b *breaker, call func() (T, error)) (T, error) {
	var none T
	if err := b.ready(); err != nil {
		return none, err
	}
	out, err := call()
	b.saw(err)
	return out, err
}

func (b *breaker) Check(ctx context.Context, p mip.Purchase) (mip.Quote, error) {
	return guarded(b, func() (mip.Quote, error) { return b.Supplier.Check(ctx, p) })
}

func (b *breaker) Place(ctx context.Context, p mip.Purchase) (mip.Placed, error) {
	return guarded(b, func() (mip.Placed, error) { return b.Supplier.Place(ctx, p) })
}

func (b *breaker) Find(ctx context.Context, reference string) (mip.Found, error) {
	return guarded(b, func() (mip.Found, error) { return b.Supplier.Find(ctx, reference) })
}

func (b *breaker) Track(ctx context.Context, ids []string) ([]mip.Tracking, error) {
	return guarded(b, func() ([]mip.Tracking, error) { return b.Supplier.Track(ctx, ids) })
}
