package bigbuytest_test

import (
	"context"
	"net/http"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
)

func TestPlans(t *testing.T) {
	t.Run("a route's plans come in order, before those for any route", func(t *testing.T) {
		srv := world(bigbuytest.Switches{})
		srv.Fail(bigbuytest.AnyRoute, bigbuytest.BadGateway, 1)
		srv.Fail(bigbuytest.RoutePurse, bigbuytest.ServerError, 2)
		srv.Answer(bigbuytest.RoutePurse, bigbuytest.Reply{Status: 409, Body: `{"errors":[{"code":34,"message":"x"}]}`}, 1)
		srv.Fail(bigbuytest.RoutePurse, bigbuytest.None, 0)
		var seen []int
		for range 6 {
			seen = append(seen, get(t, srv, "user/purse").status)
		}
		assert.Equal(t, []int{500, 500, 409, 502, 200, 200}, seen)
	})
	t.Run("a negative number lasts until healed", func(t *testing.T) {
		srv := world(bigbuytest.Switches{})
		srv.Fail(bigbuytest.RoutePurse, bigbuytest.Oops, -1)
		for range 5 {
			assert.Equal(t, 500, get(t, srv, "user/purse").status)
		}
		srv.Heal()
		assert.Equal(t, 200, get(t, srv, "user/purse").status)
	})
	t.Run("a call that the limiter stops uses up no plan", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			srv := bigbuytest.New(bigbuytest.Config{})
			get(t, srv, "user/purse")
			srv.Fail(bigbuytest.RoutePurse, bigbuytest.Oops, 1)
			assert.Equal(t, 429, get(t, srv, "user/purse").status)
			time.Sleep(time.Second)
			assert.Equal(t, 500, get(t, srv, "user/purse").status)
		})
	})
	t.Run("a function decides where nothing is planned, and may change the world", func(t *testing.T) {
		srv := world(bigbuytest.Switches{})
		var seen []bigbuytest.Call
		srv.OnCall(func(c bigbuytest.Call) bigbuytest.Fault {
			seen = append(seen, c)
			srv.SetStock(lamp, 1, 0)
			if c.Number == 2 {
				srv.Heal()
				return bigbuytest.BadGateway
			}
			return bigbuytest.None
		})
		a, err := create(t, srv, "r")
		require.NoError(t, err)
		assert.Contains(t, a.body, "ER003", "somebody was faster")
		assert.Equal(t, 502, get(t, srv, "user/purse").status)
		assert.Equal(t, 200, get(t, srv, "user/purse").status, "nobody is asked any more")
		require.Len(t, seen, 2)
		assert.Equal(t, bigbuytest.RouteCreate, seen[0].Route)
		assert.Contains(t, string(seen[0].Body), `"internalReference":"r"`)
		assert.Equal(t, "/rest/user/purse", seen[1].Path)
	})
	t.Run("every fault has a name of its own", func(t *testing.T) {
		names := map[string]bool{}
		for _, f := range bigbuytest.Faults() {
			names[f.String()] = true
		}
		assert.Len(t, names, len(bigbuytest.Faults()))
		assert.NotContains(t, names, "unknown")
		assert.NotContains(t, names, "none")
		assert.Equal(t, "truncated", bigbuytest.Truncated.String())
		assert.Equal(t, "throttle", bigbuytest.Throttle.String())
		assert.Equal(t, "partial", bigbuytest.Partial.String())
	})
	t.Run("no fault of any kind upsets the server", func(t *testing.T) {
		for _, f := range bigbuytest.Faults() {
			for _, flag := range []bigbuytest.Fault{0, bigbuytest.AfterCommit, bigbuytest.LateCommit} {
				srv := world(bigbuytest.Switches{})
				srv.Fail(bigbuytest.AnyRoute, f|flag, 2)
				ctx, cancel := context.WithCancel(t.Context())
				if f == bigbuytest.Hang {
					cancel()
				}
				req, err := http.NewRequestWithContext(ctx, http.MethodGet, bigbuytest.URL+"/rest/user/purse", nil)
				require.NoError(t, err)
				req.Header.Set("Authorization", "Bearer "+bigbuytest.Token)
				res, err := srv.Client().Do(req)
				if err == nil {
					assert.NoError(t, res.Body.Close())
				}
				cancel()
				assert.Equal(t, "10000.00", srv.Balance().Text())
			}
		}
	})
}

func TestConcurrency(t *testing.T) {
	srv := world(bigbuytest.Switches{})
	srv.Fail(bigbuytest.RouteCreate, bigbuytest.ServerError|bigbuytest.AfterCommit, 10)
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			if _, err := create(t, srv, "r"+string(rune('a'+i%20))); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	assert.Len(t, srv.Orders(), 20, "each reference once")
	assert.Equal(t, "9803.80", srv.Balance().Text())
	assert.Equal(t, 40, srv.Requests(bigbuytest.RouteCreate))
	assert.Equal(t, 40, srv.Requests(bigbuytest.AnyRoute))
}
