package bigbuy_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
)

func TestCarriersOnDemand(t *testing.T) {
	world := bigbuytest.Config{Switches: bigbuytest.Switches{CarriersRequired: true}}
	t.Run("a list that BigBuy insists on is fetched once", func(t *testing.T) {
		in(t, world, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
			q, err := s.Check(t.Context(), purchase(bigbuytest.SKULamp))
			require.NoError(t, err)
			assert.Empty(t, q.Refusals)
			_, err = s.Place(t.Context(), purchase(bigbuytest.SKULamp))
			require.NoError(t, err)
			assert.Len(t, srv.Orders(), 1)
			assert.Equal(t, 1, srv.Requests(bigbuytest.RouteShippingCarriers))
			assert.Equal(t, 1, srv.Requests(bigbuytest.RouteCreateMulti))
		})
	})
	t.Run("also when nothing was checked before", func(t *testing.T) {
		in(t, world, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
			placed, err := s.Place(t.Context(), purchase(bigbuytest.SKULamp))
			require.NoError(t, err)
			assert.Len(t, placed.Placements, 1)
			assert.Len(t, srv.Orders(), 1)
		})
	})
	t.Run("without the list nothing was bought", func(t *testing.T) {
		in(t, world, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
			srv.Fail(bigbuytest.RouteShippingCarriers, bigbuytest.ServerError, -1)
			_, err := s.Place(t.Context(), purchase(bigbuytest.SKULamp))
			assert.Equal(t, mip.ErrUnavailable, mip.KindOf(err))
			assert.Empty(t, srv.Orders())
		})
	})
	t.Run("a person's choice is never widened", func(t *testing.T) {
		in(t, world, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
			p := purchase(bigbuytest.SKULamp)
			p.Shipping = []string{"no such service"}
			placed, err := s.Place(t.Context(), p)
			require.NoError(t, err)
			assert.Equal(t, []string{"shipping.no_carrier"}, codes(placed.Refusals))
			assert.Zero(t, srv.Requests(bigbuytest.RouteShippingCarriers))
		})
	})
}

func TestWrongContentTypeIsAnError(t *testing.T) {
	_, err := supplier(t, always(415, `{"code":415,"message":"Unsupported Media Type"}`)).Check(t.Context(), purchase("S0000001"))
	assert.ErrorIs(t, err, mip.ErrInvalid, "our fault, not the order's")
}
