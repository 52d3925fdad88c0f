package newchannel_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/channeltest"
	"github.com/openmip/openmip/examples/newchannel"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

func TestChannel(t *testing.T) {
	channeltest.Test(t, func(s channeltest.Setup) (channeltest.World, error) {
		shop := channeltest.NewShop("demo")
		net := channeltest.Serve(wire(shop))
		c := newchannel.Config{Name: "demo", Key: rest.NewSecret("the-right-key"),
			API: rest.Config{BaseURL: "https://shop.test", Transport: net, Logger: s.Logger}}
		good, err := newchannel.New(c)
		if err != nil {
			return channeltest.World{}, err
		}
		c.Key = rest.NewSecret("a-wrong-key")
		bad, err := newchannel.New(c)
		return channeltest.World{Channel: good, BadKey: bad, Shop: shop, Net: net, Secrets: []string{"the-right-key"},
			Again: func() (mip.Channel, error) { c.Key = rest.NewSecret("the-right-key"); return newchannel.New(c) }}, err
	})
}

// What the README promises: a complete channel, imports and comments included.
func TestAChannelTakesUnder150Lines(t *testing.T) {
	files, err := filepath.Glob("*.go")
	require.NoError(t, err)
	lines := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for line := range strings.Lines(string(text)) {
			lines++
			assert.LessOrEqual(t, utf8.RuneCountInString(line), 120, "%s:%d is crammed", name, lines)
		}
	}
	assert.Positive(t, lines)
	assert.Less(t, lines, 150)
}

func TestNewRefusesWhatCannotWork(t *testing.T) {
	key, there := rest.NewSecret("the-right-key"), rest.Config{BaseURL: "https://shop.test"}
	for what, c := range map[string]newchannel.Config{
		"no name":         {Key: key, API: there},
		"a name too long": {Name: "abcdefghijklmnopq", Key: key, API: there},
		"no key":          {Name: "demo", API: there},
		"no address":      {Name: "demo", Key: key},
		"a wrong address": {Name: "demo", Key: key, API: rest.Config{BaseURL: "shop.test"}},
	} {
		_, err := newchannel.New(c)
		assert.ErrorIs(t, err, mip.ErrInvalid, what)
	}
}
