package paypal_test

import (
	"encoding/base64"
	"errors"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
	"github.com/openmip/openmip/paypal"
)

func TestClientConfig(t *testing.T) {
	secret := rest.NewSecret(clientSecret)
	for name, c := range map[string]paypal.ClientConfig{
		"a client id is required":   {Secret: secret},
		"a secret is required":      {ClientID: clientID},
		"a base is a web address":   {ClientID: clientID, Secret: secret, BaseURL: "paypal"},
		"a merchant has an id":      {ClientID: clientID, Secret: secret, Merchant: "shop@example.com"},
		"a timeout is not negative": {ClientID: clientID, Secret: secret, Timeout: -1},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := paypal.NewClient(c)
			require.ErrorIs(t, err, mip.ErrInvalid)
			assert.NotContains(t, err.Error(), "canary")
			assert.NotContains(t, err.Error(), "example.com")
		})
	}
}

func TestToken(t *testing.T) {
	t.Run("64 calls at once fetch one", func(t *testing.T) {
		w := always(200, created)
		c := client(t, w)
		var wg sync.WaitGroup
		for range 64 {
			wg.Go(func() {
				_, err := c.GetOrder(t.Context(), orderID)
				assert.NoError(t, err)
			})
		}
		wg.Wait()
		assert.Equal(t, 1, w.tokens)
		for _, s := range w.sent {
			assert.Equal(t, "Bearer "+accessToken, s.header.Get("Authorization"))
		}
	})
	t.Run("it is renewed five minutes before its end", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := always(200, created)
			c := client(t, w)
			get := func() {
				_, err := c.GetOrder(t.Context(), orderID)
				require.NoError(t, err)
			}
			get()
			time.Sleep(32400*time.Second - 5*time.Minute - time.Second)
			get()
			assert.Equal(t, 1, w.tokens)
			time.Sleep(2 * time.Second)
			get()
			assert.Equal(t, 2, w.tokens)
		})
	})
	t.Run("a 401 renews it once, also for a write", func(t *testing.T) {
		w := inTurn(says(401, `{"error":"invalid_token","error_description":"expired"}`), says(201, created))
		o, err := client(t, w).CreateOrder(t.Context(), create, approval)
		require.NoError(t, err)
		assert.Equal(t, orderID, o.ID)
		assert.Equal(t, 2, w.tokens)
		assert.Len(t, w.sent, 2)
	})
	t.Run("a second 401 is final", func(t *testing.T) {
		w := always(401, `{"error":"invalid_token"}`)
		_, err := client(t, w).CreateOrder(t.Context(), create, approval)
		require.ErrorIs(t, err, mip.ErrUnauthorized)
		assert.Equal(t, paypal.ClassSetup, paypal.ClassOf(err))
		assert.Equal(t, 2, w.tokens)
		assert.Len(t, w.sent, 2)
	})
	t.Run("a 403 fetches no other", func(t *testing.T) {
		w := always(403, `{"name":"NOT_AUTHORIZED","details":[{"issue":"PERMISSION_DENIED"}]}`)
		_, err := client(t, w).CreateOrder(t.Context(), create, approval)
		require.ErrorIs(t, err, mip.ErrUnauthorized)
		assert.Equal(t, 1, w.tokens)
		assert.Len(t, w.sent, 1)
	})
	t.Run("wrong credentials send nothing", func(t *testing.T) {
		refuses := roundTrip(func(*http.Request) (*http.Response, error) {
			return answer(401, `{"error":"invalid_client","error_description":"canary-description"}`), nil
		})
		_, err := client(t, refuses).CreateOrder(t.Context(), create, approval)
		require.ErrorIs(t, err, mip.ErrUnauthorized)
		assert.NotErrorIs(t, err, mip.ErrUnknown)
		assert.Contains(t, err.Error(), "invalid_client")
		assert.NotContains(t, err.Error(), "canary")
	})
	t.Run("an answer without one sends nothing", func(t *testing.T) {
		for _, body := range []string{`{}`, `<html>`, `{"access_token":"x","token_type":"Bearer"}`, `{"access_token":"x","token_type":"mac","expires_in":9}`} {
			refuses := roundTrip(func(*http.Request) (*http.Response, error) { return answer(200, body), nil })
			_, err := client(t, refuses, once).CreateOrder(t.Context(), create, approval)
			assert.ErrorIs(t, err, mip.ErrUnavailable, body)
			assert.NotErrorIs(t, err, mip.ErrUnknown, body)
		}
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestOptions(t *testing.T) {
	w := always(201, created)
	c := client(t, w)
	_, err := c.CreateOrder(t.Context(), create, approval)
	require.NoError(t, err)
	_, err = c.CreateOrder(t.Context(), create, approval, paypal.Minimal(), paypal.OnBehalfOf("ABCDEFGHJKLM2"), paypal.MockResponse("INSTRUMENT_DECLINED"))
	require.NoError(t, err)
	plain, rich := w.sent[0].header, w.sent[1].header
	assert.Equal(t, "return=representation", plain.Get("Prefer"))
	assert.Equal(t, "shop-1001--a1.create", plain.Get("PayPal-Request-Id"))
	assert.Empty(t, plain.Get("PayPal-Auth-Assertion"))
	assert.Empty(t, plain.Get("PayPal-Mock-Response"))
	assert.Equal(t, "return=minimal", rich.Get("Prefer"))
	assert.JSONEq(t, `{"mock_application_codes":"INSTRUMENT_DECLINED"}`, rich.Get("PayPal-Mock-Response"))
	parts := strings.Split(rich.Get("PayPal-Auth-Assertion"), ".")
	require.Len(t, parts, 3)
	assert.Empty(t, parts[2], "not signed")
	raw, err := base64.RawURLEncoding.DecodeString(parts[1])
	require.NoError(t, err)
	assert.JSONEq(t, `{"iss":"AcLiEnT","payer_id":"ABCDEFGHJKLM2"}`, string(raw))

	t.Run("the client's merchant is for every call, and a call may do without", func(t *testing.T) {
		w := always(200, created)
		c := client(t, w, func(c *paypal.ClientConfig) { c.Merchant = "ABCDEFGHJKLM2" })
		for _, o := range [][]paypal.Option{nil, {paypal.OnBehalfOf("")}} {
			_, err := c.GetOrder(t.Context(), orderID, o...)
			require.NoError(t, err)
		}
		assert.NotEmpty(t, w.sent[0].header.Get("PayPal-Auth-Assertion"))
		assert.Empty(t, w.sent[1].header.Get("PayPal-Auth-Assertion"))
	})
	t.Run("the live host gets no mock", func(t *testing.T) {
		w := always(201, created)
		_, err := client(t, w, func(c *paypal.ClientConfig) { c.Sandbox = false }).
			CreateOrder(t.Context(), create, approval, paypal.MockResponse("INSTRUMENT_DECLINED"))
		require.ErrorIs(t, err, mip.ErrInvalid)
		assert.Empty(t, w.sent)
	})
}

func TestRequestIDIsMandatory(t *testing.T) {
	var none paypal.RequestID
	w := always(201, created)
	c := client(t, w)
	for name, call := range map[string]func() error{
		"create":    func() error { _, err := c.CreateOrder(t.Context(), none, approval); return err },
		"capture":   func() error { _, err := c.CaptureOrder(t.Context(), none, orderID); return err },
		"authorize": func() error { _, err := c.AuthorizeOrder(t.Context(), none, orderID); return err },
		"refund": func() error {
			_, err := c.RefundCapture(t.Context(), none, "2GG279541U471931P", paypal.RefundRequest{})
			return err
		},
		"capture an authorization": func() error {
			_, err := c.CaptureAuthorization(t.Context(), none, "0VF52814937998046", paypal.AuthorizationCapture{})
			return err
		},
		"setup token": func() error {
			_, err := c.CreateSetupToken(t.Context(), none, paypal.SetupRequest{Approval: *approval.Approval})
			return err
		},
		"payment token": func() error { _, err := c.CreatePaymentToken(t.Context(), none, "5C991763VB2781612"); return err },
	} {
		err := call()
		require.ErrorIs(t, err, mip.ErrInvalid, name)
		e, ok := errors.AsType[*mip.Error](err)
		require.True(t, ok)
		assert.True(t, strings.HasPrefix(e.Op, "paypal: POST /"), e.Op)
	}
	assert.Empty(t, w.sent)
	assert.Zero(t, w.tokens)
}
