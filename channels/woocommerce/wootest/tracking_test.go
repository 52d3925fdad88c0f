package wootest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/woocommerce/wootest"
)

func TestTrackingRoutes(t *testing.T) {
	in(t, wootest.Config{}, func(t *testing.T, r raw) {
		order := orderRoute(r.shop.Buy(wootest.Order{}))
		id := strings.TrimPrefix(order, "/wc/v3")
		paths := map[string]wootest.Tracking{
			order + "/fulfillments":                                 wootest.Fulfillments,
			"/wc-shipment-tracking/v3" + id + "/shipment-trackings": wootest.ShipmentTracking | wootest.AdvancedShipmentTracking,
			"/wc-ast/v3" + id + "/shipment-trackings":               wootest.AdvancedShipmentTracking,
			"/wc/v3" + id + "/shipment-trackings":                   wootest.AdvancedShipmentTracking,
		}
		for _, on := range []wootest.Tracking{0, wootest.Fulfillments, wootest.ShipmentTracking, wootest.AdvancedShipmentTracking} {
			r.shop.SetTracking(on)
			for path, needs := range paths {
				got := r.get(path)
				if needs&on != 0 {
					assert.Equal(t, 200, got.status, path)
					continue
				}
				assert.Equal(t, 404, got.status, path)
				assert.Equal(t, "rest_no_route", got.code(t), path)
			}
		}
	})
}

func TestAdvancedShipmentTracking(t *testing.T) {
	in(t, wootest.Config{Tracking: wootest.AdvancedShipmentTracking}, func(t *testing.T, r raw) {
		id := r.shop.Buy(wootest.Order{})
		path := strings.Replace(orderRoute(id), "/wc/", "/wc-ast/", 1) + "/shipment-trackings"
		add := func(body m) m {
			got := r.do("POST", path, body)
			require.Equal(t, 201, got.status)
			return got.object(t)
		}
		known := add(m{"tracking_provider": "DHL", "tracking_number": "N1", "date_shipped": "2026-11-23"})
		assert.Equal(t, "DHL", known["tracking_provider"])
		assert.Equal(t, "https://track.dhl.test/N1", known["tracking_link"])
		assert.Equal(t, "2026-11-23", known["date_shipped"])
		assert.Len(t, known["tracking_id"], 32)
		unknown := add(m{"tracking_provider": "Nobody Express", "tracking_number": "N1"})
		assert.Empty(t, unknown["tracking_provider"], "an unknown name is accepted and lost")
		assert.Empty(t, unknown["tracking_link"])
		assert.Len(t, r.get(path).list(t), 2, "the same number twice is two entries")
		assert.Equal(t, 400, r.do("POST", path, m{"tracking_provider": "DHL"}).status, "without a number")
		assert.Contains(t, r.get(path + "/providers").object(t)["Global"], "DHL")

		assert.Equal(t, 200, r.do("DELETE", path+"/"+known["tracking_id"].(string), nil).status)
		assert.Equal(t, 404, r.get(path+"/"+known["tracking_id"].(string)).status)
		add(m{"tracking_number": "N2", "replace_tracking": 1, "status_shipped": 1})
		o, _ := r.shop.Order(id)
		assert.Len(t, o.Trackings, 1)
		assert.Equal(t, "completed", o.Status)
		assert.Contains(t, string(r.get(orderRoute(id)).body), "_wc_shipment_tracking_items", "the data is in a field of the order")
		r.do("PUT", orderRoute(id), m{"meta_data": []m{{"key": "_wc_shipment_tracking_items", "value": []m{{"tracking_number": "N3", "tracking_id": "a"}}}}})
		o, _ = r.shop.Order(id)
		require.Len(t, o.Trackings, 1, "the field is replaced whole")
		assert.Equal(t, "N3", o.Trackings[0].Number)
	})
}

func TestShipmentTrackingKeepsCustomProviders(t *testing.T) {
	in(t, wootest.Config{Tracking: wootest.ShipmentTracking}, func(t *testing.T, r raw) {
		path := strings.Replace(orderRoute(r.shop.Buy(wootest.Order{})), "/wc/", "/wc-shipment-tracking/", 1) + "/shipment-trackings"
		got := r.do("POST", path, m{"custom_tracking_provider": "GLS", "custom_tracking_link": "https://gls.test/%1$s", "tracking_number": "N1"}).object(t)
		assert.Equal(t, "GLS", got["tracking_provider"])
		assert.Equal(t, "https://gls.test/N1", got["tracking_link"])
	})
}

func TestFulfillments(t *testing.T) {
	manager := wootest.Key{Key: wootest.DefaultKey, Secret: wootest.DefaultSecret}
	clerk := wootest.Key{Key: "ck_clerk", Secret: "cs_clerk", NotShopManager: true}
	in(t, wootest.Config{Tracking: wootest.Fulfillments, Keys: []wootest.Key{manager, clerk}}, func(t *testing.T, r raw) {
		id := r.shop.Buy(wootest.Order{})
		o, _ := r.shop.Order(id)
		path := orderRoute(id) + "/fulfillments"
		body := func(items any, more ...m) m {
			return m{"status": "odd", "is_fulfilled": true, "meta_data": append(more, m{"id": 0, "key": "_items", "value": items})}
		}
		line := o.Lines[0].ID
		for _, bad := range []any{nil, []m{}, []m{{"item_id": "12", "qty": 1}}, []m{{"item_id": line, "qty": "1"}}, []m{{"item_id": line, "qty": 0}}, []m{{"qty": 1}}} {
			assert.Equal(t, 400, r.do("POST", path, body(bad)).status, "%v", bad)
		}
		assert.Equal(t, "Invalid item.", r.do("POST", path, body([]m{{"item_id": "12", "qty": 1}})).object(t)["message"])

		made := r.do("POST", path, body([]m{{"item_id": line, "qty": 99}}, m{"key": "_tracking_number", "value": "N1"}, m{"key": "_mine", "value": "x"}))
		require.Equal(t, 201, made.status, "quantities are not checked against the order")
		assert.Equal(t, "fulfilled", made.object(t)["status"], "an unknown status falls back")
		require.Len(t, r.get(path).list(t), 1)
		o, _ = r.shop.Order(id)
		assert.Equal(t, "processing", o.Status, "it does not complete the order")

		item := path + "/" + jsonNumber(made.object(t)["id"])
		require.Equal(t, 200, r.do("PUT", item, body([]m{{"item_id": line, "qty": 1}}, m{"key": "_tracking_number", "value": "N2"})).status)
		o, _ = r.shop.Order(id)
		assert.Equal(t, "N2", wootest.MetaValue(o.Fulfillments[0].Meta, "_tracking_number"))
		assert.Nil(t, wootest.MetaValue(o.Fulfillments[0].Meta, "_mine"), "what a PUT does not repeat is gone")
		assert.Equal(t, 200, r.do("DELETE", item, nil).status)
		assert.Equal(t, 400, r.get(item).status)

		req := r.request("GET", "https://woo.test/wp-json"+path, nil)
		req.SetBasicAuth(clerk.Key, clerk.Secret)
		assert.Equal(t, 401, r.send(req).status, "the key's user must manage the shop")
	})
}
