package miptest_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/channels/channeltest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/miptest"
)

// A whole world in three lines: a shop, BigBuy, and an engine between them.
func ExampleEngine() {
	_ = func(t *testing.T) {
		shop, supplier := channeltest.NewShop("demo"), bigbuytest.New(bigbuytest.Config{}).Supplier(bigbuy.Config{})
		eng := miptest.Engine(t, supplier, shop)
		ref := shop.Buy(channeltest.Order(1))

		if err := eng.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
		if x, _ := eng.Explain(t.Context(), ref); x.Order.State != mip.StateSubmitted {
			t.Error("held for", mip.Codes(x.Why))
		}
	}
}

func TestAWholeWorldInThreeLines(t *testing.T) {
	shop, supplier := channeltest.NewShop("demo"), bigbuytest.New(bigbuytest.Config{}).Supplier(bigbuy.Config{})
	eng := miptest.Engine(t, supplier, shop)
	ref := shop.Buy(channeltest.Order(1))

	require.NoError(t, eng.Sync(t.Context()))
	x, err := eng.Explain(t.Context(), ref)
	require.NoError(t, err)
	assert.Equal(t, mip.StateSubmitted, x.Order.State, "held for %v", mip.Codes(x.Why))
}

// Order promises that any of some hundreds is bought without a person.
func TestEveryOrderOfTheTestShopIsBought(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		server := bigbuytest.New(bigbuytest.Config{Balance: mip.EUR(100_000_00)})
		shop := channeltest.NewShop("demo")
		eng := miptest.Engine(t, server.Supplier(bigbuy.Config{}), shop)
		var refs []mip.Ref
		for n := range 200 {
			refs = append(refs, shop.Buy(channeltest.Order(n)))
		}
		require.NoError(t, eng.Sync(t.Context()))
		for n, ref := range refs {
			x, err := eng.Explain(t.Context(), ref)
			require.NoError(t, err)
			assert.Equal(t, mip.StateSubmitted, x.Order.State, "order %d is held for %v", n, mip.Codes(x.Why))
			assert.Empty(t, x.Order.OpenItems(), "order %d", n)
		}
	})
}

// What goes wrong in a test takes a line each, and a bubble's clock waits for nothing.
func TestWhatGoesWrongIsToldInOneLine(t *testing.T) {
	wrong := func(claim string, plan func(*bigbuytest.Server), want mip.State, codes ...string) {
		t.Run(claim, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				server, shop := bigbuytest.New(bigbuytest.Config{}), channeltest.NewShop("demo")
				eng := miptest.Engine(t, server.Supplier(bigbuy.Config{}), shop)
				plan(server)
				ref := shop.Buy(channeltest.Order(4))
				for range 4 {
					_ = eng.Sync(t.Context()) // what fails is tried again
					time.Sleep(time.Minute)
				}
				x, err := eng.Explain(t.Context(), ref)
				require.NoError(t, err)
				assert.Equal(t, want, x.Order.State)
				assert.Equal(t, codes, mip.Codes(x.Why))
				assert.Equal(t, claim == "a lost answer", server.Requests(bigbuytest.RouteReference) > 0, "looked up before anything is bought again")
				if want == mip.StateSubmitted {
					assert.Len(t, server.Orders(), len(x.Order.Placements), "bought once")
				}
			})
		})
	}
	wrong("a lost answer", func(s *bigbuytest.Server) {
		s.Fail(bigbuytest.RouteCreateMulti, bigbuytest.Timeout|bigbuytest.AfterCommit, 1)
	}, mip.StateSubmitted)
	wrong("a rate limit", func(s *bigbuytest.Server) { s.Fail(bigbuytest.AnyRoute, bigbuytest.Throttle, 1) }, mip.StateSubmitted)
	wrong("an empty purse", func(s *bigbuytest.Server) { s.TopUp(mip.EUR(-10_000_00)) }, mip.StatePendingReview, mip.CodeInsufficientFunds)
}

func TestAProcessNamesItsCalls(t *testing.T) {
	var seen []string
	p := miptest.NewProcess(t.Context(), func(at miptest.Point) miptest.Mishap {
		seen = append(seen, at.Port+" "+at.Call)
		return miptest.Fine
	})
	shop, server := channeltest.NewShop("demo"), bigbuytest.New(bigbuytest.Config{})
	eng := miptest.Engine(t, p.Supplier(server.Supplier(bigbuy.Config{})), p.Channel(shop))
	shop.Buy(channeltest.Order(1))
	require.NoError(t, eng.Sync(t.Context()))
	assert.Equal(t, []string{"channel page", "supplier balance", "supplier check", "supplier place", "channel report"}, seen)
}
