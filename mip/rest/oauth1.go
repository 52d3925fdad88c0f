package rest

import (
	"cmp"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// OAuth1 signs requests by OAuth 1.0a with HMAC-SHA256 (RFC 5849): over the
// method, the address as sent and the query. A body is not signed, so forms
// cannot be sent. Without Token it is one-legged.
type OAuth1 struct {
	Key, Secret        Secret // the consumer's
	Token, TokenSecret Secret // the access token's
	// InQuery sends the parameters in the address instead of the Authorization
	// header, for servers that lose the header.
	InQuery bool
	Now     func() time.Time // the server's clock as far as known; nil = ours
	Nonce   func() string    // nil = random
}

// Authorize signs one try; for [Config.Auth].
func (o OAuth1) Authorize(r *http.Request) error {
	now, nonce := time.Now, rand.Text
	if o.Now != nil {
		now = o.Now
	}
	if o.Nonce != nil {
		nonce = o.Nonce
	}
	params := map[string]string{
		"oauth_consumer_key": o.Key.Reveal(), "oauth_nonce": nonce(), "oauth_signature_method": "HMAC-SHA256",
		"oauth_timestamp": strconv.FormatInt(now().Unix(), 10), "oauth_version": "1.0",
	}
	if o.Token.Set() {
		params["oauth_token"] = o.Token.Reveal()
	}
	q := r.URL.Query()
	signed := maps.Clone(q)
	for name, v := range params {
		signed.Set(name, v)
	}
	mac := hmac.New(sha256.New, []byte(percent(o.Secret.Reveal())+"&"+percent(o.TokenSecret.Reveal())))
	mac.Write([]byte(r.Method + "&" + percent(address(r.URL)) + "&" + percent(sorted(signed))))
	params["oauth_signature"] = base64.StdEncoding.EncodeToString(mac.Sum(nil))
	if o.InQuery {
		for name, v := range params {
			q.Set(name, v)
		}
		r.URL.RawQuery = q.Encode()
		return nil
	}
	var header []string
	for name, v := range params {
		header = append(header, name+`="`+percent(v)+`"`)
	}
	slices.Sort(header)
	r.Header.Set("Authorization", "OAuth "+strings.Join(header, ","))
	return nil
}

// address is what is signed of an address: without query and default port.
func address(u *url.URL) string {
	host, port := strings.ToLower(u.Host), map[string]string{"http": ":80", "https": ":443"}[u.Scheme]
	return u.Scheme + "://" + strings.TrimSuffix(host, port) + u.EscapedPath()
}

// sorted joins parameters by their encoded names, then values.
func sorted(params url.Values) string {
	type pair struct{ name, value string }
	var pairs []pair
	for name, values := range params {
		for _, v := range values {
			pairs = append(pairs, pair{percent(name), percent(v)})
		}
	}
	slices.SortFunc(pairs, func(a, b pair) int { return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.value, b.value)) })
	var out []string
	for _, p := range pairs {
		out = append(out, p.name+"="+p.value)
	}
	return strings.Join(out, "&")
}

// OAuth1Time returns when a request was signed by the timestamp it carries,
// the zero time if it carries none.
func OAuth1Time(r *http.Request) time.Time {
	at := r.URL.Query().Get("oauth_timestamp")
	if _, header, ok := strings.Cut(r.Header.Get("Authorization"), `oauth_timestamp="`); ok {
		at, _, _ = strings.Cut(header, `"`)
	}
	sent, err := strconv.ParseInt(at, 10, 64)
	if err != nil {
		return time.Time{}
	}
	return time.Unix(sent, 0).UTC()
}

// percent encodes all but unreserved characters (RFC 3986).
func percent(v string) string { return strings.ReplaceAll(url.QueryEscape(v), "+", "%20") }
