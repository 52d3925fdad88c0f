package sqlite_test

import (
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
	"github.com/openmip/openmip/mip/sqlite"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// stages are the pictures of the script after none, one, two … of its events.
func stages(t *testing.T) []string {
	s := memstore.New()
	out := []string{picture(t, s)}
	for i, e := range script() {
		_, err := s.Apply(t.Context(), e.ref, e.event, at(i))
		require.NoError(t, err, "event %d", i)
		out = append(out, picture(t, s))
	}
	require.Len(t, slices.Compact(slices.Clone(out)), len(script())+1, "an event of the script changes nothing")
	return out
}

// crashed returns a file, and its write-ahead log, that a killed process left
// after the whole script.
func crashed(t *testing.T) (db, wal []byte) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "orders.db")
	cmd, out := child(t, "script", path)
	for out.Scan() {
		assert.Fail(t, "the child says", "%s", out.Text())
	}
	require.Error(t, cmd.Wait(), "the child was to be killed")
	db, err := os.ReadFile(path)
	require.NoError(t, err)
	wal, err = os.ReadFile(path + "-wal")
	require.NoError(t, err)
	require.NotEmpty(t, wal, "nothing is left to recover")
	return db, wal
}

// restore writes a file and its log to a folder of its own.
func restore(t *testing.T, db, wal []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "orders.db")
	require.NoError(t, os.WriteFile(path, db, 0o600))
	require.NoError(t, os.WriteFile(path+"-wal", wal, 0o600))
	return path
}

func TestAKilledProcessLosesNothing(t *testing.T) {
	db, wal := crashed(t)
	s := open(t, restore(t, db, wal))
	require.NoError(t, s.Check(t.Context()))
	all := stages(t)
	assert.Equal(t, all[len(all)-1], picture(t, s))

	leases, err := s.Lease(t.Context(), at(1000), at(1001), 100)
	require.NoError(t, err)
	waiting := 0
	for _, r := range []mip.Ref{ref(1), ref(2)} {
		w, err := s.Waiting(t.Context(), r)
		require.NoError(t, err)
		waiting += len(w)
	}
	assert.Len(t, leases, waiting, "the effect that the dead process had leased is free again")
}

// TestACrashAtAnyPointLeavesWholeEvents cuts the log at many points, as a
// machine that stops in the middle of a write does.
func TestACrashAtAnyPointLeavesWholeEvents(t *testing.T) {
	db, wal := crashed(t)
	all := stages(t)
	last := 0
	step := max(1, len(wal)/60)
	for cut := 0; cut <= len(wal); cut += step {
		torn := slices.Clone(wal[:cut])
		if cut > 4096 && cut%2 == 1 {
			torn[cut-100] ^= 0x55 // and the last sector holds rubbish
		}
		s, err := sqlite.Open(sqlite.Config{Path: restore(t, db, torn)})
		require.NoError(t, err, "cut at %d", cut)
		require.NoError(t, s.Check(t.Context()), "cut at %d", cut)
		stage := slices.Index(all, picture(t, s))
		assert.GreaterOrEqual(t, stage, 0, "cut at %d of %d: part of an event is stored", cut, len(wal))
		assert.GreaterOrEqual(t, stage, last, "cut at %d of %d: more log, but fewer events", cut, len(wal))
		last = max(last, stage)
		require.NoError(t, s.Close())
	}
	assert.Greater(t, last, len(script())/2, "the cuts tell nothing")
}

func TestWhatWasAcknowledgedSurvivesAKill(t *testing.T) {
	path := filepath.Join(t.TempDir(), "orders.db")
	cmd, out := child(t, "flood", path)
	acknowledged := -1
	for acknowledged < 40 && out.Scan() {
		n, err := strconv.Atoi(out.Text())
		require.NoError(t, err, out.Text())
		acknowledged = n
	}
	require.Equal(t, 40, acknowledged)
	require.NoError(t, cmd.Process.Kill())
	for out.Scan() {
		n, err := strconv.Atoi(out.Text())
		require.NoError(t, err)
		acknowledged = n
	}
	_ = cmd.Wait() // killed

	s := open(t, path) // the lock died with the process
	require.NoError(t, s.Check(t.Context()))
	for i := range acknowledged + 1 {
		o, err := s.Order(t.Context(), ref(i))
		require.NoError(t, err, "order %d was acknowledged", i)
		h, err := s.History(t.Context(), ref(i))
		require.NoError(t, err)
		w, err := s.Waiting(t.Context(), ref(i))
		require.NoError(t, err)
		assert.True(t, o.Version == 1 && len(h) == 1 && len(w) == 1, "order %d is not whole", i)
	}
}

func TestLeasesEndWithTheStore(t *testing.T) {
	path := filepath.Join(t.TempDir(), "orders.db")
	first, err := sqlite.Open(sqlite.Config{Path: path})
	require.NoError(t, err)
	e := imported(ref(1), 0)
	_, err = first.Apply(t.Context(), e.ref, e.event, at(0))
	require.NoError(t, err)
	before, err := first.Lease(t.Context(), at(1), at(1000), 1)
	require.NoError(t, err)
	require.Len(t, before, 1)
	require.NoError(t, first.Close())

	second := open(t, path)
	due, ok, err := second.NextDue(t.Context())
	require.NoError(t, err)
	assert.True(t, ok && due.Equal(at(0)), "got %s, %t", due, ok)
	require.ErrorIs(t, second.Done(t.Context(), before[0]), mip.ErrConflict)
	after, err := second.Lease(t.Context(), at(1), at(1000), 1)
	require.NoError(t, err)
	require.Len(t, after, 1)
	assert.NotEqual(t, before[0].Token, after[0].Token, "a token from before must fit nothing")
	require.ErrorIs(t, second.Later(t.Context(), before[0], at(2)), mip.ErrConflict)
	require.NoError(t, second.Done(t.Context(), after[0]))
}
