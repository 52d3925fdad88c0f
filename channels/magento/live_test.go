package magento_test

import (
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/magento"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// Reads a real shop. With OPENMIP_MAGENTO_ORDER, the entity_id of an order
// made for this purpose, it also ships that order, twice.
func TestLive(t *testing.T) {
	secret := func(name string) rest.Secret { return rest.NewSecret(os.Getenv("OPENMIP_MAGENTO_" + name)) }
	url := os.Getenv("OPENMIP_MAGENTO_URL")
	if url == "" {
		t.Skip("set OPENMIP_MAGENTO_URL and _CONSUMER_KEY, _CONSUMER_SECRET, _ACCESS_TOKEN, _TOKEN_SECRET (or _ACCESS_TOKEN alone, or _USER, _PASSWORD) to read a real shop")
	}
	shop, err := magento.New(magento.Config{Name: "live", URL: url, StoreView: os.Getenv("OPENMIP_MAGENTO_VIEW"), Quiet: true,
		ConsumerKey: secret("CONSUMER_KEY"), ConsumerSecret: secret("CONSUMER_SECRET"), AccessToken: secret("ACCESS_TOKEN"),
		TokenSecret: secret("TOKEN_SECRET"), User: os.Getenv("OPENMIP_MAGENTO_USER"), Password: secret("PASSWORD"), Source: os.Getenv("OPENMIP_MAGENTO_SOURCE")})
	require.NoError(t, err)
	pages := 0
	for page, err := range shop.Orders(t.Context(), shop.CursorAt(time.Now().AddDate(0, -1, 0))) {
		require.NoError(t, err)
		for i, f := range page.Orders {
			require.NoError(t, f.Ref.Valid())
			assert.Empty(t, f.Defects, "order %s", f.Ref)
			if i == 0 {
				alone, err := shop.Order(t.Context(), f.Ref.ID)
				require.NoError(t, err)
				assert.Equal(t, f.Lines, alone.Lines)
			}
		}
		if pages++; pages == 3 {
			break
		}
	}
	_, err = shop.Order(t.Context(), "987654321")
	assert.ErrorIs(t, err, mip.ErrNotFound)
	if id := os.Getenv("OPENMIP_MAGENTO_ORDER"); id != "" {
		for range 2 {
			require.NoError(t, shop.Report(t.Context(), mip.Ref{Channel: "live", ID: id}, shipped(box("live-1", "OPENMIP-TEST-1"))))
		}
	}
}
