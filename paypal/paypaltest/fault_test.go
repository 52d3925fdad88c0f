package paypaltest_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/paypal/paypaltest"
)

// Whatever becomes of an answer, the flag says whether money moved, and a
// repeat with the same key never moves it twice.
func TestFaultsBeforeAndAfterTheCommit(t *testing.T) {
	for _, f := range paypaltest.Faults() {
		for _, flag := range []paypaltest.Fault{0, paypaltest.AfterCommit, paypaltest.LateCommit} {
			t.Run(fmt.Sprintf("%d with %d", f, flag), func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) {
					a := newApp(t, paypaltest.Config{})
					a.unlisted = true
					body := vaulted("5.00", "inv", a.Vault("customer1"))
					a.Fail(paypaltest.RouteCreateOrder, f|flag, 1)
					paid := func() int { return len(a.Charged("inv")) }
					_, ended := a.impatient(body)
					executes := f == paypaltest.InProgress || f == paypaltest.Truncated
					proven := f == paypaltest.Unreachable || f == paypaltest.Throttle || f == paypaltest.Unauthorized
					switch {
					case executes, flag == paypaltest.AfterCommit && !proven:
						assert.Equal(t, 1, paid())
					default:
						assert.Equal(t, 0, paid())
					}
					assert.Equal(t, !proven, (f | flag).Loses())
					if flag == paypaltest.LateCommit && !proven && !executes {
						if ended < 10*time.Second {
							got := a.do("POST /v2/checkout/orders", body, key("k")...)
							assert.Equal(t, 409, got.status, "still at work")
						}
						time.Sleep(10 * time.Second)
						assert.Equal(t, 1, paid(), "after all")
					}
					got := a.do("POST /v2/checkout/orders", body, key("k")...)
					assert.Contains(t, []int{200, 201}, got.status, got.raw)
					assert.Equal(t, 1, paid())
				})
			})
		}
	}
}

// impatient gives up after five seconds, and says how long it took.
func (a *app) impatient(body string) (answer, time.Duration) {
	began := time.Now()
	ctx, cancel := context.WithTimeout(a.t.Context(), 5*time.Second)
	defer cancel()
	patient := a.client
	a.client = &http.Client{Transport: bound{ctx, patient.Transport}}
	defer func() { a.client = patient }()
	got, _ := a.try("POST /v2/checkout/orders", body, key("k")...)
	return got, time.Since(began)
}

type bound struct {
	ctx  context.Context
	next http.RoundTripper
}

func (b bound) RoundTrip(r *http.Request) (*http.Response, error) {
	return b.next.RoundTrip(r.WithContext(b.ctx))
}

func TestWhatALostAnswerLooksLike(t *testing.T) {
	a := newApp(t, paypaltest.Config{Switches: paypaltest.Switches{RetryAfter: "7"}})
	a.unlisted = true
	get := func(f paypaltest.Fault) (answer, error) {
		a.Fail(paypaltest.AnyRoute, f, 1)
		return a.try("GET /v2/checkout/orders/5O190127TN364715T", "")
	}
	_, err := get(paypaltest.Timeout)
	var timeout net.Error
	require.ErrorAs(t, err, &timeout)
	assert.True(t, timeout.Timeout())
	_, err = get(paypaltest.LoseAnswer)
	require.ErrorContains(t, err, "reset")
	tests := []struct {
		fault       paypaltest.Fault
		status      int
		contentType string
		json        bool
	}{
		{paypaltest.ServerError, 500, "application/json", true},
		{paypaltest.Unavailable, 503, "application/json", true},
		{paypaltest.BadGateway, 502, "text/html", false},
		{paypaltest.GatewayTimeout, 504, "text/html", false},
		{paypaltest.Empty, 200, "application/json", false},
		{paypaltest.PageInstead, 200, "text/html", false},
		{paypaltest.Truncated, 404, "application/json", false},
		{paypaltest.Throttle, 429, "application/json", true},
		{paypaltest.Unauthorized, 401, "application/json", true},
	}
	for _, tt := range tests {
		got, err := get(tt.fault)
		require.NoError(t, err)
		assert.Equal(t, tt.status, got.status)
		assert.Equal(t, tt.contentType, got.header.Get("Content-Type"))
		assert.Equal(t, tt.json, json.Valid([]byte(got.raw)), got.raw)
		assert.Equal(t, map[bool]string{true: "7"}[tt.status == 429], got.header.Get("Retry-After"))
	}
}

func TestAHookDecidesPerCall(t *testing.T) {
	a := newApp(t, paypaltest.Config{})
	a.unlisted = true
	var asked []paypaltest.Route
	a.OnCall(func(c paypaltest.Call) paypaltest.Fault {
		asked = append(asked, c.Route)
		if c.Method == http.MethodGet {
			return paypaltest.Unavailable
		}
		return paypaltest.None
	})
	id := a.do("POST /v2/checkout/orders", plain("1.00", "i"), key("k")...).text("id")
	assert.Equal(t, 503, a.do("GET /v2/checkout/orders/"+id, "").status)
	a.OnCall(nil)
	assert.Equal(t, 200, a.do("GET /v2/checkout/orders/"+id, "").status)
	assert.Equal(t, []paypaltest.Route{paypaltest.RouteCreateOrder, paypaltest.RouteGetOrder}, asked)
	calls := a.Calls()
	require.Len(t, calls, 4)
	assert.Empty(t, calls[0].Body, "no credentials")
	assert.Equal(t, "k", calls[1].RequestID)
	assert.Equal(t, 503, calls[2].Status)
	assert.Equal(t, 2, a.Requests(paypaltest.RouteGetOrder))
}

func TestAnyIssueCanBeForced(t *testing.T) {
	a := newApp(t, paypaltest.Config{})
	id := a.approved("1.00", "i")
	capture := "POST /v2/checkout/orders/" + id + "/capture"
	for issue, status := range map[string]int{"TRANSACTION_REFUSED": 422, "PERMISSION_DENIED": 403, "INVALID_RESOURCE_ID": 404} {
		got := a.do(capture, "", append(key("k"), "PayPal-Mock-Response", `{"mock_application_codes":"`+issue+`"}`)...)
		assert.Equal(t, status, got.status)
		assert.Equal(t, issue, got.issue())
	}
	got := a.do(capture, "", append(key("k"), "PayPal-Mock-Response", `{"mock_application_codes":["PAYER_CANNOT_PAY"]}`)...)
	assert.Equal(t, "PAYER_CANNOT_PAY", got.issue())
	a.Refuse(paypaltest.RouteCaptureOrder, "DUPLICATE_INVOICE_ID")
	assert.Equal(t, 200, a.do("GET /v2/checkout/orders/"+id, "").status, "another route")
	assert.Equal(t, "DUPLICATE_INVOICE_ID", a.do(capture, "", key("k")...).issue())
	assert.Empty(t, a.Charged(""))
	assert.Equal(t, 201, a.do(capture, "", key("k")...).status, "once only")
}

func TestAccessTokensEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		a := newApp(t, paypaltest.Config{})
		get := func() answer { return a.do("GET /v2/checkout/orders/5O190127TN364715T", "") }
		time.Sleep(9*time.Hour - time.Second)
		assert.Equal(t, 404, get().status)
		time.Sleep(time.Second)
		assert.Equal(t, "AUTHENTICATION_FAILURE", get().text("name"))
		a.login()
		assert.Equal(t, 404, get().status)
		a.RevokeTokens()
		a.Switch(func(w *paypaltest.Switches) { w.OAuthErrors = true })
		got := get()
		assert.Equal(t, 401, got.status)
		assert.Equal(t, "invalid_token", got.text("error"))
		assert.Equal(t, 2, a.Tokens())
		a.token = ""
		assert.Equal(t, 401, get().status)
	})
}

func TestOnlyTheAppsCredentialsGetAToken(t *testing.T) {
	a := newApp(t, paypaltest.Config{})
	got := a.do("POST /v1/oauth2/token", "grant_type=client_credentials", "Authorization", "Basic eDp5", "Content-Type", "application/x-www-form-urlencoded")
	assert.Equal(t, 401, got.status)
	assert.Equal(t, "invalid_client", got.text("error"))
}

func TestTheServerListens(t *testing.T) {
	srv := paypaltest.New(paypaltest.Config{})
	base, stop, err := srv.Listen("")
	require.NoError(t, err)
	defer func() { require.NoError(t, stop()) }()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, base+"/v2/checkout/orders/X", nil)
	require.NoError(t, err)
	resp, err := client.Do(r)
	require.NoError(t, err)
	raw, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Equal(t, 401, resp.StatusCode)
	assert.NotEmpty(t, resp.Header.Get("PayPal-Debug-Id"))
	assert.Contains(t, string(raw), "AUTHENTICATION_FAILURE")
	srv.Fail(paypaltest.AnyRoute, paypaltest.Reset, 1)
	_, err = client.Post(base+"/v1/oauth2/token", "application/x-www-form-urlencoded", nil) //nolint:noctx,bodyclose // it is lost
	require.Error(t, err)
}
