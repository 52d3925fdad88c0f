package postgres_test

import (
	"context"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/postgres"
	"github.com/openmip/openmip/mip/postgres/pgtest"
)

// hasty has short leases, so that frozen workers are given up soon.
func hasty(c *engine.Config) {
	c.Timing.Call, c.Timing.Lease = 500*time.Millisecond, time.Second
	c.Timing.Track, c.Timing.Grace, c.Timing.AbsentAfter = 400*time.Millisecond, 200*time.Millisecond, time.Second
}

func TestAWorkerThatFrozeIsReplacedAndChangesNothing(t *testing.T) {
	t.Parallel()
	cfg := prepared(t)
	front, d := newShop(1), newDepot()
	thaw := make(chan struct{})
	var frozen, thawed atomic.Bool
	cold := newDepot()
	cold.placed = d.placed
	cold.checked = func() {
		frozen.Store(true)
		<-thaw
		thawed.Store(true)
	}
	a := open(t, cfg)
	stopA := run(t, process(t, a, cold, counter{front, "a"}, hasty))
	require.Eventually(t, frozen.Load, 10*time.Second, 10*time.Millisecond)

	b := open(t, cfg)
	run(t, process(t, b, d, counter{front, "b"}, hasty))
	require.Eventually(t, func() bool { return front.told(mip.StateShipped) == 1 }, 20*time.Second, 20*time.Millisecond)
	var before []mip.Change
	require.Eventually(t, func() bool { // what b has begun is written down
		now, err := b.History(t.Context(), ref(0))
		require.NoError(t, err)
		rests := len(now) == len(before)
		before = now
		return rests
	}, 20*time.Second, time.Second)

	close(thaw)
	require.Eventually(t, thawed.Load, 5*time.Second, 5*time.Millisecond)
	stopA()
	after, err := b.History(t.Context(), ref(0))
	require.NoError(t, err)
	for _, c := range after[len(before):] { // what the other one was still doing
		assert.Contains(t, []mip.EventKind{mip.EventReported, mip.EventTracked, mip.EventSettled}, c.Event)
	}
	assert.Equal(t, before, after[:len(before)])
	assert.Equal(t, 1, d.calls+cold.calls, "bought once")
}

func TestALostJobIsMadeAnew(t *testing.T) {
	t.Parallel()
	cfg := prepared(t)
	s := open(t, cfg)
	apply(t, s, ref(0), imported(ref(0), 0), time.Now().Add(-2*time.Minute))
	execute(t, cfg, "DELETE FROM openmip.river_job")
	front, d := newShop(0), newDepot()
	run(t, process(t, s, d, counter{front, "a"}, hasty))
	require.Eventually(t, func() bool {
		w, err := s.Waiting(t.Context(), ref(0))
		return err == nil && !slices.ContainsFunc(w, func(e mip.Effect) bool { return e.Kind == mip.EffectCheck })
	}, 10*time.Second, 20*time.Millisecond, "the check is done although its job is gone")
}

func TestAnOutdatedJobDoesNothing(t *testing.T) {
	t.Parallel()
	cfg := prepared(t)
	s := open(t, cfg)
	apply(t, s, ref(0), imported(ref(0), 0), time.Now())
	execute(t, cfg, "UPDATE openmip.effects SET seq = seq + 1, due = due + 3600000000000") // replaced meanwhile
	var performed atomic.Int32
	ctx, cancel := context.WithCancel(t.Context())
	w := engine.Work{Every: time.Second, Timing: swift, Now: time.Now, Failed: func(_ context.Context, err error) { t.Error(err) },
		Recheck: func(context.Context) {}, Poll: func(context.Context, string) {},
		Perform: func(_ context.Context, l []mip.Lease) []time.Time { performed.Add(1); return make([]time.Time, len(l)) }}
	done := make(chan error)
	go func() { done <- s.Run(ctx, w) }()
	require.Eventually(t, func() bool { return jobs(t, cfg, "completed") >= 1 }, 10*time.Second, 20*time.Millisecond)
	cancel()
	require.NoError(t, <-done)
	assert.Zero(t, performed.Load())
}

func jobs(t *testing.T, cfg postgres.Config, state string) (n int) {
	t.Helper()
	require.NoError(t, query(t, cfg, "SELECT count(*) FROM openmip.river_job WHERE state = '"+state+"'", &n))
	return n
}

func TestAnotherProcessTakesTheChannelOver(t *testing.T) {
	t.Parallel()
	cfg := prepared(t)
	front, d := newShop(0), newDepot()
	stops := map[string]func(){}
	for _, who := range []string{"a", "b"} {
		stops[who] = run(t, process(t, open(t, cfg), d, counter{front, who}))
	}
	polls := func(who string) int {
		front.mu.Lock()
		defer front.mu.Unlock()
		return front.polled[who]
	}
	require.Eventually(t, func() bool { return polls("a")+polls("b") > 3 }, 10*time.Second, 10*time.Millisecond)
	first, second := "a", "b"
	if polls("b") > 0 {
		first, second = "b", "a"
	}
	assert.Zero(t, polls(second))
	stops[first]()
	require.Eventually(t, func() bool { return polls(second) > 3 }, 10*time.Second, 10*time.Millisecond)
	assert.Equal(t, 1, front.most)
}

func TestWorkGoesOnAfterTheServerCrashes(t *testing.T) {
	t.Parallel()
	server := pgtest.NewServer(t)
	cfg := postgres.Config{URL: server.Database(t)}
	require.NoError(t, postgres.Migrate(t.Context(), cfg))
	const orders = 30
	front, d := newShop(orders), newDepot()
	quiet := func(c *engine.Config) {
		c.Hooks.Failure = func(context.Context, mip.Ref, error) {}
		hasty(c)
	}
	for _, who := range []string{"a", "b"} {
		run(t, process(t, open(t, cfg), d, counter{front, who}, quiet))
	}
	for range 2 {
		time.Sleep(400 * time.Millisecond)
		require.NoError(t, server.Crash())
		time.Sleep(200 * time.Millisecond)
		require.NoError(t, server.Start())
	}
	if !assert.Eventually(t, func() bool { return front.told(mip.StateShipped) == orders }, 40*time.Second, 50*time.Millisecond,
		"every order arrives") {
		var picture string
		_ = query(t, cfg, `SELECT coalesce((SELECT string_agg(to_json(e)::text, E'\n') FROM openmip.effects e), '') || E'\n' ||
			coalesce((SELECT string_agg(to_json(j)::text, E'\n') FROM openmip.river_job j WHERE state <> 'completed'), '')`, &picture)
		t.Log(picture)
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	assert.Equal(t, orders, d.calls, "each bought once")
}
