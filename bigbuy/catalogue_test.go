package bigbuy_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
)

func TestProducts(t *testing.T) {
	in(t, bigbuytest.Config{}, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
		got, err := s.Products(t.Context(), []string{bigbuytest.SKULamp, bigbuytest.SKUInactive, bigbuytest.SKUShirt,
			bigbuytest.SKUTowel, "S9999999", bigbuytest.SKULamp, ""})
		require.NoError(t, err)
		require.Len(t, got, 5)
		lamp := got[bigbuytest.SKULamp]
		assert.True(t, lamp.Known && lamp.Active && !lamp.Variants)
		assert.Equal(t, 1000, lamp.Stock)
		assert.True(t, mip.EUR(4_52).Equal(lamp.Wholesale))
		assert.False(t, got[bigbuytest.SKUInactive].Active)
		assert.True(t, got[bigbuytest.SKUShirt].Variants)
		assert.Equal(t, 110, got[bigbuytest.SKUTowel].Stock, "over all warehouses")
		assert.Equal(t, mip.Product{SKU: "S9999999", Stock: -1}, got["S9999999"])
		assert.Zero(t, srv.Throttled())
	})
	t.Run("a variation", func(t *testing.T) {
		s := supplier(t, routes{
			"GET catalog/productinformationbysku/V1.json":               `[{"id":108,"sku":"S0000007"},{"id":108,"sku":"V1"}]`,
			"GET catalog/product/108.json":                              `{"id":108,"sku":"S0000007","active":1,"attributes":true,"wholesalePrice":1}`,
			"GET catalog/productvariationsstockbyhandlingdays/108.json": `[{"id":1,"sku":"V0","stocks":[{"quantity":9}]},{"id":2,"sku":"V1","stocks":[{"quantity":4},{"quantity":"3"}]}]`,
		})
		got, err := s.Products(t.Context(), []string{"V1"})
		require.NoError(t, err)
		assert.Equal(t, mip.Product{SKU: "V1", Known: true, Active: true, Stock: 7}, got["V1"])
	})
	t.Run("an outage is no absence", func(t *testing.T) {
		for _, body := range []string{`{"code":409,"message":"No products found in cache"}`, ``, `{"error":"Information is not available right now."}`} {
			_, err := supplier(t, always(200, body)).Products(t.Context(), []string{"S"})
			assert.ErrorIs(t, err, mip.ErrUnavailable)
		}
		_, err := supplier(t, always(409, `{"code":409,"message":"No products found in cache"}`)).Products(t.Context(), []string{"S"})
		assert.ErrorIs(t, err, mip.ErrUnavailable)
	})
}

func TestCarriers(t *testing.T) {
	t.Run("one warehouse, cheapest first", func(t *testing.T) {
		in(t, bigbuytest.Config{}, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
			p := purchase(bigbuytest.SKULamp)
			list, err := s.Carriers(t.Context(), p)
			require.NoError(t, err)
			require.NotEmpty(t, list)
			for i := range list[1:] {
				c, err := list[i].Cost.Cmp(list[i+1].Cost)
				require.NoError(t, err)
				assert.LessOrEqual(t, c, 0)
			}
			p.Shipping = []string{list[len(list)-1].Name}
			_, err = s.Place(t.Context(), p)
			require.NoError(t, err, "a listed name can be ordered")
			require.Len(t, srv.Orders(), 1)
			assert.Equal(t, list[len(list)-1].Label, srv.Orders()[0].Service)
		})
	})
	t.Run("several warehouses add up", func(t *testing.T) {
		in(t, bigbuytest.Config{}, func(t *testing.T, _ *bigbuytest.Server, s *bigbuy.Supplier) {
			one, err := s.Carriers(t.Context(), purchase(bigbuytest.SKULamp))
			require.NoError(t, err)
			other, err := s.Carriers(t.Context(), purchase(bigbuytest.SKUKettle))
			require.NoError(t, err)
			both, err := s.Carriers(t.Context(), purchase(bigbuytest.SKULamp, bigbuytest.SKUKettle))
			require.NoError(t, err)
			cost := func(list []mip.Carrier) map[string]mip.Money {
				out := map[string]mip.Money{}
				for _, c := range list {
					out[c.Name] = c.Cost
				}
				return out
			}
			require.NotEmpty(t, both)
			for name, sum := range cost(both) {
				want, err := cost(one)[name].Add(cost(other)[name])
				require.NoError(t, err)
				assert.True(t, want.Equal(sum), name)
			}
		})
	})
	t.Run("a service that one warehouse lacks does not count", func(t *testing.T) {
		const split = `{"code":409,"message":"This cart contains products from different warehouses.","error_detail":{"warehouses":[{"id":1,"references":["A"]},{"id":2,"references":["B"]}]}}`
		const gls, ups = `{"shippingService":{"name":"GLS"},"cost":1.5}`, `{"shippingService":{"name":"UPS"},"cost":1}`
		s := supplier(t, wire(func(r *http.Request) (int, string) {
			b, _ := io.ReadAll(r.Body)
			switch a, z := strings.Contains(string(b), `"A"`), strings.Contains(string(b), `"B"`); {
			case a && z:
				return 409, split
			case a:
				return 200, `{"shippingOptions":[` + gls + `,` + ups + `]}`
			}
			return 200, `{"shippingOptions":[` + gls + `]}`
		}))
		list, err := s.Carriers(t.Context(), purchase("A", "B"))
		require.NoError(t, err)
		assert.Equal(t, []mip.Carrier{{Name: "gls", Label: "GLS", Cost: list[0].Cost}}, list)
		assert.Equal(t, "3.00 EUR", list[0].Cost.String())
	})
	t.Run("none is an empty list", func(t *testing.T) {
		list, err := supplier(t, always(404, `{"code":404,"message":"No carriers found"}`)).Carriers(t.Context(), purchase("S"))
		require.NoError(t, err)
		assert.Empty(t, list)
	})
}
