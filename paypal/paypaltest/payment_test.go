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

func TestAPaymentMayBePending(t *testing.T) {
	tests := []struct {
		name   string
		end    func(s *paypaltest.Server, id string) error
		status string
		event  string
		paid   mip.Money
	}{
		{"and arrive", (*paypaltest.Server).CompleteCapture, "COMPLETED", "PAYMENT.CAPTURE.COMPLETED", mip.EUR(5_00)},
		{"and be denied", (*paypaltest.Server).DenyCapture, "DECLINED", "PAYMENT.CAPTURE.DENIED", mip.Money{}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := newApp(t, paypaltest.Config{})
			id := a.approved("5.00", "inv")
			require.NoError(t, a.ApproveWith(id, paypaltest.ECheck))
			got := a.do("POST /v2/checkout/orders/"+id+"/capture", "", key("k")...)
			require.Equal(t, 201, got.status, got.raw)
			assert.Equal(t, "COMPLETED", got.text("status"), "the order is, the payment is not")
			capture := got.text("purchase_units.0.payments.captures.0.id")
			assert.Equal(t, "ECHECK", got.text("purchase_units.0.payments.captures.0.status_details.reason"))
			assert.True(t, a.Charged("inv")[0].Pending)
			assert.Equal(t, "PENDING_CAPTURE", a.do("POST /v2/payments/captures/"+capture+"/refund", "", key("r")...).issue())
			require.NoError(t, tt.end(a.Server, capture))
			assert.Equal(t, tt.status, a.do("GET /v2/payments/captures/"+capture, "").text("status"))
			assert.Len(t, a.EventsOf(tt.event), 1)
			assert.True(t, a.Paid("inv").Equal(tt.paid), "%s", a.Paid("inv"))
			require.ErrorIs(t, tt.end(a.Server, capture), paypaltest.ErrState)
		})
	}
}

func TestImmediatePaymentKnowsNoECheck(t *testing.T) {
	a := newApp(t, paypaltest.Config{})
	body := strings.Replace(plain("1.00", "i"), `"user_action"`, `"payment_method_preference":"IMMEDIATE_PAYMENT_REQUIRED","user_action"`, 1)
	id := a.do("POST /v2/checkout/orders", body, key("k")...).text("id")
	require.ErrorIs(t, a.ApproveWith(id, paypaltest.ECheck), paypaltest.ErrState)
	require.NoError(t, a.Approve(id))
}

func TestAnApprovalMayBeTakenBack(t *testing.T) {
	a := newApp(t, paypaltest.Config{})
	id := a.approved("1.00", "i")
	require.NoError(t, a.ReverseApproval(id))
	assert.Equal(t, "ORDER_NOT_APPROVED", a.do("POST /v2/checkout/orders/"+id+"/capture", "", key("k")...).issue())
	assert.Len(t, a.EventsOf("CHECKOUT.PAYMENT-APPROVAL.REVERSED"), 1)
	require.ErrorIs(t, a.ReverseApproval("X"), paypaltest.ErrUnknownID)
}

func TestAnInvoiceIsPaidOnceIfTheAccountSaysSo(t *testing.T) {
	for _, blocks := range []bool{false, true} {
		a := newApp(t, paypaltest.Config{Switches: paypaltest.Switches{BlockDuplicateInvoices: blocks}})
		a.paid("5.00", "inv")
		second := a.do("POST /v2/checkout/orders", plain("5.00", "inv"), key("other")...).text("id")
		require.NoError(t, a.Approve(second))
		got := a.do("POST /v2/checkout/orders/"+second+"/capture", "", key("other")...)
		if blocks {
			assert.Equal(t, "DUPLICATE_INVOICE_ID", got.issue())
			assert.Len(t, a.Charged("inv"), 1)
			continue
		}
		assert.Equal(t, 201, got.status)
		assert.Len(t, a.Charged("inv"), 2, "a double charge is visible")
		assert.True(t, a.Paid("inv").Equal(mip.EUR(10_00)))
	}
}

func TestRefunds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newApp(t, paypaltest.Config{Switches: paypaltest.Switches{TokenLife: 1000 * 24 * time.Hour}})
		_, capture := a.paid("5.00", "inv")
		refund := "POST /v2/payments/captures/" + capture + "/refund"
		for body, issue := range map[string]string{
			`{"amount":` + euros("5.01") + `}`:                     "REFUND_AMOUNT_EXCEEDED",
			`{"amount":` + euros("0.00") + `}`:                     "CANNOT_BE_ZERO_OR_NEGATIVE",
			`{"amount":` + euros("0.001") + `}`:                    "DECIMAL_PRECISION",
			`{"amount":{"currency_code":"JPY","value":"1.0"}}`:     "DECIMALS_NOT_SUPPORTED",
			`{"amount":{"currency_code":"USD","value":"1.00"}}`:    "REFUND_CAPTURE_CURRENCY_MISMATCH",
			`{"amount":{"currency_code":"EUR"}}`:                   "MISSING_REQUIRED_PARAMETER",
			`{"note_to_payer":"` + strings.Repeat("x", 256) + `"}`: "INVALID_STRING_LENGTH",
			`{"amount":`: "INVALID_PARAMETER_SYNTAX",
		} {
			assert.Equal(t, issue, a.do(refund, body, key("bad")...).issue(), body)
		}
		got := a.do(refund, `{"amount":`+euros("2.00")+`,"invoice_id":"r-1","note_to_payer":"sorry"}`, key("r1")...)
		require.Equal(t, 201, got.status, got.raw)
		assert.Equal(t, "COMPLETED", got.text("status"))
		assert.Equal(t, "PARTIALLY_REFUNDED", a.do("GET /v2/payments/captures/"+capture, "").text("status"))
		assert.Equal(t, "sorry", a.do("GET /v2/payments/refunds/"+got.text("id"), "").text("note_to_payer"))

		a.Switch(func(w *paypaltest.Switches) { w.PendingRefunds = true })
		rest := a.do(refund, "", key("r2")...)
		assert.Equal(t, "PENDING", rest.text("status"))
		assert.Equal(t, "3.00", rest.text("amount.value"), "without an amount it is the rest")
		assert.Equal(t, "CAPTURE_FULLY_REFUNDED", a.do(refund, "", key("r3")...).issue(), "what is on its way counts")
		require.NoError(t, a.FailRefund(rest.text("id")))
		rest = a.do(refund, "", key("r4")...)
		require.NoError(t, a.CompleteRefund(rest.text("id")))
		assert.Equal(t, "REFUNDED", a.do("GET /v2/payments/captures/"+capture, "").text("status"))
		assert.True(t, a.Paid("inv").IsZero())
		assert.Len(t, a.Charged("inv"), 3)

		_, old := a.paid("5.00", "old")
		time.Sleep(181 * 24 * time.Hour)
		assert.Equal(t, "REFUND_TIME_LIMIT_EXCEEDED", a.do("POST /v2/payments/captures/"+old+"/refund", "", key("r5")...).issue())
		require.NoError(t, a.ReverseCapture(old))
		assert.True(t, a.Paid("old").IsZero())
		assert.Equal(t, "REFUND_NOT_PERMITTED_DUE_TO_CHARGEBACK", a.do("POST /v2/payments/captures/"+old+"/refund", "", key("r6")...).issue())
	})
}

// authorized is an order whose money was set aside.
func (a *app) authorized(value, invoice string) string {
	a.t.Helper()
	made := a.do("POST /v2/checkout/orders", strings.Replace(plain(value, invoice), "CAPTURE", "AUTHORIZE", 1), key("create-"+invoice)...)
	require.NoError(a.t, a.Approve(made.text("id")))
	got := a.do("POST /v2/checkout/orders/"+made.text("id")+"/authorize", "", key("authorize-"+invoice)...)
	require.Equal(a.t, 201, got.status, got.raw)
	return "/v2/payments/authorizations/" + got.text("purchase_units.0.payments.authorizations.0.id")
}

func TestAuthorizations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newApp(t, paypaltest.Config{Switches: paypaltest.Switches{TokenLife: 1000 * 24 * time.Hour}})
		at := a.authorized("10.00", "one")
		assert.Empty(t, a.Charged("one"), "nothing moved yet")
		part := a.do("POST "+at+"/capture", `{"amount":`+euros("4.00")+`}`, key("c1")...)
		require.Equal(t, 201, part.status, part.raw)
		assert.Equal(t, "PARTIALLY_CAPTURED", a.do("GET "+at, "").text("status"))
		assert.Equal(t, "MAX_CAPTURE_AMOUNT_EXCEEDED", a.do("POST "+at+"/capture", `{"amount":`+euros("6.01")+`}`, key("c2")...).issue())
		assert.Equal(t, "AUTH_CAPTURE_CURRENCY_MISMATCH", a.do("POST "+at+"/capture", `{"amount":{"currency_code":"USD","value":"1.00"}}`, key("c2")...).issue())
		assert.Equal(t, "PREVIOUSLY_CAPTURED", a.do("POST "+at+"/void", "").issue())
		assert.Equal(t, "6.00", a.do("POST "+at+"/capture", "", key("c3")...).text("amount.value"))
		assert.Equal(t, "AUTHORIZATION_ALREADY_CAPTURED", a.do("POST "+at+"/capture", "", key("c4")...).issue())
		assert.True(t, a.Paid("one").Equal(mip.EUR(10_00)))

		gone := a.authorized("10.00", "two")
		assert.Equal(t, 204, a.do("POST "+gone+"/void", "").status)
		assert.Equal(t, "PREVIOUSLY_VOIDED", a.do("POST "+gone+"/void", "").issue())
		assert.Equal(t, "AUTHORIZATION_VOIDED", a.do("POST "+gone+"/capture", "", key("c5")...).issue())
		assert.Equal(t, 200, a.do("POST "+a.authorized("1.00", "three")+"/void", "", "Prefer", "return=representation").status)

		old := a.authorized("10.00", "four")
		assert.Equal(t, "REAUTHORIZATION_NOT_SUPPORTED", a.do("POST "+old+"/reauthorize", "", key("a1")...).issue(), "too early")
		time.Sleep(4 * 24 * time.Hour)
		a.Switch(func(w *paypaltest.Switches) { w.NotHonoured = true })
		assert.Equal(t, "PAYER_CANNOT_PAY", a.do("POST "+old+"/capture", "", key("c6")...).issue())
		fresh := a.do("POST "+old+"/reauthorize", `{"amount":`+euros("10.00")+`}`, key("a1")...)
		require.Equal(t, 201, fresh.status, fresh.raw)
		assert.Equal(t, "AUTHORIZATION_VOIDED", a.do("POST "+old+"/capture", "", key("c6")...).issue())
		time.Sleep(25*24*time.Hour + time.Second)
		got := a.do("POST /v2/payments/authorizations/"+fresh.text("id")+"/capture", "", key("c7")...)
		assert.Equal(t, "AUTHORIZATION_EXPIRED", got.issue(), "29 days from the first")
	})
}

func TestIntentsAreKept(t *testing.T) {
	a := newApp(t, paypaltest.Config{})
	id := a.approved("1.00", "i")
	assert.Equal(t, "ACTION_DOES_NOT_MATCH_INTENT", a.do("POST /v2/checkout/orders/"+id+"/authorize", "", key("k")...).issue())
	assert.Equal(t, 404, a.do("GET /v2/payments/captures/"+id, "").status)
	assert.Equal(t, 404, a.do("POST /v2/payments/authorizations/X/capture", "", key("k")...).status)
}
