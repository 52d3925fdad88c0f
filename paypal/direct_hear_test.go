package paypal_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
	"github.com/openmip/openmip/mip/rest"
	"github.com/openmip/openmip/paypal"
	"github.com/openmip/openmip/paypal/paypaltest"
)

// hearing is a till that notes what it was told of.
func hearing(heard *[]mip.Ref, fail *error) func(*paypal.DirectConfig, *paypaltest.Server) {
	return func(c *paypal.DirectConfig, _ *paypaltest.Server) {
		c.Moved = func(_ context.Context, ref mip.Ref) error { *heard = append(*heard, ref); return *fail }
	}
}

// returned is the address to which PayPal sends the payer of an order back.
func (p *till) returned() (back, cancel string) {
	p.Helper()
	for _, c := range p.bank.Calls() {
		if c.Route == paypaltest.RouteCreateOrder {
			body := string(c.Body)
			field := func(name string) string {
				_, rest, _ := strings.Cut(body, `"`+name+`":"`)
				value, _, _ := strings.Cut(rest, `"`)
				return strings.ReplaceAll(value, `\u0026`, "&")
			}
			return field("return_url"), field("cancel_url")
		}
	}
	p.Fatal("no order was created")
	return "", ""
}

func visit(h http.Handler, method, address string) *httptest.ResponseRecorder {
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequest(method, address, nil))
	return w
}

func TestPayersWhoReturn(t *testing.T) {
	var heard []mip.Ref
	var fail error
	direct(t, "are heard of, and nothing they bring along is believed", hearing(&heard, &fail), func(p *till) {
		p.waits()
		back, cancel := p.returned()
		h := p.ReturnHandler(nil)
		w := visit(h, http.MethodGet, back+"&token=FORGED&PayerID=FORGED")
		assert.Equal(p, http.StatusOK, w.Code)
		assert.Equal(p, []mip.Ref{{Channel: "shop", ID: "1001"}}, heard)
		assert.Equal(p, "no-store", w.Header().Get("Cache-Control"))
		assert.Contains(p, w.Body.String(), "Thank you")
		assert.Contains(p, visit(h, http.MethodGet, cancel).Body.String(), "not approved")
		assert.Contains(p, back, "lang=en", "what the address had before is kept")

		heard = nil
		u, err := url.Parse(back)
		require.NoError(p, err)
		for what, change := range map[string]func(q url.Values){
			"another payment":    func(q url.Values) { q.Set("payment", "shop-1002--a1") },
			"another signature":  func(q url.Values) { q.Set("sign", strings.Repeat("0", 40)) },
			"no signature":       func(q url.Values) { q.Del("sign") },
			"no payment":         func(q url.Values) { q.Del("payment") },
			"a very long number": func(q url.Values) { q.Set("payment", strings.Repeat("9", 10_000)) },
		} {
			q := u.Query()
			change(q)
			assert.Equal(p, http.StatusNotFound, visit(h, http.MethodGet, "https://shop.example/paid?"+q.Encode()).Code, what)
		}
		assert.Equal(p, http.StatusMethodNotAllowed, visit(h, http.MethodPost, back).Code)
		assert.Empty(p, heard)

		fail = errors.New("busy")
		w = visit(h, http.MethodGet, back)
		assert.Equal(p, http.StatusOK, w.Code, "the payer can do nothing about it, and the next look finds out")
		fail = nil
	})
	direct(t, "see the shop's own page", nil, func(p *till) {
		p.waits()
		back, cancel := p.returned()
		var seen []bool
		h := p.ReturnHandler(func(w http.ResponseWriter, _ *http.Request, approved bool) { seen = append(seen, approved) })
		visit(h, http.MethodGet, back)
		visit(h, http.MethodGet, cancel)
		assert.Equal(p, []bool{true, false}, seen)
	})
}

func TestWebhooksOfPayments(t *testing.T) {
	const address = "https://shop.example/paypal"
	var heard []mip.Ref
	var fail error
	verifier := func(p *till) *paypal.Verifier {
		v, err := paypal.NewVerifier(paypal.VerifierConfig{WebhookID: paypaltest.WebhookID, Transport: p.bank.Transport(), Roots: p.bank.CertPool()})
		require.NoError(p, err)
		return v
	}
	t.Run("are followed if PayPal signed them, as often as they come, in any order", func(t *testing.T) {
		p := openTill(t, hearing(&heard, &fail))
		p.waits()
		require.NoError(t, p.bank.Approve(p.asked().ID))
		require.NoError(t, p.reserve())
		target := paypaltest.Handler(p.WebhookHandler(verifier(p)))
		events := p.bank.Events()
		slices.Reverse(events)
		heard = nil
		require.NotEmpty(t, events)
		for _, status := range p.bank.Deliver(target, address, append(events, events...)...) {
			assert.Equal(t, http.StatusOK, status)
		}
		assert.Len(t, heard, 2*len(events))
		heard = nil
		for _, f := range paypaltest.Forgeries() {
			assert.Equal(t, http.StatusUnauthorized, p.bank.DeliverForged(target, address, events[0], f), "%s", f)
		}
		assert.Empty(t, heard, "a forged one is not followed")

		fail = errors.New("busy")
		assert.Equal(t, []int{http.StatusServiceUnavailable}, p.bank.Deliver(target, address, events[0]), "PayPal repeats it")
		fail = nil
		p.bank.Fail(paypaltest.RouteCertificate, paypaltest.ServerError, 9)
		fresh := paypaltest.Handler(p.WebhookHandler(verifier(p)))
		assert.Equal(t, []int{http.StatusServiceUnavailable}, p.bank.Deliver(fresh, address, events[0]), "its certificate cannot be had now")
	})
	t.Run("about other payments are acknowledged and forgotten", func(t *testing.T) {
		p := openTill(t, hearing(&heard, &fail))
		p.waits()
		require.NoError(t, p.bank.Approve(p.asked().ID))
		p.config.Ledger = memstore.New()
		other, err := paypal.Direct(p.config)
		require.NoError(t, err)
		heard = nil
		assert.Equal(t, []int{http.StatusOK}, p.bank.Deliver(paypaltest.Handler(other.WebhookHandler(verifier(p))), address, p.bank.Events()...))
		assert.Empty(t, heard)
	})
	t.Run("about an agreement withdrawn are told", func(t *testing.T) {
		gone := 0
		p := openTill(t, func(c *paypal.DirectConfig, bank *paypaltest.Server) {
			byVault(c, bank)
			c.ConsentGone = func(context.Context) { gone++ }
		})
		require.NoError(t, p.bank.RevokeConsent(p.config.Vault))
		p.bank.Deliver(paypaltest.Handler(p.WebhookHandler(verifier(p))), address, p.bank.Events()...)
		assert.Equal(t, 1, gone)
	})
	t.Run("that are no webhooks are refused", func(t *testing.T) {
		p := openTill(t, nil)
		h := p.WebhookHandler(verifier(p))
		assert.Equal(t, http.StatusMethodNotAllowed, visit(h, http.MethodGet, address).Code)
		w := httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, address, bytes.NewReader(make([]byte, 1<<20+1))))
		assert.Equal(t, http.StatusRequestEntityTooLarge, w.Code)
		w = httptest.NewRecorder()
		h.ServeHTTP(w, httptest.NewRequest(http.MethodPost, address, strings.NewReader("{}")))
		assert.Equal(t, http.StatusUnauthorized, w.Code)
	})
}

func TestNothingPersonalOrSecretIsSaid(t *testing.T) {
	var said bytes.Buffer
	p := openTill(t, func(c *paypal.DirectConfig, bank *paypaltest.Server) {
		client, err := paypal.NewClient(paypal.ClientConfig{ClientID: paypaltest.ClientID, Secret: rest.NewSecret(paypaltest.Secret),
			Transport: bank.Transport(), Retry: mip.Backoff{Tries: 1}, Logger: slog.New(slog.NewTextHandler(&said, &slog.HandlerOptions{Level: slog.LevelDebug}))})
		require.NoError(t, err)
		c.Client = client
	})
	hear := func(err error) { fmt.Fprintf(&said, "%v %+v %#v\n", err, err, err) }
	link := p.waits().URL
	hear(p.reserve())
	for _, fault := range paypaltest.Faults() {
		if fault == paypaltest.Hang {
			continue
		}
		p.bank.Fail(paypaltest.AnyRoute, fault, 1)
		hear(p.reserve())
	}
	require.NoError(t, p.bank.Decline(p.asked().ID))
	hear(p.reserve())
	require.NoError(t, p.bank.Approve(p.asked().ID))
	hear(p.Release(t.Context(), shopKey))
	back, _ := p.returned()
	u, err := url.Parse(back)
	require.NoError(t, err)
	for _, secret := range []string{link, paypaltest.Secret, paypaltest.PayerEmail, paypaltest.PayerID, paypaltest.MerchantEmail, u.Query().Get("sign"), "Bearer", "0123456789abcdef"} {
		assert.NotContains(t, said.String(), secret)
	}
	r, err := p.ledger.Reservation(t.Context(), shopKey)
	require.NoError(t, err)
	assert.Less(t, len(r.Note), 1024)
	assert.NotContains(t, r.Note, paypaltest.PayerEmail)
}

func TestAnOrderOverAnotherAmountIsNeverTaken(t *testing.T) {
	p := openTill(t, func(c *paypal.DirectConfig, bank *paypaltest.Server) {
		client, err := paypal.NewClient(paypal.ClientConfig{ClientID: paypaltest.ClientID, Secret: rest.NewSecret(paypaltest.Secret), Transport: dearer{bank.Transport()}})
		require.NoError(t, err)
		c.Client = client
	})
	err := p.reserve()
	require.ErrorIs(t, err, mip.ErrContract)
	require.NoError(t, p.bank.Approve(p.asked().ID))
	require.ErrorIs(t, p.reserve(), mip.ErrContract)
	assert.Empty(t, p.bank.Charged(shopKey))
}

// dearer makes PayPal's orders a euro dearer on the way.
type dearer struct{ http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (d dearer) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := d.RoundTripper.RoundTrip(r)
	if err == nil && strings.Contains(r.URL.Path, "/orders") {
		body, _ := io.ReadAll(resp.Body)
		body = bytes.ReplaceAll(body, []byte("34.90"), []byte("35.90"))
		resp.Body, resp.ContentLength = io.NopCloser(bytes.NewReader(body)), int64(len(body))
	}
	return resp, err
}

func TestDirectConfig(t *testing.T) {
	good := openTill(t, nil).config
	for name, change := range map[string]func(c *paypal.DirectConfig){
		"a client is required":                  func(c *paypal.DirectConfig) { c.Client = nil },
		"a ledger is required":                  func(c *paypal.DirectConfig) { c.Ledger = nil },
		"a secret has 16 bytes":                 func(c *paypal.DirectConfig) { c.Secret = rest.NewSecret("short") },
		"a payer comes back by https":           func(c *paypal.DirectConfig) { c.ReturnURL = "http://shop.example/" },
		"without a vault there is a way back":   func(c *paypal.DirectConfig) { c.ReturnURL = "" },
		"limits are in the currency":            func(c *paypal.DirectConfig) { c.MaxPerDay = mip.Minor(1, "PLN") },
		"a currency has three capital letters":  func(c *paypal.DirectConfig) { c.Currency = "euro" },
		"an account has at most 64 bytes":       func(c *paypal.DirectConfig) { c.Account = strings.Repeat("a", 65) },
		"a brand has at most PayPal's 127":      func(c *paypal.DirectConfig) { c.Brand = strings.Repeat("a", 128) },
		"no limit is below nought":              func(c *paypal.DirectConfig) { c.MaxPerOrder = mip.EUR(-1) },
		"a name is one that suppliers can send": func(c *paypal.DirectConfig) { c.Name = strings.Repeat("a", 33) },
	} {
		c := good
		change(&c)
		_, err := paypal.Direct(c)
		assert.ErrorIs(t, err, mip.ErrInvalid, name)
	}
	c := good
	c.ReturnURL, c.Vault = "", "token"
	_, err := paypal.Direct(c)
	assert.NoError(t, err)
	c = good
	c.ReturnURL = "http://localhost:8080/paid"
	d, err := paypal.Direct(c)
	require.NoError(t, err)
	assert.Equal(t, "paypal-direct", d.Name(), "not the name by which BigBuy charges PayPal")
	assert.ErrorIs(t, d.Reserve(t.Context(), mip.Reservation{Key: "k", Amount: mip.Minor(1, "PLN")}), mip.ErrInvalid)
}
