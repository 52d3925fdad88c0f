package paypal_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/paypal"
)

func TestVerifierConfig(t *testing.T) {
	for _, c := range []paypal.VerifierConfig{{}, {WebhookID: "a b"}, {WebhookID: "A", MaxAge: -1}} {
		_, err := paypal.NewVerifier(c)
		assert.ErrorIs(t, err, mip.ErrInvalid)
	}
}

func TestVerifier(t *testing.T) {
	body := []byte(anEvent)
	w := newWorld(t)
	good := sign(t, w.key, now, body)
	with := func(name, value string) func() (http.Header, []byte) {
		return func() (http.Header, []byte) {
			h := good.Clone()
			h.Set(name, value)
			return h, body
		}
	}
	at := func(at time.Time) func() (http.Header, []byte) {
		return func() (http.Header, []byte) { return sign(t, w.key, at, body), body }
	}
	tests := []struct {
		name string
		make func() (http.Header, []byte)
		kind error // nil = verified
	}{
		{"a good one", func() (http.Header, []byte) { return good, body }, nil},
		{"an old one that is repeated", at(now.Add(-95 * time.Hour)), nil},
		{"one that is too old", at(now.Add(-97 * time.Hour)), mip.ErrUnauthorized},
		{"a clock that is behind", at(now.Add(9 * time.Minute)), nil},
		{"one from the future", at(now.Add(11 * time.Minute)), mip.ErrUnauthorized},
		{"another body", func() (http.Header, []byte) { return good, []byte(anEvent + " ") }, mip.ErrUnauthorized},
		{"another time", with("PayPal-Transmission-Time", now.Add(time.Second).Format(time.RFC3339)), mip.ErrUnauthorized},
		{"no time", with("PayPal-Transmission-Time", ""), mip.ErrUnauthorized},
		{"another id", with("PayPal-Transmission-Id", "69cd13f0"), mip.ErrUnauthorized},
		{"no id", with("PayPal-Transmission-Id", ""), mip.ErrUnauthorized},
		{"an id with the separator", with("PayPal-Transmission-Id", "a|b"), mip.ErrUnauthorized},
		{"no signature", with("PayPal-Transmission-Sig", ""), mip.ErrUnauthorized},
		{"a signature that is no base64", with("PayPal-Transmission-Sig", "%%"), mip.ErrUnauthorized},
		{"another signature", with("PayPal-Transmission-Sig", "bG9vaw=="), mip.ErrUnauthorized},
		{"another algorithm", with("PayPal-Auth-Algo", "SHA1withRSA"), mip.ErrUnauthorized},
		{"no algorithm", with("PayPal-Auth-Algo", ""), mip.ErrUnauthorized},
		{"another key", func() (http.Header, []byte) { return sign(t, keys()[2], now, body), body }, mip.ErrUnauthorized},
		{"a body that is too long", func() (http.Header, []byte) {
			long := []byte(strings.Repeat(" ", 1<<20+1))
			return sign(t, w.key, now, long), long
		}, mip.ErrUnauthorized},
		{"a signed body that is no event", func() (http.Header, []byte) { return sign(t, w.key, now, []byte("x")), []byte("x") }, mip.ErrInvalid},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			h, b := tt.make()
			e, err := w.verifier(t).Verify(t.Context(), h, b)
			if tt.kind == nil {
				require.NoError(t, err)
				assert.Equal(t, orderID, e.OrderID)
				return
			}
			assert.Equal(t, tt.kind, mip.KindOf(err))
			assert.Zero(t, e)
		})
	}
	t.Run("another webhook", func(t *testing.T) {
		w := w
		w.config.WebhookID = "0EH40505U7160970P"
		_, err := w.verifier(t).Verify(t.Context(), good, body)
		assert.Equal(t, mip.ErrUnauthorized, mip.KindOf(err))
	})
}

func TestCertificateAddress(t *testing.T) {
	w := newWorld(t)
	file := w.root.issue(t, &w.key.PublicKey)
	body := []byte(anEvent)
	for address, ok := range map[string]bool{
		certificateURL:                                       true,
		"https://paypal.com/c":                               true,
		"https://API.PayPal.com:443/c":                       true,
		"https://api.sandbox.paypal.com/c":                   true,
		"http://api.paypal.com/c":                            false,
		"https://api.paypal.com:8443/c":                      false,
		"https://u:p@api.paypal.com/c":                       false,
		"https://paypal.com@evil.example/c":                  false,
		"https://evilpaypal.com/c":                           false,
		"https://paypal.com.evil.example/c":                  false,
		"https://paypal.com./c":                              false,
		"https://evil.example/.paypal.com":                   false,
		"https://evil.example#.paypal.com":                   false,
		"https://evil.example?.paypal.com":                   false,
		`https://evil.example\.paypal.com/`:                  false,
		"//api.paypal.com/c":                                 false,
		"file:///etc/passwd":                                 false,
		"":                                                   false,
		"https://api.paypal.com/" + strings.Repeat("c", 500): false,
	} {
		t.Run(address[:min(len(address), 50)], func(t *testing.T) {
			var fetched atomic.Bool
			w := w
			w.config.Fetch = func(context.Context, string) ([]byte, error) {
				fetched.Store(true)
				return file, nil
			}
			h := sign(t, w.key, now, body)
			h.Set("PayPal-Cert-Url", address)
			_, err := w.verifier(t).Verify(t.Context(), h, body)
			assert.Equal(t, ok, err == nil, "%v", err)
			assert.Equal(t, ok, fetched.Load(), "nothing is fetched from elsewhere")
			if !ok {
				assert.Equal(t, mip.ErrUnauthorized, mip.KindOf(err))
			}
		})
	}
}

func TestCertificates(t *testing.T) {
	body := []byte(anEvent)
	other := newAuthority(t, "other root", keys()[2])
	curve, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	short, err := rsa.GenerateKey(rand.Reader, 1024)
	require.NoError(t, err)
	tests := []struct {
		name string
		file func(w world) []byte
		ok   bool
	}{
		{"PayPal's", func(w world) []byte { return w.root.issue(t, &w.key.PublicKey) }, true},
		{"of another root", func(w world) []byte { return other.issue(t, &w.key.PublicKey) }, false},
		{"of another site", func(w world) []byte {
			return w.root.issue(t, &w.key.PublicKey, func(c *x509.Certificate) { c.DNSNames = []string{"shop.example"} })
		}, false},
		{"that had expired when it signed", func(w world) []byte {
			return w.root.issue(t, &w.key.PublicKey, func(c *x509.Certificate) { c.NotAfter = now.Add(-time.Hour) })
		}, false},
		{"that was not valid yet", func(w world) []byte {
			return w.root.issue(t, &w.key.PublicKey, func(c *x509.Certificate) { c.NotBefore = now.Add(time.Hour) })
		}, false},
		{"that is not for signatures", func(w world) []byte {
			return w.root.issue(t, &w.key.PublicKey, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageKeyEncipherment })
		}, false},
		{"of an authority", func(w world) []byte {
			return w.root.issue(t, &w.key.PublicKey, func(c *x509.Certificate) { c.IsCA, c.BasicConstraintsValid = true, true })
		}, false},
		{"with a key of another kind", func(w world) []byte { return w.root.issue(t, &curve.PublicKey) }, false},
		{"with a short key", func(w world) []byte { return w.root.issue(t, &short.PublicKey) }, false},
		{"with rubbish in it", func(world) []byte {
			return []byte("-----BEGIN CERTIFICATE-----\naGVsbG8=\n-----END CERTIFICATE-----\n")
		}, false},
		{"that is a page", func(world) []byte { return []byte("<html>") }, false},
		{"that is too long", func(world) []byte { return []byte(strings.Repeat("x", 64<<10+1)) }, false},
		{"that is empty", func(world) []byte { return nil }, false},
	}
	for _, tt := range tests {
		t.Run("a certificate "+tt.name, func(t *testing.T) {
			w := newWorld(t)
			if strings.Contains(tt.name, "short") {
				w.key = short // signs as well, so that nothing but its length is wrong
			}
			w.gives(tt.file(w))
			_, err := w.verifier(t).Verify(t.Context(), sign(t, w.key, now, body), body)
			assert.Equal(t, tt.ok, err == nil, "%v", err)
			if !tt.ok {
				assert.Equal(t, mip.ErrUnauthorized, mip.KindOf(err))
			}
		})
	}
}

func TestCertificatesAreFetched(t *testing.T) {
	body := []byte(anEvent)
	for name, tt := range map[string]struct {
		answer func() (*http.Response, error)
		kind   error
	}{
		"a server that fails":       {says(503, ""), mip.ErrUnavailable},
		"a server that throttles":   {says(429, ""), mip.ErrUnavailable},
		"a connection that breaks":  {loses, mip.ErrUnavailable},
		"no such file":              {says(404, ""), mip.ErrUnauthorized},
		"a redirect is not obeyed":  {says(302, "", "Location", "https://evil.example/c"), mip.ErrUnauthorized},
		"an answer without content": {says(204, ""), mip.ErrUnauthorized},
	} {
		t.Run(name, func(t *testing.T) {
			w := newWorld(t)
			var hosts []string
			w.config.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
				hosts = append(hosts, r.URL.Host)
				return tt.answer()
			})
			_, err := w.verifier(t).Verify(t.Context(), sign(t, w.key, now, body), body)
			assert.Equal(t, tt.kind, mip.KindOf(err))
			assert.Equal(t, []string{"api.paypal.com"}, hosts)
		})
	}
	t.Run("a fetcher of one's own decides likewise", func(t *testing.T) {
		for _, kind := range []error{mip.ErrUnauthorized, mip.ErrUnavailable} {
			w := newWorld(t)
			w.config.Fetch = func(context.Context, string) ([]byte, error) {
				return nil, &mip.Error{Kind: kind, Err: errors.New("canary")}
			}
			_, err := w.verifier(t).Verify(t.Context(), sign(t, w.key, now, body), body)
			assert.Equal(t, kind, mip.KindOf(err))
			assert.NotContains(t, err.Error(), "canary")
		}
	})
	t.Run("one file is fetched once, until it is a day old, and not kept if it failed", func(t *testing.T) {
		w := newWorld(t)
		file := w.root.issue(t, &w.key.PublicKey)
		var fetched atomic.Int32
		clock := now
		w.config.Now = func() time.Time { return clock }
		w.config.Fetch = func(context.Context, string) ([]byte, error) {
			if fetched.Add(1) == 1 {
				return nil, errors.New("down")
			}
			return file, nil
		}
		v := w.verifier(t)
		h := sign(t, w.key, now, body)
		_, err := v.Verify(t.Context(), h, body)
		require.ErrorIs(t, err, mip.ErrUnavailable)
		var wg sync.WaitGroup
		for range 32 {
			wg.Go(func() {
				_, err := v.Verify(t.Context(), h, body)
				assert.NoError(t, err)
			})
		}
		wg.Wait()
		assert.EqualValues(t, 2, fetched.Load())
		clock = clock.Add(25 * time.Hour)
		_, err = v.Verify(t.Context(), h, body)
		require.NoError(t, err)
		assert.EqualValues(t, 3, fetched.Load())
	})
	t.Run("forged addresses fetch ten a minute, and known certificates do not suffer", func(t *testing.T) {
		w := newWorld(t)
		file := w.root.issue(t, &w.key.PublicKey)
		clock := now
		var fetched int
		w.config.Now = func() time.Time { return clock }
		w.config.Fetch = func(_ context.Context, address string) ([]byte, error) {
			fetched++
			return file, nil
		}
		v := w.verifier(t)
		verify := func(address string) error {
			h := sign(t, w.key, now, body)
			h.Set("PayPal-Cert-Url", address)
			_, err := v.Verify(t.Context(), h, body)
			return err
		}
		require.NoError(t, verify(certificateURL))
		for i := range 100 {
			err := verify(fmt.Sprintf("https://www.paypal.com/%d", i))
			assert.Equal(t, i >= 9, errors.Is(err, mip.ErrUnavailable))
		}
		assert.Equal(t, 10, fetched)
		require.NoError(t, verify(certificateURL))
		clock = clock.Add(time.Minute)
		require.NoError(t, verify("https://www.paypal.com/99"))
	})
}
