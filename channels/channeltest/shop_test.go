package channeltest_test

import (
	"testing"

	"github.com/openmip/openmip/channels/channeltest"
)

// The fake passes the suite of its own interface.
func TestShop(t *testing.T) {
	t.Parallel()
	channeltest.Test(t, func(channeltest.Setup) (channeltest.World, error) {
		shop := channeltest.NewShop("demo")
		return channeltest.World{Channel: shop, Shop: shop, Net: shop}, nil
	})
}
