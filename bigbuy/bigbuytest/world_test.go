package bigbuytest_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
)

func TestPlaceByHand(t *testing.T) {
	t.Run("a person's order follows the same rules", func(t *testing.T) {
		srv := bigbuytest.New(bigbuytest.Config{Switches: bigbuytest.Switches{PackMissing: true, CarriersRequired: true}})
		placed, err := srv.PlaceByHand("shop-1", anna(), mip.Item{SKU: lamp, Quantity: 1}, mip.Item{SKU: kettle, Quantity: 2})
		require.NoError(t, err, "the web shop needs no pack and chooses the carrier")
		require.Len(t, placed, 2)
		assert.True(t, placed[0].ByHand)
		assert.Equal(t, []mip.Item{{SKU: kettle, Quantity: 2}}, placed[1].Items)
		assert.Equal(t, "Ana", placed[0].ShipTo.FirstName)
		assert.Equal(t, placed, srv.Orders())
		spent, err := mip.Sum(placed[0].Total, placed[1].Total, srv.Balance())
		require.NoError(t, err)
		assert.True(t, spent.Equal(mip.EUR(10_000_00)))
		assert.Equal(t, `{"id":"15000001","totalPaidTaxIncl":"9.81"}`, get(t, srv, "order/reference/shop-1").body)
		assert.Equal(t, 1, srv.Requests(bigbuytest.AnyRoute), "a person makes no request")
		a, err := create(t, srv, "x")
		require.NoError(t, err)
		assert.Contains(t, a.body, "ER014", "the switches are as they were")
	})
	for _, c := range []struct {
		name, reference, code string
		to                    func(*mip.Address)
		item                  mip.Item
	}{
		{"a used reference", "used", "ER008", func(*mip.Address) {}, mip.Item{SKU: lamp, Quantity: 1}},
		{"an empty purse", "r", "ER005", func(*mip.Address) {}, mip.Item{SKU: bigbuytest.SKUSofa, Quantity: 10}},
		{"both lines of the address count", "r", "400", func(a *mip.Address) { a.Line1, a.Line2 = strings.Repeat("x", 35), strings.Repeat("y", 34) }, mip.Item{SKU: lamp, Quantity: 1}},
		{"a wrong postcode", "r", "ER004", func(a *mip.Address) { a.Postcode = "x" }, mip.Item{SKU: lamp, Quantity: 1}},
	} {
		t.Run(c.name+" is refused", func(t *testing.T) {
			srv := world(bigbuytest.Switches{})
			_, err := srv.PlaceByHand("used", anna(), mip.Item{SKU: lamp, Quantity: 1})
			require.NoError(t, err)
			to := anna()
			c.to(&to)
			placed, err := srv.PlaceByHand(c.reference, to, c.item)
			why, isRefusal := errors.AsType[*bigbuytest.Refusal](err)
			require.True(t, isRefusal)
			assert.Equal(t, c.code, why.Code)
			assert.Empty(t, placed)
			assert.Len(t, srv.Orders(), 1)
		})
	}
}

func TestControls(t *testing.T) {
	t.Run("purse, prices, products", func(t *testing.T) {
		srv := bigbuytest.New(bigbuytest.Config{Balance: mip.EUR(0), Products: []bigbuytest.Product{{SKU: "P1", Wholesale: mip.EUR(1_00), Stock: map[int]int{7: 1}}}})
		srv.Switch(func(w *bigbuytest.Switches) { w.NoLimits = true })
		assert.Equal(t, `"0.00"`, get(t, srv, "user/purse").body)
		ask := func() string { return post(t, srv, "order/check/multishipping", order("", "P1", 1).body(t)).body }
		assert.Contains(t, ask(), `"code":"ER005"`)
		srv.TopUp(mip.EUR(6_05))
		assert.Contains(t, ask(), `"total":6.049999999999999,"warehouse":7`)
		srv.SetPrice("P1", mip.EUR(1_01))
		assert.Contains(t, ask(), `"code":"ER005"`)
		srv.SetActive("P1", false)
		assert.Contains(t, ask(), `"code":"409","message":"Inactive product."`)
		srv.AddProduct(bigbuytest.Product{SKU: "P2", Wholesale: mip.EUR(50)})
		assert.Contains(t, get(t, srv, "catalog/products").body, `"sku":"P2"`)
		assert.Zero(t, srv.Stock("P2"))
	})
	t.Run("an order keeps the price it was made at", func(t *testing.T) {
		srv := two(t, bigbuytest.Switches{})
		srv.SetPrice(lamp, mip.EUR(99_00))
		assert.Contains(t, get(t, srv, "order/15000001").body, `"priceTaxExcl":4.52`)
	})
	t.Run("a product goes out from the warehouse that has enough", func(t *testing.T) {
		srv := world(bigbuytest.Switches{})
		for quantity, warehouse := range map[int]int{10: 1, 11: 2} {
			placed, err := srv.PlaceByHand("r"+string(rune('a'+quantity)), anna(), mip.Item{SKU: bigbuytest.SKUTowel, Quantity: quantity})
			require.NoError(t, err)
			assert.Equal(t, warehouse, placed[0].Warehouse)
			srv.SetStock(bigbuytest.SKUTowel, 1, 10)
		}
	})
	t.Run("a world that contradicts itself is a panic", func(t *testing.T) {
		assert.Panics(t, func() { bigbuytest.New(bigbuytest.Config{Balance: mip.Minor(1, "USD")}) })
		assert.Panics(t, func() {
			bigbuytest.New(bigbuytest.Config{Products: append(bigbuytest.Catalogue(), bigbuytest.Catalogue()[0])})
		})
		assert.Panics(t, func() { bigbuytest.New(bigbuytest.Config{}).SetStock("X1", 1, 1) })
	})
	t.Run("the reference is hidden for a while", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			srv := world(bigbuytest.Switches{LookupLag: time.Minute})
			_, err := create(t, srv, "r")
			require.NoError(t, err)
			time.Sleep(59 * time.Second)
			assert.Equal(t, 404, get(t, srv, "order/reference/r").status)
			assert.Equal(t, 200, get(t, srv, "order/15000001").status)
			time.Sleep(time.Second)
			assert.Equal(t, 200, get(t, srv, "order/reference/r").status)
		})
	})
	t.Run("latency delays the answer, and ends with the context", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			srv := world(bigbuytest.Switches{Latency: 2 * time.Second})
			start := time.Now()
			get(t, srv, "user/purse")
			assert.Equal(t, 2*time.Second, time.Since(start))
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, bigbuytest.URL+"/rest/user/purse", nil)
			require.NoError(t, err)
			_, err = srv.Client().Do(req) //nolint:bodyclose // there is none
			require.ErrorIs(t, err, context.DeadlineExceeded)
			assert.Equal(t, 3*time.Second, time.Since(start))
		})
	})
	t.Run("a context that has ended sends nothing", func(t *testing.T) {
		srv := world(bigbuytest.Switches{})
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, bigbuytest.URL+"/rest/user/purse", nil)
		require.NoError(t, err)
		_, err = srv.Client().Do(req) //nolint:bodyclose // there is none
		require.ErrorIs(t, err, context.Canceled)
		assert.Zero(t, srv.Requests(bigbuytest.AnyRoute))
	})
	t.Run("answers set cookies and a date", func(t *testing.T) {
		a := get(t, world(bigbuytest.Switches{}), "user/purse")
		assert.Len(t, a.header.Values("Set-Cookie"), 2)
		assert.NotEmpty(t, a.header.Get("Date"))
	})
}

func TestLoopback(t *testing.T) {
	srv := world(bigbuytest.Switches{})
	url, stop, err := srv.Listen("")
	require.NoError(t, err)
	defer func() { assert.NoError(t, stop()) }()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	call := func(ctx context.Context) (int, error) {
		req, err := http.NewRequestWithContext(ctx, http.MethodPost, url+"/rest/order/create", strings.NewReader(order("r", lamp, 1).body(t)))
		require.NoError(t, err)
		req.Header.Set("Authorization", "Bearer "+bigbuytest.Token)
		req.Header.Set("Content-Type", "application/json")
		res, err := client.Do(req)
		if err != nil {
			return 0, err
		}
		return res.StatusCode, res.Body.Close()
	}
	srv.Fail(bigbuytest.RouteCreate, bigbuytest.Reset|bigbuytest.AfterCommit, 1)
	_, err = call(t.Context())
	require.Error(t, err)
	assert.Len(t, srv.Orders(), 1)

	ctx, cancel := context.WithCancel(t.Context())
	srv.OnCall(func(bigbuytest.Call) bigbuytest.Fault {
		cancel()
		return bigbuytest.Timeout
	})
	_, err = call(ctx)
	require.ErrorIs(t, err, context.Canceled)

	srv.Heal()
	status, err := call(t.Context())
	require.NoError(t, err)
	assert.Equal(t, 409, status)
}
