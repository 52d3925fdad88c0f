package postgres_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/miptest"
	"github.com/openmip/openmip/mip/postgres"
)

func TestAccountsDoNotSeeEachOther(t *testing.T) {
	t.Parallel()
	cfg := prepared(t)
	ctx := t.Context()
	var stores []*postgres.Store
	for _, account := range []string{"a", "b"} {
		own := cfg
		own.Account = account
		stores = append(stores, open(t, own))
	}
	a, b := stores[0], stores[1]

	apply(t, a, ref(1), imported(ref(1), 0), at(0))
	require.NoError(t, a.SaveCursor(ctx, "shop", "", "far"))
	r := mip.Reservation{Key: "k", Account: "wallet", Ref: ref(1), Amount: mip.EUR(9_00), At: at(0)}
	all := mip.Balance{Amount: mip.EUR(10_00), ReadAt: at(0)}
	require.NoError(t, a.Reserve(ctx, r, all))
	message := mip.Message{Source: "shop", ID: "1", Refs: []mip.Ref{ref(1)}, At: at(0)}
	_, err := a.Keep(ctx, message)
	require.NoError(t, err)

	_, err = b.Order(ctx, ref(1))
	assert.ErrorIs(t, err, mip.ErrNotFound)
	_, err = b.History(ctx, ref(1))
	assert.ErrorIs(t, err, mip.ErrNotFound)
	for o := range b.Orders(ctx, mip.Query{}) {
		assert.Fail(t, "another account's order", "%s", o.Ref)
	}
	counts, err := b.Counts(ctx)
	assert.True(t, err == nil && len(counts) == 0)
	leases, err := b.Lease(ctx, at(9), at(10), 9)
	assert.True(t, err == nil && len(leases) == 0)
	_, waits, err := b.NextDue(ctx)
	assert.True(t, err == nil && !waits)
	c, err := b.Cursor(ctx, "shop")
	assert.True(t, err == nil && c == "")
	assert.NoError(t, b.SaveCursor(ctx, "shop", "", "near"))
	_, err = b.Reservation(ctx, "k")
	assert.ErrorIs(t, err, mip.ErrNotFound)
	assert.ErrorIs(t, b.Settle(ctx, "k", mip.EUR(1_00), at(1)), mip.ErrNotFound)
	assert.ErrorIs(t, b.Note(ctx, "k", "", "x"), mip.ErrNotFound)
	assert.NoError(t, b.Reserve(ctx, r, all), "the same key and purse, of another account")
	fresh, err := b.Keep(ctx, message)
	assert.True(t, err == nil && fresh)
	assert.NoError(t, b.Handled(ctx, "shop", "1"))
	n, err := b.Prune(ctx, at(5))
	assert.True(t, err == nil && n == 1)

	mine, err := a.Lease(ctx, at(9), at(10), 9)
	require.NoError(t, err)
	require.Len(t, mine, 1)
	assert.ErrorIs(t, b.Done(ctx, mine[0]), mip.ErrConflict)
	apply(t, b, ref(1), imported(ref(1), 0), at(0))
	assert.ErrorIs(t, b.Done(ctx, mine[0]), mip.ErrConflict)
	assert.NoError(t, a.Done(ctx, mine[0]))
	c, err = a.Cursor(ctx, "shop")
	assert.True(t, err == nil && c == "far")
	pending, err := a.Pending(ctx, "shop", 9)
	assert.True(t, err == nil && len(pending) == 1)
	held, err := a.Reservation(ctx, "k")
	assert.True(t, err == nil && held.State == mip.ReservationOpen && held.Note == "")
}

func TestStoreBesideANoisyNeighbour(t *testing.T) {
	t.Parallel()
	cfg := prepared(t)
	noise := cfg
	noise.Account = "noise"
	n := open(t, noise)
	ctx, cancel := context.WithCancel(context.Background())
	var wg sync.WaitGroup
	for i := range 1 {
		wg.Go(func() {
			for j := 0; ctx.Err() == nil; j++ { // the suite's own names
				r := mip.Ref{Channel: "shop", ID: []string{"1", "2", "3", "1001", "1002"}[j%5]}
				_, _ = n.Apply(ctx, r, imported(r, j), at(j))
				ls, _ := n.Lease(ctx, at(j), at(j+1), 3)
				for _, l := range ls {
					_ = n.Later(ctx, l, at(j+1))
				}
				_ = n.Reserve(ctx, mip.Reservation{Key: "k", Account: "a", Ref: r, Amount: mip.EUR(1_00), At: at(j)}, mip.Balance{Amount: mip.EUR(1_00)})
				_ = n.SaveCursor(ctx, "shop", "", mip.Cursor(r.ID))
				_, _ = n.Keep(ctx, mip.Message{Source: "shop", ID: "é1", Refs: []mip.Ref{r}, At: at(i)})
				time.Sleep(3 * time.Millisecond)
			}
		})
	}
	t.Cleanup(func() { cancel(); wg.Wait() })
	pool, err := pgxpool.New(t.Context(), cfg.URL+"&pool_max_conns=20")
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	cfg.Pool = pool
	count := 0
	miptest.TestStore(t, func(t testing.TB) mip.Store {
		count++
		own := cfg
		own.Account = "n" + string(rune('a'+count/26)) + string(rune('a'+count%26))
		return open(t, own)
	})
}
