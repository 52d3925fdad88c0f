package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/postgres"
	"github.com/openmip/openmip/mip/postgres/pgtest"
)

// A crash of the server undoes who held a lease; whoever held it is fenced out
// all the same.
func TestATokenThatACrashUndidFitsNothing(t *testing.T) {
	t.Parallel()
	server := pgtest.NewServer(t)
	cfg := postgres.Config{URL: server.Database(t)}
	require.NoError(t, postgres.Migrate(t.Context(), cfg))
	execute(t, cfg, "ALTER SYSTEM SET wal_writer_delay = '10s'")
	restarted := func() *postgres.Store {
		require.NoError(t, server.Crash())
		require.NoError(t, server.Start())
		return open(t, cfg)
	}
	s := restarted()
	for n := range 5 { // unless the server was faster with writing it to disk
		apply(t, s, ref(n), imported(ref(n), 0), at(0))
		lost, err := s.Lease(t.Context(), at(1), at(100), 1, mip.EffectCheck)
		require.NoError(t, err)
		require.Len(t, lost, 1)
		s = restarted()
		again, err := s.Lease(t.Context(), at(2), at(100), 1, mip.EffectCheck)
		require.NoError(t, err)
		if len(again) == 0 {
			continue
		}
		assert.Equal(t, lost[0].Ref, again[0].Ref)
		assert.ErrorIs(t, s.Done(t.Context(), lost[0]), mip.ErrConflict)
		assert.NoError(t, s.Done(t.Context(), again[0]))
		return
	}
	assert.Fail(t, "no crash undid a lease")
}
