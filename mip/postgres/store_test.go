package postgres_test

import (
	"testing"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/miptest"
)

func TestStore(t *testing.T) {
	t.Parallel()
	open := accounts(t)
	miptest.TestStore(t, func(t testing.TB) mip.Store { return open(t) })
}
