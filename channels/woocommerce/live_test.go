package woocommerce_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/channeltest"
	"github.com/openmip/openmip/channels/woocommerce"
	"github.com/openmip/openmip/mip/rest"
)

// Reads a real shop. With OPENMIP_WOO_ORDER, the id of an order made for this
// purpose, it also ships that order, twice.
func TestLive(t *testing.T) {
	url, key, secret := os.Getenv("OPENMIP_WOO_URL"), os.Getenv("OPENMIP_WOO_KEY"), os.Getenv("OPENMIP_WOO_SECRET")
	if url == "" {
		t.Skip("set OPENMIP_WOO_URL, OPENMIP_WOO_KEY and OPENMIP_WOO_SECRET to read a real shop")
	}
	shop, err := woocommerce.New(woocommerce.Config{Name: "live", URL: url, Key: rest.NewSecret(key), Secret: rest.NewSecret(secret)})
	require.NoError(t, err)
	channeltest.Live(t, channeltest.LiveWorld{Channel: shop, Since: shop.CursorAt(time.Now().AddDate(0, -1, 0)),
		Order: os.Getenv("OPENMIP_WOO_ORDER"), Secrets: []string{key, secret}})
}
