package postgres_test

import (
	"context"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
)

func TestADutyHasOneHolderUntilItRunsOut(t *testing.T) {
	t.Parallel()
	s := open(t, prepared(t))
	take := func(holder string, term time.Duration) bool {
		mine, err := s.Take(t.Context(), "poll/shop", holder, term)
		require.NoError(t, err)
		return mine
	}
	assert.True(t, take("a", time.Hour))
	assert.False(t, take("b", time.Hour))
	require.NoError(t, s.Leave(t.Context(), "poll/shop", "b"), "it is not b's to leave")
	assert.False(t, take("b", time.Hour))
	assert.True(t, take("a", time.Millisecond), "kept")
	assert.Eventually(t, func() bool { return take("b", time.Hour) }, 10*time.Second, 5*time.Millisecond, "a did not come back")
	assert.False(t, take("a", time.Hour))
}

func TestAReaderThatLostItsDutyIsStopped(t *testing.T) {
	t.Parallel()
	cfg := prepared(t)
	var reads, stopped atomic.Int32
	w := engine.Work{Channels: []string{"shop"}, Every: 50 * time.Millisecond, Timing: swift, Now: time.Now,
		Failed: func(_ context.Context, err error) { t.Error(err) }, Recheck: func(context.Context) {},
		Poll: func(ctx context.Context, _ string) {
			reads.Add(1)
			<-ctx.Done() // as slow as a shop can be
			stopped.Add(1)
		}}
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- open(t, cfg).Run(ctx, w) }()
	require.Eventually(t, func() bool { return reads.Load() == 1 }, 20*time.Second, 5*time.Millisecond)
	execute(t, cfg, "UPDATE openmip.duties SET holder = 'another', until = now() + interval '1 h' WHERE name = 'poll/shop'")
	assert.Eventually(t, func() bool { return stopped.Load() == 1 }, 20*time.Second, 5*time.Millisecond)
	assert.Equal(t, int32(1), reads.Load(), "and another one reads")
	stop()
	require.NoError(t, <-done)
}

func TestALostJobIsMadeOnce(t *testing.T) {
	t.Parallel()
	cfg := prepared(t)
	s := open(t, cfg)
	apply(t, s, ref(0), imported(ref(0), 0), time.Now().Add(-time.Hour))
	assert.Equal(t, 1, jobs(t, cfg, "available"))
	for range 2 {
		require.NoError(t, s.Mend(t.Context(), time.Now()))
	}
	assert.Equal(t, 1, jobs(t, cfg, "available"), "it has one")
	execute(t, cfg, "DELETE FROM openmip.river_job")
	for range 2 {
		require.NoError(t, s.Mend(t.Context(), time.Now()))
	}
	assert.Equal(t, 1, jobs(t, cfg, "available"))
	l, err := s.Claim(t.Context(), "main", mip.Effect{Ref: ref(0), Kind: mip.EffectCheck}, 1, time.Now().Add(-10*time.Minute))
	require.NoError(t, err)
	require.NotZero(t, l.Token)
	require.NoError(t, s.Mend(t.Context(), time.Now()), "its worker has had an hour from then")
	assert.Equal(t, 1, jobs(t, cfg, "available"))
	require.NoError(t, s.Mend(t.Context(), time.Now().Add(2*time.Hour)))
	assert.Equal(t, 2, jobs(t, cfg, "available"), "the worker is given up, and the old job is outdated")
}
