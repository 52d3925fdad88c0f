package prestatest_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/prestashop/prestatest"
)

func TestWritesAreXML(t *testing.T) {
	in(t, prestatest.Config{}, func(t *testing.T, r raw) {
		r.shop.Buy(prestatest.Order{})
		got := r.send("POST", "order_histories?output_format=JSON", `{"order_history":{"id_order":1,"id_order_state":31}}`, nil)
		assert.Equal(t, 500, got.status)
		assert.Equal(t, 127, got.code(t))
		got = r.write("POST", "order_histories", "order_history", "<id_order>1</id_order>")
		assert.Equal(t, 400, got.status)
		assert.Contains(t, got.body, "[41]")
		got = r.write("POST", "order_histories", "order_history", "<id_order>77</id_order><id_order_state>31</id_order_state>")
		assert.Equal(t, 500, got.status, "an exception leaks")
		assert.Contains(t, got.header.Get("Content-Type"), "text/html")
		got = r.write("POST", "order_histories", "order_history", "<id_order>1</id_order><id_order_state>4</id_order_state>")
		assert.Equal(t, 500, got.status, "the state of a default installation is not this shop's")
	})
}

func TestStatesAreNotIdempotent(t *testing.T) {
	in(t, prestatest.Config{}, func(t *testing.T, r raw) {
		id := r.shop.Buy(prestatest.Order{})
		time.Sleep(time.Hour)
		before, _ := r.shop.State(id)
		for _, state := range []int{prestatest.Cancelled, prestatest.Cancelled, prestatest.Paid, prestatest.Cancelled} { // every transition
			got := r.write("POST", "order_histories?sendemail=1", "order_history", "<id_order>1</id_order><id_order_state>"+strconv.Itoa(state)+"</id_order_state>")
			require.Equal(t, 201, got.status)
		}
		after, _ := r.shop.State(id)
		assert.Len(t, after.History, 5)
		assert.Len(t, r.shop.Mails(), 4)
		assert.NotEqual(t, before.Updated, after.Updated)
		assert.True(t, strings.HasPrefix(after.Delivered, "0000"), "not without the flag")
		r.write("POST", "order_histories", "order_history", "<id_order>1</id_order><id_order_state>31</id_order_state>")
		after, _ = r.shop.State(id)
		assert.False(t, strings.HasPrefix(after.Delivered, "0000"))
	})
}

func TestTrackingRows(t *testing.T) {
	in(t, prestatest.Config{}, func(t *testing.T, r raw) {
		id := r.shop.Buy(prestatest.Order{})
		before, _ := r.shop.State(id)
		time.Sleep(time.Hour)
		got := r.write("PUT", "order_carriers/1", "order_carrier", "<id>1</id><id_order>1</id_order><id_carrier>1</id_carrier><tracking_number>N1</tracking_number>")
		require.Equal(t, 200, got.status)
		after, _ := r.shop.State(id)
		assert.Equal(t, "N1", after.Slots[0].Tracking)
		assert.Equal(t, "0.000000", after.Slots[0].Weight, "a partial write empties the rest")
		assert.NotEqual(t, before.Slots[0].Added, after.Slots[0].Added, "and resets the date")
		assert.Equal(t, before.Updated, after.Updated, "tracking does not move the order's date")
		assert.Equal(t, "N1", r.get("orders", "display=full").rows(t, "orders")[0]["shipping_number"])

		got = r.write("PUT", "order_carriers/1", "order_carrier", "<id>1</id><id_order>1</id_order><id_carrier>1</id_carrier><tracking_number>N;1</tracking_number>")
		assert.Equal(t, 400, got.status)
		assert.Contains(t, got.body, "[85]")
		assert.Equal(t, 404, r.write("PUT", "order_carriers/9", "order_carrier", "<id>9</id><id_order>1</id_order><id_carrier>1</id_carrier>").status)
		assert.Contains(t, r.write("PUT", "order_carriers/1", "order_carrier", "<id_order>1</id_order>").body, "[90]")
		for range 2 {
			assert.Equal(t, 201, r.write("POST", "order_carriers", "order_carrier", "<id_order>1</id_order><id_carrier>1</id_carrier>").status)
		}
		after, _ = r.shop.State(id)
		assert.Len(t, after.Slots, 3, "each makes another row")
	})
}

func TestPatch(t *testing.T) {
	body := "<id>1</id><tracking_number>N1</tracking_number>"
	in(t, prestatest.Config{}, func(t *testing.T, r raw) {
		r.shop.Buy(prestatest.Order{})
		got := r.write("PATCH", "order_carriers/1", "order_carrier", body)
		assert.Equal(t, 405, got.status)
		assert.Contains(t, got.body, "[23]")
	})
	in(t, prestatest.Config{Version: "8.2.1"}, func(t *testing.T, r raw) {
		id := r.shop.Buy(prestatest.Order{})
		assert.Equal(t, 200, r.write("PATCH", "order_carriers/1", "order_carrier", body).status)
		st, _ := r.shop.State(id)
		assert.Equal(t, "1.250000", st.Slots[0].Weight)
		assert.Contains(t, r.get("orders", "display=full").rows(t, "orders")[0], "note")
	})
}

func TestOrdersMadeThroughTheWebservice(t *testing.T) {
	in(t, prestatest.Config{Products: map[int]prestatest.Product{8: {Reference: "S8", Name: "Mug", Price: "17.50"}}}, func(t *testing.T, r raw) {
		require.Equal(t, 201, r.write("POST", "customers", "customer", "<firstname>A</firstname><lastname>B</lastname><email>a@example.test</email>").status)
		require.Equal(t, 201, r.write("POST", "addresses", "address", "<id_country>60</id_country><alias>x</alias><firstname>A</firstname><lastname>B</lastname><address1>C</address1><city>D</city>").status)
		require.Equal(t, 201, r.write("POST", "carts", "cart", "<id_currency>1</id_currency><id_lang>1</id_lang><associations><cart_rows>"+
			"<cart_row><id_product>8</id_product><quantity>2</quantity></cart_row></cart_rows></associations>").status)
		for total, state := range map[string]int{"35.00": prestatest.RemotePaid, "34.99": prestatest.Failed} {
			got := r.write("POST", "orders", "order", "<id_address_delivery>1</id_address_delivery><id_address_invoice>1</id_address_invoice><id_cart>1</id_cart>"+
				"<id_currency>1</id_currency><id_lang>1</id_lang><id_customer>1</id_customer><id_carrier>1</id_carrier><module>m</module><payment>p</payment>"+
				"<total_paid>"+total+"</total_paid><total_paid_real>0</total_paid_real><total_products>1</total_products><total_products_wt>1</total_products_wt>"+
				"<conversion_rate>1</conversion_rate><current_state>15</current_state>")
			require.Equal(t, 201, got.status, got.body)
			assert.Contains(t, got.body, "<current_state><![CDATA[15]]>", "the answer echoes what was sent")
			ids := r.shop.IDs()
			st, _ := r.shop.State(ids[len(ids)-1])
			assert.Equal(t, state, st.State, total)
			assert.Len(t, st.LineIDs, 1)
		}
	})
}

func TestPuttingAWholeOrder(t *testing.T) {
	in(t, prestatest.Config{}, func(t *testing.T, r raw) {
		id := r.shop.Buy(prestatest.Order{})
		fields := ""
		for k, v := range r.get("orders", "display=full").rows(t, "orders")[0] {
			if s, ok := v.(string); ok {
				fields += "<" + k + ">" + s + "</" + k + ">"
			}
		}
		got := r.write("PUT", "orders/1", "order", fields+"<id>1</id><id_cart>1</id_cart><current_state>15</current_state>")
		require.Equal(t, http.StatusOK, got.status, got.body)
		st, _ := r.shop.State(id)
		assert.Equal(t, []int{prestatest.Paid, prestatest.Preparing}, st.History)
	})
}

func TestCarriersChangeTheirIDs(t *testing.T) {
	in(t, prestatest.Config{}, func(t *testing.T, r raw) {
		r.shop.EditCarrier("My carrier", "Renamed")
		rows := r.get("carriers", "display=full").rows(t, "carriers")
		require.Len(t, rows, 3)
		assert.Equal(t, "1", rows[1]["deleted"])
		assert.InDelta(t, 3, rows[2]["id"], 0)
		assert.Equal(t, rows[1]["id_reference"], rows[2]["id_reference"])
	})
}

func TestFaults(t *testing.T) {
	in(t, prestatest.Config{}, func(t *testing.T, r raw) {
		r.shop.Fail(prestatest.HTML(403), prestatest.Throttle("9"), prestatest.Notice())
		assert.Equal(t, 403, r.get("orders", "").status)
		assert.Equal(t, "9", r.get("orders", "").header.Get("Retry-After"))
		assert.True(t, strings.HasSuffix(r.get("orders", "").body, "\n[]"))
		r.shop.FailOn("GET", "carriers", prestatest.Fault{Lost: prestatest.Before})
		assert.Equal(t, 200, r.get("orders", "").status)
		req, err := http.NewRequestWithContext(t.Context(), "GET", r.shop.URL()+"/api/carriers", nil)
		require.NoError(t, err)
		_, err = r.shop.Transport().RoundTrip(req) //nolint:bodyclose // there is none
		require.Error(t, err)
		assert.Equal(t, 200, r.get("carriers", "").status)
	})
}

func TestWhatIsRefusedAsItIsInPHP(t *testing.T) {
	in(t, prestatest.Config{MostRows: 2}, func(t *testing.T, r raw) {
		for range 3 {
			r.shop.Buy(prestatest.Order{})
		}
		for fields, want := range map[string]string{
			"<id>9</id><id_order>1</id_order><message>x</message>":                    "91",
			"<id_order>1</id_order><message>x; onload = y</message>":                  "85",
			"<id_order>1</id_order><message>see javascript:x</message>":               "85",
			"<message>x</message><date_add>0000-00-00 00:00:00</date_add>":            "85",
			"<id_order>1</id_order><message>on load, &lt;b&gt; and scripts</message>": "",
		} {
			got := r.write("POST", "messages", "message", fields)
			if want == "" {
				require.Equal(t, 201, got.status, got.body)
				continue
			}
			require.Equal(t, 400, got.status, fields)
			require.Contains(t, got.body, "<code><![CDATA["+want+"]]></code>", fields)
		}
		require.Len(t, r.get("orders", "limit=100").rows(t, "orders"), 2, "the host cuts")
		require.Len(t, r.get("orders", "").rows(t, "orders"), 3)
	})
}
