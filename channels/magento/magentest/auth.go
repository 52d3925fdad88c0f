package magentest

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Limits of Magento's: how far ahead a signature may be, and how long an
// administrator's token lives.
const (
	deviation = 600 * time.Second
	tokenLife = 4 * time.Hour
)

// authorize returns nil if the caller may use the resource.
func (c *call) authorize(resource string) *failure {
	stranger := refusal(http.StatusUnauthorized, "The consumer isn't authorized to access %resources.", map[string]string{"resources": resource})
	header := c.r.Header.Get("Authorization")
	if _, params, ok := strings.Cut(header, "OAuth "); ok {
		if f := c.signed(params); f != nil {
			return f
		}
	} else if token, ok := strings.CutPrefix(header, "Bearer "); !ok || !c.bearer(token) {
		return stranger
	}
	if slices.Contains(c.cfg.Denied, resource) {
		return stranger
	}
	return nil
}

// bearer takes tokens of administrators, and integrations' where that is
// switched on.
func (c *call) bearer(token string) bool {
	end, admin := c.tokens[token]
	return admin && time.Now().Before(end) || c.cfg.Bearer && token == DefaultToken
}

// adminToken is POST /integration/admin/token.
func (c *call) adminToken() {
	var in struct{ Username, Password string }
	if json.Unmarshal(c.body, &in) != nil || in.Username != DefaultUser || in.Password != DefaultPassword {
		c.refuse(refusal(http.StatusUnauthorized,
			"The account sign-in was incorrect or your account is disabled temporarily. Please wait and try again later.", nil))
		return
	}
	token := "admin-token-" + strconv.Itoa(len(c.tokens)+1)
	c.tokens[token] = time.Now().Add(tokenLife)
	c.json(http.StatusOK, token)
}

// Revoke ends all tokens of administrators.
func (s *Server) Revoke() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for t := range s.tokens {
		s.tokens[t] = time.Time{}
	}
}

// signed checks an OAuth 1.0a header. Too old a signature is no error; a used
// nonce and one from the future are.
func (c *call) signed(header string) *failure {
	denied := func(message string) *failure { return refusal(http.StatusUnauthorized, message, nil) }
	given := map[string]string{}
	for pair := range strings.SplitSeq(header, ",") {
		name, value, _ := strings.Cut(strings.TrimSpace(pair), "=")
		if v, err := url.PathUnescape(strings.Trim(value, `"`)); err == nil && strings.HasPrefix(name, "oauth_") {
			given[name] = v
		}
	}
	for _, name := range []string{"oauth_consumer_key", "oauth_signature", "oauth_signature_method", "oauth_nonce", "oauth_timestamp", "oauth_token"} {
		if given[name] == "" {
			return refusal(http.StatusBadRequest, `"%fieldName" is required. Enter and try again.`, map[string]string{"fieldName": name})
		}
	}
	at, err := strconv.ParseInt(given["oauth_timestamp"], 10, 64)
	nonce := given["oauth_nonce"]
	switch {
	case given["oauth_signature_method"] != "HMAC-SHA256":
		return refusal(http.StatusBadRequest, "Signature method %1 is not supported", []string{given["oauth_signature_method"]})
	case given["oauth_consumer_key"] != DefaultConsumerKey:
		return denied("A consumer having the specified key does not exist")
	case err != nil || at <= 0 || time.Unix(at, 0).After(time.Now().Add(c.ahead+deviation)):
		return denied("The timestamp value in the oauth_timestamp parameter is incorrect. Verify the value and try again.")
	case c.nonces[nonce]:
		return refusal(http.StatusUnauthorized, "The nonce is already being used by the consumer with ID %1.", []int{1})
	}
	c.nonces[nonce] = true
	if given["oauth_token"] != DefaultToken {
		return denied("Specified token does not exist")
	}
	signature := given["oauth_signature"]
	delete(given, "oauth_signature")
	mac := hmac.New(sha256.New, []byte(escape(DefaultConsumerSecret)+"&"+escape(DefaultTokenSecret)))
	mac.Write([]byte(c.r.Method + "&" + escape(c.believedURL()) + "&" + escape(c.normalized(given))))
	if !hmac.Equal([]byte(base64.StdEncoding.EncodeToString(mac.Sum(nil))), []byte(signature)) {
		return denied("The signature is invalid. Verify and try again.")
	}
	return nil
}

// believedURL is the address that the shop thinks it was called by.
func (c *call) believedURL() string {
	home, err := url.Parse(c.cfg.URL)
	if err != nil {
		return ""
	}
	return home.Scheme + "://" + home.Host + c.r.URL.EscapedPath()
}

// normalized joins header and query as PHP does: a pair with more than one "="
// is passed over, of equal names the last counts, and names are in natural
// order, in which 2 comes before 10.
func (c *call) normalized(params map[string]string) string {
	for pair := range strings.SplitSeq(c.r.URL.RawQuery, "&") {
		if part := strings.Split(pair, "="); len(part) == 2 {
			name, _ := url.QueryUnescape(part[0])
			value, _ := url.QueryUnescape(part[1])
			params[name] = value
		}
	}
	var names []string
	encoded := map[string]string{}
	for name, value := range params {
		names = append(names, escape(name))
		encoded[escape(name)] = escape(value)
	}
	slices.SortFunc(names, natural)
	for i, name := range names {
		names[i] = name + "=" + encoded[name]
	}
	return strings.Join(names, "&")
}

// natural compares as PHP's strnatcmp does: runs of digits by their value.
func natural(a, b string) int {
	for a != "" && b != "" {
		x, y := digits(a), digits(b)
		if x > 0 && y > 0 {
			m, errM := strconv.Atoi(a[:x])
			n, errN := strconv.Atoi(b[:y])
			if errM == nil && errN == nil && m != n {
				return m - n
			}
			a, b = a[x:], b[y:]
			continue
		}
		if a[0] != b[0] {
			return int(a[0]) - int(b[0])
		}
		a, b = a[1:], b[1:]
	}
	return len(a) - len(b)
}

func digits(s string) int {
	n := 0
	for n < len(s) && s[n] >= '0' && s[n] <= '9' {
		n++
	}
	return n
}

// escape is PHP's rawurlencode.
func escape(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
