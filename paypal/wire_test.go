package paypal_test

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
	"github.com/openmip/openmip/paypal"
)

const (
	clientID     = "AcLiEnT"
	clientSecret = "canary-secret"
	accessToken  = "canary-token"
	tokenAnswer  = `{"access_token":"` + accessToken + `","token_type":"Bearer","expires_in":32400,"scope":"x"}`
	orderID      = "5O190127TN364715T"
	created      = `{"id":"` + orderID + `","status":"PAYER_ACTION_REQUIRED","links":[` +
		`{"rel":"self","href":"https://api-m.paypal.com/v2/checkout/orders/` + orderID + `"},` +
		`{"rel":"payer-action","href":"https://www.paypal.com/checkoutnow?token=` + orderID + `"}]}`
)

// sent is a request as it arrived.
type sent struct {
	call   string
	header http.Header
	body   string
}

// wire answers in process, the token by itself.
type wire struct {
	answer func(r sent, n int) (*http.Response, error) // n counts from 1, tokens left out

	mu     sync.Mutex
	sent   []sent // without tokens
	tokens int
}

func (w *wire) RoundTrip(r *http.Request) (*http.Response, error) {
	var raw []byte
	if r.Body != nil {
		raw, _ = io.ReadAll(r.Body)
		_ = r.Body.Close()
	}
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	got := sent{r.Method + " " + r.URL.RequestURI(), r.Header.Clone(), string(raw)}
	if r.URL.Path == "/v1/oauth2/token" {
		w.mu.Lock()
		w.tokens++
		w.mu.Unlock()
		return answer(200, tokenAnswer), nil
	}
	w.mu.Lock()
	w.sent = append(w.sent, got)
	n := len(w.sent)
	w.mu.Unlock()
	return w.answer(got, n)
}

func answer(status int, body string, header ...string) *http.Response {
	h := http.Header{"Content-Type": {"application/json"}}
	for i := 0; i+1 < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body))}
}

func always(status int, body string, header ...string) *wire {
	return &wire{answer: func(sent, int) (*http.Response, error) { return answer(status, body, header...), nil }}
}

// inTurn gives one answer after the other, and the last one for ever.
func inTurn(answers ...func() (*http.Response, error)) *wire {
	return &wire{answer: func(_ sent, n int) (*http.Response, error) { return answers[min(n, len(answers))-1]() }}
}

func says(status int, body string, header ...string) func() (*http.Response, error) {
	return func() (*http.Response, error) { return answer(status, body, header...), nil }
}

// loses is a connection that breaks after the request.
func loses() (*http.Response, error) { return nil, errors.New("connection reset by peer") }

// dialError proves that nothing was sent.
func dialError() error { return &net.OpError{Op: "dial", Err: errors.New("connection refused")} }

// issue is an error's body.
func issue(name string) string {
	return `{"name":"UNPROCESSABLE_ENTITY","message":"m","debug_id":"b1d2","details":[{"issue":"` + name + `","description":"d"}]}`
}

func client(t testing.TB, transport http.RoundTripper, change ...func(*paypal.ClientConfig)) *paypal.Client {
	t.Helper()
	c := paypal.ClientConfig{ClientID: clientID, Secret: rest.NewSecret(clientSecret), Sandbox: true, Transport: transport}
	for _, f := range change {
		f(&c)
	}
	out, err := paypal.NewClient(c)
	require.NoError(t, err)
	return out
}

func once(c *paypal.ClientConfig) { c.Retry = mip.Backoff{Tries: 1} }

var (
	create  = paypal.NewRequestID("shop-1001--a1", "create")
	capture = paypal.NewRequestID("shop-1001--a1", "capture")
	// approval is an order that a person approves.
	approval = paypal.OrderRequest{
		Units:    []paypal.Unit{{Amount: mip.EUR(34_90), CustomID: "shop-1001", InvoiceID: "SUP-1001-1", Description: "Supplier order 1001"}},
		Approval: &paypal.Approval{ReturnURL: "https://shop.example/pp/return", CancelURL: "https://shop.example/pp/cancel", BrandName: "Shöp & Co", Locale: "es-ES"},
	}
	vaulted = paypal.OrderRequest{
		Units:   []paypal.Unit{{Amount: mip.EUR(34_90), CustomID: "shop-1001", InvoiceID: "SUP-1001-1"}},
		Vaulted: &paypal.Vaulted{ID: "8kk8451t"},
	}
)
