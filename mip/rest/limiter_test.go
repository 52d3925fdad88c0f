package rest_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

func TestBudgets(t *testing.T) {
	perSecond := map[string]rest.Budget{"create": {Calls: 1, Per: time.Second}, "list": {Calls: 3, Per: time.Hour}, "": {Calls: 1, Per: 5 * time.Second}}
	// times lets n calls ask at once and returns when they left.
	times := func(t *testing.T, b *rest.Budgets, budget string, n int) []time.Duration {
		began := time.Now()
		var mu sync.Mutex
		var out []time.Duration
		var wg sync.WaitGroup
		for range n {
			wg.Go(func() {
				assert.NoError(t, b.Wait(t.Context(), budget, 24*time.Hour))
				mu.Lock()
				defer mu.Unlock()
				out = append(out, time.Since(began))
			})
		}
		wg.Wait()
		return out
	}
	const ms = time.Millisecond
	t.Run("one per second never goes faster", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			assert.Equal(t, []time.Duration{0, 1010 * ms, 2020 * ms, 3030 * ms}, times(t, rest.NewBudgets(perSecond), "create", 4))
		})
	})
	t.Run("a window lets its calls through at once and then waits for the next", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			next := time.Hour + time.Second
			assert.Equal(t, []time.Duration{0, 0, 0, next, next, next, 2 * next}, times(t, rest.NewBudgets(perSecond), "list", 7))
		})
	})
	t.Run("budgets do not share, and the rest share one", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := rest.NewBudgets(perSecond)
			assert.Equal(t, []time.Duration{0}, times(t, b, "create", 1))
			assert.Equal(t, []time.Duration{0}, times(t, b, "list", 1))
			assert.Equal(t, []time.Duration{0}, times(t, b, "other", 1))
			assert.Equal(t, []time.Duration{5050 * ms}, times(t, b, "another", 1))
		})
	})
	t.Run("a refusal holds back those who wait already", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := rest.NewBudgets(perSecond)
			time.AfterFunc(500*ms, func() { b.Observe(t.Context(), "create", rest.Limits{Throttled: true, Wait: 10 * time.Second}) })
			at := times(t, b, "create", 3)
			assert.Equal(t, []time.Duration{0, 10500 * ms}, at[:2])
			assert.GreaterOrEqual(t, at[2], 11500*ms)
		})
	})
	t.Run("after a refusal the distance grows for a while", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := rest.NewBudgets(perSecond)
			times(t, b, "create", 1)
			b.Observe(t.Context(), "create", rest.Limits{Throttled: true, Wait: 2 * time.Second})
			at := times(t, b, "create", 2)
			assert.Equal(t, []time.Duration{1010 * ms, 1010*ms + 1030*ms}, at, "a reset told in whole seconds is no longer than the window")
			for range 200 {
				b.Observe(t.Context(), "create", rest.Limits{Remaining: 0, Limit: 1})
			}
			time.Sleep(time.Minute)
			at = times(t, b, "create", 2)
			assert.Less(t, at[1], 1011*ms)
		})
	})
	t.Run("a reset that cannot be closes for minutes, not for long", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := rest.NewBudgets(perSecond)
			b.Observe(t.Context(), "create", rest.Limits{Throttled: true, Wait: time.Hour})
			assert.Equal(t, []time.Duration{5 * time.Minute}, times(t, b, "create", 1))
		})
	})
	t.Run("a count below ours is believed", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := rest.NewBudgets(perSecond)
			times(t, b, "list", 1)
			b.Observe(t.Context(), "list", rest.Limits{Limit: 3, Remaining: 0, Wait: 10 * time.Minute})
			assert.Equal(t, []time.Duration{10*time.Minute + time.Second}, times(t, b, "list", 1))
		})
	})
	t.Run("after a refusal the window opens with the call that leaves, not with the reset", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := rest.NewBudgets(map[string]rest.Budget{"create": {Calls: 1, Per: time.Second}})
			times(t, b, "create", 1)
			b.Observe(t.Context(), "create", rest.Limits{Throttled: true, Wait: time.Second})
			time.Sleep(1900 * ms)
			assert.Equal(t, []time.Duration{0}, times(t, b, "create", 1))
			began := time.Now()
			require.NoError(t, b.Wait(t.Context(), "create", time.Minute))
			assert.GreaterOrEqual(t, time.Since(began), time.Second)
		})
	})
	t.Run("without a plan only refusals count", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := rest.NewBudgets(nil)
			assert.Equal(t, []time.Duration{0, 0, 0}, times(t, b, "x", 3))
			b.Observe(t.Context(), "x", rest.Limits{Throttled: true, Wait: time.Minute})
			assert.Equal(t, []time.Duration{0}, times(t, b, "y", 1))
			assert.Equal(t, []time.Duration{time.Minute}, times(t, b, "x", 1))
		})
	})
	t.Run("a wait that is too long takes nothing and says how long", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := rest.NewBudgets(perSecond)
			times(t, b, "create", 1)
			err := b.Wait(t.Context(), "create", 100*ms)
			assert.ErrorIs(t, err, mip.ErrThrottled)
			assert.Equal(t, 1010*ms, mip.RetryAfter(err))
			assert.Equal(t, []time.Duration{1010 * ms}, times(t, b, "create", 1))
		})
	})
	t.Run("a context ends the wait", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			b := rest.NewBudgets(perSecond)
			times(t, b, "create", 1)
			ctx, cancel := context.WithTimeout(t.Context(), 10*ms)
			defer cancel()
			err := b.Wait(ctx, "create", time.Minute)
			assert.ErrorIs(t, err, mip.ErrUnavailable)
			assert.ErrorIs(t, err, context.DeadlineExceeded)
		})
	})
}

// TestRepetitionsRespectTheBudget drives a client against a fixed-window
// server that counts.
func TestRepetitionsRespectTheBudget(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var left []time.Time
		c := client(t, wire(func(*http.Request) (*http.Response, error) {
			left = append(left, time.Now())
			if len(left)%2 == 1 {
				return answer(503, ""), nil
			}
			return answer(200, "{}"), nil
		}), func(c *rest.Config) {
			c.Retry = mip.Backoff{First: time.Millisecond, Max: time.Millisecond, Tries: 3}
			c.Limiter = rest.NewBudgets(map[string]rest.Budget{"": {Calls: 1, Per: time.Second}})
		})
		for range 5 {
			require.NoError(t, c.Do(t.Context(), rest.Call{Path: "a"}))
		}
		require.Len(t, left, 10)
		for i := range left[1:] {
			assert.GreaterOrEqual(t, left[i+1].Sub(left[i]), time.Second)
		}
	})
}
