package miptest_test

import (
	"context"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
	"github.com/openmip/openmip/mip/miptest"
	"github.com/openmip/openmip/mip/sqlite"
)

// careless is a ledger that does not count what is reserved.
type careless struct{ mip.Ledger }

func (c careless) Reserve(ctx context.Context, r mip.Reservation, b mip.Balance) error {
	b.Amount = b.Amount.Times(2)
	return c.Ledger.Reserve(ctx, r, b)
}

func TestLedgersTogether(t *testing.T) {
	memory := memstore.New()
	file, err := sqlite.Open(sqlite.Config{Path: filepath.Join(t.TempDir(), "mip.db")})
	require.NoError(t, err)
	defer func() { assert.NoError(t, file.Close()) }()
	assert.NoError(t, miptest.LedgersTogether(t.Context(), "main", memory, memory))
	assert.NoError(t, miptest.LedgersTogether(t.Context(), "main", file, file))
	assert.Error(t, miptest.LedgersTogether(t.Context(), "main", memstore.New(), memstore.New()), "two books are not one")
	assert.Error(t, miptest.LedgersTogether(t.Context(), "main", careless{memstore.New()}), "more is granted than there is")
}
