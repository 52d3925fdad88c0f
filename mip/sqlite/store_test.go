package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/miptest"
	"github.com/openmip/openmip/mip/sqlite"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// open opens a store for the time of a test.
func open(t testing.TB, path string) *sqlite.Store {
	t.Helper()
	s, err := sqlite.Open(sqlite.Config{Path: path})
	require.NoError(t, err)
	t.Cleanup(func() { assert.NoError(t, s.Close()) })
	return s
}

func TestStore(t *testing.T) {
	miptest.TestStore(t, func(t testing.TB) mip.Store { return open(t, filepath.Join(t.TempDir(), "orders.db")) })
}
