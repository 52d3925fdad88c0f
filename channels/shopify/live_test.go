package shopify_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/channeltest"
	"github.com/openmip/openmip/channels/shopify"
	"github.com/openmip/openmip/mip/rest"
)

// Reads a real shop. With OPENMIP_SHOPIFY_ORDER, the id of an order made for
// this purpose, it also ships that order, twice.
func TestLive(t *testing.T) {
	url, token := os.Getenv("OPENMIP_SHOPIFY_URL"), os.Getenv("OPENMIP_SHOPIFY_TOKEN")
	id, secret := os.Getenv("OPENMIP_SHOPIFY_CLIENT_ID"), os.Getenv("OPENMIP_SHOPIFY_CLIENT_SECRET")
	if url == "" {
		t.Skip("set OPENMIP_SHOPIFY_URL, with OPENMIP_SHOPIFY_TOKEN or _CLIENT_ID and _CLIENT_SECRET, to read a real shop")
	}
	shop, err := shopify.New(shopify.Config{Name: "live", URL: url, Token: rest.NewSecret(token), ClientID: id, ClientSecret: rest.NewSecret(secret)})
	require.NoError(t, err)
	channeltest.Live(t, channeltest.LiveWorld{Channel: shop, Since: shop.CursorAt(time.Now().AddDate(0, -1, 0)),
		Order: os.Getenv("OPENMIP_SHOPIFY_ORDER"), Secrets: []string{token, secret}})
}
