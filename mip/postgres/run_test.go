package postgres_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

func TestThreeProcessesDoEveryOrderOnce(t *testing.T) {
	t.Parallel()
	cfg := prepared(t)
	const orders = 60
	front, d := newShop(orders), newDepot()
	for _, who := range []string{"a", "b", "c"} {
		run(t, process(t, open(t, cfg), d, counter{front, who}))
	}
	began := time.Now()
	require.Eventually(t, func() bool { return front.told(mip.StateShipped) == orders }, 30*time.Second, 20*time.Millisecond)
	t.Logf("%d orders in %s", orders, time.Since(began))
	d.mu.Lock()
	defer d.mu.Unlock()
	assert.Equal(t, orders, d.calls, "purchases")
	assert.Len(t, d.placed, orders)
	assert.Less(t, len(d.asked), orders/3, "tracking is asked for in batches: %v", d.asked)
	front.mu.Lock()
	defer front.mu.Unlock()
	assert.Equal(t, 1, front.most, "one process reads a channel at a time")
	assert.Len(t, front.polled, 1, "the same one all the time: %v", front.polled)
}

func TestAProcessThatDoesNotListenFindsItsWork(t *testing.T) {
	t.Parallel()
	cfg := prepared(t)
	cfg.NoListen, cfg.FetchEvery = true, 50*time.Millisecond
	front, d := newShop(2), newDepot()
	run(t, process(t, open(t, cfg), d, counter{front, "a"}))
	require.Eventually(t, func() bool { return front.told(mip.StateShipped) == 2 }, 30*time.Second, 20*time.Millisecond)
	var listeners int
	require.NoError(t, query(t, cfg, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query ILIKE 'LISTEN%'", &listeners))
	assert.Zero(t, listeners)
}
