package paypaltest

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http"
	"sync"
	"time"
)

// certificateHost is in the certificates' name, as at PayPal.
const certificateHost = "messageverificationcerts.paypal.com"

// The certificates by the last part of their address.
const (
	goodCert    = "CERT-openmip-1"
	expiredCert = "CERT-openmip-expired"
	foreignCert = "CERT-openmip-foreign"
)

// keyring is a certification authority, a second one that nobody trusts, and
// the certificates of one signing key. It is made once per process.
type keyring struct {
	key  *rsa.PrivateKey
	pool *x509.CertPool
	pems map[string]string
	leaf map[string]*x509.Certificate
}

var keys = sync.OnceValue(func() *keyring {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(err)
	k := &keyring{key: key, pool: x509.NewCertPool(), pems: map[string]string{}, leaf: map[string]*x509.Certificate{}}
	root, rootKey := authority("OpenMIP test root")
	stranger, strangerKey := authority("OpenMIP stranger's root")
	k.pool.AddCert(root)
	year := func(y int) time.Time { return time.Date(y, 1, 1, 0, 0, 0, 0, time.UTC) }
	k.sign(goodCert, root, rootKey, year(2100))
	k.sign(expiredCert, root, rootKey, year(1995))
	k.sign(foreignCert, stranger, strangerKey, year(2100))
	return k
})

func must(err error) {
	if err != nil {
		panic("paypaltest: certificates: " + err.Error())
	}
}

// authority makes a root. Certificates begin in 1990: the clock of a bubble
// stands in the year 2000.
func authority(name string) (*x509.Certificate, crypto.Signer) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	t := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, IsCA: true, BasicConstraintsValid: true,
		KeyUsage: x509.KeyUsageCertSign, NotBefore: time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: time.Date(2100, 1, 1, 0, 0, 0, 0, time.UTC)}
	raw, err := x509.CreateCertificate(rand.Reader, t, t, key.Public(), key)
	must(err)
	c, err := x509.ParseCertificate(raw)
	must(err)
	return c, key
}

func (k *keyring) sign(name string, root *x509.Certificate, rootKey crypto.Signer, until time.Time) {
	t := &x509.Certificate{SerialNumber: big.NewInt(int64(len(k.pems) + 2)), Subject: pkix.Name{CommonName: certificateHost},
		DNSNames: []string{certificateHost}, KeyUsage: x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
		NotBefore:   time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC), NotAfter: until}
	raw, err := x509.CreateCertificate(rand.Reader, t, root, k.key.Public(), rootKey)
	must(err)
	leaf, err := x509.ParseCertificate(raw)
	must(err)
	k.leaf[name] = leaf
	for _, der := range [][]byte{raw, root.Raw} {
		k.pems[name] += string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	}
}

// CertPool returns the roots that the certificates of genuine notifications
// lead to.
func (s *Server) CertPool() *x509.CertPool { return keys().pool }

// certificate serves a certificate and its root in PEM.
func (s *Server) certificate(q *request) reply {
	text, known := keys().pems[q.arg]
	if !known {
		return refuse(http.StatusNotFound).reply(s.debugID())
	}
	return rawReply(http.StatusOK, "application/x-pem-file", text)
}
