package postgres_test

import (
	"context"
	"encoding/json"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/postgres"
)

// bare is the least that a durable change costs on this server: BEGIN, one
// update of a row of an order's size by its key, two inserts of the sizes of a
// history entry and of an effect, COMMIT, each a prepared statement of its own
// as most programs write them. Tables have a primary key and nothing else: no
// account, no second index, no job.
type bare struct {
	pool        *pgxpool.Pool
	body, entry []byte
}

const bareRows = 1_000

func newBare(b *testing.B, cfg postgres.Config) *bare {
	b.Helper()
	execute(b, cfg, `CREATE TABLE bare_orders (key bigint PRIMARY KEY, version bigint NOT NULL, body json NOT NULL);
		CREATE TABLE bare_history (n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_key bigint NOT NULL, body json NOT NULL);
		CREATE TABLE bare_effects (n bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, order_key bigint NOT NULL, kind text NOT NULL, due bigint NOT NULL)`)
	pool, err := pgxpool.New(b.Context(), cfg.URL+"&pool_max_conns=16&jit=off")
	require.NoError(b, err)
	b.Cleanup(pool.Close)
	w := &bare{pool: pool}
	s := open(b, cfg)
	o := apply(b, s, ref(0), imported(ref(0), 0), at(0)).Order
	w.body, err = json.Marshal(o)
	require.NoError(b, err)
	w.entry, err = json.Marshal(mip.Change{Event: mip.EventImported, From: o.State, To: o.State, At: at(0), Note: "note"})
	require.NoError(b, err)
	_, err = pool.Exec(b.Context(), "INSERT INTO bare_orders SELECT n, 1, $1 FROM generate_series(1, $2::bigint) AS n", w.body, bareRows)
	require.NoError(b, err)
	return w
}

// commitOne changes the row of an order.
func (w *bare) commitOne(ctx context.Context, order int) error {
	return pgx.BeginFunc(ctx, w.pool, func(tx pgx.Tx) error {
		key := 1 + order
		for _, c := range []struct {
			text string
			args []any
		}{
			{"UPDATE bare_orders SET version = version + 1, body = $2 WHERE key = $1", []any{key, w.body}},
			{"INSERT INTO bare_history (order_key, body) VALUES ($1, $2)", []any{key, w.entry}},
			{"INSERT INTO bare_effects (order_key, kind, due) VALUES ($1, 'check', $2)", []any{key, time.Now().UnixNano()}},
		} {
			if _, err := tx.Exec(ctx, c.text, c.args...); err != nil {
				return err
			}
		}
		return nil
	})
}
