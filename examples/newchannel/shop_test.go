package newchannel_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/openmip/openmip/channels/channeltest"
	"github.com/openmip/openmip/examples/newchannel"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

func TestChannel(t *testing.T) {
	channeltest.Test(t, func(s channeltest.Setup) (channeltest.World, error) {
		shop := channeltest.NewShop("demo")
		net := channeltest.Serve(wire(shop))
		c := newchannel.Config{Name: "demo", URL: "https://shop.test", Key: rest.NewSecret("the-right-key"), Transport: net, Logger: s.Logger}
		good, err := newchannel.New(c)
		if err != nil {
			return channeltest.World{}, err
		}
		c.Key = rest.NewSecret("a-wrong-key")
		bad, err := newchannel.New(c)
		return channeltest.World{Channel: good, BadKey: bad, Shop: shop, Net: net, Secrets: []string{"the-right-key"}}, err
	})
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	key := rest.NewSecret("the-right-key")
	for what, c := range map[string]newchannel.Config{
		"no name":         {URL: "https://shop.test", Key: key},
		"a name too long": {Name: "abcdefghijklmnopq", URL: "https://shop.test", Key: key},
		"no key":          {Name: "demo", URL: "https://shop.test"},
		"no address":      {Name: "demo", Key: key},
		"a wrong address": {Name: "demo", URL: "shop.test", Key: key},
	} {
		_, err := newchannel.New(c)
		assert.ErrorIs(t, err, mip.ErrInvalid, what)
	}
}
