package contract_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/paypal/internal/contract"
)

func specs(t *testing.T) *contract.Specs {
	t.Helper()
	if contract.Dir() == "" {
		t.Skip("OPENMIP_SPECS is not set: PayPal's OpenAPI files are not checked")
	}
	s, err := contract.Validator(contract.Dir())
	require.NoError(t, err)
	return s
}

type answer struct {
	status int
	body   string
}

func (a answer) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Body != nil {
		_, _ = io.Copy(io.Discard, r.Body)
	}
	return &http.Response{StatusCode: a.status, Header: http.Header{"Content-Type": {"application/json"}},
		Body: io.NopCloser(strings.NewReader(a.body))}, nil
}

func TestViolations(t *testing.T) {
	s := specs(t)
	const unit = `"purchase_units":[{"amount":{"currency_code":"EUR","value":"1.00"}}]`
	const created = `{"id":"5O190127TN364715T","status":"CREATED"}`
	tests := []struct {
		name, call, body string
		answer           answer
		want             string // part of the only violation; empty = none
	}{
		{"a good order", "POST /v2/checkout/orders", `{"intent":"CAPTURE",` + unit + `}`, answer{201, created}, ""},
		{"a missing field", "POST /v2/checkout/orders", `{` + unit + `}`, answer{201, created}, "intent"},
		{"a wrong value", "POST /v2/checkout/orders", `{"intent":"SALE",` + unit + `}`, answer{201, created}, "/intent"},
		{"an amount that is a number", "POST /v2/checkout/orders", `{"intent":"CAPTURE","purchase_units":[{"amount":{"currency_code":"EUR","value":1}}]}`, answer{201, created}, "/purchase_units/0/amount/value"},
		{"a field that nobody knows", "POST /v2/checkout/orders", `{"intent":"CAPTURE","vault":1,` + unit + `}`, answer{201, created}, "unknown field /vault"},
		{"a field that is listed as newer", "POST /v2/checkout/orders",
			`{"intent":"CAPTURE",` + unit + `,"payment_source":{"paypal":{"vault_id":"8kk8451t","stored_credential":{"usage":"SUBSEQUENT"}}}}`, answer{201, created}, ""},
		{"an unknown field beside it", "POST /v2/checkout/orders",
			`{"intent":"CAPTURE",` + unit + `,"payment_source":{"paypal":{"vaultid":"8kk8451t"}}}`, answer{201, created}, "unknown field /payment_source/paypal/vaultid"},
		{"a status that is none", "POST /v2/checkout/orders", `{"intent":"CAPTURE",` + unit + `}`, answer{201, `{"id":"1","status":"PAID"}`}, "/status"},
		{"an undescribed success", "POST /v2/checkout/orders", `{"intent":"CAPTURE",` + unit + `}`, answer{202, created}, "status 202"},
		{"an issue of the operation", "POST /v2/checkout/orders/5O190127TN364715T/capture", "", answer{422, `{"name":"UNPROCESSABLE_ENTITY","message":"x","details":[{"issue":"INSTRUMENT_DECLINED"}]}`}, ""},
		{"an issue of no operation", "POST /v2/checkout/orders/5O190127TN364715T/capture", "", answer{422, `{"name":"UNPROCESSABLE_ENTITY","message":"x","details":[{"issue":"NO_SUCH"}]}`}, "/details/0: doesn't match any"},
		{"an issue of every operation", "POST /v2/checkout/orders/5O190127TN364715T/capture", "", answer{422, `{"name":"UNPROCESSABLE_ENTITY","message":"x","details":[{"issue":"PREVIOUS_REQUEST_IN_PROGRESS"}]}`}, ""},
		{"a vault call without its request id", "POST /v3/vault/payment-tokens", `{"payment_source":{"token":{"id":"5C991763VB2781612","type":"SETUP_TOKEN"}}}`, answer{201, `{"id":"8kk8451t"}`}, "PayPal-Request-Id"},
		{"no such path", "POST /v2/checkout/order", "", answer{404, `{}`}, "no such operation"},
		{"the token", "POST /v1/oauth2/token", "", answer{200, `{}`}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			method, path, _ := strings.Cut(tt.call, " ")
			r, err := http.NewRequestWithContext(t.Context(), method, "https://api-m.paypal.com"+path, strings.NewReader(tt.body))
			require.NoError(t, err)
			r.Header.Set("Content-Type", "application/json")
			var got []contract.Violation
			resp, err := s.Transport(tt.answer, func(v contract.Violation) { got = append(got, v) }).RoundTrip(r)
			require.NoError(t, err)
			raw, err := io.ReadAll(resp.Body)
			require.NoError(t, err)
			assert.Equal(t, tt.answer.body, string(raw), "the answer is passed on")
			if tt.want == "" {
				assert.Empty(t, got)
				return
			}
			require.Len(t, got, 1)
			assert.Contains(t, got[0].String(), tt.want)
		})
	}
}
