package shopify_test

import (
	"context"
	"errors"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/shopify"
	"github.com/openmip/openmip/channels/shopify/shopifytest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// codes counts the errors that the shop answered with.
func codes(shop *shopifytest.Server) map[string]int {
	out := map[string]int{}
	for _, c := range shop.Calls() {
		out[c.Code]++
	}
	return out
}

func TestAQueryWaitsForItsPointsInsteadOfBeingRefused(t *testing.T) {
	for _, rate := range []int{50, 500} {
		synctest.Test(t, func(t *testing.T) {
			shop := world(t, shopifytest.Config{Bucket: 1000, Rate: rate})
			for range 300 {
				shop.Buy(shopifytest.Order{})
			}
			channel := open(t, shop)
			began := time.Now()
			got, _, err := all(t, channel, "")
			require.NoError(t, err)
			assert.Len(t, got, 300)
			assert.Zero(t, codes(shop)["THROTTLED"], "what answers tell is enough to know")
			points := 0
			for _, c := range shop.Calls() {
				points += c.Cost
			}
			least := time.Duration(points-1000) * time.Second / time.Duration(rate)
			assert.InDelta(t, least.Seconds(), time.Since(began).Seconds(), least.Seconds()/10+1, "no longer than needed")
		})
	}
}

func TestSomebodyElseEmptiesTheBucket(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := world(t, shopifytest.Config{Bucket: 1000, Rate: 50})
		n := shop.Buy(shopifytest.Order{})
		mine, other := open(t, shop), open(t, shop)
		for range 5 {
			_, err := mine.Order(t.Context(), id(n))
			require.NoError(t, err)
			_, _, err = all(t, other, "")
			require.NoError(t, err)
		}
		assert.Positive(t, codes(shop)["THROTTLED"], "two processes see each other's use only by refusals")
	})
}

func TestAWaitThatIsTooLongIsLeftToTheCaller(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := world(t, shopifytest.Config{Bucket: 1000, Rate: 1})
		for range 100 {
			shop.Buy(shopifytest.Order{})
		}
		_, _, err := all(t, open(t, shop), "")
		require.ErrorIs(t, err, mip.ErrThrottled)
		assert.Greater(t, mip.RetryAfter(err), time.Minute)
	})
}

func TestAQueryThatIsTooCostlyIsHalved(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := world(t, shopifytest.Config{MaxCost: 200})
		for range 40 {
			shop.Buy(shopifytest.Order{Lines: make([]shopifytest.Line, 3)})
		}
		channel := open(t, shop)
		got, _, err := all(t, channel, "")
		require.NoError(t, err)
		assert.Len(t, got, 40)
		for _, f := range got {
			assert.Len(t, f.Lines, 3)
		}
		costly := codes(shop)["MAX_COST_EXCEEDED"]
		assert.Positive(t, costly)
		_, _, err = all(t, channel, "")
		require.NoError(t, err)
		assert.Equal(t, costly, codes(shop)["MAX_COST_EXCEEDED"], "it is remembered")

		shop = world(t, shopifytest.Config{MaxCost: 5})
		_, _, err = all(t, open(t, shop), "")
		require.ErrorIs(t, err, mip.ErrInvalid, "it ends")
	})
}

func withClient(c *shopify.Config) { c.Token, c.ClientID = rest.Secret{}, shopifytest.DefaultClientID }

func TestOneTokenIsFetchedForAllAndRenewed(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := world(t, shopifytest.Config{})
		n := shop.Buy(shopifytest.Order{})
		var refused int
		channel := open(t, shop, withClient, func(c *shopify.Config) {
			c.Seen = func(_ context.Context, try rest.Try) {
				if try.Status == http.StatusUnauthorized {
					refused++
				}
			}
		})
		var wg sync.WaitGroup
		for range 10 {
			wg.Go(func() {
				_, err := channel.Order(t.Context(), id(n))
				assert.NoError(t, err)
			})
		}
		wg.Wait()
		assert.Equal(t, 1, shop.Count("token"))
		time.Sleep(25 * time.Hour)
		_, err := channel.Order(t.Context(), id(n))
		require.NoError(t, err)
		assert.Equal(t, 2, shop.Count("token"), "it had expired")
		assert.Zero(t, refused, "which is known before it is refused")
		shop.Revoke()
		require.NoError(t, channel.Report(t.Context(), ref(n), shipped(box("a", "T1"))))
		assert.Equal(t, 3, shop.Count("token"), "it was refused")
	})
}

// exchange is a token source of a program's own.
type exchange struct{ tokens []string }

func (e *exchange) Token(context.Context) (rest.Token, error) {
	if len(e.tokens) == 0 {
		return rest.Token{}, &mip.Error{Op: "exchange", Kind: mip.ErrUnauthorized, Err: errors.New("the app was removed")}
	}
	next := e.tokens[0]
	e.tokens = e.tokens[1:]
	return rest.Token{Value: rest.NewSecret(next)}, nil
}

func TestATokenSourceOfOnesOwnIsAskedAgainAfterARefusal(t *testing.T) {
	shop := world(t, shopifytest.Config{})
	n := shop.Buy(shopifytest.Order{})
	source := &exchange{tokens: []string{"shpat_old", shopifytest.DefaultToken}}
	own := func(c *shopify.Config) { c.Token, c.Tokens = rest.Secret{}, source }
	_, err := open(t, shop, own).Order(t.Context(), id(n))
	require.NoError(t, err)
	assert.Empty(t, source.tokens)
	_, err = open(t, shop, own).Order(t.Context(), id(n))
	require.ErrorIs(t, err, mip.ErrUnauthorized)
}

func TestWhatAShopRefusesIsTold(t *testing.T) {
	for _, c := range []struct {
		fault       shopifytest.Fault
		read, write error
	}{
		{shopifytest.Refuse(402), mip.ErrUnauthorized, mip.ErrUnauthorized},
		{shopifytest.Refuse(403), mip.ErrUnauthorized, mip.ErrUnauthorized},
		{shopifytest.Refuse(404), mip.ErrUnavailable, mip.ErrUnavailable},
		{shopifytest.Refuse(423), mip.ErrUnavailable, mip.ErrUnavailable},
		{shopifytest.Refuse(409), mip.ErrUnavailable, mip.ErrUnknown},
		{shopifytest.HTML(422), mip.ErrUnavailable, mip.ErrUnknown},
		{shopifytest.Refuse(429), mip.ErrThrottled, mip.ErrThrottled},
		{shopifytest.Refuse(502), mip.ErrUnavailable, mip.ErrUnknown},
		{shopifytest.Errors("ACCESS_DENIED"), mip.ErrUnauthorized, mip.ErrUnauthorized},
		{shopifytest.Errors("SHOP_INACTIVE"), mip.ErrUnauthorized, mip.ErrUnauthorized},
		{shopifytest.Errors("INTERNAL_SERVER_ERROR"), mip.ErrUnavailable, mip.ErrUnknown},
		{shopifytest.Errors("THROTTLED"), mip.ErrThrottled, mip.ErrThrottled},
		{shopifytest.Errors("SOMETHING_NEW"), mip.ErrContract, mip.ErrUnknown},
		{shopifytest.Fault{Status: 200, Body: `{"data":{}}`}, mip.ErrContract, mip.ErrUnknown},
		{shopifytest.Fault{Status: 200, Body: `{"data":{"fulfillmentCreate":null}}`}, mip.ErrContract, mip.ErrUnknown},
		{shopifytest.Fault{Status: 200, Body: `{"data":{"fulfillmentCreate":{"fulfillment":null,"userErrors":[]}}}`}, mip.ErrContract, mip.ErrUnknown},
		{shopifytest.Fault{Status: 200, Body: `{"errors":"Not Found"}`}, mip.ErrContract, mip.ErrUnknown},
	} {
		synctest.Test(t, func(t *testing.T) {
			shop := world(t, shopifytest.Config{})
			n := shop.Buy(shopifytest.Order{})
			channel := open(t, shop)
			shop.SetFault(func(*http.Request) shopifytest.Fault { return c.fault })
			_, err := channel.Order(t.Context(), id(n))
			require.ErrorIs(t, err, c.read, "%+v", c.fault)
			reads := 0
			shop.SetFault(func(*http.Request) shopifytest.Fault {
				if reads++; reads <= 2 { // what is there, and what is remembered
					return shopifytest.Fault{}
				}
				return c.fault
			})
			err = channel.Report(t.Context(), ref(n), shipped(box("a", "T1")))
			require.ErrorIs(t, err, c.write, "%+v", c.fault)
			o, _ := shop.Order(n)
			assert.Empty(t, o.Shipments)
		})
	}
}

func TestAConfigThatCannotWorkIsRefused(t *testing.T) {
	good := shopify.Config{Name: "shop", URL: "https://shop.myshopify.com", Token: rest.NewSecret("t")}
	for name, change := range map[string]func(*shopify.Config){
		"no name": func(c *shopify.Config) { c.Name = "" }, "a bad name": func(c *shopify.Config) { c.Name = "My Shop" },
		"no address": func(c *shopify.Config) { c.URL = "shop" }, "no token": func(c *shopify.Config) { c.Token = rest.Secret{} },
		"two ways": func(c *shopify.Config) { c.Tokens = &exchange{} }, "half credentials": func(c *shopify.Config) { c.Token, c.ClientID = rest.Secret{}, "x" },
		"a status": func(c *shopify.Config) { c.Ship = []string{"REFUNDED"} },
	} {
		c := good
		change(&c)
		_, err := shopify.New(c)
		require.ErrorIs(t, err, mip.ErrInvalid, name)
	}
	_, err := shopify.New(good)
	require.NoError(t, err)
}
