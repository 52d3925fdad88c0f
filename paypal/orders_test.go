package paypal_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/paypal"
)

func TestDecimals(t *testing.T) {
	money := func(amount, currency string) mip.Money {
		m, err := mip.ParseMoney(amount, currency)
		require.NoError(t, err)
		return m
	}
	tests := []struct {
		amount mip.Money
		wire   string // empty = refused before sending
	}{
		{mip.EUR(1), "0.01"},
		{mip.EUR(34_90), "34.90"},
		{mip.EUR(100_00), "100.00"},
		{mip.Minor(500, "JPY"), "500"},
		{money("500", "HUF"), "500"},
		{money("500.00", "TWD"), "500"},
		{money("500.01", "HUF"), ""},
		{money("0.50", "TWD"), ""},
		{money("1.234", "TND"), "1.234"},
		{money("1.2", "TND"), "1.200"},
		{money("999999999999999.99", "EUR"), "999999999999999.99"},
		{money("1000000000000000", "EUR"), ""},
		{mip.EUR(0), ""},
		{mip.EUR(-1), ""},
		{mip.Money{}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.amount.String(), func(t *testing.T) {
			w := always(201, created)
			r := approval
			r.Units = []paypal.Unit{{Amount: tt.amount}}
			_, err := client(t, w).CreateOrder(t.Context(), create, r)
			if tt.wire == "" {
				require.ErrorIs(t, err, mip.ErrInvalid)
				assert.Empty(t, w.sent)
				return
			}
			require.NoError(t, err)
			assert.Contains(t, w.sent[0].body, fmt.Sprintf(`"amount":{"currency_code":%q,"value":%q}`, tt.amount.Currency(), tt.wire))
		})
	}
	t.Run("in refunds and captures too", func(t *testing.T) {
		w := always(201, aRefund)
		for _, m := range []mip.Money{money("0.50", "HUF"), mip.EUR(0), mip.EUR(-1)} {
			_, err := client(t, w).RefundCapture(t.Context(), create, "1", paypal.RefundRequest{Amount: m})
			require.ErrorIs(t, err, mip.ErrInvalid, "%s", m)
			_, err = client(t, w).CaptureAuthorization(t.Context(), create, "1", paypal.AuthorizationCapture{Amount: m})
			require.ErrorIs(t, err, mip.ErrInvalid, "%s", m)
		}
		assert.Empty(t, w.sent)
	})
}

func TestOrdersThatAreNotSent(t *testing.T) {
	unit := paypal.Unit{Amount: mip.EUR(1)}
	units := func(u ...paypal.Unit) paypal.OrderRequest {
		return paypal.OrderRequest{Units: u, Approval: approval.Approval}
	}
	other := func(f func(*paypal.Unit)) paypal.OrderRequest {
		u := unit
		f(&u)
		return units(u)
	}
	long := func(n int) string { return strings.Repeat("ö", n+1) }
	for name, r := range map[string]paypal.OrderRequest{
		"no way to pay":                     {Units: []paypal.Unit{unit}},
		"two ways to pay":                   {Units: []paypal.Unit{unit}, Approval: approval.Approval, Vaulted: vaulted.Vaulted},
		"no unit":                           units(),
		"eleven units":                      units(make([]paypal.Unit, 11)...),
		"an unknown intent":                 {Units: []paypal.Unit{unit}, Approval: approval.Approval, Intent: "SALE"},
		"a saved wallet with two units":     {Units: []paypal.Unit{{Amount: mip.EUR(1), ReferenceID: "1"}, {Amount: mip.EUR(1), ReferenceID: "2"}}, Vaulted: vaulted.Vaulted},
		"a saved wallet without an id":      {Units: []paypal.Unit{unit}, Vaulted: &paypal.Vaulted{}},
		"units without reference ids":       units(unit, unit),
		"units with one reference id":       units(paypal.Unit{Amount: mip.EUR(1), ReferenceID: "1"}, paypal.Unit{Amount: mip.EUR(1), ReferenceID: "1"}),
		"units of two currencies":           units(paypal.Unit{Amount: mip.EUR(1), ReferenceID: "1"}, paypal.Unit{Amount: mip.Minor(1, "PLN"), ReferenceID: "2"}),
		"a custom id that is too long":      other(func(u *paypal.Unit) { u.CustomID = long(127) }),
		"an invoice id that is too long":    other(func(u *paypal.Unit) { u.InvoiceID = long(127) }),
		"a description that is too long":    other(func(u *paypal.Unit) { u.Description = long(127) }),
		"a reference id that is too long":   other(func(u *paypal.Unit) { u.ReferenceID = long(256) }),
		"a statement text that is too long": other(func(u *paypal.Unit) { u.SoftDescriptor = long(22) }),
		"a return address that is none":     {Units: []paypal.Unit{unit}, Approval: &paypal.Approval{ReturnURL: "javascript:1", CancelURL: "https://shop.example"}},
		"an address of another kind":        {Units: []paypal.Unit{unit}, Approval: &paypal.Approval{ReturnURL: "ftp://shop.example/r", CancelURL: "https://shop.example"}},
		"no cancel address":                 {Units: []paypal.Unit{unit}, Approval: &paypal.Approval{ReturnURL: "https://shop.example"}},
	} {
		t.Run(name, func(t *testing.T) {
			w := always(201, created)
			_, err := client(t, w).CreateOrder(t.Context(), create, r)
			require.ErrorIs(t, err, mip.ErrInvalid)
			assert.True(t, strings.HasPrefix(err.Error(), "paypal: POST /v2/checkout/orders: invalid: "), err.Error())
			assert.Empty(t, w.sent)
			assert.Zero(t, w.tokens)
		})
	}
	t.Run("ids that are none", func(t *testing.T) {
		w := always(200, created)
		for _, id := range []string{"", ".", ".."} {
			_, err := client(t, w).GetOrder(t.Context(), id)
			assert.ErrorIs(t, err, mip.ErrInvalid)
		}
		assert.Empty(t, w.sent)
	})
}

func TestOrderAsRead(t *testing.T) {
	const body = `{"id":"` + orderID + `","intent":"CAPTURE","status":"COMPLETED","create_time":"2026-03-01T10:00:00+01:00",
		"payer":{"email_address":"buyer@example.com"},"links":[{"rel":"approve","href":"https://www.paypal.com/x"}],
		"payment_source":{"paypal":{"email_address":"buyer@example.com","attributes":{"vault":{"id":"8kk8451t","status":"VAULTED"}}}},
		"purchase_units":[{"reference_id":"default","custom_id":"shop-1001","invoice_id":"SUP-1","payee":{"merchant_id":"ABCDEFGHJKLM2"},
			"amount":{"currency_code":"EUR","value":"34.90"},"payments":{
			"captures":[{"id":"C1","status":"PENDING","status_details":{"reason":"ECHECK"},"amount":{"currency_code":"EUR","value":"34.90"},
				"seller_receivable_breakdown":{"paypal_fee":{"currency_code":"EUR","value":"1.52"},"net_amount":{"currency_code":"EUR","value":"33.38"}}}],
			"authorizations":[{"id":"A1","status":"CREATED","expiration_time":"2026-03-30T10:00:00Z"}],
			"refunds":[{"id":"R1","status":"COMPLETED","amount":{"currency_code":"EUR","value":"1.00"},"links":[{"rel":"up","href":"https://api-m.paypal.com/v2/payments/captures/C1"}]}]}}]}`
	o, err := client(t, always(200, body)).GetOrder(t.Context(), orderID)
	require.NoError(t, err)
	at := time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)
	assert.Equal(t, at, o.CreatedAt)
	assert.Empty(t, o.ApproveURL, "there is nothing to approve any more")
	assert.Equal(t, "8kk8451t", o.VaultID)
	require.Len(t, o.Units, 1)
	u := o.Units[0]
	assert.Equal(t, [4]string{"default", "shop-1001", "SUP-1", "ABCDEFGHJKLM2"}, [4]string{u.ReferenceID, u.CustomID, u.InvoiceID, u.Payee})
	require.Len(t, o.Captures(), 1)
	c := o.Captures()[0]
	assert.False(t, c.Paid(), "an order can be completed while its capture is pending")
	assert.Equal(t, "ECHECK", c.Reason)
	assert.Equal(t, orderID, c.OrderID)
	assert.True(t, c.Fee.Equal(mip.EUR(1_52)) && c.Net.Equal(mip.EUR(33_38)))
	require.Len(t, u.Authorizations, 1)
	assert.Equal(t, time.Date(2026, 3, 30, 10, 0, 0, 0, time.UTC), u.Authorizations[0].ExpiresAt)
	require.Len(t, u.Refunds, 1)
	assert.Equal(t, "C1", u.Refunds[0].CaptureID)
	assert.NotContains(t, fmt.Sprintf("%+v", o), "buyer@example.com")
}

func TestAnswersThatAreNotUnderstood(t *testing.T) {
	for name, body := range map[string]string{
		"no id": `{"status":"CREATED"}`, "no status": `{"id":"` + orderID + `"}`, "another order": `{"id":"X","status":"CREATED"}`,
		"an amount that is none":       `{"id":"` + orderID + `","status":"CREATED","purchase_units":[{"amount":{"currency_code":"EUR","value":"12,30"}}]}`,
		"an amount in too many digits": `{"id":"` + orderID + `","status":"CREATED","purchase_units":[{"amount":{"currency_code":"EUR","value":"1.001"}}]}`,
		"a page":                       `<html>`, "nothing": ``, "a list": `[]`,
	} {
		t.Run(name, func(t *testing.T) {
			_, err := client(t, always(200, body)).GetOrder(t.Context(), orderID)
			assert.Equal(t, mip.ErrContract, mip.KindOf(err))
			assert.Equal(t, paypal.ClassUnknown, paypal.ClassOf(err))
			_, err = client(t, always(200, body), once).CaptureOrder(t.Context(), capture, orderID)
			assert.Equal(t, mip.ErrUnknown, mip.KindOf(err))
			assert.Equal(t, paypal.ClassRetry, paypal.ClassOf(err))
		})
	}
}

func TestAnswersAboutAnotherThing(t *testing.T) {
	c := client(t, always(200, aCapture))
	for name, read := range map[string]func() error{
		"capture":       func() error { _, err := c.GetCapture(t.Context(), "X"); return err },
		"refund":        func() error { _, err := c.GetRefund(t.Context(), "X"); return err },
		"authorization": func() error { _, err := c.GetAuthorization(t.Context(), "X"); return err },
		"setup token":   func() error { _, err := c.GetSetupToken(t.Context(), "X"); return err },
		"payment token": func() error { _, err := c.GetPaymentToken(t.Context(), "X"); return err },
	} {
		assert.Equal(t, mip.ErrContract, mip.KindOf(read()), name)
	}
}

func TestListsOfSavedWallets(t *testing.T) {
	pages := inTurn(says(200, `{"total_pages":2,"customer":{"id":"c"},"payment_tokens":[{"id":"t1"}]}`),
		says(200, `{"total_pages":2,"payment_tokens":[{"id":"t2","customer":{"id":"c"}}]}`))
	all, err := client(t, pages).ListPaymentTokens(t.Context(), "c")
	require.NoError(t, err)
	assert.Equal(t, []paypal.PaymentToken{{ID: "t1", CustomerID: "c"}, {ID: "t2", CustomerID: "c"}}, all)
	require.Len(t, pages.sent, 2)
	assert.Contains(t, pages.sent[1].call, "page=2")

	endless := always(200, `{"total_pages":9999,"payment_tokens":[{"id":"t1"}]}`)
	_, err = client(t, endless).ListPaymentTokens(t.Context(), "c")
	require.ErrorIs(t, err, mip.ErrContract)
	assert.Len(t, endless.sent, 100)
}
