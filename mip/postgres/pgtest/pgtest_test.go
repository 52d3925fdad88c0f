package pgtest_test

import (
	"context"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/openmip/openmip/mip/postgres/pgtest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func count(t *testing.T, address, query string) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), address)
	require.NoError(t, err)
	defer func() { assert.NoError(t, conn.Close(context.Background())) }()
	require.NoError(t, conn.QueryRow(t.Context(), query).Scan(&n))
	return n
}

func TestEveryTestHasADatabaseOfItsOwn(t *testing.T) {
	a, b := pgtest.Database(t), pgtest.Database(t)
	assert.NotEqual(t, a, b)
	for _, address := range []string{a, b} {
		assert.Zero(t, count(t, address, "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'"))
	}
}

func TestAServerSurvivesStopsAndCrashes(t *testing.T) {
	s := pgtest.NewServer(t)
	address := s.Database(t)
	conn, err := pgx.Connect(t.Context(), address)
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), "CREATE TABLE kept AS SELECT 7 AS n")
	require.NoError(t, err)
	for name, stop := range map[string]func() error{"stop": s.Stop, "crash": s.Crash} {
		require.NoError(t, stop(), name)
		_, err = pgx.Connect(t.Context(), address)
		assert.Error(t, err, "it is stopped")
		require.NoError(t, s.Start())
		assert.Equal(t, 7, count(t, address, "SELECT n FROM kept"), name)
	}
	_, err = conn.Exec(t.Context(), "SELECT 1")
	assert.Error(t, err, "connections end with the server")
	assert.NoError(t, conn.Close(context.Background()))
}
