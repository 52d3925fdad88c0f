package paypal_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/paypal"
)

func TestErrors(t *testing.T) {
	detail := func(issue, field string) string {
		return fmt.Sprintf(`{"name":"INVALID_REQUEST","debug_id":"body-1","details":[{"issue":%q,"field":%q}]}`, issue, field)
	}
	tests := []struct {
		name        string
		status      int
		body        string
		class       paypal.Class
		write, read error
		code        string
		text        string // part of the error's text
	}{
		{"the issue decides", 422, issue("TRANSACTION_REFUSED"), paypal.ClassRefused, mip.ErrRefused, mip.ErrRefused, "TRANSACTION_REFUSED", "status 422 UNPROCESSABLE_ENTITY: TRANSACTION_REFUSED [debug id b1d2]"},
		{"the payer has no money", 422, issue("PAYER_CANNOT_PAY"), paypal.ClassRefused, mip.ErrUnfunded, mip.ErrUnfunded, "PAYER_CANNOT_PAY", ""},
		{"the payer must act", 422, issue("INSTRUMENT_DECLINED"), paypal.ClassPayer, mip.ErrPending, mip.ErrPending, "INSTRUMENT_DECLINED", ""},
		{"the consent is gone", 422, issue("TOKEN_ID_NOT_FOUND"), paypal.ClassConsent, mip.ErrUnauthorized, mip.ErrUnauthorized, "TOKEN_ID_NOT_FOUND", ""},
		{"a consent that is not found is gone", 404, issue("TOKEN_ID_NOT_FOUND"), paypal.ClassConsent, mip.ErrUnauthorized, mip.ErrUnauthorized, "TOKEN_ID_NOT_FOUND", ""},
		{"it is done already", 422, issue("ORDER_ALREADY_CAPTURED"), paypal.ClassReread, mip.ErrConflict, mip.ErrConflict, "ORDER_ALREADY_CAPTURED", ""},
		{"what is done already goes before all other issues", 422, `{"details":[{"issue":"INSTRUMENT_DECLINED"},{"issue":"DUPLICATE_INVOICE_ID"}]}`, paypal.ClassReread, mip.ErrConflict, mip.ErrConflict, "INSTRUMENT_DECLINED", "INSTRUMENT_DECLINED, DUPLICATE_INVOICE_ID"},
		{"the exact name goes before the others of its kind", 403, issue("PAYEE_ACCOUNT_NOT_VERIFIED"), paypal.ClassSetup, mip.ErrUnauthorized, mip.ErrUnauthorized, "PAYEE_ACCOUNT_NOT_VERIFIED", ""},
		{"an issue that nobody knows is for a person", 422, issue("SOMETHING_NEW"), paypal.ClassUnknown, mip.ErrRefused, mip.ErrRefused, "SOMETHING_NEW", "SOMETHING_NEW"},
		{"an unknown conflict is no proof", 409, issue("SOMETHING_NEW"), paypal.ClassUnknown, mip.ErrConflict, mip.ErrConflict, "SOMETHING_NEW", ""},
		{"a server's failure is one whatever it says", 500, issue("TRANSACTION_REFUSED"), paypal.ClassRetry, mip.ErrUnknown, mip.ErrUnavailable, "TRANSACTION_REFUSED", ""},
		{"throttled", 429, `{"name":"RATE_LIMIT_REACHED"}`, paypal.ClassRetry, mip.ErrThrottled, mip.ErrThrottled, "RATE_LIMIT_REACHED", ""},
		{"too slow", 408, ``, paypal.ClassRetry, mip.ErrUnknown, mip.ErrUnavailable, "", "status 408"},
		{"in progress", 409, issue("PREVIOUS_REQUEST_IN_PROGRESS"), paypal.ClassRetry, mip.ErrUnknown, mip.ErrUnavailable, "PREVIOUS_REQUEST_IN_PROGRESS", ""},
		{"a mistake names its field", 400, detail("INVALID_PARAMETER_SYNTAX", "/purchase_units/0/amount/value"), paypal.ClassInvalid, mip.ErrInvalid, mip.ErrInvalid, "INVALID_PARAMETER_SYNTAX", "at /purchase_units/*/amount/value"},
		{"a field's reference is left out", 400, detail("AMOUNT_MISMATCH", "/purchase_units/@reference_id=='canary-reference'/amount"), paypal.ClassInvalid, mip.ErrInvalid, mip.ErrInvalid, "AMOUNT_MISMATCH", "at /purchase_units/*/amount"},
		{"a field of another form is left out", 400, detail("AMOUNT_MISMATCH", "canary@example.com"), paypal.ClassInvalid, mip.ErrInvalid, mip.ErrInvalid, "AMOUNT_MISMATCH", "AMOUNT_MISMATCH [debug"},
		{"an unknown issue of a malformed request is a mistake", 400, issue("SOMETHING_NEW"), paypal.ClassInvalid, mip.ErrInvalid, mip.ErrInvalid, "SOMETHING_NEW", ""},
		{"no such order", 404, `{"name":"RESOURCE_NOT_FOUND","details":[{"issue":"INVALID_RESOURCE_ID"}]}`, paypal.ClassRefused, mip.ErrNotFound, mip.ErrNotFound, "INVALID_RESOURCE_ID", ""},
		{"OAuth's own form", 401, `{"error":"invalid_token","error_description":"canary-description"}`, paypal.ClassSetup, mip.ErrUnauthorized, mip.ErrUnauthorized, "invalid_token", "status 401 invalid_token"},
		{"a closed account", 401, `{"name":"NOT_AUTHORIZED","details":[{"issue":"INVALID_ACCOUNT_STATUS"}]}`, paypal.ClassSetup, mip.ErrUnauthorized, mip.ErrUnauthorized, "INVALID_ACCOUNT_STATUS", ""},
		{"a page of a proxy", 403, `<html>canary</html>`, paypal.ClassSetup, mip.ErrUnauthorized, mip.ErrUnauthorized, "", "status 403"},
		{"an empty refusal", 422, ``, paypal.ClassUnknown, mip.ErrRefused, mip.ErrRefused, "", "status 422"},
		{"a redirect", 302, ``, paypal.ClassUnknown, mip.ErrUnknown, mip.ErrContract, "", "status 302"},
		{"issues that are sentences", 422, `{"name":"Canary name","debug_id":"canary debug!","details":[{"issue":"canary John Doe"},{"issue":"canary@example.com"}]}`, paypal.ClassUnknown, mip.ErrRefused, mip.ErrRefused, "", "status 422"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, write := client(t, always(tt.status, tt.body), once).CaptureOrder(t.Context(), capture, orderID)
			_, read := client(t, always(tt.status, tt.body), once).GetOrder(t.Context(), orderID)
			assert.Equal(t, tt.write, mip.KindOf(write))
			assert.Equal(t, tt.read, mip.KindOf(read))
			e, ok := errors.AsType[*paypal.Error](write)
			require.True(t, ok)
			assert.Equal(t, tt.class, e.Class())
			assert.Equal(t, tt.status, e.Status)
			m, ok := errors.AsType[*mip.Error](write)
			require.True(t, ok)
			assert.Equal(t, tt.code, m.Code)
			assert.Contains(t, write.Error(), tt.text)
			assert.NotContains(t, strings.ToLower(write.Error()+read.Error()), "canary")
			if mip.KindOf(write) != mip.ErrUnknown {
				assert.Equal(t, tt.class, paypal.ClassOf(write))
			}
		})
	}
	t.Run("the header's debug id goes before the body's", func(t *testing.T) {
		_, err := client(t, always(422, issue("TRANSACTION_REFUSED"), "PayPal-Debug-Id", "f00dcafe")).GetOrder(t.Context(), orderID)
		e, ok := errors.AsType[*paypal.Error](err)
		require.True(t, ok)
		assert.Equal(t, "f00dcafe", e.DebugID)
		assert.True(t, e.Has("TRANSACTION_REFUSED"))
	})
	t.Run("an answer that is not understood has one too", func(t *testing.T) {
		_, err := client(t, always(200, "{}", "PayPal-Debug-Id", "f00dcafe")).GetOrder(t.Context(), orderID)
		assert.Contains(t, err.Error(), "[debug id f00dcafe]")
	})
	assert.Empty(t, paypal.ClassOf(nil))
}

// TestNothingPersonalLeaks fills everything that goes in and comes back with
// canaries, and looks at errors and log lines.
func TestNothingPersonalLeaks(t *testing.T) {
	const body = `{"name":"canary","message":"canary","debug_id":"ok1","details":[{"issue":"PAYER_CANNOT_PAY","field":"/payer/canary@x","value":"canary","description":"canary"}],
		"links":[{"href":"https://canary.example","rel":"canary"}],"id":"canary","error_description":"canary"}`
	r := approval
	r.Units = []paypal.Unit{{Amount: mip.EUR(1), CustomID: "canary-custom", InvoiceID: "canary-invoice", Description: "canary-description"}}
	r.Approval = &paypal.Approval{ReturnURL: "https://shop.example/canary-return", CancelURL: "https://shop.example/c", BrandName: "canary-brand"}
	for _, status := range []int{200, 201, 302, 400, 401, 403, 404, 409, 422, 429, 500, 503} {
		var log bytes.Buffer
		c := client(t, always(status, body), once, func(c *paypal.ClientConfig) {
			c.Logger = slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))
		})
		_, err := c.CreateOrder(t.Context(), create, r)
		require.Error(t, err)
		_, err2 := c.GetOrder(t.Context(), "canary-order")
		require.Error(t, err2)
		for _, text := range []string{err.Error(), err2.Error(), fmt.Sprintf("%+v %#v", err, c), log.String()} {
			assert.NotContains(t, text, "canary", "status %d", status)
		}
		assert.NotEmpty(t, log.String())
	}
}
