package paypaltest

import (
	"bytes"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"
)

const (
	algorithm  = "SHA256withRSA"
	certsPath  = "/v1/notifications/certs/"
	certsAtAPI = "https://api.paypal.com" + certsPath
	foreignAt  = "https://api.paypal.com.example.test" + certsPath
)

// Forgery is how a notification pretends to come from PayPal.
type Forgery string

// The forgeries. Each breaks one thing only.
const (
	Genuine        Forgery = ""
	WrongSignature Forgery = "wrong signature" // of other bytes
	NoSignature    Forgery = "no signature"    // without any of the headers
	ChangedBody    Forgery = "changed body"    // after it was signed
	OtherWebhook   Forgery = "other webhook"   // meant for another subscription
	WrongHost      Forgery = "wrong host"      // a good certificate at a host that only looks like PayPal's
	PlainHTTP      Forgery = "plain http"      // the certificate's address without TLS
	ExpiredCert    Forgery = "expired certificate"
	ForeignCert    Forgery = "foreign certificate" // a chain to a root that nobody trusts
	OtherAlgorithm Forgery = "other algorithm"     // the header names another one
	OldTime        Forgery = "old time"            // signed well, 30 days ago
)

// Forgeries returns all of them except [Genuine].
func Forgeries() []Forgery {
	return []Forgery{WrongSignature, NoSignature, ChangedBody, OtherWebhook, WrongHost, PlainHTTP, ExpiredCert, ForeignCert, OtherAlgorithm, OldTime}
}

// Notification returns the request that tells address of an event. Every one
// has a transmission id of its own; the event's id stays.
func (s *Server) Notification(address string, e Event, f Forgery) (*http.Request, error) {
	now := s.enter()
	webhook, transmission := s.cfg.WebhookID, s.transmissionID()
	s.mu.Unlock()
	at, cert, sum := now, certsAtAPI+goodCert, crc32.ChecksumIEEE(e.Body)
	body := e.Body
	switch f {
	case OldTime:
		at = now.Add(-30 * 24 * time.Hour)
	case ChangedBody:
		body = bytes.Replace(body, []byte(`"event_type":"`), []byte(`"event_type":"X`), 1)
	case OtherWebhook:
		webhook = "0THERWEBH00K45678"
	case WrongSignature:
		sum++
	case WrongHost:
		cert = foreignAt + goodCert
	case PlainHTTP:
		cert = "http" + strings.TrimPrefix(cert, "https")
	case ExpiredCert:
		cert = certsAtAPI + expiredCert
	case ForeignCert:
		cert = certsAtAPI + foreignCert
	}
	r, err := http.NewRequest(http.MethodPost, address, bytes.NewReader(body)) //nolint:noctx // a caller sets one
	if err != nil {
		return nil, err
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("User-Agent", "PayPal/AUHR-214.0-58843828")
	if f == NoSignature {
		return r, nil
	}
	r.Header.Set("Paypal-Transmission-Id", transmission)
	r.Header.Set("Paypal-Transmission-Time", stamp(at))
	r.Header.Set("Paypal-Transmission-Sig", sign(transmission, stamp(at), webhook, sum))
	r.Header.Set("Paypal-Cert-Url", cert)
	r.Header.Set("Paypal-Auth-Algo", algorithm)
	if f == OtherAlgorithm {
		r.Header.Set("Paypal-Auth-Algo", "SHA1withRSA")
	}
	return r, nil
}

// transmissionID runs under the mutex.
func (s *Server) transmissionID() string {
	s.sent++
	sum := sha256.Sum256(fmt.Appendf(nil, "transmission %d", s.sent))
	return fmt.Sprintf("t%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

func message(transmission, at, webhook string, sum uint32) []byte {
	return fmt.Appendf(nil, "%s|%s|%s|%d", transmission, at, webhook, sum)
}

func sign(transmission, at, webhook string, sum uint32) string {
	digest := sha256.Sum256(message(transmission, at, webhook, sum))
	raw, err := rsa.SignPKCS1v15(rand.Reader, keys().key, crypto.SHA256, digest[:])
	must(err)
	return base64.StdEncoding.EncodeToString(raw)
}

// Deliver sends genuine notifications to address, once each, in this order.
// target is an http.Client's Transport, or [Handler]. It returns the status of
// each answer, 0 for none. Nothing is repeated: a redelivery is another call.
func (s *Server) Deliver(target http.RoundTripper, address string, events ...Event) []int {
	out := make([]int, len(events))
	for i, e := range events {
		out[i] = s.DeliverForged(target, address, e, Genuine)
	}
	return out
}

// DeliverForged is [Server.Deliver] for one notification, which may not be
// PayPal's.
func (s *Server) DeliverForged(target http.RoundTripper, address string, e Event, f Forgery) int {
	r, err := s.Notification(address, e, f)
	if err != nil {
		return 0
	}
	resp, err := target.RoundTrip(r)
	if err != nil {
		return 0
	}
	_, _ = io.Copy(io.Discard, io.LimitReader(resp.Body, maxBody))
	_ = resp.Body.Close()
	return resp.StatusCode
}

// Handler makes a handler a target for [Server.Deliver].
func Handler(h http.Handler) http.RoundTripper { return target{h} }

type target struct{ h http.Handler }

func (t target) RoundTrip(r *http.Request) (*http.Response, error) {
	rec := &recorder{header: http.Header{}, status: http.StatusOK}
	t.h.ServeHTTP(rec, r)
	return &http.Response{StatusCode: rec.status, Header: rec.header, Body: http.NoBody, Request: r}, nil
}

type recorder struct {
	header http.Header
	status int
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return len(b), nil }

type signatureForm struct {
	Algorithm *string         `json:"auth_algo"`
	CertURL   *string         `json:"cert_url"`
	ID        *string         `json:"transmission_id"`
	Signature *string         `json:"transmission_sig"`
	Time      *string         `json:"transmission_time"`
	Webhook   *string         `json:"webhook_id"`
	Event     json.RawMessage `json:"webhook_event"`
}

// verifySignature checks a notification online. The event counts as the bytes
// that arrived: one that was encoded again is a FAILURE.
func (s *Server) verifySignature(q *request) (resource, *refusal) {
	var f signatureForm
	if no := q.read(&f, false); no != nil {
		return nil, no
	}
	check := &form{}
	for field, value := range map[string]*string{"/auth_algo": f.Algorithm, "/cert_url": f.CertURL, "/transmission_id": f.ID,
		"/transmission_sig": f.Signature, "/transmission_time": f.Time, "/webhook_id": f.Webhook} {
		check.required(field, value)
	}
	if len(f.Event) == 0 {
		check.note("MISSING_REQUIRED_PARAMETER", "/webhook_event", "")
	}
	if no := check.refusal(); no != nil {
		return nil, no
	}
	if f.genuine(s.cfg.WebhookID, q.now) {
		return object{"verification_status": "SUCCESS"}, nil
	}
	return object{"verification_status": "FAILURE"}, nil
}

func (f *signatureForm) genuine(webhook string, now time.Time) bool {
	u, err := url.Parse(*f.CertURL)
	if err != nil || u.Scheme != "https" || u.Host != "api.paypal.com" || *f.Algorithm != algorithm || *f.Webhook != webhook {
		return false
	}
	leaf := keys().leaf[strings.TrimPrefix(u.Path, certsPath)]
	if leaf == nil {
		return false
	}
	if _, err := leaf.Verify(x509.VerifyOptions{Roots: keys().pool, CurrentTime: now}); err != nil {
		return false
	}
	raw, err := base64.StdEncoding.DecodeString(*f.Signature)
	digest := sha256.Sum256(message(*f.ID, *f.Time, *f.Webhook, crc32.ChecksumIEEE(f.Event)))
	return err == nil && rsa.VerifyPKCS1v15(&keys().key.PublicKey, crypto.SHA256, digest[:], raw) == nil
}
