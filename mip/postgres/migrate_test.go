package postgres_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/postgres"
	"github.com/openmip/openmip/mip/postgres/pgtest"
)

func execute(t testing.TB, cfg postgres.Config, statement string) {
	t.Helper()
	pool, err := pgxpool.New(t.Context(), cfg.URL)
	require.NoError(t, err)
	defer pool.Close()
	_, err = pool.Exec(t.Context(), statement)
	require.NoError(t, err)
}

func TestManyProcessesMigrateAtOnceAndAgain(t *testing.T) {
	t.Parallel()
	cfg := postgres.Config{URL: pgtest.Database(t)}
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() { assert.NoError(t, postgres.Migrate(t.Context(), cfg)) })
	}
	wg.Wait()
	s := open(t, cfg)
	apply(t, s, ref(1), imported(ref(1), 0), at(0))
	require.NoError(t, postgres.Migrate(t.Context(), cfg))
	_, err := s.Order(t.Context(), ref(1))
	assert.NoError(t, err)
}

// As the release left them that first looked for orders alike.
func TestAnOrderThatIsOlderThanLikenessesIsFoundOnceItChanges(t *testing.T) {
	t.Parallel()
	cfg := prepared(t)
	e := imported(ref(1), 0)
	apply(t, open(t, cfg), ref(1), e, at(0))
	execute(t, cfg, "UPDATE openmip.orders SET likeness = 0")
	s := open(t, cfg)
	found := func() (n int) {
		for _, err := range s.Orders(t.Context(), mip.Query{Likeness: mip.Order{Facts: *e.Facts}.Likeness()}) {
			require.NoError(t, err)
			n++
		}
		return n
	}
	require.Zero(t, found())
	apply(t, s, ref(1), mip.Event{Kind: mip.EventHeld, Version: 1, Findings: []mip.Finding{{Code: "a", Severity: mip.Blocking}}}, at(1))
	assert.Equal(t, 1, found())
}

func TestTwoSchemasShareADatabase(t *testing.T) {
	t.Parallel()
	cfg := prepared(t)
	other := cfg
	other.Schema = "Other_1"
	require.NoError(t, postgres.Migrate(t.Context(), other))
	apply(t, open(t, cfg), ref(1), imported(ref(1), 0), at(0))
	_, err := open(t, other).Order(t.Context(), ref(1))
	assert.ErrorIs(t, err, mip.ErrNotFound)
}

func TestASchemaThatDoesNotFitIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct{ change, want string }{
		"missing":             {"DROP SCHEMA openmip CASCADE", "call postgres.Migrate"},
		"older":               {"UPDATE openmip.openmip SET version = 0", "call postgres.Migrate"},
		"newer":               {"UPDATE openmip.openmip SET version = 99", "use a newer program"},
		"with an older River": {"DELETE FROM openmip.river_migration WHERE version = (SELECT max(version) FROM openmip.river_migration)", "River"},
	} {
		t.Run(name, func(t *testing.T) {
			cfg := prepared(t)
			execute(t, cfg, c.change)
			_, err := postgres.Open(t.Context(), cfg)
			require.ErrorIs(t, err, mip.ErrContract)
			assert.ErrorContains(t, err, c.want)
			if name == "newer" {
				assert.ErrorIs(t, postgres.Migrate(t.Context(), cfg), mip.ErrContract)
			}
		})
	}
}

func TestAWrongConfigIsRefusedWithoutItsPassword(t *testing.T) {
	t.Parallel()
	for name, cfg := range map[string]postgres.Config{
		"nothing":     {},
		"no URL":      {URL: "postgres://u:hunter2@[::1/x"},
		"bad schema":  {URL: "postgres:///x", Schema: `a"b`},
		"bad account": {URL: "postgres:///x", Account: "A b"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := postgres.Open(t.Context(), cfg)
			require.ErrorIs(t, err, mip.ErrInvalid)
			assert.NotContains(t, err.Error(), "hunter2")
			assert.ErrorIs(t, postgres.Migrate(t.Context(), cfg), mip.ErrInvalid)
		})
	}
	_, err := postgres.Open(t.Context(), postgres.Config{URL: "postgres://u:hunter2@127.0.0.1:1/x?connect_timeout=2"})
	require.ErrorIs(t, err, mip.ErrUnavailable)
	assert.NotContains(t, err.Error(), "hunter2")
	var me *mip.Error
	assert.True(t, errors.As(err, &me))
}
