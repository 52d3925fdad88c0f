package wootest

import (
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // what the protocol asks for
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
)

// oauthWindow is how far a timestamp may be off, and how long a nonce counts
// as used.
const oauthWindow = 15 * time.Minute

// authorize returns nil if the caller may do what it asks. An unknown key is
// nobody; a known one with a wrong secret or too little permission is told
// so. All of it is 401.
func (c *call) authorize() *apiError {
	key, e := c.credentials()
	if e != nil {
		return e
	}
	if key == nil {
		word := map[string]string{"POST": "create", "PUT": "edit", "PATCH": "edit", "DELETE": "delete"}[c.r.Method]
		if word == "" {
			word = "view"
		}
		return fail(http.StatusUnauthorized, "woocommerce_rest_cannot_"+word, "Sorry, you cannot list resources.")
	}
	c.manager = !key.NotShopManager
	if safeMethod(c.r.Method) && key.Permission == Write || !safeMethod(c.r.Method) && key.Permission == Read {
		return fail(http.StatusUnauthorized, "woocommerce_rest_authentication_error",
			"The API key provided does not have the permissions needed.")
	}
	return nil
}

func safeMethod(m string) bool { return m == "GET" || m == "HEAD" || m == "OPTIONS" }

// secure reports what is_ssl() of the shop says.
func (c *call) secure() bool {
	return !c.cfg.HidesTLS && (c.r.TLS != nil || c.r.URL.Scheme == "https")
}

func (c *call) credentials() (*Key, *apiError) {
	if c.secure() {
		name, secret := c.query.Get("consumer_key"), c.query.Get("consumer_secret")
		if name == "" {
			name, secret, _ = c.r.BasicAuth()
		}
		if k := c.key(name); k != nil {
			if !hmac.Equal([]byte(k.Secret), []byte(secret)) {
				return nil, fail(http.StatusUnauthorized, "woocommerce_rest_authentication_error", "Consumer secret is invalid.")
			}
			return k, nil
		}
	}
	return c.oauth()
}

func (c *call) key(name string) *Key {
	if i := slices.IndexFunc(c.cfg.Keys, func(k Key) bool { return k.Key == name }); i >= 0 {
		return &c.cfg.Keys[i]
	}
	return nil
}

// oauth checks a one-legged OAuth 1.0a signature, from the query or from an
// Authorization: OAuth header. No parameters at all is no error: nobody.
func (c *call) oauth() (*Key, *apiError) {
	denied := func(message string) (*Key, *apiError) {
		return nil, fail(http.StatusUnauthorized, "woocommerce_rest_authentication_error", message)
	}
	params := c.oauthParams()
	missing := 0
	required := []string{"oauth_consumer_key", "oauth_timestamp", "oauth_nonce", "oauth_signature", "oauth_signature_method"}
	for _, p := range required {
		if params.Get(p) == "" {
			missing++
		}
	}
	switch missing {
	case 0:
	case len(required):
		return nil, nil
	default:
		return nil, fail(http.StatusUnauthorized, "woocommerce_rest_authentication_missing_parameter", "Missing OAuth parameter.")
	}
	k := c.key(params.Get("oauth_consumer_key"))
	if k == nil {
		return denied("Consumer key is invalid.")
	}
	var algorithm func() hash.Hash
	switch params.Get("oauth_signature_method") {
	case "HMAC-SHA1":
		algorithm = sha1.New
	case "HMAC-SHA256":
		algorithm = sha256.New
	default:
		return denied("Invalid signature - signature method is invalid.")
	}
	given := strings.ReplaceAll(params.Get("oauth_signature"), " ", "+")
	params.Del("oauth_signature")
	mac := hmac.New(algorithm, []byte(k.Secret+"&"))
	mac.Write([]byte(c.r.Method + "&" + escape(c.believedURL()) + "&" + escape(normalize(params))))
	if !hmac.Equal([]byte(base64.StdEncoding.EncodeToString(mac.Sum(nil))), []byte(given)) {
		return denied("Invalid signature - provided signature does not match.")
	}
	return k, c.fresh(params.Get("oauth_timestamp"), k.Key+" "+params.Get("oauth_nonce"))
}

// fresh refuses old timestamps and used nonces, and uses this one up.
func (c *call) fresh(timestamp, nonce string) *apiError {
	n, err := strconv.ParseInt(timestamp, 10, 64)
	if off := c.now.Sub(time.Unix(n, 0)); err != nil || off > oauthWindow || off < -oauthWindow {
		return fail(http.StatusUnauthorized, "woocommerce_rest_authentication_error", "Invalid timestamp.")
	}
	if used, ok := c.nonces[nonce]; ok && c.now.Sub(used) <= oauthWindow {
		return fail(http.StatusUnauthorized, "woocommerce_rest_authentication_error", "Invalid nonce - nonce has already been used.")
	}
	c.nonces[nonce] = c.now
	return nil
}

func (c *call) oauthParams() url.Values {
	params := url.Values{}
	for k, v := range c.query {
		params[k] = slices.Clone(v)
	}
	if rest, ok := strings.CutPrefix(c.r.Header.Get("Authorization"), "OAuth "); ok {
		for pair := range strings.SplitSeq(rest, ",") {
			k, v, _ := strings.Cut(strings.TrimSpace(pair), "=")
			v, err := url.PathUnescape(strings.Trim(v, `"`))
			if strings.HasPrefix(k, "oauth_") && err == nil {
				params.Set(k, v)
			}
		}
	}
	return params
}

// believedURL is the address the shop thinks it was called by: its home, its
// idea of the scheme, and the path as sent.
func (c *call) believedURL() string {
	scheme := "http"
	if c.secure() {
		scheme = "https"
	}
	home, _ := url.Parse(c.home())
	return scheme + "://" + home.Host + c.r.URL.EscapedPath()
}

// normalize joins parameters as RFC 5849 asks: encoded, sorted by name.
func normalize(params url.Values) string {
	var pairs []string
	for k, vs := range params {
		for _, v := range vs {
			pairs = append(pairs, escape(k)+"="+escape(v))
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, "&")
}

// escape is PHP's rawurlencode: everything but unreserved characters.
func escape(s string) string {
	return strings.NewReplacer("+", "%20", "%7E", "~").Replace(url.QueryEscape(s))
}
