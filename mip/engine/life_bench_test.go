package engine_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/miptest/benchtest"
	"github.com/openmip/openmip/mip/sqlite"
)

// writes counts what a store commits: each of these calls is one durable
// transaction.
type writes struct {
	*sqlite.Store
	n int
}

func (w *writes) counted(err error) error {
	if err == nil {
		w.n++
	}
	return err
}

func (w *writes) Apply(ctx context.Context, ref mip.Ref, e mip.Event, at time.Time) (mip.Result, error) {
	r, err := w.Store.Apply(ctx, ref, e, at)
	return r, w.counted(err)
}
func (w *writes) Done(ctx context.Context, l mip.Lease) error {
	return w.counted(w.Store.Done(ctx, l))
}
func (w *writes) Later(ctx context.Context, l mip.Lease, due time.Time) error {
	return w.counted(w.Store.Later(ctx, l, due))
}
func (w *writes) SaveCursor(ctx context.Context, channel string, old, next mip.Cursor) error {
	return w.counted(w.Store.SaveCursor(ctx, channel, old, next))
}
func (w *writes) Reserve(ctx context.Context, r mip.Reservation, b mip.Balance) error {
	return w.counted(w.Store.Reserve(ctx, r, b))
}
func (w *writes) Settle(ctx context.Context, key string, actual mip.Money, at time.Time) error {
	return w.counted(w.Store.Settle(ctx, key, actual, at))
}
func (w *writes) Release(ctx context.Context, key string, at time.Time) error {
	return w.counted(w.Store.Release(ctx, key, at))
}

// BenchmarkLife takes one order after the other from the channel to the
// supplier and its tracking back: imported, checked, bought, settled,
// reported, tracked, shipped, reported, delivered, reported. The floor is as many bare
// transactions, one after the other, as that commits: nothing is left out
// between two of them, because each is on disk before the next thing happens.
func BenchmarkLife(b *testing.B) {
	m, store := newMarket(), &writes{Store: file(b)}
	eng := m.join(b, store)
	n := 0
	live := func() {
		n++
		m.pass(time.Hour, mip.PlacementInProcess)
		ref := m.sell(fmt.Sprintf("t%08d", n), "Calle 1")
		require.NoError(b, eng.Sync(context.Background()))
		m.pass(time.Hour, mip.PlacementShipped)
		require.NoError(b, eng.Sync(context.Background()))
		m.pass(time.Hour, mip.PlacementDelivered)
		require.NoError(b, eng.Sync(context.Background()))
		o, err := store.Order(context.Background(), ref)
		require.NoError(b, err)
		require.Equal(b, mip.StateDelivered, o.State, "%v", o.Findings)
		require.Equal(b, mip.StateDelivered, o.Reported.State)
	}
	live()
	o, err := store.Order(b.Context(), mip.Ref{Channel: "shop", ID: "t00000001"})
	require.NoError(b, err)
	history, err := store.History(b.Context(), o.Ref)
	require.NoError(b, err)
	floor := benchtest.Durable(b, o, history[0])
	store.n = 0
	live()
	each := store.n
	benchtest.Alternate(b, live, benchtest.Peer{Name: "floor", Do: func() {
		for range each {
			floor()
		}
	}})
	b.ReportMetric(float64(each), "commits/order")
}
