package paypaltest_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/paypal/paypaltest"
)

func TestAPersonApprovesAndTheMoneyIsCaptured(t *testing.T) {
	a := newApp(t, paypaltest.Config{})
	made := a.do("POST /v2/checkout/orders", plain("34.90", "inv-1"), key("k1")...)
	require.Equal(t, 201, made.status, made.raw)
	id := made.text("id")
	assert.Equal(t, "PAYER_ACTION_REQUIRED", made.text("status"))
	assert.Equal(t, paypaltest.PagesURL+"/checkoutnow?token="+id, made.link("payer-action"))
	assert.NotEmpty(t, made.header.Get("PayPal-Debug-Id"))

	early := a.do("POST /v2/checkout/orders/"+id+"/capture", "", key("k2")...)
	assert.Equal(t, 422, early.status)
	assert.Equal(t, "ORDER_NOT_APPROVED", early.issue())

	require.NoError(t, a.Approve(id))
	assert.Equal(t, "APPROVED", a.do("GET /v2/checkout/orders/"+id, "").text("status"))
	got := a.do("POST /v2/checkout/orders/"+id+"/capture", "", key("k2")...)
	require.Equal(t, 201, got.status, got.raw)
	assert.Equal(t, "COMPLETED", got.text("status"))
	capture := got.text("purchase_units.0.payments.captures.0.id")
	assert.Equal(t, "COMPLETED", got.text("purchase_units.0.payments.captures.0.status"))
	assert.Equal(t, "33.68", got.text("purchase_units.0.payments.captures.0.seller_receivable_breakdown.net_amount.value"))
	alone := a.do("GET /v2/payments/captures/"+capture, "")
	assert.Equal(t, id, alone.text("supplementary_data.related_ids.order_id"))
	assert.Equal(t, "inv-1", alone.text("invoice_id"))

	again := a.do("POST /v2/checkout/orders/"+id+"/capture", "", key("k3")...)
	assert.Equal(t, "ORDER_ALREADY_CAPTURED", again.issue())
	assert.Len(t, a.Charged("inv-1"), 1)
	assert.Equal(t, a.Charged("inv-1"), a.Charged("shop-1"), "found by custom id as well")
	assert.True(t, a.Paid("inv-1").Equal(mip.EUR(34_90)))
	require.Len(t, a.Orders(), 1)
	assert.True(t, a.Orders()[0].Amount.Equal(mip.EUR(34_90)))
	var events []string
	for _, e := range a.Events() {
		events = append(events, e.Type)
	}
	assert.Equal(t, []string{"CHECKOUT.ORDER.APPROVED", "PAYMENT.CAPTURE.COMPLETED", "CHECKOUT.ORDER.COMPLETED"}, events)
}

func TestMinimalAnswersHaveIDStatusAndLinks(t *testing.T) {
	for _, talkative := range []bool{false, true} {
		a := newApp(t, paypaltest.Config{Switches: paypaltest.Switches{TalkativeMinimal: talkative}})
		got := a.do("POST /v2/checkout/orders", plain("1.00", "i"), "PayPal-Request-Id", "k")
		require.Equal(t, 201, got.status)
		for _, field := range []string{"id", "status", "links"} {
			assert.NotNil(t, got.at(field))
		}
		assert.Nil(t, got.at("intent"))
		assert.Equal(t, talkative, got.at("purchase_units") != nil)
	}
}

func TestABadOrderIsRefusedWithItsReason(t *testing.T) {
	const good = `{"intent":"CAPTURE","purchase_units":[{"amount":{"currency_code":"EUR","value":"10.00"}}]}`
	amount := func(currency, value string) string {
		return strings.NewReplacer("EUR", currency, "10.00", value).Replace(good)
	}
	units := func(list string) string { return `{"intent":"CAPTURE","purchase_units":[` + list + `]}` }
	tests := []struct {
		name, body string
		status     int
		issue      string
		field      string
	}{
		{"good", good, 201, "", ""},
		{"yen", amount("JPY", "10"), 201, "", ""},
		{"no JSON", `{"intent":`, 400, "MALFORMED_REQUEST_JSON", ""},
		{"nothing", ``, 400, "MALFORMED_REQUEST_JSON", ""},
		{"a list", `[]`, 400, "MALFORMED_REQUEST_JSON", ""},
		{"a number for text", `{"intent":1}`, 400, "INVALID_PARAMETER_SYNTAX", "/intent"},
		{"no intent", strings.Replace(good, `"intent":"CAPTURE",`, "", 1), 400, "MISSING_REQUIRED_PARAMETER", "/intent"},
		{"unknown intent", strings.Replace(good, "CAPTURE", "SALE", 1), 400, "INVALID_PARAMETER_VALUE", "/intent"},
		{"no units", `{"intent":"CAPTURE"}`, 400, "MISSING_REQUIRED_PARAMETER", "/purchase_units"},
		{"an empty list of units", units(""), 400, "INVALID_ARRAY_MIN_ITEMS", "/purchase_units"},
		{"eleven units", units(strings.Repeat(`{"amount":`+euros("1.00")+`},`, 10) + `{"amount":` + euros("1.00") + `}`), 400, "INVALID_ARRAY_MAX_ITEMS", "/purchase_units"},
		{"no amount", units(`{}`), 400, "MISSING_REQUIRED_PARAMETER", "/purchase_units/0/amount"},
		{"no value", units(`{"amount":{"currency_code":"EUR"}}`), 400, "MISSING_REQUIRED_PARAMETER", "/purchase_units/0/amount/value"},
		{"a comma", amount("EUR", "10,00"), 400, "INVALID_PARAMETER_SYNTAX", "/purchase_units/0/amount/value"},
		{"a long invoice id", units(`{"invoice_id":"` + strings.Repeat("x", 128) + `","amount":` + euros("1.00") + `}`), 400, "INVALID_STRING_LENGTH", "/purchase_units/0/invoice_id"},
		{"three decimals", amount("EUR", "10.001"), 422, "DECIMAL_PRECISION", "/purchase_units/0/amount/value"},
		{"forints with decimals", amount("HUF", "10.00"), 422, "DECIMAL_PRECISION", "/purchase_units/0/amount/value"},
		{"an unknown currency", amount("XYZ", "10.00"), 422, "INVALID_CURRENCY_CODE", "/purchase_units/0/amount/currency_code"},
		{"nothing to pay", amount("EUR", "0.00"), 422, "CANNOT_BE_ZERO_OR_NEGATIVE", "/purchase_units/0/amount/value"},
		{"too much", amount("EUR", "1000000000000000.00"), 422, "MAX_VALUE_EXCEEDED", "/purchase_units/0/amount/value"},
		{"two currencies", units(`{"reference_id":"a","amount":` + euros("1.00") + `},{"reference_id":"b","amount":{"currency_code":"USD","value":"1.00"}}`), 422, "MULTI_CURRENCY_ORDER", "/purchase_units/1/amount/currency_code"},
		{"units without names", units(`{"amount":` + euros("1.00") + `},{"amount":` + euros("1.00") + `}`), 422, "REFERENCE_ID_REQUIRED", "/purchase_units/0/reference_id"},
		{"units with one name", units(`{"reference_id":"a","amount":` + euros("1.00") + `},{"reference_id":"a","amount":` + euros("1.00") + `}`), 422, "DUPLICATE_REFERENCE_ID", "/purchase_units/1/reference_id"},
		{"a breakdown that does not add up", units(`{"amount":{"currency_code":"EUR","value":"3.00","breakdown":{"item_total":` + euros("1.00") + `,"shipping":` + euros("1.00") + `}}}`), 422, "AMOUNT_MISMATCH", "/purchase_units/0/amount/value"},
		{"a breakdown that does", units(`{"amount":{"currency_code":"EUR","value":"1.50","breakdown":{"item_total":` + euros("1.00") + `,"shipping":` + euros("1.00") + `,"discount":` + euros("0.50") + `}}}`), 201, "", ""},
		{"items without a total", units(`{"amount":` + euros("2.00") + `,"items":[{"name":"n","quantity":"2","unit_amount":` + euros("1.00") + `}]}`), 422, "ITEM_TOTAL_REQUIRED", "/purchase_units/0/amount/breakdown/item_total"},
		{"items that do not add up", units(`{"amount":{"currency_code":"EUR","value":"3.00","breakdown":{"item_total":` + euros("3.00") + `}},"items":[{"name":"n","quantity":"2","unit_amount":` + euros("1.00") + `}]}`), 422, "ITEM_TOTAL_MISMATCH", "/purchase_units/0/amount/breakdown/item_total/value"},
		{"a stranger as payee", units(`{"payee":{"merchant_id":"STRANGERABC23"},"amount":` + euros("1.00") + `}`), 422, "PAYEE_ACCOUNT_INVALID", "/purchase_units/0/payee"},
		{"a payee who is nobody", units(`{"payee":{},"amount":` + euros("1.00") + `}`), 422, "PAYEE_ACCOUNT_INVALID", "/purchase_units/0/payee"},
		{"the account itself as payee", units(`{"payee":{"merchant_id":"` + paypaltest.MerchantID + `"},"amount":` + euros("1.00") + `}`), 201, "", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := newApp(t, paypaltest.Config{})
			got := a.do("POST /v2/checkout/orders", tt.body, key("k")...)
			assert.Equal(t, tt.status, got.status, got.raw)
			assert.Equal(t, tt.issue, got.issue())
			assert.Equal(t, tt.field, got.text("details.0.field"))
			assert.Len(t, a.Orders(), map[int]int{201: 1}[tt.status])
		})
	}
}

func TestAPaymentSourceNeedsARequestID(t *testing.T) {
	a := newApp(t, paypaltest.Config{})
	got := a.do("POST /v2/checkout/orders", plain("1.00", "i"))
	assert.Equal(t, 400, got.status)
	assert.Equal(t, "PAYPAL_REQUEST_ID_REQUIRED", got.issue())
	assert.Equal(t, 201, a.do("POST /v2/checkout/orders", `{"intent":"CAPTURE","purchase_units":[{"amount":`+euros("1.00")+`}]}`).status)
	long := a.do("POST /v2/checkout/orders", plain("1.00", "i"), key(strings.Repeat("k", 109))...)
	assert.Equal(t, "INVALID_STRING_LENGTH", long.issue())
}

func TestOrdersExpire(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newApp(t, paypaltest.Config{})
		open := a.do("POST /v2/checkout/orders", plain("1.00", "open"), key("a")...).text("id")
		time.Sleep(2 * time.Hour)
		used := a.approved("1.00", "used")
		late := a.do("POST /v2/checkout/orders", strings.Replace(plain("1.00", "late"), "CAPTURE", "AUTHORIZE", 1), key("c")...).text("id")
		require.NoError(t, a.Approve(late))
		time.Sleep(time.Hour + time.Second)
		assert.Equal(t, 404, a.do("GET /v2/checkout/orders/"+open, "").status, "three hours without an approval")
		require.ErrorIs(t, a.Approve(open), paypaltest.ErrState)
		assert.Equal(t, 200, a.do("GET /v2/checkout/orders/"+used, "").status)
		time.Sleep(2 * time.Hour)
		got := a.do("POST /v2/checkout/orders/"+used+"/capture", "", key("u")...)
		assert.Equal(t, 404, got.status, "three hours without a capture")
		assert.Equal(t, "INVALID_RESOURCE_ID", got.issue())
		got = a.do("POST /v2/checkout/orders/"+late+"/authorize", "", key("l")...)
		assert.Equal(t, "ORDER_EXPIRED", got.issue())
		assert.Len(t, a.EventsOf("CHECKOUT.PAYMENT-APPROVAL.REVERSED"), 2)
		a.Switch(func(w *paypaltest.Switches) { w.ExpiredStay = true })
		assert.Equal(t, "PAYER_ACTION_REQUIRED", a.do("GET /v2/checkout/orders/"+open, "").text("status"))
		assert.Empty(t, a.Charged(""))
	})
}
