package sqlite_test

import (
	"encoding/binary"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/sqlite"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// commits counts the transactions in a store's write-ahead log: the frames
// that end one say how large the file is then.
func commits(t *testing.T, path string) (n int) {
	t.Helper()
	wal, err := os.ReadFile(path + "-wal")
	require.NoError(t, err)
	const header, frame = 32, 24
	size := int(binary.BigEndian.Uint32(wal[8:]))
	for at := header; at+frame <= len(wal); at += frame + size {
		if binary.BigEndian.Uint32(wal[at+4:]) != 0 {
			n++
		}
	}
	return n
}

// importer returns a writer that imports order i.
func importer(t *testing.T, s *sqlite.Store, i int) func() error {
	return func() error {
		e := imported(ref(i), 0)
		_, err := s.Apply(t.Context(), e.ref, e.event, at(0))
		return err
	}
}

func there(t *testing.T, s *sqlite.Store) int {
	t.Helper()
	n, err := s.Counts(t.Context())
	require.NoError(t, err)
	return n[mip.StateReceived]
}

func TestWritersThatMeetShareOneCommit(t *testing.T) {
	path := filepath.Join(t.TempDir(), "orders.db")
	s := open(t, path)
	before := commits(t, path)
	var writers []func() error
	for i := range 20 {
		writers = append(writers, importer(t, s, i))
	}
	for i, err := range s.Meet(writers...) {
		assert.NoError(t, err, "writer %d", i)
	}
	assert.Equal(t, 20, there(t, s))
	assert.Equal(t, 1, commits(t, path)-before)
	require.NoError(t, importer(t, s, 20)())
	assert.Equal(t, 2, commits(t, path)-before, "one who comes alone waits for nobody")
}

func TestAGroupHasAnEnd(t *testing.T) {
	path := filepath.Join(t.TempDir(), "orders.db")
	s := open(t, path)
	before := commits(t, path)
	var writers []func() error
	for i := range 300 {
		writers = append(writers, importer(t, s, i))
	}
	for i, err := range s.Meet(writers...) {
		require.NoError(t, err, "writer %d", i)
	}
	assert.Equal(t, 300, there(t, s))
	assert.Equal(t, 3, commits(t, path)-before)
}

func TestAWriteThatFailsInAGroupFailsAlone(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "orders.db"))
	panicked := func() (err error) {
		defer func() { assert.Equal(t, "planted", recover()) }()
		return s.Panic(t.Context())
	}
	errs := s.Meet(importer(t, s, 1), panicked, importer(t, s, 2), func() error {
		return s.SaveCursor(t.Context(), "shop", "not this", "1")
	}, importer(t, s, 1), func() error {
		return s.SaveCursor(t.Context(), "shop", "", "1")
	})
	for i, want := range []error{nil, nil, nil, mip.ErrConflict, mip.ErrIgnored, nil} {
		require.ErrorIs(t, errs[i], want, "writer %d", i)
	}
	assert.Equal(t, 2, there(t, s))
	c, err := s.Cursor(t.Context(), "shop")
	require.NoError(t, err)
	assert.Equal(t, mip.Cursor("1"), c)
}

func TestACommitThatFailsIsToldToAllWhoSawIt(t *testing.T) {
	for name, c := range map[string]struct {
		fails func(s *sqlite.Store) error
		kind  error
	}{
		"the commit fails":             {func(s *sqlite.Store) error { return s.Orphan(t.Context()) }, mip.ErrUnknown},
		"the transaction was given up": {func(s *sqlite.Store) error { return s.GiveUp(t.Context()) }, mip.ErrUnavailable},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, filepath.Join(t.TempDir(), "orders.db"))
			require.NoError(t, importer(t, s, 0)())
			leases, err := s.Lease(t.Context(), at(1), at(9), 1)
			require.NoError(t, err)
			require.Len(t, leases, 1)
			news := func() error {
				e := imported(ref(0), 1)
				_, err := s.Apply(t.Context(), e.ref, e.event, at(1))
				return err
			}
			errs := s.Meet(importer(t, s, 1), news, importer(t, s, 1), func() error {
				return s.Done(t.Context(), leases[0])
			}, func() error { return c.fails(s) })
			for i, err := range errs {
				require.Equal(t, c.kind, mip.KindOf(err), "writer %d: %v", i, err)
			}
			assert.Equal(t, 1, there(t, s), "nothing of it is kept")
			o, err := s.Order(t.Context(), ref(0))
			require.NoError(t, err)
			assert.Equal(t, 1, o.Version)
			require.NoError(t, news(), "the store goes on from what is on disk")
			require.NoError(t, importer(t, s, 1)())
			require.NoError(t, s.Done(t.Context(), leases[0]), "and the lease is still held")
			require.NoError(t, s.Check(t.Context()))
		})
	}
}

func TestALeaseGivenBackTwiceAtOnceIsGivenBackOnce(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "orders.db"))
	require.NoError(t, importer(t, s, 0)())
	leases, err := s.Lease(t.Context(), at(1), at(9), 1)
	require.NoError(t, err)
	require.Len(t, leases, 1)
	errs := s.Meet(func() error { return s.Done(t.Context(), leases[0]) }, func() error {
		e := imported(ref(0), 1) // a new check, in the place of the one that is done
		_, err := s.Apply(t.Context(), e.ref, e.event, at(1))
		return err
	}, func() error { return s.Done(t.Context(), leases[0]) })
	require.NoError(t, errs[0])
	require.NoError(t, errs[1])
	require.ErrorIs(t, errs[2], mip.ErrConflict)
	w, err := s.Waiting(t.Context(), ref(0))
	require.NoError(t, err)
	assert.Len(t, w, 1, "the new check is not lost")
}

func TestAnEffectIsLeasedOnlyFromTheDisk(t *testing.T) {
	for name, look := range map[string]func(s *sqlite.Store) (found bool, err error){
		"lease": func(s *sqlite.Store) (bool, error) {
			leases, err := s.Lease(t.Context(), at(1), at(9), 1)
			return len(leases) == 1, err
		},
		"next due": func(s *sqlite.Store) (bool, error) {
			_, ok, err := s.NextDue(t.Context())
			return ok, err
		},
	} {
		t.Run(name, func(t *testing.T) {
			s := open(t, filepath.Join(t.TempDir(), "orders.db"))
			defer s.Expect()()
			errs := make(chan error, 2)
			waiting := func(n int) {
				require.Eventually(t, func() bool { return s.Uncommitted() == n }, time.Minute, time.Millisecond)
			}
			go func() { errs <- importer(t, s, 1)() }()
			waiting(1)
			go func() { errs <- s.Orphan(t.Context()) }()
			waiting(2)
			found, err := look(s)
			require.NoError(t, err)
			require.False(t, found, "an effect whose commit failed must not be done")
			require.ErrorIs(t, <-errs, mip.ErrUnknown)
			require.ErrorIs(t, <-errs, mip.ErrUnknown)

			go func() { errs <- importer(t, s, 1)() }()
			waiting(1)
			found, err = look(s)
			require.NoError(t, err)
			require.True(t, found, "what was written is committed for whoever looks")
			require.NoError(t, <-errs)
		})
	}
}
