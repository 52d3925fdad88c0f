package shopify_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/shopify"
	"github.com/openmip/openmip/mip/rest"
)

// A real shop is only read: its changes of a month, and one of its orders.
func TestLive(t *testing.T) {
	url := os.Getenv("OPENMIP_SHOPIFY_URL")
	if url == "" {
		t.Skip("OPENMIP_SHOPIFY_URL is not set (with OPENMIP_SHOPIFY_TOKEN, or _CLIENT_ID and _CLIENT_SECRET): no real shop is read")
	}
	channel, err := shopify.New(shopify.Config{Name: "live", URL: url, Token: rest.NewSecret(os.Getenv("OPENMIP_SHOPIFY_TOKEN")),
		ClientID: os.Getenv("OPENMIP_SHOPIFY_CLIENT_ID"), ClientSecret: rest.NewSecret(os.Getenv("OPENMIP_SHOPIFY_CLIENT_SECRET"))})
	require.NoError(t, err)
	got, next, err := all(t, channel, "")
	require.NoError(t, err)
	assert.NotEmpty(t, next)
	for n, f := range got {
		assert.Empty(t, f.Defects, n)
		again, err := channel.Order(t.Context(), n)
		require.NoError(t, err)
		assert.Equal(t, f.Ref, again.Ref)
		break
	}
}
