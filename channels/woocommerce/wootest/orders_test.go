package wootest_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/woocommerce/wootest"
)

type m = map[string]any

func TestPayload(t *testing.T) {
	in(t, wootest.Config{}, func(t *testing.T, r raw) {
		show := func(o wootest.Order) m { return r.get(orderRoute(r.shop.Buy(o))).object(t) }
		line := func(o m, i int) m { return o["line_items"].([]any)[i].(m) }

		noisy := r.get(orderRoute(r.shop.Buy(wootest.NoisyPrice())))
		assert.Contains(t, string(noisy.body), `"price":3.3333333333333335`, "prices are floats with noise")
		assert.Equal(t, "10.00", line(noisy.object(t), 0)["total"], "all other money is text")
		assert.Equal(t, "18.15", noisy.object(t)["total"])

		gone := line(show(wootest.DeletedProduct()), 0)
		assert.Contains(t, gone, "sku")
		assert.Nil(t, gone["sku"])
		assert.InDelta(t, 0, gone["product_id"], 0)

		empty := show(wootest.EmptyShipping())
		assert.Empty(t, empty["shipping"].(m)["address_1"])
		assert.Equal(t, "Madrid", empty["billing"].(m)["city"])
		assert.NotContains(t, empty["shipping"], "email")

		assert.Len(t, show(wootest.SeveralShippingLines())["shipping_lines"], 2)
		assert.Equal(t, "-2.00", show(wootest.NegativeFee())["fee_lines"].([]any)[0].(m)["total"])
		cod := show(wootest.CashOnDelivery())
		assert.Equal(t, "processing", cod["status"])
		assert.Nil(t, cod["date_paid"])
		assert.NotNil(t, show(wootest.Order{})["date_paid"])
		assert.InDelta(t, 1.5, line(show(wootest.FractionalQuantity()), 0)["quantity"], 0)
		assert.Equal(t, "about ten", line(show(wootest.UnreadablePrice()), 0)["total"])
		assert.Len(t, show(wootest.HugeNote())["customer_note"], 1<<20)
		assert.Equal(t, "1320", show(wootest.Order{Currency: "JPY", Lines: []wootest.Line{{Total: "1200", TotalTax: "120"}}, ShippingLines: []wootest.ShippingLine{}})["total"])
		assert.IsType(t, []any{}, show(wootest.Bare())["shipping"])
		for _, v := range wootest.Variants() {
			assert.NotEmpty(t, show(v.Order)["id"], v.Name)
		}
	})
}

func TestModifiedDate(t *testing.T) {
	in(t, wootest.Config{}, func(t *testing.T, r raw) {
		id := r.shop.Buy(wootest.Order{})
		moved := func(what string, do func()) bool {
			time.Sleep(time.Minute)
			before, _ := r.shop.Order(id)
			do()
			after, _ := r.shop.Order(id)
			require.False(t, after.Modified.Before(before.Modified), what)
			return after.Modified.After(before.Modified)
		}
		put := func(body m) func() {
			return func() { require.Equal(t, 200, r.do("PUT", orderRoute(id), body).status) }
		}
		meta := func(value any) m { return m{"meta_data": []m{{"key": "_x", "value": value}}} }
		assert.True(t, moved("a status", put(m{"status": "completed"})))
		assert.False(t, moved("the same status", put(m{"status": "completed"})))
		assert.True(t, moved("a meta field", put(meta("1"))))
		assert.False(t, moved("a note", func() {
			require.Equal(t, 201, r.do("POST", orderRoute(id)+"/notes", m{"note": "hello", "customer_note": true}).status)
		}))
		assert.True(t, moved("an address", put(m{"shipping": m{"city": "Toledo"}})))
		assert.True(t, moved("a person's edit", func() { r.shop.EditAddress(id, wootest.Madrid()) }))

		put(meta("2"))()
		o, _ := r.shop.Order(id)
		require.Len(t, o.Meta, 1, "the same key replaces")
		assert.Equal(t, "2", o.Meta[0].Value)
	})
}

func TestStatusWrites(t *testing.T) {
	in(t, wootest.Config{}, func(t *testing.T, r raw) {
		id := r.shop.Buy(wootest.Order{})
		for _, s := range []string{"cancelled", "processing", "completed", "pending", "refunded", "processing"} {
			assert.Equal(t, s, r.do("PUT", orderRoute(id), m{"status": s}).object(t)["status"], "any status may follow any other")
		}
		got := r.do("PUT", orderRoute(id), m{"status": "completed", "date_completed_gmt": "2001-01-01T00:00:00"}).object(t)
		assert.Equal(t, time.Now().UTC().Format("2006-01-02T15:04:05"), got["date_completed_gmt"], "the date cannot be chosen")
		assert.Equal(t, 400, r.do("PUT", orderRoute(id), m{"status": "teleported"}).status)
	})
}

func TestRefunds(t *testing.T) {
	in(t, wootest.Config{}, func(t *testing.T, r raw) {
		id := r.shop.Buy(wootest.Order{Lines: []wootest.Line{{Quantity: 3}, {SKU: "S0000002"}}})
		o, _ := r.shop.Order(id)
		r.shop.Refund(id, map[int64]int{o.Lines[0].ID: 1})
		got := r.get(orderRoute(id)).object(t)
		assert.Equal(t, "processing", got["status"])
		assert.InDelta(t, 3, got["line_items"].([]any)[0].(m)["quantity"], 0, "quantities stay as ordered")
		assert.Equal(t, "-12.10", got["refunds"].([]any)[0].(m)["total"])
		refund := r.get(orderRoute(id) + "/refunds").list(t)[0]
		back := refund["line_items"].([]any)[0].(m)
		assert.InDelta(t, -1, back["quantity"], 0, "refunded pieces are negative")
		assert.Equal(t, m{"key": "_refunded_item_id", "value": fmt.Sprint(o.Lines[0].ID)}, without(back["meta_data"].([]any)[0].(m), "id"))

		assert.Equal(t, 400, r.do("POST", orderRoute(id)+"/refunds", m{"amount": "9999"}).status)
		assert.Equal(t, 201, r.do("POST", orderRoute(id)+"/refunds", m{"amount": "2.00", "api_refund": false}).status)
		r.shop.Refund(id, nil)
		assert.Equal(t, "refunded", r.get(orderRoute(id)).object(t)["status"], "all of it given back")

		money := r.shop.Buy(wootest.Order{})
		r.shop.RefundMoney(money, "1.00")
		assert.Empty(t, r.get(orderRoute(money) + "/refunds").list(t)[0]["line_items"])
	})
}

func without(o m, key string) m { delete(o, key); return o }

func TestTrash(t *testing.T) {
	in(t, wootest.Config{}, func(t *testing.T, r raw) {
		id, other := r.shop.Buy(wootest.Order{}), r.shop.Buy(wootest.Order{})
		r.shop.Trash(id)
		assert.Equal(t, []int64{other}, r.get("/wc/v3/orders").ids(t), "lists no longer show it")
		assert.Equal(t, "trash", r.get(orderRoute(id)).object(t)["status"], "by id it is still there")
		r.shop.Restore(id)
		assert.Len(t, r.get("/wc/v3/orders").ids(t), 2)
		assert.Equal(t, 200, r.do("DELETE", orderRoute(id), nil).status)
		assert.Equal(t, "trash", r.get(orderRoute(id)).object(t)["status"])
		r.shop.Delete(id)
		gone := r.get(orderRoute(id))
		assert.Equal(t, 404, gone.status)
		assert.Equal(t, "woocommerce_rest_shop_order_invalid_id", gone.code(t))
		_, ok := r.shop.Order(id)
		assert.False(t, ok)
	})
}

func TestNothingIsIdempotent(t *testing.T) {
	in(t, wootest.Config{Tracking: wootest.ShipmentTracking}, func(t *testing.T, r raw) {
		for range 2 {
			req := r.request("POST", "https://woo.test/wp-json/wc/v3/orders", m{"status": "processing", "line_items": []m{{"sku": "A", "quantity": 1}}})
			req.SetBasicAuth(wootest.DefaultKey, wootest.DefaultSecret)
			req.Header.Set("Idempotency-Key", "the-same")
			require.Equal(t, 201, r.send(req).status)
		}
		ids := r.shop.IDs()
		require.Len(t, ids, 2, "a repeated POST is another order")
		for range 2 {
			r.do("POST", orderRoute(ids[0])+"/notes", m{"note": "twice"})
			r.do("POST", "/wc-shipment-tracking/v3/orders/"+fmt.Sprint(ids[0])+"/shipment-trackings", m{"tracking_number": "N1"})
		}
		o, _ := r.shop.Order(ids[0])
		assert.Len(t, o.Notes, 2)
		assert.Len(t, o.Trackings, 2)
		assert.Equal(t, 2, r.shop.Count("POST", "/wc/v3/orders/{id}/notes"))
		assert.Len(t, r.shop.Writes(), 6)
		assert.Len(t, r.shop.Calls(), 6)
	})
}

func TestBatch(t *testing.T) {
	in(t, wootest.Config{}, func(t *testing.T, r raw) {
		id := r.shop.Buy(wootest.Order{})
		got := r.do("POST", "/wc/v3/orders/batch", m{"update": []m{{"id": id, "status": "completed"}, {"id": 999999, "status": "completed"}}})
		require.Equal(t, 200, got.status)
		rows := got.object(t)["update"].([]any)
		assert.Equal(t, "completed", rows[0].(m)["status"])
		assert.Equal(t, "woocommerce_rest_shop_order_invalid_id", rows[1].(m)["error"].(m)["code"], "what fails, fails alone")
		many := make([]int64, 101)
		assert.Equal(t, 413, r.do("POST", "/wc/v3/orders/batch", m{"delete": many}).status)
	})
}
