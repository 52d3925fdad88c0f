package postgres_test

import (
	"context"
	"errors"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

func TestTwoProcessesTogetherStayWithinBigBuysWindows(t *testing.T) {
	t.Parallel()
	cfg := prepared(t)
	vendor := bigbuytest.New(bigbuytest.Config{})
	server := httptest.NewServer(vendor)
	t.Cleanup(server.Close)
	began := time.Now()
	plan := bigbuy.Limits()
	for name, budget := range plan {
		budget.Margin = 250 * time.Millisecond // a busy machine delivers calls unevenly
		plan[name] = budget
	}
	var wg sync.WaitGroup
	for range 2 {
		supplier, err := bigbuy.New(bigbuy.Config{Key: rest.NewSecret(bigbuytest.Token), BaseURL: server.URL,
			Limiter: open(t, cfg).Limiter("bigbuy", plan), MaxWait: time.Minute})
		require.NoError(t, err)
		for range 3 {
			wg.Go(func() {
				_, err := supplier.Balance(t.Context())
				assert.NoError(t, err)
			})
		}
	}
	wg.Wait()
	assert.Zero(t, vendor.Throttled(), "the real windows refused nobody")
	assert.Len(t, vendor.Calls(), 6)
	assert.GreaterOrEqual(t, time.Since(began), 5*time.Second, "six calls need six windows of a second")
	assert.Less(t, time.Since(began), 12*time.Second, "and not many more")
}

func TestAllProcessesTogetherGetWhatTheBudgetGrants(t *testing.T) {
	t.Parallel()
	cfg := prepared(t)
	plan := map[string]rest.Budget{"orders": {Calls: 5, Per: 200 * time.Millisecond, Margin: time.Millisecond}}
	var mu sync.Mutex
	var left []time.Time
	var wg sync.WaitGroup
	for range 3 {
		l := open(t, cfg).Limiter("x", plan)
		for range 10 {
			wg.Go(func() {
				assert.NoError(t, l.Wait(t.Context(), "orders", time.Minute))
				mu.Lock()
				defer mu.Unlock()
				left = append(left, time.Now())
			})
		}
	}
	wg.Wait()
	took := left[len(left)-1].Sub(left[0])
	assert.GreaterOrEqual(t, took, 900*time.Millisecond, "30 calls, 5 in each 201 ms: five windows lie before the last")
	alone := 0
	for i := 1; i < len(left); i++ {
		if left[i].Sub(left[i-1]) >= 150*time.Millisecond {
			alone++
		}
	}
	assert.Less(t, alone, len(left)-1, "they share windows, on however slow a machine")
}

func TestARefusalHoldsEveryProcessBack(t *testing.T) {
	t.Parallel()
	cfg := prepared(t)
	plan := map[string]rest.Budget{"orders": {Calls: 1000, Per: time.Minute}}
	a, b := open(t, cfg).Limiter("x", plan), open(t, cfg).Limiter("x", plan)
	require.NoError(t, a.Wait(t.Context(), "orders", 0))
	a.Observe(t.Context(), "orders", rest.Limits{Throttled: true, Remaining: -1, Wait: 2 * time.Second})

	err := b.Wait(t.Context(), "orders", time.Second)
	require.ErrorIs(t, err, mip.ErrThrottled)
	assert.InDelta(t, 2, mip.RetryAfter(err).Seconds(), 0.5)
	assert.NoError(t, b.Wait(t.Context(), "other", 0), "another budget is another matter")
	b.Observe(t.Context(), "other", rest.Limits{Throttled: true, Remaining: -1, Wait: 9 * time.Second})
	err = a.Wait(t.Context(), "other", time.Second)
	require.ErrorIs(t, err, mip.ErrThrottled, "one that no plan limits is held back as well")
	assert.InDelta(t, 9, mip.RetryAfter(err).Seconds(), 1)
	began := time.Now()
	require.NoError(t, b.Wait(t.Context(), "orders", 3*time.Second))
	assert.Greater(t, time.Since(began), time.Second)
}

func TestACallThatCannotLeaveInTimeTakesNothing(t *testing.T) {
	t.Parallel()
	const per = 4 * time.Second // the six calls come within it, however busy the machine is
	l := open(t, prepared(t)).Limiter("x", map[string]rest.Budget{"": {Calls: 1, Per: per, Margin: time.Millisecond}})
	require.NoError(t, l.Wait(t.Context(), "a", 0))
	for range 5 {
		require.ErrorIs(t, l.Wait(t.Context(), "b", 10*time.Millisecond), mip.ErrThrottled, "a and b share what is not in the plan")
	}
	require.NoError(t, l.Wait(t.Context(), "a", 2*per), "the five took no turn: else theirs would come first")

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	err := l.Wait(ctx, "a", time.Second)
	assert.True(t, errors.Is(err, mip.ErrUnavailable), "%v", err)
}

func TestSomebodyElsesUseOfTheAccountIsBelieved(t *testing.T) {
	t.Parallel()
	cfg := prepared(t)
	plan := map[string]rest.Budget{"orders": {Calls: 100, Per: time.Minute}}
	a, b := open(t, cfg).Limiter("x", plan), open(t, cfg).Limiter("x", plan)
	require.NoError(t, a.Wait(t.Context(), "orders", 0))
	a.Observe(t.Context(), "orders", rest.Limits{Limit: 100, Remaining: 0, Wait: 10 * time.Second})
	err := b.Wait(t.Context(), "orders", time.Second)
	require.ErrorIs(t, err, mip.ErrThrottled)
	assert.InDelta(t, 10, mip.RetryAfter(err).Seconds(), 2)
}
