package paypaltest

import (
	"crypto/subtle"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"
)

// tokenLife is how long an access token lasts (PayPal: 32,400 seconds).
const tokenLife = 9 * time.Hour

// issueToken answers OAuth 2 client credentials.
func (s *Server) issueToken(q *request) reply {
	r := http.Request{Header: q.header}
	id, secret, given := r.BasicAuth()
	same := subtle.ConstantTimeCompare([]byte(id+"\n"+secret), []byte(s.cfg.ClientID+"\n"+s.cfg.Secret)) == 1
	if !given || !same {
		return jsonReply(http.StatusUnauthorized, object{"error": "invalid_client", "error_description": "Client Authentication failed"})
	}
	form, err := url.ParseQuery(string(q.body))
	if err != nil || form.Get("grant_type") != "client_credentials" {
		return jsonReply(http.StatusBadRequest, object{"error": "unsupported_grant_type", "error_description": "Grant type is not supported"})
	}
	s.issued++
	life := or(s.sw.TokenLife, tokenLife)
	token := "A21" + s.newID("token", 60)
	s.tokens[token] = q.now.Add(life)
	return jsonReply(http.StatusOK, object{
		"scope":        "https://uri.paypal.com/services/payments/payment https://uri.paypal.com/services/vault/payment-tokens/readwrite",
		"access_token": token, "token_type": "Bearer", "app_id": "APP-80W284485P519543T",
		"expires_in": int(life / time.Second), "nonce": fmt.Sprintf("%sn%d", q.now.UTC().Format(time.RFC3339), s.issued),
	})
}

// authorized reports whether a request carries a valid access token.
func (s *Server) authorized(q *request) bool {
	token, bearer := strings.CutPrefix(q.header.Get("Authorization"), "Bearer ")
	until, known := s.tokens[token]
	return bearer && known && q.now.Before(until)
}

// Tokens returns how many access tokens were issued.
func (s *Server) Tokens() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.issued
}

// RevokeTokens makes all access tokens invalid before their time.
func (s *Server) RevokeTokens() {
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.tokens)
}
