package shopify_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/shopify"
	"github.com/openmip/openmip/channels/shopify/shopifytest"
	"github.com/openmip/openmip/mip"
)

func TestOnlyWhatChangedSinceTheCursorIsAskedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(9 * time.Hour) // the first day of the bubble
		shop := world(t, shopifytest.Config{})
		channel := open(t, shop)
		early := shop.Buy(shopifytest.Order{})
		time.Sleep(time.Hour)
		late := shop.Buy(shopifytest.Order{})
		_, next, err := all(t, channel, "")
		require.NoError(t, err)
		time.Sleep(time.Minute)
		got, _, err := all(t, channel, next)
		require.NoError(t, err)
		assert.NotContains(t, got, id(early))
		assert.Contains(t, got, id(late), "the index may have been behind")
		for _, c := range shop.Calls() {
			if q, ok := c.Vars["q"]; ok {
				assert.Regexp(t, regexp.MustCompile(`^updated_at:>='\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ'$`), q)
			}
		}
	})
}

// Shopify gives at most 25,000 things of one search.
func TestAShopWithMoreOrdersThanOneSearchGivesIsReadWhole(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := world(t, shopifytest.Config{Deep: 160})
		channel := open(t, shop)
		channel.SetDeep(50)
		for range 400 {
			shop.Buy(shopifytest.Order{})
			time.Sleep(time.Second)
		}
		got, next, err := all(t, channel, "")
		require.NoError(t, err)
		assert.Len(t, got, 400)
		assert.NotEmpty(t, next)
	})
}

// constant is a transport that always answers the same, and counts.
func constant(body string, most int, count *int) roundTrip {
	return func(r *http.Request) (*http.Response, error) {
		if *count++; *count > most {
			return nil, errors.New("too many requests")
		}
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader([]byte(body))), Request: r}, nil
	}
}

func TestAPageThatLeadsToItselfEndsTheReading(t *testing.T) {
	const info = `"pageInfo":{"hasNextPage":true,"endCursor":"same"}`
	order := `{"id":"gid://shopify/Order/1","createdAt":"2026-11-20T09:15:03Z","updatedAt":"2026-11-20T09:15:10Z","lineItems":{` + info + `,"nodes":[]}}`
	for name, body := range map[string]string{
		"orders":             `{"data":{"orders":{` + info + `,"nodes":[]}}}`,
		"lines":              `{"data":{"orders":{"pageInfo":{"hasNextPage":false},"nodes":[` + order + `]},"order":` + order + `,"fulfillmentOrders":{"nodes":[]}}}`,
		"fulfillment orders": `{"data":{"orders":{"nodes":[]},"fulfillmentOrders":{` + info + `,"nodes":[]}}}`,
	} {
		count := 0
		channel := open(t, world(t, shopifytest.Config{}), func(c *shopify.Config) { c.Transport = constant(body, 20, &count) })
		_, next, err := all(t, channel, "")
		require.ErrorIs(t, err, mip.ErrContract, name)
		assert.Empty(t, next, name)
	}
}

func TestAnAnswerWithoutOrdersIsNotAnEmptyShop(t *testing.T) {
	for at := range 3 {
		for _, body := range []string{`{"data":{}}`, `{"data":{"orders":null,"fulfillmentOrders":null}}`, `{"data":{"orders":{"nodes":null}},"errors":[{"message":"x"}]}`} {
			shop := world(t, shopifytest.Config{})
			for range 30 { // two pages
				shop.Buy(shopifytest.Order{})
			}
			shop.Fail(append(make([]shopifytest.Fault, at), shopifytest.Fault{Status: 200, Body: body})...)
			_, next, err := all(t, open(t, shop), "")
			require.ErrorIs(t, err, mip.ErrContract, fmt.Sprint(at, body))
			assert.Empty(t, next)
		}
	}
}

// Whoever stores pages leaves when one cannot be stored.
func TestAReadingThatIsLeftSaysNothingMore(t *testing.T) {
	shop := world(t, shopifytest.Config{})
	shop.Buy(shopifytest.Order{Lines: make([]shopifytest.Line, 60)}) // a page of lines more
	shop.Fail(shopifytest.Fault{}, shopifytest.Errors("SOMETHING_NEW"))
	pages := 0
	for page, err := range open(t, shop).Orders(t.Context(), "") {
		require.NoError(t, err)
		require.NotEmpty(t, page.Orders[0].Defects, "its lines are not all there")
		pages++
		break
	}
	assert.Equal(t, 1, pages)
}
