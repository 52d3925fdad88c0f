package bigbuytest_test

import (
	"encoding/json"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
)

const both = `{"track":{"orders":[{"id":"15000001"},{"id":15000002},{"id":"99"}]}}`

// two is a world with two orders.
func two(t *testing.T, sw bigbuytest.Switches) *bigbuytest.Server {
	t.Helper()
	srv := world(sw)
	for _, reference := range []string{"a", "b"} {
		a, err := create(t, srv, reference)
		require.NoError(t, err)
		require.Equal(t, 201, a.status)
	}
	return srv
}

func TestTracking(t *testing.T) {
	t.Run("404 until there is a number, then a list of one", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			srv := two(t, bigbuytest.Switches{})
			assert.Equal(t, 404, get(t, srv, "tracking/order/15000001").status)
			assert.Equal(t, 404, get(t, srv, "tracking/order/1").status)
			require.NoError(t, srv.Ship("15000001", "gls", ""))
			assert.Equal(t, 404, get(t, srv, "tracking/order/15000001").status, "shipped, no number yet")
			assert.Contains(t, get(t, srv, "order/15000001").body, `"status":"Expedido"`)
			require.NoError(t, srv.Ship("15000001", "gls", "TRK1"))
			assert.Equal(t, `[{"id":15000001,"reference":"a","trackings":[{"trackingNumber":"TRK1","statusDescription":"shipped",`+
				`"statusDate":"2000-01-01 00:00:00","carrier":{"id":"7"},"descriptionTranslated":null}]}]`,
				get(t, srv, "tracking/order/15000001.json?isoCode=en").body)
		})
	})
	t.Run("the batch answers what it has", func(t *testing.T) {
		srv := two(t, bigbuytest.Switches{OwnNumberInTracking: true})
		assert.Equal(t, `[]`, post(t, srv, "tracking/orders", both).body)
		require.NoError(t, srv.Ship("15000002", "New Carrier", "T2"))
		assert.Contains(t, post(t, srv, "tracking/orders", both).body, `[{"id":15000002,"reference":"15000002","trackings":[{"trackingNumber":"T2"`)
		assert.Contains(t, get(t, srv, "tracking/carriers").body, `{"id":"1005","name":"New Carrier"}]`)
		assert.Contains(t, get(t, srv, "tracking/carriers").body, `[{"id":"3","name":"Chrono"}`)
	})
	t.Run("a short list and one with null", func(t *testing.T) {
		srv := two(t, bigbuytest.Switches{})
		require.NoError(t, srv.Ship("15000001", "gls", "T1"))
		require.NoError(t, srv.Ship("15000002", "gls", "T2"))
		ids := func() (out []int) {
			var list []*struct{ ID int }
			require.NoError(t, json.Unmarshal([]byte(post(t, srv, "tracking/orders", both).body), &list))
			for _, e := range list {
				if e == nil {
					out = append(out, 0)
					continue
				}
				out = append(out, e.ID)
			}
			return out
		}
		srv.Fail(bigbuytest.RouteTrackingOrders, bigbuytest.ShortList, 1)
		srv.Fail(bigbuytest.RouteTrackingOrders, bigbuytest.NullEntry, 1)
		assert.Equal(t, []int{15000001}, ids())
		assert.Equal(t, []int{15000001, 0}, ids())
		assert.Equal(t, []int{15000001, 15000002}, ids())
	})
	t.Run("several parcels, and a number that is corrected", func(t *testing.T) {
		srv := two(t, bigbuytest.Switches{})
		require.NoError(t, srv.Ship("15000001", "gls", "T1"))
		require.NoError(t, srv.Ship("15000001", "gls", "T2"))
		require.NoError(t, srv.Renumber("15000001", "T1", "T9"))
		require.Error(t, srv.Renumber("15000001", "T1", "T8"))
		o, found := srv.Order("15000001")
		require.True(t, found)
		assert.Equal(t, []bigbuytest.Parcel{{CarrierID: "7", Number: "T9"}, {CarrierID: "7", Number: "T2"}}, o.Parcels)
		assert.Contains(t, get(t, srv, "order/delivery-notes/15000001").body,
			`[{"reference":"DN15000001","order":"15000001","status":"Expedido","carrier":"Chrono","numberOfPackages":2,"products":[{"reference":"S0000001","quantity":1}]}]`)
		assert.Equal(t, `[]`, get(t, srv, "order/delivery-notes/15000002").body)
		assert.Equal(t, 404, get(t, srv, "order/delivery-notes/9").status)
	})
	t.Run("the form of the batch", func(t *testing.T) {
		a := post(t, world(bigbuytest.Switches{}), "tracking/orders", `{"track":{"orders":[{"order":1}]}}`)
		assert.Equal(t, 400, a.status)
		assert.Contains(t, a.body, "extra fields")
	})
}

func TestScriptedClock(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		srv := two(t, bigbuytest.Switches{ShipAfter: 24 * time.Hour, TrackAfter: 6 * time.Hour, DeliverAfter: 48 * time.Hour})
		status := func() string {
			var body struct{ Status string }
			require.NoError(t, json.Unmarshal([]byte(get(t, srv, "order/15000001").body), &body))
			return body.Status
		}
		start := time.Now()
		assert.Equal(t, "En proceso", status())
		time.Sleep(24 * time.Hour)
		assert.Equal(t, "Expedido", status())
		assert.Equal(t, 404, get(t, srv, "tracking/order/15000001").status)
		time.Sleep(6 * time.Hour)
		assert.Contains(t, get(t, srv, "tracking/order/15000001").body, `"trackingNumber":"TRK15000001"`)
		time.Sleep(100 * time.Hour)
		assert.Equal(t, "Entregado", status())
		o, _ := srv.Order("15000002")
		assert.Equal(t, bigbuytest.StatusDelivered, o.Status)
		assert.Equal(t, 24*time.Hour, o.ShippedAt.Sub(start))
		assert.Equal(t, 72*time.Hour, o.DeliveredAt.Sub(start), "when it was due, not when somebody looked")
		assert.Contains(t, get(t, srv, "tracking/order/15000002").body, `"statusDescription":"delivered","statusDate":"2000-01-04 00:00:00"`)
	})
}

func TestStatuses(t *testing.T) {
	t.Run("the list is Spanish, and English where the switch allows it", func(t *testing.T) {
		want := `[{"id":1,"name":"Pendiente de pago"},{"id":2,"name":"En proceso"},{"id":3,"name":"Expedido"},` +
			`{"id":4,"name":"Entregado"},{"id":5,"name":"Cancelado"},{"id":6,"name":"PENDING INVOICE"}]`
		assert.Equal(t, want, get(t, world(bigbuytest.Switches{}), "order/orderstatuses?isoCode=en").body)
		srv := two(t, bigbuytest.Switches{HonourISOCode: true})
		assert.Contains(t, get(t, srv, "order/orderstatuses?isoCode=en").body, `{"id":3,"name":"Shipped"}`)
		assert.Contains(t, get(t, srv, "order/15000001?isoCode=en").body, `"status":"In process"`)
	})
	t.Run("a cancelled order gives money and pieces back, the reference stays used", func(t *testing.T) {
		srv := two(t, bigbuytest.Switches{})
		require.NoError(t, srv.Cancel("15000001"))
		assert.Contains(t, get(t, srv, "order/15000001").body, `"status":"Cancelado"`)
		assert.Equal(t, "9990.19", srv.Balance().Text())
		assert.Equal(t, 999, srv.Stock(lamp))
		a, err := create(t, srv, "a")
		require.NoError(t, err)
		assert.Contains(t, a.body, "ER008")
		require.Error(t, srv.Cancel("15000001"), "not twice")
		require.Error(t, srv.Ship("15000001", "gls", "T"))
	})
	t.Run("a person pays", func(t *testing.T) {
		srv := world(bigbuytest.Switches{PayPal: bigbuytest.PayPalWaits})
		post(t, srv, "order/create", order("r", lamp, 1).with("paymentMethod", "paypal").body(t))
		assert.False(t, srv.Orders()[0].Paid)
		require.NoError(t, srv.MarkPaid("15000001"))
		assert.Equal(t, bigbuytest.StatusInProcess, srv.Orders()[0].Status)
		require.Error(t, srv.MarkPaid("15000001"))
	})
	t.Run("an export waits for its invoice", func(t *testing.T) {
		srv := world(bigbuytest.Switches{})
		const invoice = `{"invoice":{"id_order":"15000001","file":"cGRm","mime_type":"application/pdf","concept":"sale","amount":12.34}}`
		assert.Equal(t, 404, post(t, srv, "order/upload_invoice", invoice).status)
		post(t, srv, "order/create", order("r", lamp, 1).with("shippingAddress.country", "NO").with("shippingAddress.postcode", "0150").body(t))
		a := post(t, srv, "order/upload_invoice", invoice)
		assert.Equal(t, 200, a.status)
		assert.Equal(t, `[true]`, a.body)
		assert.Equal(t, bigbuytest.StatusInProcess, srv.Orders()[0].Status)
		assert.Equal(t, 409, post(t, srv, "order/upload_invoice", invoice).status, "no longer waiting")
		assert.Equal(t, 400, post(t, srv, "order/upload_invoice", `{"invoice":{"id_order":"15000001"}}`).status)
	})
	t.Run("delivery follows shipping", func(t *testing.T) {
		srv := two(t, bigbuytest.Switches{})
		require.Error(t, srv.Deliver("15000001"))
		require.NoError(t, srv.Ship("15000001", "gls", "T"))
		require.NoError(t, srv.Deliver("15000001"))
		require.Error(t, srv.Cancel("15000001"))
		assert.Contains(t, get(t, srv, "order/15000001").body, `"status":"Entregado"`)
		require.Error(t, srv.Deliver("1"), "no such order")
	})
	t.Run("any text can be shown", func(t *testing.T) {
		srv := two(t, bigbuytest.Switches{})
		require.NoError(t, srv.ShowStatus("15000001", "Preparando"))
		assert.Contains(t, get(t, srv, "order/15000001").body, `"status":"Preparando"`)
		require.NoError(t, srv.ShowStatus("15000001", ""))
		assert.Contains(t, get(t, srv, "order/15000001").body, `"status":"En proceso"`)
	})
}
