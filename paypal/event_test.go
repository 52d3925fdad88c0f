package paypal_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/paypal"
)

func TestParseEvent(t *testing.T) {
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	tests := []struct {
		name, body string
		want       paypal.Event
	}{
		{"an approval", `{"id":"WH-1","event_type":"CHECKOUT.ORDER.APPROVED","resource_type":"checkout-order","create_time":"2026-03-01T11:00:00+01:00",
			"summary":"x","resource":{"id":"O1","payer":{"email_address":"b@example.com"},"purchase_units":[{"custom_id":"shop-1","invoice_id":"I1"}]}}`,
			paypal.Event{ID: "WH-1", Type: "CHECKOUT.ORDER.APPROVED", ResourceID: "O1", OrderID: "O1", CustomID: "shop-1", InvoiceID: "I1", At: at}},
		{"an order of several units", `{"id":"WH-1","event_type":"CHECKOUT.ORDER.COMPLETED","resource":{"id":"O1","purchase_units":[{"custom_id":"1"},{"custom_id":"2"}]}}`,
			paypal.Event{ID: "WH-1", Type: "CHECKOUT.ORDER.COMPLETED", ResourceID: "O1", OrderID: "O1"}},
		{"an approval that is taken back", `{"id":"WH-1","event_type":"CHECKOUT.PAYMENT-APPROVAL.REVERSED","resource":{"order_id":"O1","purchase_units":[{"custom_id":"shop-1"}]}}`,
			paypal.Event{ID: "WH-1", Type: "CHECKOUT.PAYMENT-APPROVAL.REVERSED", OrderID: "O1", CustomID: "shop-1"}},
		{"a capture", `{"id":"WH-1","event_type":"PAYMENT.CAPTURE.COMPLETED","resource_type":"capture","resource":{"id":"C1","custom_id":"shop-1","invoice_id":"I1",
			"supplementary_data":{"related_ids":{"order_id":"O1"}}}}`,
			paypal.Event{ID: "WH-1", Type: "PAYMENT.CAPTURE.COMPLETED", ResourceID: "C1", CaptureID: "C1", OrderID: "O1", CustomID: "shop-1", InvoiceID: "I1"}},
		{"a refund leads up to its capture", `{"id":"WH-1","event_type":"PAYMENT.CAPTURE.REFUNDED","resource_type":"refund","resource":{"id":"R1",
			"links":[{"rel":"self","href":"https://api.paypal.com/v2/payments/refunds/R1"},{"rel":"up","href":"https://api.paypal.com/v2/payments/captures/C1"}]}}`,
			paypal.Event{ID: "WH-1", Type: "PAYMENT.CAPTURE.REFUNDED", ResourceID: "R1", CaptureID: "C1"}},
		{"a refund without the way up", `{"id":"WH-1","event_type":"PAYMENT.CAPTURE.REVERSED","resource_type":"refund","resource":{"id":"R1"}}`,
			paypal.Event{ID: "WH-1", Type: "PAYMENT.CAPTURE.REVERSED", ResourceID: "R1"}},
		{"a consent that is gone", `{"id":"WH-1","event_type":"VAULT.PAYMENT-TOKEN.DELETED","resource":{"id":"8kk8451t"}}`,
			paypal.Event{ID: "WH-1", Type: "VAULT.PAYMENT-TOKEN.DELETED", ResourceID: "8kk8451t", TokenID: "8kk8451t"}},
		{"a type that nobody knows", `{"id":"WH-1","event_type":"NEW.THING","resource":{"id":"X1","custom_id":"shop-1"}}`,
			paypal.Event{ID: "WH-1", Type: "NEW.THING", ResourceID: "X1", CustomID: "shop-1"}},
		{"a resource of another form", `{"id":"WH-1","event_type":"CHECKOUT.ORDER.APPROVED","resource":["x"]}`,
			paypal.Event{ID: "WH-1", Type: "CHECKOUT.ORDER.APPROVED"}},
		{"a field of another type loses only itself", `{"id":"WH-1","event_type":"PAYMENT.CAPTURE.COMPLETED","resource":{"custom_id":7,"id":"C1"}}`,
			paypal.Event{ID: "WH-1", Type: "PAYMENT.CAPTURE.COMPLETED", ResourceID: "C1", CaptureID: "C1"}},
		{"no resource", `{"id":"WH-1","event_type":"CHECKOUT.ORDER.APPROVED"}`,
			paypal.Event{ID: "WH-1", Type: "CHECKOUT.ORDER.APPROVED"}},
		{"ids that are none", `{"id":"WH-1","event_type":"CHECKOUT.ORDER.APPROVED","resource":{"id":"../x?","purchase_units":[{"custom_id":"a\nb","invoice_id":"` + strings.Repeat("i", 128) + `"}]}}`,
			paypal.Event{ID: "WH-1", Type: "CHECKOUT.ORDER.APPROVED"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := paypal.ParseEvent([]byte(tt.body))
			require.NoError(t, err)
			assert.Equal(t, tt.want, got)
		})
	}
	for _, body := range []string{``, `null`, `[]`, `{}`, `<html>`, `{"id":"WH-1"}`, `{"event_type":"A.B"}`, `{"id":"a b","event_type":"A.B"}`,
		`{"id":"WH-1","event_type":"canary text"}`, `{"id":"WH-1","event_type":"A.B"} {}`, `{"id":7,"event_type":"A.B"}`} {
		_, err := paypal.ParseEvent([]byte(body))
		require.ErrorIs(t, err, mip.ErrInvalid, body)
		assert.NotContains(t, err.Error(), "canary")
	}
}

func TestVerifyWebhook(t *testing.T) {
	body := []byte("{ \"id\":\"WH-1\",\n \"event_type\":\"CHECKOUT.ORDER.APPROVED\", \"summary\":\"a<b>&c\\u00e9\",\"resource\":{\"id\":\"O1\", \"n\":1.10}}")
	h := sign(t, keys()[1], now, body)
	t.Run("the event's bytes are sent as they came", func(t *testing.T) {
		w := always(200, `{"verification_status":"SUCCESS"}`)
		e, err := client(t, w).VerifyWebhook(t.Context(), webhookID, h, body)
		require.NoError(t, err)
		assert.Equal(t, "O1", e.OrderID)
		require.Len(t, w.sent, 1)
		assert.True(t, strings.HasSuffix(w.sent[0].body, `,"webhook_event":`+string(body)+"}"), w.sent[0].body)
		assert.Empty(t, w.sent[0].header.Get("PayPal-Request-Id"))
	})
	for name, tt := range map[string]struct {
		status int
		answer string
		kind   error
	}{
		"a failure is forged":                {200, `{"verification_status":"FAILURE"}`, mip.ErrUnauthorized},
		"another word is no verdict":         {200, `{"verification_status":"MAYBE"}`, mip.ErrContract},
		"no word is no verdict":              {200, `{}`, mip.ErrContract},
		"a page is no verdict":               {200, `<html>`, mip.ErrContract},
		"a server that fails is no verdict":  {500, ``, mip.ErrUnavailable},
		"a malformed question is no verdict": {400, `{"name":"VALIDATION_ERROR"}`, mip.ErrInvalid},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := client(t, always(tt.status, tt.answer), once).VerifyWebhook(t.Context(), webhookID, h, body)
			assert.Equal(t, tt.kind, mip.KindOf(err))
		})
	}
	t.Run("what cannot be PayPal's is not asked about", func(t *testing.T) {
		w := always(200, `{"verification_status":"SUCCESS"}`)
		c := client(t, w)
		elsewhere := h.Clone()
		elsewhere.Set("PayPal-Cert-Url", "https://evil.example/c")
		for name, ask := range map[string]func() error{
			"no headers":          func() error { _, err := c.VerifyWebhook(t.Context(), webhookID, http.Header{}, body); return err },
			"another certificate": func() error { _, err := c.VerifyWebhook(t.Context(), webhookID, elsewhere, body); return err },
			"a body that escapes": func() error {
				_, err := c.VerifyWebhook(t.Context(), webhookID, h, []byte(anEvent+`,"webhook_id":"x"`))
				return err
			},
		} {
			assert.ErrorIs(t, ask(), mip.ErrUnauthorized, name)
		}
		_, err := c.VerifyWebhook(t.Context(), `x","a":"`, h, body)
		require.ErrorIs(t, err, mip.ErrInvalid)
		assert.Empty(t, w.sent)
	})
}

func FuzzParseEvent(f *testing.F) {
	f.Add([]byte(anEvent))
	f.Add([]byte(`{"id":"WH-1","event_type":"PAYMENT.CAPTURE.REFUNDED","resource_type":"refund","resource":{"links":[{"rel":"up","href":"/captures/C1"}]}}`))
	f.Add([]byte("\xef\xbb\xbf{}"))
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := paypal.ParseEvent(body)
		if err != nil {
			assert.ErrorIs(t, err, mip.ErrInvalid)
			return
		}
		assert.NotEmpty(t, e.ID)
		assert.NotEmpty(t, e.Type)
		for _, id := range []string{e.ID, e.ResourceID, e.OrderID, e.CaptureID, e.TokenID} {
			assert.Regexp(t, `^[A-Za-z0-9_-]{0,64}$`, id)
		}
		for _, text := range []string{e.CustomID, e.InvoiceID} {
			assert.LessOrEqual(t, len([]rune(text)), 127)
			assert.NotContains(t, text, "\n")
		}
	})
}

// FuzzVerifier never lets anything through that was not signed.
func FuzzVerifier(f *testing.F) {
	w := newWorld(f)
	v := w.verifier(f)
	h := sign(f, w.key, now, []byte(anEvent))
	add := func(h http.Header, body string) {
		f.Add(h.Get("PayPal-Transmission-Id"), h.Get("PayPal-Transmission-Time"), h.Get("PayPal-Transmission-Sig"),
			h.Get("PayPal-Auth-Algo"), h.Get("PayPal-Cert-Url"), []byte(body))
	}
	add(h, anEvent)
	add(h, anEvent+" ")
	add(http.Header{}, "")
	f.Fuzz(func(t *testing.T, id, at, sig, algo, address string, body []byte) {
		got := http.Header{}
		for name, value := range map[string]string{"Transmission-Id": id, "Transmission-Time": at, "Transmission-Sig": sig, "Auth-Algo": algo, "Cert-Url": address} {
			got.Set("PayPal-"+name, value)
		}
		_, err := v.Verify(t.Context(), got, body)
		signed := id == h.Get("PayPal-Transmission-Id") && at == h.Get("PayPal-Transmission-Time") && string(body) == anEvent
		if err == nil {
			assert.True(t, signed)
			return
		}
		assert.True(t, errors.Is(err, mip.ErrUnauthorized) || errors.Is(err, mip.ErrUnavailable), "%v", err)
	})
}
