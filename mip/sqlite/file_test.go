package sqlite_test

import (
	"bytes"
	"context"
	"database/sql"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"testing"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/sqlite"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	_ "modernc.org/sqlite"
)

func TestASecondProcessIsRefused(t *testing.T) {
	path := filepath.Join(t.TempDir(), "orders.db")
	says := func() string {
		cmd, out := child(t, "open", path)
		require.True(t, out.Scan())
		said := out.Text()
		require.False(t, out.Scan(), "the child says more")
		require.NoError(t, cmd.Wait())
		return said
	}
	assert.Equal(t, "opened", says())
	s := open(t, path)
	assert.Equal(t, "conflict", says())
	_, err := s.Counts(t.Context())
	assert.NoError(t, err, "the refused process disturbed the first")
	require.NoError(t, s.Close())
	assert.Equal(t, "opened", says())
}

func TestASecondStoreInOneProcessIsRefused(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "orders.db")
	s := open(t, path)
	link := filepath.Join(dir, "link.db")
	require.NoError(t, os.Symlink(path, link))
	for _, name := range []string{path, filepath.Join(dir, "..", filepath.Base(dir), "orders.db"), link} {
		for range 2 {
			_, err := sqlite.Open(sqlite.Config{Path: name})
			require.ErrorIs(t, err, mip.ErrConflict)
		}
	}
	e := imported(ref(1), 0)
	_, err := s.Apply(t.Context(), e.ref, e.event, at(0))
	require.NoError(t, err)
	require.NoError(t, s.Close())
	open(t, link)
}

func TestFilesAreTheOwnersOnly(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("Windows has no file modes")
	}
	path := filepath.Join(t.TempDir(), "orders.db")
	s := open(t, path)
	e := imported(ref(1), 0)
	_, err := s.Apply(t.Context(), e.ref, e.event, at(0))
	require.NoError(t, err)
	for _, suffix := range []string{"", "-wal", "-shm", ".lock"} {
		info, err := os.Stat(path + suffix)
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), suffix)
	}
}

func TestAPathMayHoldAnything(t *testing.T) {
	path := filepath.Join(t.TempDir(), "Bestellungen 100% #1? &mode=ro;é.db")
	s := open(t, path)
	e := imported(ref(1), 0)
	_, err := s.Apply(t.Context(), e.ref, e.event, at(0))
	require.NoError(t, err)
	_, err = os.Stat(path)
	assert.NoError(t, err)
}

// execute runs SQL on a file as another program would.
func execute(t *testing.T, path, script string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	require.NoError(t, err)
	_, err = db.ExecContext(t.Context(), script)
	require.NoError(t, err)
	require.NoError(t, db.Close())
}

func TestOpenRefusesWhatItCannotServe(t *testing.T) {
	file := func(prepare func(path string)) string {
		path := filepath.Join(t.TempDir(), "orders.db")
		prepare(path)
		return path
	}
	for name, c := range map[string]struct {
		path string
		kind error
		text string
	}{
		"no path":                    {"", mip.ErrInvalid, "Path"},
		"memory":                     {":memory:", mip.ErrInvalid, "Path"},
		"a folder that is not there": {filepath.Join(t.TempDir(), "none", "orders.db"), mip.ErrUnavailable, ""},
		"a folder":                   {t.TempDir(), mip.ErrUnavailable, ""},
		"no database": {file(func(p string) {
			require.NoError(t, os.WriteFile(p, bytes.Repeat([]byte("not a database "), 1000), 0o600))
		}), mip.ErrContract, ""},
		"another program's database": {file(func(p string) { execute(t, p, "CREATE TABLE orders (a)") }), mip.ErrContract, "another program"},
		"a newer program's file": {file(func(p string) {
			require.NoError(t, open(t, p).Close())
			execute(t, p, "PRAGMA user_version = 99")
		}), mip.ErrContract, "schema version 99"},
	} {
		t.Run(name, func(t *testing.T) {
			for range 2 { // the first must leave no lock behind
				_, err := sqlite.Open(sqlite.Config{Path: c.path})
				require.ErrorIs(t, err, c.kind)
				assert.ErrorContains(t, err, c.text)
			}
		})
	}
	_, err := sqlite.Open(sqlite.Config{Path: filepath.Join(t.TempDir(), "orders.db"), Readers: -1})
	require.ErrorIs(t, err, mip.ErrInvalid)
}

func TestADamagedFileIsNoticed(t *testing.T) {
	path := filepath.Join(t.TempDir(), "orders.db")
	s := open(t, path)
	for i := range 50 {
		e := imported(ref(i), 0)
		_, err := s.Apply(t.Context(), e.ref, e.event, at(0))
		require.NoError(t, err)
	}
	require.NoError(t, s.Check(t.Context()))
	require.NoError(t, s.Close())
	b, err := os.ReadFile(path)
	require.NoError(t, err)
	damaged := 0
	for page := range slices.Chunk(b, 4096) {
		if bytes.Contains(page, []byte("Test Street")) {
			copy(page[8:], bytes.Repeat([]byte{0xff}, 64))
			damaged++
		}
	}
	require.Positive(t, damaged, "the test damages nothing")
	require.NoError(t, os.WriteFile(path, b, 0o600))
	s, err = sqlite.Open(sqlite.Config{Path: path})
	if err == nil {
		err = s.Check(t.Context())
		require.NoError(t, s.Close())
	}
	require.ErrorIs(t, err, mip.ErrContract)
}

func TestAClosedStoreIsUnavailable(t *testing.T) {
	s := open(t, filepath.Join(t.TempDir(), "orders.db"))
	require.NoError(t, s.Close())
	require.NoError(t, s.Close(), "again")
	ctx := context.Background()
	e := imported(ref(1), 0)
	_, err := s.Apply(ctx, e.ref, e.event, at(0))
	require.ErrorIs(t, err, mip.ErrUnavailable)
	_, err = s.Order(ctx, ref(1))
	require.ErrorIs(t, err, mip.ErrUnavailable)
	_, err = s.Lease(ctx, at(0), at(1), 1)
	require.ErrorIs(t, err, mip.ErrUnavailable)
	_, _, err = s.NextDue(ctx)
	require.ErrorIs(t, err, mip.ErrUnavailable)
	require.ErrorIs(t, s.SaveCursor(ctx, "shop", "", "1"), mip.ErrUnavailable)
	require.ErrorIs(t, s.Check(ctx), mip.ErrUnavailable)
	for _, err := range s.Orders(ctx, mip.Query{}) {
		require.ErrorIs(t, err, mip.ErrUnavailable)
	}
}

func TestAClosedStoreLeavesOneFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "orders.db")
	s := open(t, path)
	e := imported(ref(1), 0)
	_, err := s.Apply(t.Context(), e.ref, e.event, at(0))
	require.NoError(t, err)
	require.NoError(t, s.Close())
	for _, suffix := range []string{"-wal", "-shm"} {
		assert.NoFileExists(t, path+suffix, "a connection is still open")
	}
}

func TestAnErasedPersonIsGoneFromTheFiles(t *testing.T) {
	path := filepath.Join(t.TempDir(), "orders.db")
	s := open(t, path)
	canary := []byte("Canary-4b1d")
	for i := range 20 {
		e := imported(ref(i), 0)
		e.event.Facts.ShipTo.LastName = string(canary)
		e.event.Facts.Note = string(bytes.Repeat(canary, 1000)) // on pages of its own
		e.event.Facts.Raw = []byte(`"` + string(canary) + `"`)
		_, err := s.Apply(t.Context(), e.ref, e.event, at(0))
		require.NoError(t, err)
	}
	holds := func() (where []string) {
		for _, suffix := range []string{"", "-wal"} {
			b, err := os.ReadFile(path + suffix)
			require.NoError(t, err)
			if bytes.Contains(b, canary) {
				where = append(where, suffix)
			}
		}
		return where
	}
	require.NotEmpty(t, holds(), "the test finds nothing")
	for i := range 20 {
		_, err := s.Apply(t.Context(), ref(i), mip.Event{Kind: mip.EventErased, Actor: "p1"}, at(1))
		require.NoError(t, err)
	}
	assert.Empty(t, holds())
}
