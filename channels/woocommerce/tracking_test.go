package woocommerce_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/woocommerce"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
)

func TestTrackingComesBeforeTheStatus(t *testing.T) {
	for name, features := range map[string]wootest.Tracking{"fulfillments": wootest.Fulfillments, "extension": wootest.ShipmentTracking,
		"advanced": wootest.AdvancedShipmentTracking, "note": 0} {
		synctest.Test(t, func(t *testing.T) {
			shop := wootest.New(wootest.Config{Tracking: features})
			id := shop.Buy(wootest.Order{})
			require.NoError(t, open(t, shop).Report(t.Context(), ref(id), shipped(box("a", "N1"), box("b", ""))), name)
			writes := shop.Writes()
			assert.JSONEq(t, `{"status":"completed"}`, writes[len(writes)-1].Body, "%s: the status sends the mail, so it comes last", name)
			for _, w := range writes[:len(writes)-1] {
				assert.NotContains(t, w.Body, "completed", name)
			}
		})
	}
}

// The best means comes first, what is found is remembered, and what goes away
// is replaced.
func TestDiscovery(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := wootest.New(wootest.Config{Tracking: wootest.Fulfillments | wootest.ShipmentTracking})
		c := open(t, shop)
		tell := func() wootest.Order {
			id := shop.Buy(wootest.Order{})
			require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("a", "N1"))))
			o, _ := shop.Order(id)
			assert.Equal(t, "completed", o.Status)
			return o
		}
		assert.Len(t, tell().Fulfillments, 1)
		shop.SetTracking(wootest.ShipmentTracking)
		assert.Len(t, tell().Trackings, 1, "the route vanished: the next best")
		before := len(shop.Calls())
		assert.Len(t, tell().Trackings, 1)
		for _, call := range shop.Calls()[before:] {
			assert.NotContains(t, call.Route, "fulfillments", "what was found is asked first")
		}
		shop.SetTracking(0)
		last := tell()
		require.NotEmpty(t, last.Notes)
		assert.True(t, last.Notes[0].Customer)
		assert.Equal(t, "Tracking: DHL - N1 - https://track.test/N1", last.Notes[0].Text)

		withField := shop.Buy(wootest.Order{Trackings: []wootest.TrackingItem{{Number: "OLD", ID: "x", Provider: "UPS"}}})
		require.NoError(t, c.Report(t.Context(), ref(withField), shipped(box("a", "N1"))))
		o, _ := shop.Order(withField)
		require.Len(t, o.Trackings, 2, "an order that has the extensions' field is told there, and keeps what it has")
		assert.Equal(t, "OLD", o.Trackings[0].Number)
		assert.Equal(t, time.Date(2026, 11, 23, 22, 0, 0, 0, time.UTC).Unix(), o.Trackings[1].Shipped)
	})
}

func TestFulfillmentsNeedAManager(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		clerk := wootest.Key{Key: wootest.DefaultKey, Secret: wootest.DefaultSecret, NotShopManager: true}
		shop := wootest.New(wootest.Config{Tracking: wootest.Fulfillments | wootest.AdvancedShipmentTracking, Keys: []wootest.Key{clerk}})
		id := shop.Buy(wootest.Order{})
		require.NoError(t, open(t, shop).Report(t.Context(), ref(id), shipped(box("a", "N1"))))
		o, _ := shop.Order(id)
		assert.Len(t, o.Trackings, 1, "a key that may not use fulfillments takes the next means")

		only := open(t, shop, func(c *woocommerce.Config) { c.Tracking = woocommerce.TrackFulfillments })
		require.ErrorIs(t, only.Report(t.Context(), ref(shop.Buy(wootest.Order{})), shipped(box("a", "N1"))), mip.ErrUnauthorized, "unless it is the one that was chosen")
		shop.SetTracking(0)
		require.ErrorIs(t, only.Report(t.Context(), ref(shop.Buy(wootest.Order{})), shipped(box("a", "N1"))), mip.ErrUnavailable)
	})
}

// items returns what a fulfillment holds, by line id.
func items(f wootest.Fulfillment) map[int64]int {
	out := map[int64]int{}
	list, _ := wootest.MetaValue(f.Meta, "_items").([]any)
	for _, it := range list {
		item := it.(map[string]any)
		out[int64(item["item_id"].(float64))] += int(item["qty"].(float64))
	}
	return out
}

func TestFulfillmentItems(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := wootest.New(wootest.Config{Tracking: wootest.Fulfillments})
		c := open(t, shop, func(c *woocommerce.Config) { c.Supplies = func(sku string) bool { return strings.HasPrefix(sku, "S") } })
		buy := func() (id int64, a, b, own int64) {
			id = shop.Buy(wootest.Order{Lines: []wootest.Line{{SKU: "S1", Quantity: 3}, {SKU: "S2", Quantity: 2}, {SKU: "OWN", Quantity: 1}}})
			o, _ := shop.Order(id)
			return id, o.Lines[0].ID, o.Lines[1].ID, o.Lines[2].ID
		}
		id, a, b, _ := buy()
		first := box("p1", "N1", mip.Item{LineID: text(a), SKU: "S1", Quantity: 2})
		require.NoError(t, c.Report(t.Context(), ref(id), mip.Status{State: mip.StateSubmitted, Parcels: []mip.Parcel{first}}))
		o, _ := shop.Order(id)
		assert.Equal(t, "processing", o.Status, "a parcel may leave before the whole order has")
		require.Len(t, o.Fulfillments, 1)
		assert.Equal(t, map[int64]int{a: 2}, items(o.Fulfillments[0]))

		second := box("p2", "N2", mip.Item{SKU: "S1", Quantity: 9}, mip.Item{SKU: "S2", Quantity: 1})
		rest := box("p3", "N3")
		none := box("p4", "N4")
		for range 2 {
			require.NoError(t, c.Report(t.Context(), ref(id), shipped(first, second, rest, none)))
		}
		o, _ = shop.Order(id)
		require.Len(t, o.Fulfillments, 3)
		assert.Equal(t, map[int64]int{a: 1, b: 1}, items(o.Fulfillments[1]), "by SKU, and never more than is left")
		assert.Equal(t, map[int64]int{b: 1}, items(o.Fulfillments[2]), "whoever names no items takes what is left, other suppliers' lines apart")
		customer := 0
		for _, n := range o.Notes {
			if n.Customer {
				customer++
				assert.Contains(t, n.Text, "N4", "a parcel for which nothing is left is told in a note, once")
			}
		}
		assert.Equal(t, 1, customer)

		id, a, b, _ = buy()
		shop.Refund(id, map[int64]int{a: 1})
		require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("p1", "N1"))))
		o, _ = shop.Order(id)
		assert.Equal(t, map[int64]int{a: 2, b: 2}, items(o.Fulfillments[0]), "refunded pieces are not shipped")
	})
}

// A corrected number replaces the old one, also if the program died at any
// request of any report.
func TestCorrectedNumbers(t *testing.T) {
	for name, features := range map[string]wootest.Tracking{"fulfillments": wootest.Fulfillments, "extension": wootest.ShipmentTracking,
		"advanced": wootest.AdvancedShipmentTracking} {
		for _, fault := range []wootest.Fault{wootest.LoseBefore(), wootest.LoseAfter(), wootest.HTMLAfter(500)} {
			for at := range 8 {
				synctest.Test(t, func(t *testing.T) {
					shop := wootest.New(wootest.Config{Tracking: features})
					id := shop.Buy(wootest.Order{Lines: []wootest.Line{{Quantity: 2}}})
					o, _ := shop.Order(id)
					mine := func(n int) mip.Item { return mip.Item{LineID: text(o.Lines[0].ID), Quantity: n} }
					c := open(t, shop)
					n := 0
					shop.SetFault(func(*http.Request) wootest.Fault {
						if n++; n == at+1 {
							return fault
						}
						return wootest.Fault{}
					})
					_ = c.Report(t.Context(), ref(id), shipped(box("p1", "OLD", mine(1)), box("p2", "N2", mine(1)))) // may never have ended
					news := shipped(box("p1", "NEW", mine(1)), box("p2", "N2", mine(1)))
					for try := 0; c.Report(t.Context(), ref(id), news) != nil; try++ {
						require.Less(t, try, 5)
						time.Sleep(time.Minute)
					}
					o, _ = shop.Order(id)
					var numbers []any
					for _, tr := range o.Trackings {
						numbers = append(numbers, tr.Number)
					}
					for _, f := range o.Fulfillments {
						numbers = append(numbers, wootest.MetaValue(f.Meta, "_tracking_number"))
					}
					assert.ElementsMatch(t, []any{"NEW", "N2"}, numbers, "%s, fault at request %d", name, at+1)
					assert.Equal(t, "completed", o.Status)
					before := len(shop.Writes())
					require.NoError(t, c.Report(t.Context(), ref(id), news))
					assert.Len(t, shop.Writes(), before, "%s: told once more, nothing is written", name)
				})
			}
		}
	}
}

func TestCarrierNames(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := wootest.New(wootest.Config{Tracking: wootest.AdvancedShipmentTracking})
		c := open(t, shop, func(c *woocommerce.Config) {
			c.Carrier = func(carrier string) string { return map[string]string{"Deutsche Post DHL": "dhl"}[carrier] }
		})
		id := shop.Buy(wootest.Order{})
		p := box("a", "N1")
		p.Carrier = "Deutsche Post DHL"
		require.NoError(t, c.Report(t.Context(), ref(id), shipped(p)))
		o, _ := shop.Order(id)
		require.Len(t, o.Trackings, 1)
		assert.Equal(t, "DHL", o.Trackings[0].Provider, "the shop's name as the extension spells it")
	})
}

// Numbers typed in by the shop's staff are found, whoever wrote them.
func TestNumbersThatAreThereAlready(t *testing.T) {
	for _, c := range []struct {
		name string
		note string
		adds bool
	}{
		{"the number in other words", "Your parcel: N1!", false},
		{"reformatted by the shop", "Tracking: DHL &#8211; <a href=\"#\">N1</a>", false},
		{"only a longer number", "Tracking: DHL - XN1 and N12", true},
		{"a longer one first", "N12 and N1", false},
	} {
		synctest.Test(t, func(t *testing.T) {
			shop := wootest.New(wootest.Config{})
			id := shop.Buy(wootest.Order{Notes: []wootest.Note{{Text: c.note, Customer: true}, {Text: "N1 internally"}}})
			require.NoError(t, open(t, shop).Report(t.Context(), ref(id), shipped(box("a", "N1"))))
			assert.Equal(t, c.adds, shop.Count("POST", "/wc/v3/orders/{id}/notes") == 1, c.name)
		})
	}
}

func TestNoTracking(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := wootest.New(wootest.Config{Tracking: wootest.Fulfillments})
		id := shop.Buy(wootest.Order{})
		c := open(t, shop, func(c *woocommerce.Config) { c.Tracking = woocommerce.TrackNone })
		require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("a", "N1"))))
		assert.Len(t, shop.Writes(), 1)
		assert.Equal(t, "completed", status(shop, id))
	})
}
