package woocommerce

import (
	"net/http"
	"time"

	"github.com/openmip/openmip/mip/rest"
)

// authorize signs one request: by name and password over HTTPS, by one-legged
// OAuth 1.0a (HMAC-SHA256) over plain HTTP, where WooCommerce takes nothing
// else.
func (s *Shop) authorize(r *http.Request) error {
	key, secret := s.config.Key, s.config.Secret
	switch q := r.URL.Query(); {
	case r.URL.Scheme != "https":
		return rest.OAuth1{Key: key, Secret: secret, InQuery: true, Now: s.clock.Now}.Authorize(r)
	case s.config.KeyInQuery:
		q.Set("consumer_key", key.Reveal())
		q.Set("consumer_secret", secret.Reveal())
		r.URL.RawQuery = q.Encode()
	default:
		r.SetBasicAuth(key.Reveal(), secret.Reveal())
	}
	return nil
}

// outOfTime reports whether a signature was refused because our clock is
// wrong, which the refusal's own Date has just put right.
func (s *Shop) outOfTime(r *http.Request) bool {
	sent := rest.OAuth1Time(r)
	return !sent.IsZero() && s.clock.Now().Sub(sent).Abs() > time.Minute
}
