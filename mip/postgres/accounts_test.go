package postgres_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/miptest"
)

func TestStoreBesideANoisyNeighbour(t *testing.T) {
	if testing.Short() {
		t.Skip("short: the suite runs once, without neighbours")
	}
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
