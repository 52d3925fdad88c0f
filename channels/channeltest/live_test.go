package channeltest_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"

	"github.com/openmip/openmip/channels/channeltest"
	"github.com/openmip/openmip/mip/rest"
)

// live is the invented platform with orders in two pages.
func live(client func(http.Handler) (c *http.Client, at string), bug string) channeltest.LiveWorld {
	shop := channeltest.NewShop("demo")
	for n := range 60 {
		shop.Buy(channeltest.Order(n))
	}
	c, at := client(wire(shop))
	channel := func(key string) *demo {
		return &demo{name: "demo", key: rest.NewSecret(key), http: c, at: at, bug: bug}
	}
	return channeltest.LiveWorld{Channel: channel(goodKey), BadKey: channel("no such key at all"), Order: "1001", Secrets: []string{goodKey}}
}

// In real time, on a real port.
func TestLive(t *testing.T) {
	channeltest.Live(t, live(func(h http.Handler) (*http.Client, string) {
		srv := httptest.NewServer(h)
		t.Cleanup(srv.Close)
		return srv.Client(), srv.URL
	}, ""))
}

func TestLiveCatchesPlantedBugs(t *testing.T) {
	caught := map[string]bool{}
	for _, p := range []plant{
		{"no cursor", "orders are read, each sound, and a cursor is given at the end"},
		{"local time", "orders are read, each sound, and a cursor is given at the end"},
		{"getter forgets the note", "an order by its id is the order of the list"},
		{"not found is unavailable", "an order by an unknown id is ErrNotFound"},
		{"bad key is unavailable", "a bad key is ErrUnauthorized"},
		{"not found is unavailable", "a report on an unknown or another account's order is refused"},
		{"a conflict on every write", "a report may be repeated"},
		{"ignored context", "a cancelled context ends it"},
	} {
		for _, c := range channeltest.LiveChecks() {
			if c.Name != p.check {
				continue
			}
			caught[c.Name] = true
			synctest.Test(t, func(t *testing.T) {
				w := live(func(h http.Handler) (*http.Client, string) { return channeltest.Serve(h).Client(), "" }, p.bug)
				assert.Error(t, c.Try(t.Context(), w), p.bug)
			})
		}
	}
	for _, c := range channeltest.LiveChecks() {
		assert.True(t, caught[c.Name], "nothing proves that the check %q can fail", c.Name)
	}
}

func TestLiveWritesNothingUnlessTold(t *testing.T) {
	shop := channeltest.NewShop("demo")
	ref := shop.Buy(channeltest.Order(1))
	for _, c := range channeltest.LiveChecks() {
		_ = c.Try(t.Context(), channeltest.LiveWorld{Channel: shop})
	}
	assert.Empty(t, shop.Reported(ref).State)
}
