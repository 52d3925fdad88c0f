package prestashop_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/channeltest"
	"github.com/openmip/openmip/channels/prestashop"
	"github.com/openmip/openmip/mip/rest"
)

// Reads a real shop. With OPENMIP_PRESTASHOP_ORDER, the id of an order made for
// this purpose, it also ships that order, twice.
func TestLive(t *testing.T) {
	url, key := os.Getenv("OPENMIP_PRESTASHOP_URL"), os.Getenv("OPENMIP_PRESTASHOP_KEY")
	if url == "" {
		t.Skip("set OPENMIP_PRESTASHOP_URL and OPENMIP_PRESTASHOP_KEY to read a real shop")
	}
	shop, err := prestashop.New(prestashop.Config{Name: "live", URL: url, Key: rest.NewSecret(key), Quiet: true})
	require.NoError(t, err)
	channeltest.Live(t, channeltest.LiveWorld{Channel: shop, Since: shop.CursorAt(time.Now().AddDate(0, -1, 0)),
		Order: os.Getenv("OPENMIP_PRESTASHOP_ORDER"), Secrets: []string{key}})
}
