package prestashop_test

import (
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/prestashop"
	"github.com/openmip/openmip/channels/prestashop/prestatest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

func code(err error) string {
	if e, ok := errors.AsType[*mip.Error](err); ok {
		return e.Code
	}
	return ""
}

func TestPermissions(t *testing.T) {
	for _, language := range []string{"en", "pl", "de"} {
		synctest.Test(t, func(t *testing.T) {
			key := func(change func(map[string]string)) *prestatest.Server {
				allow := map[string]string{}
				for r := range strings.FieldsSeq("addresses carriers configurations countries currencies customers messages order_carriers order_details order_slip order_states orders states") {
					allow[r] = "GET"
				}
				allow["order_histories"], allow["order_carriers"], allow["messages"] = "POST", "GET POST PUT", "GET POST PUT"
				change(allow)
				shop := prestatest.New(prestatest.Config{Language: language, Keys: []prestatest.Key{{Key: prestatest.DefaultKey, Allow: allow}}})
				shop.Buy(prestatest.Order{})
				return shop
			}
			enough := open(t, key(func(map[string]string) {}))
			_, next, err := read(t.Context(), enough, "")
			require.NoError(t, err)
			_, _, err = read(t.Context(), enough, next)
			require.NoError(t, err)
			require.NoError(t, enough.Report(t.Context(), ref(1), shipped(box("p", "N1"))), "what the package comment lists is enough")

			_, _, err = read(t.Context(), open(t, key(func(m map[string]string) { delete(m, "customers") })), "")
			require.ErrorIs(t, err, mip.ErrUnauthorized)
			assert.Equal(t, "26", code(err))
			err = open(t, key(func(m map[string]string) { m["order_histories"] = "GET" })).Report(t.Context(), ref(1), shipped())
			require.ErrorIs(t, err, mip.ErrUnauthorized, "405 with code 25 is a matter of permissions")
			assert.Equal(t, "25", code(err))
		})
	}
}

func TestRefusals(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		off := prestatest.New(prestatest.Config{Disabled: true, Language: "pl"})
		_, _, err := read(t.Context(), open(t, off), "")
		require.ErrorIs(t, err, mip.ErrUnavailable)
		assert.Equal(t, "22", code(err))

		_, _, err = read(t.Context(), open(t, prestatest.New(prestatest.Config{}), func(c *prestashop.Config) { c.URL += "/elsewhere" }), "")
		require.ErrorIs(t, err, mip.ErrUnavailable, "somebody's 404")

		lost := prestatest.New(prestatest.Config{})
		lost.SetConfig("PS_TIMEZONE", "Mars/Olympus", 0, 0)
		_, _, err = read(t.Context(), open(t, lost), "")
		require.ErrorIs(t, err, mip.ErrInvalid)
		_, _, err = read(t.Context(), open(t, lost, func(c *prestashop.Config) { c.Zone = zone(t, "Europe/Madrid") }), "")
		require.NoError(t, err)
	})
}

func TestAMissingOrderIsTheShopsOwnWord(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := prestatest.New(prestatest.Config{})
		id := shop.Buy(prestatest.Order{})
		c := open(t, shop)
		_, err := c.Order(t.Context(), "4711")
		require.ErrorIs(t, err, mip.ErrNotFound)
		for range 3 {
			shop.Fail(prestatest.Fault{Status: 404, ContentType: "text/html"})
		}
		_, err = c.Order(t.Context(), text(id))
		require.ErrorIs(t, err, mip.ErrUnavailable, "an empty 404 may be a proxy's")
		for _, foreign := range []string{"", "0", "7x", "-1", "../customers", strings.Repeat("1", 20)} {
			_, err = c.Order(t.Context(), foreign)
			require.ErrorIs(t, err, mip.ErrInvalid, foreign)
		}
	})
}

func TestPHPNotices(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := prestatest.New(prestatest.Config{})
		id := shop.Buy(prestatest.Order{})
		shop.FailAll(func(*http.Request) prestatest.Fault { return prestatest.Notice() })
		c := open(t, shop)
		got, _, err := read(t.Context(), c, "")
		require.NoError(t, err)
		assert.Len(t, got, 1)
		require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("p", "N1"))))
		st, _ := shop.State(id)
		assert.Equal(t, prestatest.Shipped, st.State)
	})
}

// Answers with status 200 that are no list are never an empty shop.
func TestListsAreNotGuessed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for _, body := range []string{`{}`, `{"orders":null}`, `{"orders":{}}`, `{"order":{"id":1}}`, `{"errors":[{"code":5,"message":"PHP"}]}`,
			`{"orders":[],"errors":[{"code":3}]}`, `[1]`, `null`, `"[]"`, ``, `<html>`} {
			shop := prestatest.New(prestatest.Config{})
			shop.Buy(prestatest.Order{})
			c := open(t, shop, func(c *prestashop.Config) {
				c.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
					if strings.HasSuffix(r.URL.Path, "/api/orders") {
						return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), Request: r}, nil
					}
					return shop.Transport().RoundTrip(r)
				})
			})
			_, next, err := read(t.Context(), c, "")
			require.Error(t, err, body)
			assert.Contains(t, []error{mip.ErrContract, mip.ErrUnavailable}, mip.KindOf(err), body)
			assert.Empty(t, next)
		}
	})
}

func TestTheKeyTravels(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		for inQuery, want := range map[bool]string{false: "", true: prestatest.DefaultKey} {
			shop := prestatest.New(prestatest.Config{})
			c := open(t, shop, func(c *prestashop.Config) {
				c.KeyInQuery = inQuery
				c.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
					user, password, basic := r.BasicAuth()
					assert.Equal(t, !inQuery, basic)
					assert.Empty(t, password)
					assert.Equal(t, want, r.URL.Query().Get("ws_key"))
					assert.Equal(t, inQuery, user == "")
					return shop.Transport().RoundTrip(r)
				})
			})
			_, _, err := read(t.Context(), c, "")
			require.NoError(t, err)
		}
	})
}

func TestNew(t *testing.T) {
	good := prestashop.Config{Name: "shop", URL: "https://presta.test", Key: rest.NewSecret("k")}
	_, err := prestashop.New(good)
	require.NoError(t, err)
	for name, spoil := range map[string]func(*prestashop.Config){
		"no name":         func(c *prestashop.Config) { c.Name = "" },
		"a bad name":      func(c *prestashop.Config) { c.Name = "My Shop" },
		"no address":      func(c *prestashop.Config) { c.URL = "" },
		"a bad address":   func(c *prestashop.Config) { c.URL = "shop.example" },
		"no key":          func(c *prestashop.Config) { c.Key = rest.Secret{} },
		"shop and group":  func(c *prestashop.Config) { c.ShopID, c.ShopGroup = 1, 1 },
		"a bad demand":    func(c *prestashop.Config) { c.States = map[int]mip.Demand{1: "maybe"} },
		"a negative span": func(c *prestashop.Config) { c.LookBack = -1 },
	} {
		c := good
		spoil(&c)
		_, err := prestashop.New(c)
		assert.ErrorIs(t, err, mip.ErrInvalid, name)
	}
}
