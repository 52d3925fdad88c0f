//go:build unix

package clustertest_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/postgres"
	"github.com/openmip/openmip/mip/postgres/pgtest"
)

// database is the one that all processes share, as somebody sees it who looks
// on. While it is away nothing can be seen.
type database struct {
	server *pgtest.Server
	url    string
	store  *postgres.Store
	pool   *pgxpool.Pool
}

func newDatabase(t *testing.T) *database {
	d := &database{server: pgtest.NewServer(t)}
	d.url = d.server.Database(t)
	require.NoError(t, postgres.Migrate(t.Context(), postgres.Config{URL: d.url}))
	var err error
	d.pool, err = pgxpool.New(t.Context(), d.url)
	require.NoError(t, err)
	t.Cleanup(d.pool.Close)
	d.store, err = postgres.Open(t.Context(), postgres.Config{Pool: d.pool})
	require.NoError(t, err)
	return d
}

// number asks for one, −1 while there is no answer.
func (d *database) number(ctx context.Context, statement string) int {
	n := -1
	if err := d.pool.QueryRow(ctx, statement).Scan(&n); err != nil {
		return -1
	}
	return n
}

// written counts all changes of all orders.
func (d *database) written(ctx context.Context) int {
	return d.number(ctx, "SELECT coalesce(sum(version), 0) FROM openmip.orders")
}

// finished counts the orders for which nothing more is to be done, as far as
// their state says.
func (d *database) finished(ctx context.Context) int {
	return d.number(ctx, "SELECT count(*) FROM openmip.orders WHERE state IN ('delivered', 'pending_review')")
}

// blockedBuyer returns the name of a process that is about to buy, between its
// mark of sending and its call, and a function that lets it go on: nobody gets
// a turn meanwhile. Empty: nobody came.
func (d *database) blockedBuyer(ctx context.Context) (name string, release func(), err error) {
	tx, err := d.pool.Begin(ctx)
	if err != nil {
		return "", nil, err
	}
	release = func() { _ = tx.Rollback(ctx) }
	var pid uint32
	err = tx.QueryRow(ctx, "SELECT pg_backend_pid() FROM openmip.budgets WHERE name LIKE '%/create/multishipping.json' FOR UPDATE").Scan(&pid)
	for range 200 {
		if err == nil && name == "" {
			time.Sleep(20 * time.Millisecond)
			err = d.pool.QueryRow(ctx, `SELECT coalesce(min(application_name), '') FROM pg_stat_activity
				WHERE $1 = ANY (pg_blocking_pids(pid)) AND application_name LIKE 'worker-%'`, int(pid)).Scan(&name)
		}
	}
	return name, release, err
}

// undecided counts the orders that were about to be bought before an instant
// and are not bought yet; −1 while there is no answer.
func (d *database) undecided(ctx context.Context, before time.Time) int {
	n := 0
	for o, err := range d.store.Orders(ctx, mip.Query{States: []mip.State{mip.StateSubmitting}}) {
		if err != nil {
			return -1
		}
		if slices.ContainsFunc(o.Attempts, func(a mip.Attempt) bool { return !a.SentAt.IsZero() && a.SentAt.Before(before) }) {
			n++
		}
	}
	return n
}

// attempts counts how often an order was tried to be bought, by its first
// reference; −1 while there is no answer.
func (d *database) attempts(reference string) int {
	n := -1
	err := d.pool.QueryRow(context.Background(), `SELECT coalesce(json_array_length(body->'attempts'), 0) FROM openmip.orders
		WHERE channel || '-' || id = $1`, reference).Scan(&n)
	if err != nil {
		return -1
	}
	return n
}

// loseJobs deletes the jobs that wait for a worker, as a person may who tidies
// up, and makes it look as if that was a minute ago. It returns how many.
func (d *database) loseJobs(ctx context.Context) int {
	return d.number(ctx, `WITH gone AS (DELETE FROM openmip.river_job WHERE state = 'available' AND scheduled_at <= now() RETURNING args),
		e AS (UPDATE openmip.effects e SET due = e.due - 61000000000 FROM gone JOIN openmip.orders o ON o.id = args->>'id'
			WHERE e.order_key = o.key AND e.token = 0 AND e.kind = args->>'kind' AND e.seq = (args->>'seq')::bigint RETURNING 1)
		SELECT count(*) FROM e`)
}

// complete adds what the database holds to the books.
func (d *database) complete(t *testing.T, b *books) {
	for o, err := range d.store.Orders(t.Context(), mip.Query{}) {
		require.NoError(t, err)
		b.orders = append(b.orders, o)
	}
	var err error
	b.reserved, err = d.store.Reservations(t.Context(), "wallet", time.Time{})
	require.NoError(t, err)
}
