package paypal

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
)

// Option changes one call.
type Option func(*call)

// Minimal asks for the short answer: id and status, without amounts and
// captures. Without it the whole resource is asked for (Prefer).
func Minimal() Option {
	return func(c *call) { c.header.Set("Prefer", "return=minimal") }
}

// OnBehalfOf makes the call for a merchant who has given this platform the
// permission (PayPal-Auth-Assertion); merchant is PayPal's merchant id. It goes
// before [ClientConfig].Merchant; empty means for oneself.
func OnBehalfOf(merchant string) Option {
	return func(c *call) { c.merchant = merchant }
}

// MockResponse makes PayPal's sandbox fail this call with an issue, such as
// INSTRUMENT_DECLINED. The account needs negative testing switched on. The
// live host refuses it here: [mip.ErrInvalid], and nothing is sent.
func MockResponse(issue string) Option {
	return func(c *call) { c.mock = issue }
}

// assertion is PayPal-Auth-Assertion: a token without a signature that names
// the application and the merchant.
func assertion(clientID, merchant string) string {
	part := func(v any) string {
		raw, _ := json.Marshal(v) // maps of strings marshal
		return base64.RawURLEncoding.EncodeToString(raw)
	}
	return part(map[string]string{"alg": "none"}) + "." +
		part(map[string]string{"iss": clientID, "payer_id": merchant}) + "."
}

// mocked is PayPal-Mock-Response for the sandbox.
func mocked(h http.Header, issue string) {
	raw, _ := json.Marshal(map[string]string{"mock_application_codes": issue})
	h.Set("PayPal-Mock-Response", string(raw))
}
