package shopify_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"slices"
	"strconv"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/shopify"
	"github.com/openmip/openmip/channels/shopify/shopifytest"
	"github.com/openmip/openmip/mip"
)

// world is a fake shop whose schema is Shopify's, where it is there.
func world(t testing.TB, c shopifytest.Config) *shopifytest.Server {
	t.Helper()
	schema, err := shopifytest.Schema()
	require.NoError(t, err)
	c.Schema = schema
	return shopifytest.New(c)
}

// all reads to the end.
func all(t *testing.T, channel mip.Channel, since mip.Cursor) (map[string]mip.Facts, mip.Cursor, error) {
	t.Helper()
	out, next := map[string]mip.Facts{}, since
	for page, err := range channel.Orders(t.Context(), since) {
		if err != nil {
			return out, next, err
		}
		for _, f := range page.Orders {
			out[f.Ref.ID] = f
		}
		if page.Next != "" {
			next = page.Next
		}
	}
	return out, next, nil
}

func id(n int64) string { return strconv.FormatInt(n, 10) }

func TestWhatIsPaidAndToBeShipped(t *testing.T) {
	three := []shopifytest.Line{{Quantity: 3}}
	for _, c := range []struct {
		name   string
		order  shopifytest.Order
		then   func(*shopifytest.Server, int64)
		config func(*shopify.Config)
		want   mip.Demand
		defect string
	}{
		{name: "paid and routed", want: mip.DemandShip},
		{name: "partly refunded", order: shopifytest.Order{Financial: "PARTIALLY_REFUNDED"}, want: mip.DemandShip},
		{name: "authorized", order: shopifytest.Order{Financial: "AUTHORIZED"}, want: mip.DemandUnpaid},
		{name: "authorized where that is enough", order: shopifytest.Order{Financial: "AUTHORIZED"}, want: mip.DemandShip,
			config: func(c *shopify.Config) { c.Ship = []string{"AUTHORIZED"} }},
		{name: "pending", order: shopifytest.Order{Financial: "PENDING"}, want: mip.DemandUnpaid},
		{name: "expired", order: shopifytest.Order{Financial: "EXPIRED"}, want: mip.DemandUnpaid},
		{name: "partly paid", order: shopifytest.Order{Financial: "PARTIALLY_PAID"}, want: mip.DemandUnpaid},
		{name: "refunded", order: shopifytest.Order{Financial: "REFUNDED"}, want: mip.DemandCancel},
		{name: "voided", order: shopifytest.Order{Financial: "VOIDED"}, want: mip.DemandCancel},
		{name: "in a financial status nobody knows", order: shopifytest.Order{Financial: "PAID_IN_SHELLS"}, want: mip.DemandUnpaid, defect: "displayFinancialStatus"},
		{name: "without a financial status", want: mip.DemandUnpaid, defect: "displayFinancialStatus",
			order: shopifytest.Order{Edit: func(f map[string]any) { f["displayFinancialStatus"] = nil }}},
		{name: "a test", order: shopifytest.Order{Test: true}, want: mip.DemandUnpaid},
		{name: "a test where those are bought", order: shopifytest.Order{Test: true}, want: mip.DemandShip,
			config: func(c *shopify.Config) { c.TestOrders = true }},
		{name: "nothing to ship", order: shopifytest.Order{Lines: []shopifytest.Line{{Digital: true}}}, want: mip.DemandClosed},
		{name: "on hold", order: shopifytest.Order{Hold: "ON_HOLD"}, want: mip.DemandUnpaid},
		{name: "scheduled", order: shopifytest.Order{Hold: "SCHEDULED"}, want: mip.DemandUnpaid},
		{name: "with a service that cannot", want: mip.DemandUnpaid, then: func(s *shopifytest.Server, n int64) { s.Hold(n, "INCOMPLETE") }},
		{name: "in a fulfillment status nobody knows", want: mip.DemandUnpaid, defect: "fulfillmentOrders[0].status",
			then: func(s *shopifytest.Server, n int64) { s.Hold(n, "AT_SEA") }},
		{name: "another service's", want: mip.DemandUnpaid,
			then: func(s *shopifytest.Server, n int64) {
				s.Edit(n, func(o *shopifytest.Order) { o.Routes[0].Foreign = true })
			}},
		{name: "cancelled", want: mip.DemandCancel, then: (*shopifytest.Server).Cancel},
		{name: "only its fulfillment order cancelled", want: mip.DemandCancel, then: func(s *shopifytest.Server, n int64) { s.Hold(n, "CANCELLED") }},
		{name: "shipped by hand", want: mip.DemandClosed, then: func(s *shopifytest.Server, n int64) { s.Fulfil(n) }},
		{name: "archived", want: mip.DemandClosed,
			then: func(s *shopifytest.Server, n int64) { s.Edit(n, func(o *shopifytest.Order) { o.Closed = time.Now() }) }},
		{name: "shipped by hand and taken back", want: mip.DemandShip, then: func(s *shopifytest.Server, n int64) {
			s.Fulfil(n)
			o, _ := s.Order(n)
			s.Unship(n, o.Shipments[0].ID)
		}},
		{name: "with more shipping lines than are read", want: mip.DemandShip, order: shopifytest.Order{Shipping: slices.Repeat([]shopifytest.Shipping{{Title: "Standard", Price: "1.00"}}, 21)}, defect: "shippingLines"},
		{name: "without the list of its fulfillment orders", want: mip.DemandUnpaid, defect: "fulfillmentOrders",
			order: shopifytest.Order{Edit: func(f map[string]any) { f["fulfillmentOrders"] = nil }}},
		{name: "without an address", order: shopifytest.Order{NoAddress: true}, want: mip.DemandShip, defect: "shippingAddress"},
		{name: "with a line that was taken out", order: shopifytest.Order{Lines: three}, want: mip.DemandShip, then: func(s *shopifytest.Server, n int64) {
			o, _ := s.Order(n)
			s.Remove(n, map[int64]int{o.Lines[0].ID: 1})
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			shop := world(t, shopifytest.Config{})
			channel := open(t, shop)
			if c.config != nil {
				channel = open(t, shop, c.config)
			}
			n := shop.Buy(c.order)
			if c.then != nil {
				c.then(shop, n)
			}
			f, err := channel.Order(t.Context(), id(n))
			require.NoError(t, err)
			assert.Equal(t, c.want, f.Demand)
			if c.defect == "" {
				assert.Empty(t, f.Defects)
			} else if assert.Len(t, f.Defects, 1) {
				assert.Equal(t, c.defect, f.Defects[0].Path)
			}
		})
	}
}

func TestAHoldThatEndsBringsTheOrderAgainThoughItDidNotChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := world(t, shopifytest.Config{})
		channel := open(t, shop)
		held := shop.Buy(shopifytest.Order{Hold: "ON_HOLD"})
		time.Sleep(time.Hour)
		shop.Buy(shopifytest.Order{})
		first, next, err := all(t, channel, "")
		require.NoError(t, err)
		assert.Equal(t, mip.DemandUnpaid, first[id(held)].Demand)
		time.Sleep(time.Hour)
		shop.Hold(held, "OPEN")
		then, _, err := all(t, channel, next)
		require.NoError(t, err)
		require.Contains(t, then, id(held))
		assert.Equal(t, mip.DemandShip, then[id(held)].Demand)
		assert.True(t, then[id(held)].UpdatedAt.After(first[id(held)].UpdatedAt), "or it would count as known")
	})
}

func TestAnOrderThatIsNotRoutedYetComesAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := world(t, shopifytest.Config{Routing: 20 * time.Minute})
		channel := open(t, shop)
		n := shop.Buy(shopifytest.Order{})
		time.Sleep(time.Minute)
		first, next, err := all(t, channel, "")
		require.NoError(t, err)
		assert.Equal(t, mip.DemandUnpaid, first[id(n)].Demand)
		assert.Empty(t, first[id(n)].Defects)
		time.Sleep(time.Hour)
		then, _, err := all(t, channel, next)
		require.NoError(t, err)
		assert.Equal(t, mip.DemandShip, then[id(n)].Demand)
	})
}

func TestAMissingScopeIsToldFromAnEmptyShop(t *testing.T) {
	for name, scopes := range map[string][]string{
		"fulfillment orders": {"write_orders"}, "orders": {"write_merchant_managed_fulfillment_orders"},
	} {
		shop := world(t, shopifytest.Config{Scopes: scopes})
		channel := open(t, shop)
		n := shop.Buy(shopifytest.Order{})
		_, next, err := all(t, channel, "")
		require.ErrorIs(t, err, mip.ErrUnauthorized, name)
		assert.Empty(t, next, name)
		_, err = channel.Order(t.Context(), id(n))
		require.ErrorIs(t, err, mip.ErrUnauthorized, name)
		err = channel.Report(t.Context(), mip.Ref{Channel: "shop", ID: id(n)}, mip.Status{State: mip.StateShipped, Parcels: []mip.Parcel{{ID: "1", Number: "T1"}}})
		require.ErrorIs(t, err, mip.ErrUnauthorized, name)
	}
}

func TestReadingFarBackNeedsTheScopeForIt(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := world(t, shopifytest.Config{Scopes: []string{"write_orders", "write_merchant_managed_fulfillment_orders"}})
		channel := open(t, shop)
		_, _, err := all(t, channel, channel.CursorAt(time.Now().Add(-61*24*time.Hour)))
		require.ErrorIs(t, err, mip.ErrUnauthorized)
		_, _, err = all(t, channel, channel.CursorAt(time.Now().Add(-59*24*time.Hour)))
		require.NoError(t, err)
	})
}

func TestHiddenBuyersAreADefectOrARefusal(t *testing.T) {
	shop := world(t, shopifytest.Config{Buyers: shopifytest.Nulled})
	n := shop.Buy(shopifytest.Order{})
	f, err := open(t, shop).Order(t.Context(), id(n))
	require.NoError(t, err)
	require.Len(t, f.Defects, 1)
	assert.Equal(t, "shippingAddress", f.Defects[0].Path)

	shop = world(t, shopifytest.Config{Buyers: shopifytest.Denied})
	shop.Buy(shopifytest.Order{})
	got, _, err := all(t, open(t, shop), "")
	require.ErrorIs(t, err, mip.ErrUnauthorized)
	assert.Empty(t, got)
}

func TestAmountsAreWhatTheBuyerPaid(t *testing.T) {
	lines := []shopifytest.Line{{Quantity: 3, Price: "10.00", Discount: "0.01", Tax: "6.30", Variant: "Red"}, {Quantity: 1, Price: "5.00", Digital: true}}
	shipping := []shopifytest.Shipping{{Title: "Standard", Price: "4.00", Tax: "0.84"}, {Title: "Gone", Price: "9.00", Removed: true}, {Title: "Insured", Price: "1.00"}}
	for _, c := range []struct {
		net           bool
		line, postage int64
	}{{false, 29_99, 5_00}, {true, 36_29, 5_84}} {
		shop := world(t, shopifytest.Config{})
		n := shop.Buy(shopifytest.Order{Lines: lines, Shipping: shipping, NetPrices: c.net, Total: "99.90"})
		f, err := open(t, shop).Order(t.Context(), id(n))
		require.NoError(t, err)
		require.Empty(t, f.Defects)
		assert.Equal(t, mip.EUR(c.line).String(), f.Lines[0].Total.String())
		assert.Equal(t, mip.EUR(c.postage).String(), f.Postage.String())
		assert.Equal(t, "Standard, Insured", f.Service)
		assert.Equal(t, "99.90 EUR", f.Total.String())
		assert.True(t, f.Lines[1].Foreign, "a gift card is not sent")
		assert.False(t, f.Lines[0].Foreign)
		assert.Equal(t, " - Red", f.Lines[0].Title)
	}
}

func TestAnotherVersionThanAskedIsLoggedOnce(t *testing.T) {
	var log bytes.Buffer
	shop := world(t, shopifytest.Config{Version: "2027-01"})
	channel := open(t, shop, func(c *shopify.Config) { c.Logger = slog.New(slog.NewTextHandler(&log, nil)) })
	for range 3 {
		_, _, err := all(t, channel, "")
		require.NoError(t, err)
	}
	assert.Equal(t, 1, bytes.Count(log.Bytes(), []byte("another API version")), fmt.Sprint(log.Len()))
}
