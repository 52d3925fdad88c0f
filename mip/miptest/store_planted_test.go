package miptest_test

import (
	"errors"
	"iter"
	"slices"
	"testing"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
	"github.com/openmip/openmip/mip/miptest"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAGoodStoreKeepsEveryPromise(t *testing.T) {
	miptest.TestStore(t, func(testing.TB) mip.Store { return memstore.New() })
}

func TestAStoreWithoutAQueueIsNotAskedForOne(t *testing.T) {
	type bare struct{ mip.Store }
	skipped := 0
	for _, c := range miptest.StoreChecks() {
		err := c.Run(t.Context(), bare{memstore.New()})
		if errors.Is(err, errors.ErrUnsupported) {
			skipped++
			continue
		}
		require.NoError(t, err, c.Name)
	}
	assert.Greater(t, skipped, 5, "the checks of the outbox cannot run without one")
}

func TestCheckNamesAreUniqueSentences(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range miptest.StoreChecks() {
		assert.False(t, seen[c.Name], "twice: %s", c.Name)
		seen[c.Name] = true
		assert.NotEmpty(t, c.Why, c.Name)
		assert.Contains(t, c.Name, " ")
	}
}

var far = time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)

// TestTheSuiteCatchesPlantedBugs breaks a good store in one way at a time. A
// bug that survives is a check that is missing.
func TestTheSuiteCatchesPlantedBugs(t *testing.T) {
	for name, plant := range plantedBugs() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if testing.Short() && len(name)%4 > 0 {
				t.Skip("short: a fourth of them")
			}
			checks := miptest.StoreChecks()
			caught := slices.IndexFunc(checks, func(c miptest.StoreCheck) bool { return c.Run(t.Context(), plant()) != nil })
			require.GreaterOrEqual(t, caught, 0, "no check noticed")
			t.Logf("caught by: %s", checks[caught].Name)
		})
	}
}

func plantedBugs() iter.Seq2[string, func() broken] {
	return func(yield func(string, func() broken) bool) {
		for _, bugs := range []map[string]func(b *broken){orderBugs(), listBugs(), ledgerBugs(), queueBugs(), inboxBugs()} {
			for name, plant := range bugs {
				made := func() broken {
					b := broken{Store: memstore.New()}
					plant(&b)
					return b
				}
				if !yield(name, made) {
					return
				}
			}
		}
	}
}
