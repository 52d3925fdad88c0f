package rest_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// granting is a limiter that lets so many calls through.
type granting struct{ left, asked atomic.Int64 }

func (g *granting) Wait(context.Context, string, time.Duration) error {
	g.asked.Add(1)
	if g.left.Add(-1) < 0 {
		return &mip.Error{Op: "rate limit", Kind: mip.ErrThrottled, RetryAfter: time.Hour}
	}
	return nil
}

func (g *granting) Observe(context.Context, string, rest.Limits) {}

// A server closes a kept connection when the second request comes on it, as
// one does whose patience with it has just ended. net/http then sends reads,
// and writes with an Idempotency-Key, again on another connection.
func TestEveryRequestOnTheWireTakesATurn(t *testing.T) {
	read := rest.Call{Path: "a"}
	keyed := rest.Call{Method: "POST", Path: "a", Body: rest.Vars{}, Header: http.Header{"Idempotency-Key": {"k"}}}
	for name, tt := range map[string]struct {
		call       rest.Call
		turns      int64
		seen       int64 // requests at the server
		kind       error
		retryAfter time.Duration
	}{
		"a read that is sent again":                     {read, 3, 3, nil, 0},
		"a read that may not be sent again":             {read, 2, 2, mip.ErrThrottled, time.Hour},
		"a write with a key that is sent again":         {keyed, 3, 3, nil, 0},
		"a write with a key that may not be sent again": {keyed, 2, 2, mip.ErrUnknown, 0},
		"a write without a key is never sent again":     {rest.Call{Method: "POST", Path: "a"}, 3, 2, mip.ErrUnknown, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var seen atomic.Int64
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if seen.Add(1) == 2 {
					panic(http.ErrAbortHandler)
				}
				_, _ = w.Write([]byte("{}"))
			}))
			t.Cleanup(server.Close)
			limiter := &granting{}
			limiter.left.Store(tt.turns)
			c := client(t, nil, once, func(c *rest.Config) { c.BaseURL, c.Limiter = server.URL, limiter })
			require.NoError(t, c.Do(t.Context(), tt.call))

			err := c.Do(t.Context(), tt.call)
			assert.Equal(t, tt.seen, seen.Load())
			if tt.kind == nil {
				assert.NoError(t, err)
				assert.Equal(t, tt.seen, limiter.asked.Load())
				return
			}
			assert.Equal(t, tt.kind, mip.KindOf(err), "%v", err)
			assert.Equal(t, tt.retryAfter, mip.RetryAfter(err))
			for _, kind := range []error{mip.ErrThrottled, mip.ErrUnknown, mip.ErrUnavailable} {
				assert.Equal(t, kind == tt.kind, errors.Is(err, kind), "%v is of one kind", err)
			}
		})
	}
}

// thawing is the context of a process that stood still until after its
// deadline, before its timers have run.
type thawing struct{ context.Context }

func (thawing) Deadline() (time.Time, bool) { return time.Now().Add(-time.Millisecond), true }

func TestWhoStoodStillTooLongCallsNobody(t *testing.T) {
	var seen atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { seen.Add(1) }))
	t.Cleanup(server.Close)
	c := client(t, nil, once, func(c *rest.Config) { c.BaseURL = server.URL })
	err := c.Do(thawing{t.Context()}, rest.Call{Method: "POST", Path: "a"})
	assert.Equal(t, mip.ErrUnavailable, mip.KindOf(err), "certainly not done: %v", err)
	assert.Zero(t, seen.Load())
}
