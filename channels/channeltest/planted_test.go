package channeltest_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/channeltest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// world opens a shop with the demo channel and one planted bug, none if empty.
func world(bug string) channeltest.Opener {
	return func(s channeltest.Setup) (channeltest.World, error) {
		shop := channeltest.NewShop("demo")
		net := channeltest.Serve(wire(shop))
		channel := func(key string) *demo {
			d := &demo{name: "demo", key: rest.NewSecret(key), http: net.Client(), log: s.Logger, bug: bug}
			if d.has("prints its key") {
				d.Plain = key
			}
			return d
		}
		return channeltest.World{
			Channel: channel(goodKey), BadKey: channel("no such key at all"), Shop: market{shop}, Net: net,
			Again: func() (mip.Channel, error) { return channel(goodKey), nil },
			Hooks: &hooks{shop: shop}, Secrets: []string{goodKey, hookSecret},
		}, nil
	}
}

// market is a shop that sells in several currencies.
type market struct{ *channeltest.Shop }

func (market) Currencies() []string { return []string{"JPY", "KWD", "PLN"} }

// A channel over a wire, without bugs, passes.
func TestDemo(t *testing.T) {
	t.Parallel()
	channeltest.Test(t, world(""))
}

func TestTheSuiteCatchesEveryPlantedBug(t *testing.T) {
	t.Parallel()
	checks := map[string]channeltest.Check{}
	proven := map[string]bool{}
	for _, c := range channeltest.Checks() {
		require.NotContains(t, checks, c.Name, "two checks with one name")
		assert.NotEmpty(t, c.Why, c.Name)
		checks[c.Name] = c
	}
	for _, p := range planted {
		proven[p.check] = true
	}
	for _, p := range planted {
		t.Run(p.bug+" → "+p.check, func(t *testing.T) {
			t.Parallel()
			c, ok := checks[p.check]
			require.True(t, ok, "no such check")
			err := c.Try(t, world(p.bug))
			require.Error(t, err, "the bug survives")
			require.NotErrorIs(t, err, channeltest.ErrNotConcerned)
			t.Log(err)
		})
	}
	for name := range checks {
		assert.True(t, proven[name], "nothing proves that the check %q can fail", name)
	}
}

func TestAWorldThatDoesNotOpenFailsEveryCheck(t *testing.T) {
	gone := errors.New("no such place")
	worlds := map[string]channeltest.Opener{
		"an error": func(channeltest.Setup) (channeltest.World, error) { return channeltest.World{}, gone },
		"nothing":  func(channeltest.Setup) (channeltest.World, error) { return channeltest.World{}, nil },
	}
	for name, open := range worlds {
		for _, c := range channeltest.Checks() {
			assert.Error(t, c.Try(t, open), "%s: %s", name, c.Name)
		}
	}
}

func TestWhatThePlatformCannotDoIsNotAsked(t *testing.T) {
	bugs := map[channeltest.Ability]string{
		channeltest.SeveralParcels: "first parcel only",
		channeltest.Corrections:    "first number wins",
		channeltest.Carriers:       "lost carrier",
		channeltest.Refunds:        "refund ignored",
		channeltest.LongNotes:      "cut at 64 KiB",
		channeltest.ManyLines:      "first fifty lines only",
		channeltest.LongIDs:        "ids through a float",

		channeltest.CarrierCorrections: "only numbers are compared",
		channeltest.Unpaid:             "unpaid is shipped",
		channeltest.HiddenKeys:         "key in the address too",
	}
	for ability, bug := range bugs {
		t.Run(string(ability), func(t *testing.T) {
			open := func(s channeltest.Setup) (channeltest.World, error) {
				w, err := world(bug)(s)
				w.Cannot = map[channeltest.Ability]string{ability: "an old platform"}
				return w, err
			}
			asked := 0
			for _, c := range channeltest.Checks() {
				if !slices.Contains(planted, plant{bug, c.Name}) {
					continue
				}
				asked++
				if err := c.Try(t, open); !errors.Is(err, channeltest.ErrNotConcerned) {
					assert.NoError(t, err, c.Name)
				}
			}
			assert.Positive(t, asked)
		})
	}
}
