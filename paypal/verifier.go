package paypal

import (
	"cmp"
	"context"
	"crypto"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"hash/crc32"
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"

	"github.com/openmip/openmip/mip"
)

// VerifierConfig says which webhook to expect. Only WebhookID is required.
type VerifierConfig struct {
	WebhookID string `validate:"required,max=50,alphanum"` // PayPal's id of the webhook
	// Fetch reads a certificate file (PEM) from an address that was checked;
	// nil = over https, without redirects, at most 64 KiB and 10 seconds. Its
	// error is of kind [mip.ErrUnauthorized] if there is no such file, else
	// the certificate counts as not available now.
	Fetch func(ctx context.Context, address string) ([]byte, error) `validate:"-"`
	// Transport is for Fetch's default; nil = net/http's.
	Transport http.RoundTripper `validate:"-"`
	Roots     *x509.CertPool    `validate:"-"` // nil = the system's
	Now       func() time.Time  `validate:"-"` // nil = [time.Now]
	// MaxAge is how old a transmission may be; 0 = 4 days, since PayPal
	// repeats for 3.
	MaxAge time.Duration `validate:"gte=0"`
	// MaxAhead is how far our clock may be behind; 0 = 10 minutes.
	MaxAhead time.Duration `validate:"gte=0"`
	// MaxBody is the longest body in bytes; 0 = 1 MiB.
	MaxBody int `validate:"gte=0"`
}

// Verifier tells PayPal's webhooks from forged ones without asking PayPal:
// by the signature, and a certificate from paypal.com that leads to a root. It
// keeps certificates and is safe for concurrent use.
type Verifier struct {
	config       VerifierConfig
	certificates *certificates
}

// NewVerifier returns a verifier; it fetches nothing yet. A config that cannot
// work is [mip.ErrInvalid].
func NewVerifier(c VerifierConfig) (*Verifier, error) {
	if err := validator.New(validator.WithRequiredStructEnabled()).Struct(c); err != nil {
		return nil, configError(err)
	}
	c.MaxAge, c.MaxAhead, c.MaxBody = cmp.Or(c.MaxAge, 96*time.Hour), cmp.Or(c.MaxAhead, 10*time.Minute), cmp.Or(c.MaxBody, 1<<20)
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Fetch == nil {
		c.Fetch = download(c.Transport)
	}
	return &Verifier{config: c, certificates: newCertificates(c)}, nil
}

// Verify checks a webhook and reads it. header and body are those of the
// request as it came. Whatever was not signed by PayPal for this webhook, or
// is too old, is [mip.ErrUnauthorized]: answer 4xx. If the certificate cannot
// be had now, it is [mip.ErrUnavailable]: answer 5xx, and PayPal sends it
// again. A signed body that is no event is [mip.ErrInvalid].
func (v *Verifier) Verify(ctx context.Context, header http.Header, body []byte) (Event, error) {
	s, err := signatureOf(header)
	if err != nil {
		return Event{}, err
	}
	if len(body) > v.config.MaxBody {
		return Event{}, forged("the body is too long")
	}
	if !strings.EqualFold(s.algorithm, "SHA256withRSA") {
		return Event{}, forged("an unknown algorithm")
	}
	now := v.config.Now()
	switch at := s.at; {
	case at.Before(now.Add(-v.config.MaxAge)):
		return Event{}, forged("it is too old")
	case at.After(now.Add(v.config.MaxAhead)):
		return Event{}, forged("it comes from the future")
	}
	key, err := v.certificates.key(ctx, s.certificate, s.at)
	if err != nil {
		return Event{}, err
	}
	sum := sha256.Sum256([]byte(s.message(v.config.WebhookID, body)))
	if rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], s.bytes) != nil {
		return Event{}, forged("the signature is wrong")
	}
	return ParseEvent(body)
}

// signature is what the headers of a webhook say.
type signature struct {
	id, time, text, algorithm, certificate string

	at    time.Time
	bytes []byte
}

var (
	transmission = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)
	algorithm    = regexp.MustCompile(`^[A-Za-z0-9]{1,64}$`)
	webhookName  = regexp.MustCompile(`^[A-Za-z0-9]{1,50}$`)
)

func signatureOf(h http.Header) (signature, error) {
	s := signature{id: h.Get("PayPal-Transmission-Id"), time: h.Get("PayPal-Transmission-Time"), text: h.Get("PayPal-Transmission-Sig"),
		algorithm: h.Get("PayPal-Auth-Algo"), certificate: h.Get("PayPal-Cert-Url")}
	if !transmission.MatchString(s.id) || !algorithm.MatchString(s.algorithm) || len(s.text) > 2048 {
		return signature{}, forged("a header is missing or wrong")
	}
	var err error
	if s.at, err = time.Parse(time.RFC3339, s.time); err != nil {
		return signature{}, forged("it has no time")
	}
	if s.bytes, err = base64.StdEncoding.DecodeString(s.text); err != nil || len(s.bytes) == 0 {
		return signature{}, forged("it has no signature")
	}
	return s, address(s.certificate)
}

// message is what PayPal signs.
func (s signature) message(webhookID string, body []byte) string {
	sum := strconv.FormatUint(uint64(crc32.ChecksumIEEE(body)), 10)
	return strings.Join([]string{s.id, s.time, webhookID, sum}, "|")
}

func forged(why string) error {
	return &mip.Error{Op: "paypal: webhook", Kind: mip.ErrUnauthorized, Err: errors.New(why)}
}
