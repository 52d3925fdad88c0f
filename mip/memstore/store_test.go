package memstore_test

import (
	"testing"
	"testing/synctest"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
	"github.com/openmip/openmip/mip/miptest"
	"github.com/stretchr/testify/require"
)

func TestStore(t *testing.T) {
	miptest.TestStore(t, func(testing.TB) mip.Store { return memstore.New() })
}

func TestStoreInABubble(t *testing.T) {
	for _, c := range miptest.StoreChecks() {
		t.Run(c.Name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				require.NoError(t, c.Run(t.Context(), memstore.New()), c.Why)
			})
		})
	}
}
