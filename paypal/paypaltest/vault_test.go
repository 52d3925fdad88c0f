package paypaltest_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/paypal/paypaltest"
)

const setup = `{"customer":{"id":"customer1"},"payment_source":{"paypal":{"usage_type":"MERCHANT","usage_pattern":"IMMEDIATE","customer_type":"BUSINESS",` +
	`"experience_context":{"return_url":"https://shop.test/saved","cancel_url":"https://shop.test/stop"}}}}`

func fromSetup(id string) string {
	return `{"payment_source":{"token":{"id":"` + id + `","type":"SETUP_TOKEN"}}}`
}

func TestAnAccountIsSavedOnceAndPaysByItself(t *testing.T) {
	a := newApp(t, paypaltest.Config{})
	begun := a.do("POST /v3/vault/setup-tokens", setup, key("s")...)
	require.Equal(t, 201, begun.status, begun.raw)
	id := begun.text("id")
	assert.Contains(t, begun.link("approve"), "/agreements/approve?approval_session_id="+id)
	early := a.do("POST /v3/vault/payment-tokens", fromSetup(id), key("p")...)
	assert.Equal(t, "PAYER_ACTION_REQUIRED", early.issue())
	require.NoError(t, a.ApproveSetup(id))
	assert.Equal(t, "APPROVED", a.do("GET /v3/vault/setup-tokens/"+id, "").text("status"))
	saved := a.do("POST /v3/vault/payment-tokens", fromSetup(id), key("p")...)
	require.Equal(t, 201, saved.status, saved.raw)
	token := saved.text("id")
	assert.Equal(t, "customer1", saved.text("customer.id"))
	assert.Equal(t, "TOKEN_EXPIRED", a.do("POST /v3/vault/payment-tokens", fromSetup(id), key("q")...).issue(), "a setup token is used once")
	assert.Equal(t, 404, a.do("POST /v3/vault/payment-tokens", fromSetup("5C991763VB2781612"), key("r")...).status)

	list := a.do("GET /v3/vault/payment-tokens?customer_id=customer1&total_required=true", "")
	assert.Equal(t, token, list.text("payment_tokens.0.id"))
	assert.InDelta(t, 1, list.at("total_items"), 0)
	assert.Equal(t, 400, a.do("GET /v3/vault/payment-tokens", "").status)
	assert.Equal(t, 200, a.do("GET /v3/vault/payment-tokens/"+token, "").status)

	paid := a.do("POST /v2/checkout/orders", vaulted("7.00", "inv", token), key("o")...)
	require.Equal(t, 201, paid.status, paid.raw)
	assert.Equal(t, "COMPLETED", paid.text("status"))
	assert.Equal(t, "COMPLETED", paid.text("purchase_units.0.payments.captures.0.status"))
	assert.Len(t, a.Charged("inv"), 1)

	assert.Equal(t, 204, a.do("DELETE /v3/vault/payment-tokens/"+token, "").status)
	assert.Equal(t, 404, a.do("GET /v3/vault/payment-tokens/"+token, "").status)
	assert.Empty(t, a.do("GET /v3/vault/payment-tokens?customer_id=customer1", "").at("payment_tokens"))
	assert.Len(t, a.EventsOf("VAULT.PAYMENT-TOKEN.CREATED"), 1)
}

func TestASavedAccountMayFail(t *testing.T) {
	tests := []struct {
		name  string
		spoil func(a *app, token string) string // returns the body
		issue string
	}{
		{"revoked", func(a *app, token string) string {
			require.NoError(a.t, a.RevokeConsent(token))
			assert.Len(a.t, a.EventsOf("VAULT.PAYMENT-TOKEN.DELETED"), 1)
			return vaulted("1.00", "inv", token)
		}, "AGREEMENT_ALREADY_CANCELLED"},
		{"unknown", func(*app, string) string { return vaulted("1.00", "inv", "8kk8451t") }, "BILLING_AGREEMENT_NOT_FOUND"},
		{"declined", func(a *app, token string) string {
			require.NoError(a.t, a.Fund(token, paypaltest.Declined))
			return vaulted("1.00", "inv", token)
		}, "INSTRUMENT_DECLINED"},
		{"refused", func(a *app, token string) string {
			require.NoError(a.t, a.Fund(token, "TRANSACTION_REFUSED"))
			return vaulted("1.00", "inv", token)
		}, "TRANSACTION_REFUSED"},
		{"for two units", func(_ *app, token string) string {
			unit := `"amount":` + euros("1.00")
			return strings.Replace(vaulted("1.00", "inv", token), `[{`, `[{"reference_id":"a",`+unit+`},{"reference_id":"b",`, 1)
		}, "MERCHANT_INITIATED_WITH_MULTIPLE_PURCHASE_UNITS"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			a := newApp(t, paypaltest.Config{})
			body := tt.spoil(a, a.Vault("customer1"))
			got := a.do("POST /v2/checkout/orders", body, key("k")...)
			assert.Equal(t, 422, got.status, got.raw)
			assert.Equal(t, tt.issue, got.issue())
			assert.Empty(t, a.Orders())
			assert.Empty(t, a.Charged(""))
		})
	}
}

func TestAnAccountIsSavedWithAPurchase(t *testing.T) {
	a := newApp(t, paypaltest.Config{})
	body := strings.Replace(plain("1.00", "i"), `"paypal":{`, `"paypal":{"attributes":{"vault":{"store_in_vault":"ON_SUCCESS","usage_type":"MERCHANT"}},`, 1)
	id := a.do("POST /v2/checkout/orders", body, key("k")...).text("id")
	require.NoError(t, a.Approve(id))
	got := a.do("POST /v2/checkout/orders/"+id+"/capture", "", key("c")...)
	token := got.text("payment_source.paypal.attributes.vault.id")
	require.NotEmpty(t, token, got.raw)
	assert.Equal(t, 201, a.do("POST /v2/checkout/orders", vaulted("2.00", "j", token), key("o")...).status)

	a.Switch(func(w *paypaltest.Switches) { w.NoVault = true })
	assert.Equal(t, "NOT_ENABLED_TO_VAULT_PAYMENT_SOURCE", a.do("POST /v2/checkout/orders", body, key("n")...).issue())
	assert.Equal(t, 403, a.do("POST /v3/vault/setup-tokens", setup, key("s")...).status)
}
