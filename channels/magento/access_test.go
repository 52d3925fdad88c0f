package magento_test

import (
	"fmt"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/magento"
	"github.com/openmip/openmip/channels/magento/magentest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

func TestConfig(t *testing.T) {
	secret := rest.NewSecret("hush-hush-0001")
	good := magento.Config{Name: "shop", URL: "https://shop.example/", AccessToken: secret}
	for what, change := range map[string]func(*magento.Config){
		"no name":                   func(c *magento.Config) { c.Name = "" },
		"a name with a dash":        func(c *magento.Config) { c.Name = "my-shop" },
		"no address":                func(c *magento.Config) { c.URL = "" },
		"an address without scheme": func(c *magento.Config) { c.URL = "shop.example" },
		"a view that is a path":     func(c *magento.Config) { c.StoreView = "de/V1" },
		"no credentials":            func(c *magento.Config) { c.AccessToken = rest.Secret{} },
		"half of OAuth":             func(c *magento.Config) { c.ConsumerKey, c.ConsumerSecret = secret, secret },
		"a user without password":   func(c *magento.Config) { c.AccessToken, c.User = rest.Secret{}, "admin" },
		"a user and a token":        func(c *magento.Config) { c.User, c.Password = "admin", secret },
		"an unknown demand":         func(c *magento.Config) { c.Statuses = map[string]mip.Demand{"pending": "sell"} },
		"too large pages":           func(c *magento.Config) { c.PageSize = 301 },
		"a negative store":          func(c *magento.Config) { c.Stores = []int64{-1} },
	} {
		c := good
		change(&c)
		_, err := magento.New(c)
		require.ErrorIs(t, err, mip.ErrInvalid, what)
		assert.NotContains(t, err.Error(), "hush-hush")
		assert.NotContains(t, fmt.Sprintf("%+v", c), "hush-hush")
	}
	_, err := magento.New(good)
	require.NoError(t, err)
}

func TestSignatures(t *testing.T) {
	for name, url := range map[string]string{"https": "", "http with a port": "http://magento.test:8080", "a folder": "https://magento.test/tienda/ñ"} {
		t.Run(name, func(t *testing.T) {
			shop := magentest.New(magentest.Config{URL: url})
			id := shop.Buy(magentest.Order{})
			_, err := open(t, shop, func(c *magento.Config) { c.Stores = []int64{1, 2} }).Order(t.Context(), text(id))
			require.NoError(t, err)
			assert.Len(t, all(t, open(t, shop), ""), 1)
		})
	}
}

// Our clock is an hour ahead: Magento refuses once, and its Date puts us right.
func TestSignaturesOfAWrongClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := magentest.New(magentest.Config{})
		shop.Skew(-time.Hour)
		id := shop.Buy(magentest.Order{})
		c := open(t, shop)
		for range 2 {
			_, err := c.Order(t.Context(), text(id))
			require.NoError(t, err)
		}
		assert.Len(t, shop.Calls(), 3)
	})
}

func TestAccess(t *testing.T) {
	bearer := func(c *magento.Config) {
		c.ConsumerKey, c.ConsumerSecret, c.TokenSecret = rest.Secret{}, rest.Secret{}, rest.Secret{}
	}
	for _, c := range []struct {
		name   string
		shop   magentest.Config
		change func(*magento.Config)
		kind   error
	}{
		{"OAuth", magentest.Config{}, nil, nil},
		{"the token alone, where allowed", magentest.Config{Bearer: true}, bearer, nil},
		{"the token alone, as shops are since 2.4.4", magentest.Config{}, bearer, mip.ErrUnauthorized},
		{"a wrong consumer secret", magentest.Config{}, func(c *magento.Config) { c.ConsumerSecret = rest.NewSecret("wrong") }, mip.ErrUnauthorized},
		{"a wrong token secret", magentest.Config{}, func(c *magento.Config) { c.TokenSecret = rest.NewSecret("wrong") }, mip.ErrUnauthorized},
		{"without the right to see orders", magentest.Config{Denied: []string{"Magento_Sales::actions_view"}}, nil, mip.ErrUnauthorized},
		{"a store view that the shop does not have", magentest.Config{Translated: true}, func(c *magento.Config) { c.StoreView = "gone" }, mip.ErrContract},
		{"a folder that the shop does not have", magentest.Config{}, func(c *magento.Config) { c.URL += "/blog" }, mip.ErrUnavailable},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				shop := magentest.New(c.shop)
				id := shop.Buy(magentest.Order{})
				var change []func(*magento.Config)
				if c.change != nil {
					change = append(change, c.change)
				}
				ch := open(t, shop, change...)
				_, err := ch.Order(t.Context(), text(id))
				assert.Equal(t, c.kind, mip.KindOf(err), "an order: %v", err)
				for _, err := range ch.Orders(t.Context(), "") {
					assert.Equal(t, c.kind, mip.KindOf(err), "the list: %v", err)
				}
				assert.Equal(t, c.kind, mip.KindOf(ch.Report(t.Context(), ref(id), mip.Status{State: mip.StateSubmitted})))
			})
		})
	}
	t.Run("without the right to ship nothing is shipped", func(t *testing.T) {
		shop := magentest.New(magentest.Config{Denied: []string{"Magento_Sales::ship"}})
		id := shop.Buy(magentest.Order{})
		assert.Equal(t, mip.ErrUnauthorized, mip.KindOf(open(t, shop).Report(t.Context(), ref(id), shipped(box("1", "N1")))))
	})
}

func TestAnAdministratorsTokens(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := magentest.New(magentest.Config{})
		id := shop.Buy(magentest.Order{})
		c := open(t, shop, func(c *magento.Config) {
			*c = magento.Config{Name: c.Name, URL: c.URL, Transport: c.Transport, User: magentest.DefaultUser, Password: rest.NewSecret(magentest.DefaultPassword)}
		})
		get := func() {
			_, err := c.Order(t.Context(), text(id))
			require.NoError(t, err)
		}
		get()
		get()
		assert.Equal(t, 1, shop.Count("POST", "/integration/admin/token"))
		time.Sleep(4 * time.Hour)
		get()
		assert.Equal(t, 2, shop.Count("POST", "/integration/admin/token"), "it lives four hours")
		for _, call := range shop.Calls() {
			assert.Equal(t, 200, call.Status, "nothing is tried with an old one")
		}
		shop.Revoke()
		get()
		assert.Equal(t, 3, shop.Count("POST", "/integration/admin/token"), "and is renewed when it is refused")
	})
}

// A 404 says that an order is missing only if the list does not have it either.
func TestMissingOrders(t *testing.T) {
	t.Run("gone", func(t *testing.T) {
		shop := magentest.New(magentest.Config{Translated: true})
		id := shop.Buy(magentest.Order{})
		shop.Delete(id)
		_, err := open(t, shop).Order(t.Context(), text(id))
		assert.Equal(t, mip.ErrNotFound, mip.KindOf(err))
	})
	t.Run("listed all the same", func(t *testing.T) {
		shop := magentest.New(magentest.Config{})
		id := shop.Buy(magentest.Order{})
		shop.Fail(magentest.Fault{Status: 404, Body: `{"message":"Request does not match any route."}`, ContentType: "application/json"})
		_, err := open(t, shop).Order(t.Context(), text(id))
		assert.Equal(t, mip.ErrContract, mip.KindOf(err))
	})
	t.Run("a web page", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			_, err := reader(t, answers(404, "<html>not found</html>")).Order(t.Context(), "7")
			assert.Equal(t, mip.ErrUnavailable, mip.KindOf(err))
		})
	})
	t.Run("ids that no Magento gives", func(t *testing.T) {
		for _, id := range []string{"", "000000001-1", "7/../8", "9999999999999999999", "-1"} {
			_, err := reader(t, http.DefaultTransport).Order(t.Context(), id)
			assert.Equal(t, mip.ErrInvalid, mip.KindOf(err), id)
		}
	})
}

// The same over a socket, in plain HTTP.
func TestLoopback(t *testing.T) {
	shop := magentest.New(magentest.Config{})
	id := shop.Buy(magentest.Order{})
	_, stop, err := shop.Listen()
	require.NoError(t, err)
	defer stop()
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	c := open(t, shop, func(c *magento.Config) { c.Transport = transport })
	assert.Len(t, all(t, c, ""), 1)
	require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("1", "N1"))))
	o, _ := shop.Order(id)
	assert.Len(t, o.Shipments, 1)
}
