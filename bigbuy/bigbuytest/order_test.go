package bigbuytest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
)

const (
	lamp   = bigbuytest.SKULamp   // warehouse 1
	chair  = bigbuytest.SKUChair  // warehouse 2
	kettle = bigbuytest.SKUKettle // warehouse 3
)

func TestCheck(t *testing.T) {
	t.Run("prices with binary noise, without effect", func(t *testing.T) {
		srv := world(bigbuytest.Switches{})
		for range 2 {
			a := post(t, srv, "order/check.json", order("", lamp, 1).body(t))
			assert.Equal(t, 200, a.status)
			assert.Equal(t, `{"totalWithoutTaxesAndWithoutShippingCost":4.52,"totalWithoutTaxes":8.52,"total":9.809999999999999}`, a.body)
		}
		assert.Empty(t, srv.Orders())
		assert.Equal(t, "10000.00", srv.Balance().Text())
		assert.Equal(t, 1000, srv.Stock(lamp))
	})
	t.Run("a used reference does not matter", func(t *testing.T) {
		srv := world(bigbuytest.Switches{})
		require.Equal(t, 201, post(t, srv, "order/create", order("r", lamp, 1).body(t)).status)
		assert.Equal(t, 200, post(t, srv, "order/check", order("r", lamp, 1).body(t)).status)
	})
	t.Run("multishipping is split even for one warehouse", func(t *testing.T) {
		a := post(t, world(bigbuytest.Switches{}), "order/check/multishipping", order("", lamp, 1).body(t))
		assert.Equal(t, `{"orders":[{"productReferences":["S0000001"],"totalWithoutTaxesAndWithoutShippingCost":4.52,`+
			`"totalWithoutTaxes":8.52,"total":9.809999999999999,"warehouse":1}],"errors":[]}`, a.body)
	})
	t.Run("multishipping has both orders and errors", func(t *testing.T) {
		a := post(t, world(bigbuytest.Switches{}), "order/check/multishipping", order("", lamp, 1, bigbuytest.SKUSoldOut, 1, "X1", 1).body(t))
		assert.Equal(t, 200, a.status)
		assert.Contains(t, a.body, `"errors":[{"status":409,"code":"ER001","message":"Products not found.","productReferences":["X1"]},`+
			`{"status":409,"code":"ER003","message":"Products have no stock.","productReferences":["H0000009"],"warehouse":2}]`)
		assert.Contains(t, a.body, `"orders":[{"productReferences":["S0000001"]`)
	})
	t.Run("the cheapest carrier of the list is taken", func(t *testing.T) {
		f := order("", lamp, 1).with("carriers", []any{map[string]any{"name": "dhl"}, map[string]any{"name": "gls"}})
		a := post(t, world(bigbuytest.Switches{}), "order/check", f.body(t))
		assert.Contains(t, a.body, `"totalWithoutTaxes":14.2`)
		a = post(t, world(bigbuytest.Switches{}), "order/check", order("", lamp, 1).without("carriers").body(t))
		assert.Contains(t, a.body, `"totalWithoutTaxes":8.52`, "no list is any carrier")
	})
	t.Run("pieces of one product are summed", func(t *testing.T) {
		srv := world(bigbuytest.Switches{})
		srv.SetStock(lamp, 1, 3)
		assert.Contains(t, post(t, srv, "order/check", order("", lamp, 2, lamp, 2).body(t)).body, "ER003")
		assert.Equal(t, 200, post(t, srv, "order/check", order("", lamp, 2, lamp, "1").body(t)).status)
	})
}

func TestCreate(t *testing.T) {
	t.Run("201 with the id in body and Location, purse debited in cents", func(t *testing.T) {
		srv := world(bigbuytest.Switches{})
		a := post(t, srv, "order/create.json", order("WC-10001", lamp, 2).body(t))
		assert.Equal(t, 201, a.status)
		assert.Equal(t, `{"order_id":15000001}`, a.body)
		assert.Equal(t, "/rest/order/15000001", a.header.Get("Location"))
		assert.Equal(t, `"9985.22"`, get(t, srv, "user/purse").body, "2 × 4.52 × 1.10 + 4.00 × 1.21 = 14.78")
		assert.Equal(t, 998, srv.Stock(lamp))

		assert.Equal(t, `{"id":"15000001","totalPaidTaxIncl":"14.78"}`, get(t, srv, "order/reference/WC-10001").body)
		got := get(t, srv, "order/15000001").body
		for _, want := range []string{`"id":"15000001"`, `"internalReference":"WC-10001"`, `"totalPaidTaxIncl":14.78`,
			`"totalPaidTaxExcl":13.04`, `"totalShippingTaxExcl":4,`, `"totalShippingTaxIncl":4.84`, `"status":"En proceso"`,
			`"carriers":[{"id":"43","name":"Chrono","price":4}]`, `"firstName":"Ana"`, `"address":"Calle Falsa 1"`,
			`"products":[{"id":"101","reference":"S0000001","quantity":2,"name":"Desk lamp","priceTaxIncl":4.97,"priceTaxExcl":4.52}]`} {
			assert.Contains(t, got, want)
		}
		assert.NotContains(t, got, "tracking")
	})
	t.Run("a used reference is ER008 with the earlier id", func(t *testing.T) {
		for _, path := range []string{"order/create", "order/create/multishipping"} {
			srv := world(bigbuytest.Switches{})
			require.Less(t, post(t, srv, path, order("r", lamp, 1).body(t)).status, 300)
			a := post(t, srv, path, order("r", lamp, 1).body(t))
			assert.Equal(t, 409, a.status)
			assert.Equal(t, `{"code":"ER008","message":"{\"info\":\"The internal reference is already used.\",\"data\":{\"orderId\":15000001}}"}`, a.body)
			assert.Len(t, srv.Orders(), 1)
		}
	})
	t.Run("multishipping makes one order per warehouse", func(t *testing.T) {
		srv := world(bigbuytest.Switches{})
		a := post(t, srv, "order/create/multishipping", order("r", kettle, 1, lamp, 1, bigbuytest.SKUToaster, 1).without("carriers").body(t))
		assert.Equal(t, 200, a.status)
		assert.Equal(t, `{"orders":[{"productReferences":["S0000001"],"id":"15000001","warehouse":1,"url":"\/rest\/order\/15000001"},`+
			`{"productReferences":["S0000004","S0000005"],"id":"15000002","warehouse":3,"url":"\/rest\/order\/15000002"}],"errors":[]}`, a.body)
		orders := srv.Orders()
		require.Len(t, orders, 2)
		paid, err := mip.Sum(orders[0].Total, orders[1].Total, srv.Balance())
		require.NoError(t, err)
		assert.Equal(t, "10000.00", paid.Text())
		assert.Equal(t, "r", orders[1].Reference)
		assert.Contains(t, get(t, srv, "order/reference/r").body, `"15000001"`, "only the first is shown")
	})
	t.Run("what was made stays made when another part fails", func(t *testing.T) {
		srv := world(bigbuytest.Switches{})
		srv.TopUp(mip.EUR(-9_950_00))
		a := post(t, srv, "order/create/multishipping", order("r", lamp, 1, chair, 1).without("carriers").body(t))
		assert.Equal(t, 200, a.status)
		assert.Contains(t, a.body, `"id":"15000001"`)
		assert.Contains(t, a.body, `"code":"ER005"`)
		assert.Contains(t, a.body, `"warehouse":2}]}`)
		assert.Equal(t, "40.19", srv.Balance().Text())
	})
	t.Run("nothing made, by switch", func(t *testing.T) {
		f := order("r", bigbuytest.SKUSoldOut, 1)
		a := post(t, world(bigbuytest.Switches{}), "order/create/multishipping", f.body(t))
		assert.Equal(t, 200, a.status)
		assert.True(t, strings.HasPrefix(a.body, `{"orders":[],"errors":[{`))
		assert.Equal(t, 409, post(t, world(bigbuytest.Switches{MultiRefusedStatus: 409}), "order/create/multishipping", f.body(t)).status)
		srv := world(bigbuytest.Switches{MultiStatus: 201, FlatDuplicate: true})
		assert.Equal(t, 201, post(t, srv, "order/create/multishipping", order("r", lamp, 1).body(t)).status)
		a = post(t, srv, "order/create/multishipping", order("r", lamp, 1).body(t))
		assert.Equal(t, 201, a.status)
		assert.Equal(t, `{"orders":[],"errors":[{"status":409,"code":"ER008","message":"The internal reference is already used."}]}`, a.body)
	})
	t.Run("nothing possible can be told as a plain refusal, by switch", func(t *testing.T) {
		srv := world(bigbuytest.Switches{WholeRefusal: true})
		srv.TopUp(mip.EUR(-9_999_00))
		for _, path := range []string{"order/check/multishipping", "order/create/multishipping"} {
			a := post(t, srv, path, order("r", lamp, 1, chair, 1).without("carriers").body(t))
			assert.Equal(t, 409, a.status)
			assert.Contains(t, a.body, `{"code":"ER005"`)
			assert.Contains(t, a.body, `{\"moneyBoxAmount\":1,\"totalOrder\":9.81}`)
		}
		srv.TopUp(mip.EUR(20_00))
		a := post(t, srv, "order/create/multishipping", order("r", lamp, 1, chair, 1).without("carriers").body(t))
		assert.Equal(t, 200, a.status, "a part is possible")
		assert.Len(t, srv.Orders(), 1)
	})
	t.Run("a reference is unknown until something is made", func(t *testing.T) {
		srv := world(bigbuytest.Switches{})
		a := get(t, srv, "order/reference/r")
		assert.Equal(t, 404, a.status)
		assert.Equal(t, `{"code":404,"message":"No order found with refOrder: r"}`, a.body)
		assert.Equal(t, 404, get(t, srv, "order/15000001").status)
	})
}

func TestPaymentMethods(t *testing.T) {
	status := func(sw bigbuytest.Switches, f form) string {
		srv := world(sw)
		a := post(t, srv, "order/create", f.body(t))
		if a.status != 201 {
			return a.body
		}
		assert.Contains(t, get(t, srv, "order/15000001").body, `"status":"`+string(srv.Orders()[0].Status)+`"`)
		if srv.Orders()[0].Payment != "moneybox" {
			assert.Equal(t, "10000.00", srv.Balance().Text(), "the purse is not touched")
		}
		return string(srv.Orders()[0].Status)
	}
	big := func(method string) form { return order("r", bigbuytest.SKUSofa, 1).with("paymentMethod", method) }
	assert.Equal(t, "En proceso", status(bigbuytest.Switches{}, big("moneybox")))
	assert.Equal(t, "En proceso", status(bigbuytest.Switches{}, order("r", lamp, 1).without("paymentMethod")))
	assert.Equal(t, "En proceso", status(bigbuytest.Switches{}, big("paypal")))
	assert.Equal(t, "Pendiente de pago", status(bigbuytest.Switches{PayPal: bigbuytest.PayPalWaits}, big("paypal")))
	assert.Contains(t, status(bigbuytest.Switches{PayPal: bigbuytest.PayPalOff}, big("paypal")), `"ER011"`)
	assert.Contains(t, status(bigbuytest.Switches{}, big("creditcard")), `"ER011"`)
	assert.Equal(t, "Pendiente de pago", status(bigbuytest.Switches{}, big("bankwire")))
	assert.Contains(t, status(bigbuytest.Switches{}, order("r", lamp, 1).with("paymentMethod", "bankwire")), `\"minBankwire\":200`)
	assert.Equal(t, "PENDING INVOICE", status(bigbuytest.Switches{},
		order("r", lamp, 1).with("shippingAddress.country", "CH").with("shippingAddress.postcode", "8001")))
}
