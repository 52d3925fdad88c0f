package bigbuy_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
)

func TestLostAnswers(t *testing.T) {
	for _, fault := range bigbuytest.Faults() {
		for _, flag := range []bigbuytest.Fault{bigbuytest.None, bigbuytest.AfterCommit, bigbuytest.LateCommit} {
			t.Run(fmt.Sprintf("%v never reads as certainly not bought when it was", fault|flag), func(t *testing.T) {
				in(t, bigbuytest.Config{}, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
					srv.Fail(bigbuytest.RouteCreateMulti, fault|flag, 1)
					p := purchase(bigbuytest.SKULamp, bigbuytest.SKUChair)
					placed, err := s.Place(t.Context(), p)
					time.Sleep(time.Minute)
					assert.Equal(t, 1, srv.Requests(bigbuytest.RouteCreateMulti), "a write is never repeated")
					untold := slices.Contains(codes(placed.Refusals), mip.CodeOutcomeUnknown)
					if fault.Loses() && !untold {
						assert.Equal(t, mip.ErrUnknown, mip.KindOf(err), "%v", err)
					}
					if err != nil && mip.KindOf(err) != mip.ErrUnknown {
						assert.Empty(t, srv.Orders(), "certainly not done: %v", err)
					}
					if err == nil {
						assert.True(t, untold || len(srv.Orders()) == len(placed.Placements), "%+v", placed)
					}
				})
			})
		}
	}
}

func TestFind(t *testing.T) {
	t.Run("production: absence is authoritative", func(t *testing.T) {
		in(t, bigbuytest.Config{}, func(t *testing.T, _ *bigbuytest.Server, s *bigbuy.Supplier) {
			f, err := s.Find(t.Context(), "shop-404")
			require.NoError(t, err)
			assert.Equal(t, mip.Found{Authoritative: true}, f)
		})
	})
	t.Run("sandbox: absence proves nothing", func(t *testing.T) {
		in(t, bigbuytest.Config{Switches: bigbuytest.Switches{Sandbox: true}}, func(t *testing.T, _ *bigbuytest.Server, s *bigbuy.Supplier) {
			f, err := s.Find(t.Context(), "shop-404")
			require.NoError(t, err)
			assert.Equal(t, mip.Found{}, f)
		})
	})
	for _, fault := range []bigbuytest.Fault{bigbuytest.ServerError, bigbuytest.Empty, bigbuytest.SoftError, bigbuytest.Embedded,
		bigbuytest.GatewayTimeout, bigbuytest.Oops, bigbuytest.Timeout, bigbuytest.NotAvailable} {
		t.Run(fmt.Sprintf("%v is no absence", fault), func(t *testing.T) {
			in(t, bigbuytest.Config{}, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
				srv.Fail(bigbuytest.RouteReference, fault, -1)
				_, err := s.Find(t.Context(), "shop-1001")
				assert.Equal(t, mip.ErrUnavailable, mip.KindOf(err), "%v", err)
			})
		})
	}
	for _, body := range []string{
		`{"code":404,"message":"No route found for \"GET /rest/order/reference/shop-1001.json\""}`,
		`{"message":"no Route matched with those values"}`,
		`{"code":404,"message":"Not Found"}`,
		`{"code":404,"message":"No carriers found"}`,
	} {
		t.Run("a 404 that does not speak of the order is no absence: "+body, func(t *testing.T) {
			f, err := supplier(t, always(404, body)).Find(t.Context(), "shop-1001")
			require.Error(t, err)
			assert.Zero(t, f)
		})
	}
	for named, want := range map[string]error{"shop-1001": nil, "SHOP-1001": nil, "shop1001": nil, "": nil, "shop-10011": mip.ErrContract, "shop-1001--2": mip.ErrContract} {
		t.Run("an order that names another reference is somebody else's: "+named, func(t *testing.T) {
			w := routes{"GET order/reference/shop-1001.json": `{"id":"7"}`,
				"GET order/7.json": `{"id":"7","internalReference":"` + named + `","status":"En proceso","products":[{"reference":"S0000001","quantity":1}]}`}
			f, err := supplier(t, nil, func(c *bigbuy.Config) { c.Transport = w }).Find(t.Context(), "shop-1001")
			assert.Equal(t, want, mip.KindOf(err))
			assert.Equal(t, want == nil, len(f.Placements) == 1)
			assert.Equal(t, want == nil, f.Authoritative)
		})
	}
	for _, reference := range []string{"products-1001", "carrier-7", "freeshipping-8"} {
		t.Run("a reference says nothing of what is missing: "+reference, func(t *testing.T) {
			in(t, bigbuytest.Config{}, func(t *testing.T, _ *bigbuytest.Server, s *bigbuy.Supplier) {
				f, err := s.Find(t.Context(), reference)
				require.NoError(t, err)
				assert.True(t, f.Authoritative)
			})
		})
	}
	t.Run("a failure that passes is repeated away", func(t *testing.T) {
		in(t, bigbuytest.Config{}, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
			srv.Fail(bigbuytest.RouteReference, bigbuytest.BadGateway, 2)
			f, err := s.Find(t.Context(), "shop-404")
			require.NoError(t, err)
			assert.True(t, f.Authoritative)
		})
	})
}

func TestNoPersonalDataInErrors(t *testing.T) {
	const canary = "CANARYCANARY"
	for _, v := range variants() {
		body := strings.ReplaceAll(v.body, "This", canary+" This")
		s := supplier(t, always(v.status, body+strings.Repeat(" ", 3)))
		p := purchase(bigbuytest.SKULamp)
		p.ShipTo.LastName, p.Note, p.Reference = canary, canary, strings.ToLower(canary)
		placed, err := s.Place(t.Context(), p)
		_, lookup := s.Find(t.Context(), p.Reference)
		e, _ := errors.AsType[*bigbuy.Error](err)
		text := strings.ToUpper(fmt.Sprintf("%v %+v %v %v %#v", err, err, lookup, e, e))
		assert.NotContains(t, text, canary, v.name)
		b, jsonErr := json.Marshal(placed.Refusals)
		require.NoError(t, jsonErr)
		assert.NotContains(t, string(b), canary, v.name)
	}
	assert.NotContains(t, fmt.Sprintf("%v %+v %#v", bigbuy.Address{LastName: canary}, bigbuy.OrderRequest{ShippingAddress: bigbuy.Address{Phone: canary}},
		bigbuy.Address{Town: canary}), canary)
}
