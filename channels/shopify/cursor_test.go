package shopify_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/shopify/shopifytest"
	"github.com/openmip/openmip/mip"
)

func TestCursors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := world(t, shopifytest.Config{})
		channel := open(t, shop)
		for _, foreign := range []mip.Cursor{"x", "shopify2|2026-11-23T00:00:00Z", "shopify2|2026-11-23T00:00:00Z|now", "shopify1|yesterday", "2026-11-23T00:00:00Z"} {
			_, _, err := all(t, channel, foreign)
			require.ErrorIs(t, err, mip.ErrInvalid, foreign)
		}
		assert.Empty(t, shop.Calls(), "nobody is asked")
		_, next, err := all(t, channel, "shopify1|2090-01-01T00:00:00Z")
		require.NoError(t, err)
		assert.Equal(t, mip.Cursor("shopify1|2090-01-01T00:00:00Z"), next, "who asks for what comes later waits for it")

		time.Sleep(24 * time.Hour)
		_, next, err = all(t, channel, channel.CursorAt(time.Now().Add(-time.Hour)))
		require.NoError(t, err)
		assert.Equal(t, mip.Cursor("shopify2|2000-01-01T23:55:00Z|2000-01-02T00:00:00Z"), next, "five minutes behind, of a shop that is still")
	})
}
