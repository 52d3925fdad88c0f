package paypaltest_test

import (
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/paypal/paypaltest"
)

// genuine is an offline check, written after PayPal's description.
func genuine(t *testing.T, srv *paypaltest.Server, r *http.Request, body []byte) bool {
	t.Helper()
	u, err := url.Parse(r.Header.Get("PAYPAL-CERT-URL"))
	if err != nil || u.Scheme != "https" || !strings.HasSuffix(u.Hostname(), ".paypal.com") || r.Header.Get("PAYPAL-AUTH-ALGO") != "SHA256withRSA" {
		return false
	}
	fetch, err := http.NewRequestWithContext(t.Context(), http.MethodGet, u.String(), nil)
	require.NoError(t, err)
	resp, err := srv.Client().Do(fetch)
	require.NoError(t, err)
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	block, rest := pem.Decode(text)
	require.NotNil(t, block)
	require.NotEmpty(t, rest, "the chain comes along")
	leaf, err := x509.ParseCertificate(block.Bytes)
	require.NoError(t, err)
	if _, err := leaf.Verify(x509.VerifyOptions{Roots: srv.CertPool()}); err != nil {
		return false
	}
	signed := fmt.Sprintf("%s|%s|%s|%d", r.Header.Get("PAYPAL-TRANSMISSION-ID"), r.Header.Get("PAYPAL-TRANSMISSION-TIME"),
		paypaltest.WebhookID, crc32.ChecksumIEEE(body))
	sum := sha256.Sum256([]byte(signed))
	raw, err := base64.StdEncoding.DecodeString(r.Header.Get("PAYPAL-TRANSMISSION-SIG"))
	return err == nil && rsa.VerifyPKCS1v15(leaf.PublicKey.(*rsa.PublicKey), crypto.SHA256, sum[:], raw) == nil
}

func (a *app) verifies(r *http.Request, webhook, body string) string {
	a.t.Helper()
	header := map[string]string{"auth_algo": "PAYPAL-AUTH-ALGO", "cert_url": "PAYPAL-CERT-URL", "transmission_id": "PAYPAL-TRANSMISSION-ID",
		"transmission_sig": "PAYPAL-TRANSMISSION-SIG", "transmission_time": "PAYPAL-TRANSMISSION-TIME"}
	form := map[string]string{"webhook_id": webhook}
	for field, name := range header {
		form[field] = r.Header.Get(name)
	}
	raw, err := json.Marshal(form)
	require.NoError(a.t, err)
	got := a.do("POST /v1/notifications/verify-webhook-signature", strings.TrimSuffix(string(raw), "}")+`,"webhook_event":`+body+`}`)
	return got.text("verification_status")
}

func TestOnlyGenuineNotificationsPass(t *testing.T) {
	a := newApp(t, paypaltest.Config{})
	a.paid("5.00", "inv<&>")
	e := a.EventsOf("PAYMENT.CAPTURE.COMPLETED")[0]
	for _, f := range append(paypaltest.Forgeries(), paypaltest.Genuine) {
		t.Run(or(string(f), "genuine"), func(t *testing.T) {
			r, err := a.Notification("https://us.test/hook", e, f)
			require.NoError(t, err)
			body, err := io.ReadAll(r.Body)
			require.NoError(t, err)
			passes := f == paypaltest.Genuine || f == paypaltest.OldTime
			assert.Equal(t, passes, genuine(t, a.Server, r, body), "offline")
			if f != paypaltest.NoSignature {
				assert.Equal(t, map[bool]string{true: "SUCCESS", false: "FAILURE"}[passes], a.verifies(r, paypaltest.WebhookID, string(body)), "online")
			}
			if f == paypaltest.OldTime {
				at, err := time.Parse(time.RFC3339, r.Header.Get("PAYPAL-TRANSMISSION-TIME"))
				require.NoError(t, err)
				assert.Greater(t, time.Since(at), 29*24*time.Hour)
			}
		})
	}
	r, err := a.Notification("https://us.test/hook", e, paypaltest.Genuine)
	require.NoError(t, err)
	var decoded map[string]any
	require.NoError(t, json.Unmarshal(e.Body, &decoded))
	again, err := json.Marshal(decoded)
	require.NoError(t, err)
	assert.Equal(t, "FAILURE", a.verifies(r, paypaltest.WebhookID, string(again)), "an event that was encoded again is not the same bytes")
	assert.Contains(t, string(e.Body), "inv<&>", "nothing is escaped that need not be")
	other, err := a.Notification("https://us.test/hook", e, paypaltest.OtherWebhook)
	require.NoError(t, err)
	assert.Equal(t, "FAILURE", a.verifies(other, "0THERWEBH00K45678", string(e.Body)), "another app's webhook is not ours to verify")
	assert.Equal(t, "inv<&>", decoded["resource"].(map[string]any)["invoice_id"])
}

func or(a, b string) string {
	if a == "" {
		return b
	}
	return a
}

func TestNotificationsComeInAnyOrderAndAgain(t *testing.T) {
	a := newApp(t, paypaltest.Config{})
	a.paid("5.00", "inv")
	events := a.Events()
	require.Len(t, events, 3)
	var ids, transmissions []string
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		assert.True(t, genuine(t, a.Server, r, body))
		var e struct{ ID string }
		assert.NoError(t, json.Unmarshal(body, &e))
		ids, transmissions = append(ids, e.ID), append(transmissions, r.Header.Get("PAYPAL-TRANSMISSION-ID"))
		w.WriteHeader(http.StatusAccepted)
	})
	statuses := a.Deliver(paypaltest.Handler(h), "https://us.test/hook", events[2], events[0], events[2])
	assert.Equal(t, []int{202, 202, 202}, statuses)
	assert.Equal(t, []string{events[2].ID, events[0].ID, events[2].ID}, ids)
	assert.NotEqual(t, transmissions[0], transmissions[2])
	assert.Equal(t, []int{0}, a.Deliver(unreachable{}, "https://us.test/hook", events[0]))
}

type unreachable struct{}

func (unreachable) RoundTrip(*http.Request) (*http.Response, error) { return nil, io.ErrUnexpectedEOF }
