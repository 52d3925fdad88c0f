package postgres_test

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/sqlite"
)

// One program, whichever store it is given: all that differs is who opens it.
func TestTheStoreIsOneConstructor(t *testing.T) {
	t.Parallel()
	for name, construct := range map[string]func(t *testing.T) mip.Store{
		"SQLite": func(t *testing.T) mip.Store {
			s, err := sqlite.Open(sqlite.Config{Path: filepath.Join(t.TempDir(), "orders.db")})
			require.NoError(t, err)
			t.Cleanup(func() { _ = s.Close() })
			return s
		},
		"PostgreSQL": func(t *testing.T) mip.Store { return open(t, prepared(t)) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			front, d := newShop(3), newDepot()
			stop := run(t, process(t, construct(t), d, counter{front, name}))
			require.Eventually(t, func() bool { return front.told(mip.StateShipped) == 3 }, 30*time.Second, 20*time.Millisecond)
			stop()
		})
	}
}
