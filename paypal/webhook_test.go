package paypal_test

import (
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"hash/crc32"
	"math/big"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/paypal"
)

const webhookID = "1JE4291016473214C"

// now is the time of all webhooks in these tests.
var now = time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)

// keys are made once: RSA is slow.
var keys = sync.OnceValue(func() [3]*rsa.PrivateKey {
	var out [3]*rsa.PrivateKey
	for i := range out {
		out[i], _ = rsa.GenerateKey(rand.Reader, 2048)
	}
	return out
})

// authority signs certificates.
type authority struct {
	cert *x509.Certificate
	key  *rsa.PrivateKey
	pool *x509.CertPool
}

func newAuthority(t testing.TB, name string, key *rsa.PrivateKey) authority {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: now.AddDate(-5, 0, 0), NotAfter: now.AddDate(5, 0, 0), KeyUsage: x509.KeyUsageCertSign}
	raw, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(raw)
	require.NoError(t, err)
	a := authority{cert, key, x509.NewCertPool()}
	a.pool.AddCert(cert)
	return a
}

// issue returns a certificate file for key.
func (a authority) issue(t testing.TB, key any, change ...func(*x509.Certificate)) []byte {
	t.Helper()
	template := &x509.Certificate{SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "messageverificationcerts.paypal.com"},
		DNSNames: []string{"messageverificationcerts.paypal.com"}, NotBefore: now.AddDate(0, -6, 0), NotAfter: now.AddDate(0, 6, 0),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}}
	for _, f := range change {
		f(template)
	}
	raw, err := x509.CreateCertificate(rand.Reader, template, a.cert, key, a.key)
	require.NoError(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: raw})
}

// sign returns the headers of a webhook, as PayPal makes them.
func sign(t testing.TB, key *rsa.PrivateKey, at time.Time, body []byte) http.Header {
	t.Helper()
	const id = "69cd13f0-d67a-11e5-baa3-778b53f4ae55"
	stamp := at.Format(time.RFC3339)
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%s|%s|%d", id, stamp, webhookID, crc32.ChecksumIEEE(body)))
	sig, err := rsa.SignPKCS1v15(rand.Reader, key, crypto.SHA256, sum[:])
	require.NoError(t, err)
	h := http.Header{}
	h.Set("PayPal-Transmission-Id", id)
	h.Set("PayPal-Transmission-Time", stamp)
	h.Set("PayPal-Transmission-Sig", base64.StdEncoding.EncodeToString(sig))
	h.Set("PayPal-Auth-Algo", "SHA256withRSA")
	h.Set("PayPal-Cert-Url", certificateURL)
	return h
}

// world is a verifier with the certificate that PayPal's address gives.
type world struct {
	root   authority
	key    *rsa.PrivateKey
	config paypal.VerifierConfig
}

func newWorld(t testing.TB) world {
	t.Helper()
	w := world{root: newAuthority(t, "test root", keys()[0]), key: keys()[1]}
	file := w.root.issue(t, &w.key.PublicKey)
	w.config = paypal.VerifierConfig{WebhookID: webhookID, Roots: w.root.pool, Now: func() time.Time { return now },
		Transport: roundTrip(func(*http.Request) (*http.Response, error) { return answer(200, string(file)), nil })}
	return w
}

func (w world) verifier(t testing.TB) *paypal.Verifier {
	t.Helper()
	v, err := paypal.NewVerifier(w.config)
	require.NoError(t, err)
	return v
}

// gives makes PayPal's address answer with a file.
func (w *world) gives(file []byte) {
	w.config.Transport = roundTrip(func(*http.Request) (*http.Response, error) { return answer(200, string(file)), nil })
}
