package rest

import (
	"context"
	"net/http"
	"net/url"
	"time"
)

// again makes what net/http sends a second time by itself take a turn of its
// own: it does so with reads, and with writes that carry an Idempotency-Key,
// when a kept connection breaks. A transport asks for its proxy before each
// sending, and sends nothing if that fails.
func again(proxy func(*http.Request) (*url.URL, error)) func(*http.Request) (*url.URL, error) {
	return func(r *http.Request) (*url.URL, error) {
		if j, ok := r.Context().Value(journeyKey{}).(*journey); ok && j.left.Swap(true) {
			if err := j.turn(r.Context()); err != nil {
				return nil, noTurn{err}
			}
		}
		if proxy == nil {
			return nil, nil
		}
		return proxy(r)
	}
}

// journeyKey finds a request's journey in its context.
type journeyKey struct{}

// noTurn is a refusal to send once more. It hides the kind of its cause: the
// first sending may have arrived.
type noTurn struct{ error }

// turn waits for a turn. Whoever stood still so long that its time is over has
// none: after a process was frozen its timers run late, and the context does
// not know yet.
func (c *Client) turn(ctx context.Context, call Call) error {
	if err := c.config.Limiter.Wait(ctx, call.budget(), within(ctx, c.config.MaxWait)); err != nil {
		return err
	}
	if at, ok := ctx.Deadline(); ok && !time.Now().Before(at) {
		return context.DeadlineExceeded
	}
	return nil
}
