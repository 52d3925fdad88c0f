package paypaltest_test

import (
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/paypal/paypaltest"
)

// FuzzBadInput sends anything to every operation: the server never breaks,
// and never says that it is its own fault.
func FuzzBadInput(f *testing.F) {
	for _, body := range []string{``, `{}`, `[]`, `null`, `{"intent":"CAPTURE","purchase_units":[null]}`, plain("1.00", "i"), vaulted("1.00", "i", "8kk8451t"), setup,
		fromSetup("X"), `{"amount":{"currency_code":"EUR","value":"-.1"}}`, `{"amount":{"currency_code":"EUR","value":"1e9"}}`, `{"amount":null,"invoice_id":"\ud800"}`,
		`{"intent":"CAPTURE","purchase_units":[{"amount":{"currency_code":"EUR","value":"1","breakdown":{"x":{}}},"items":[{"quantity":"0"}]}]}`,
		`{"auth_algo":"a","cert_url":"%","transmission_id":"b","transmission_sig":"c","transmission_time":"d","webhook_id":"e","webhook_event":1}`, "\xff{"} {
		f.Add(body, "k", "")
		f.Add(body, "", "token=%zz&customer_id=customer1&page=0&approval_session_id=1")
	}
	f.Add("{}", strings.Repeat("k", 109), `{"mock_application_codes":[]}`)
	calls := []string{"/v1/oauth2/token", "/v2/checkout/orders", "/v2/checkout/orders/{order}/authorize", "/v2/checkout/orders/{order}/capture",
		"/v2/checkout/orders/{order}", "/v2/payments/captures/{capture}", "/v2/payments/captures/{capture}/refund", "/v2/payments/refunds/{capture}",
		"/v2/payments/authorizations/{order}", "/v2/payments/authorizations/{order}/capture", "/v2/payments/authorizations/{order}/reauthorize",
		"/v2/payments/authorizations/{order}/void", "/v3/vault/setup-tokens", "/v3/vault/setup-tokens/X", "/v3/vault/payment-tokens",
		"/v3/vault/payment-tokens/X", "/v1/notifications/verify-webhook-signature", "/v1/notifications/certs/X", "/checkoutnow", "/agreements/approve", "/else"}
	f.Fuzz(func(t *testing.T, body, id, more string) {
		a := newApp(t, paypaltest.Config{})
		order, capture := a.paid("5.00", "inv")
		open := a.approved("5.00", "open")
		named := strings.NewReplacer("{order}", open, "{capture}", capture)
		for _, path := range calls {
			for _, method := range []string{http.MethodGet, http.MethodPost, http.MethodDelete} {
				r := &http.Request{Method: method, URL: &url.URL{Scheme: "https", Host: "api-m.paypal.com", Path: named.Replace(path), RawQuery: more},
					Header: http.Header{"Authorization": {"Bearer " + a.token}, "Content-Type": {"application/json"},
						"Paypal-Request-Id": {id}, "Paypal-Mock-Response": {more}}, Body: io.NopCloser(strings.NewReader(body))}
				resp, err := a.Transport().RoundTrip(r.WithContext(t.Context()))
				require.NoError(t, err)
				require.Less(t, resp.StatusCode, 500, "%s %s", method, path)
			}
		}
		paid, found := a.Order(order)
		require.True(t, found)
		require.Equal(t, "COMPLETED", paid.Status)
		require.False(t, a.Paid("inv").IsNegative(), "no more is refunded than was paid")
		require.LessOrEqual(t, len(a.Charged("open")), 1)
	})
}
