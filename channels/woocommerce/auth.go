package woocommerce

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// authorize signs one request: by name and password over HTTPS, by one-legged
// OAuth 1.0a (HMAC-SHA256) over plain HTTP, where WooCommerce takes nothing
// else.
func (s *Shop) authorize(r *http.Request) error {
	key, secret := s.config.Key.Reveal(), s.config.Secret.Reveal()
	switch q := r.URL.Query(); {
	case r.URL.Scheme != "https":
		r.URL.RawQuery = s.sign(r, key, secret)
	case s.config.KeyInQuery:
		q.Set("consumer_key", key)
		q.Set("consumer_secret", secret)
		r.URL.RawQuery = q.Encode()
	default:
		r.SetBasicAuth(key, secret)
	}
	return nil
}

// sign returns the query with its OAuth parameters. The signature covers the
// method, the address as sent and all of the query, not the body.
func (s *Shop) sign(r *http.Request, key, secret string) string {
	q := r.URL.Query()
	q.Set("oauth_consumer_key", key)
	q.Set("oauth_nonce", rand.Text())
	q.Set("oauth_signature_method", "HMAC-SHA256")
	q.Set("oauth_timestamp", strconv.FormatInt(s.now().Unix(), 10))
	var pairs []string
	for name, values := range q {
		for _, v := range values {
			pairs = append(pairs, percent(name)+"="+percent(v))
		}
	}
	slices.Sort(pairs)
	address := r.URL.Scheme + "://" + r.URL.Host + r.URL.EscapedPath()
	mac := hmac.New(sha256.New, []byte(secret+"&"))
	mac.Write([]byte(r.Method + "&" + percent(address) + "&" + percent(strings.Join(pairs, "&"))))
	q.Set("oauth_signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return q.Encode()
}

// percent encodes all but unreserved characters (RFC 3986).
func percent(v string) string { return strings.ReplaceAll(url.QueryEscape(v), "+", "%20") }

// outOfTime reports whether a signature was refused because our clock is
// wrong, which the refusal's own Date has just put right.
func (s *Shop) outOfTime(r *http.Request) bool {
	sent, err := strconv.ParseInt(r.URL.Query().Get("oauth_timestamp"), 10, 64)
	return err == nil && s.now().Sub(time.Unix(sent, 0)).Abs() > time.Minute
}
