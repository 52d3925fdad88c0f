package paypal

import (
	"cmp"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// PayPal's hosts.
const (
	LiveURL    = "https://api-m.paypal.com"
	SandboxURL = "https://api-m.sandbox.paypal.com"
)

// How long PayPal remembers a [RequestID]. Afterwards it protects nothing:
// look up first.
const (
	OrdersMemory   = 6 * time.Hour
	PaymentsMemory = 45 * 24 * time.Hour
	VaultMemory    = 3 * time.Hour
)

// ClientConfig says as whom to call. ClientID and Secret are required: those
// of the application of the party that receives the money, or of a platform
// that acts for it.
type ClientConfig struct {
	ClientID string      `validate:"required,max=255,printascii"`
	Secret   rest.Secret `validate:"-"`
	// Sandbox calls [SandboxURL] instead of [LiveURL].
	Sandbox bool
	// BaseURL replaces both; for tests.
	BaseURL string `validate:"omitempty,http_url"`
	// Merchant is the PayPal merchant id that all calls are made for, see
	// [OnBehalfOf]; empty = oneself.
	Merchant string `validate:"omitempty,len=13,alphanum,uppercase"`

	// Timeout is for one try; 0 = 30 seconds. A capture may take long.
	Timeout time.Duration `validate:"gte=0"`
	// Retry is for reads, and for writes under the same [RequestID]; the zero
	// value is 3 tries, 500 ms and doubling, at most 10 s. Tries 1 = never.
	Retry mip.Backoff `validate:"-"`
	// MaxWait is the longest wait for a turn or before a repetition; a longer
	// one is left to the caller as an error with RetryAfter. 0 = one minute.
	MaxWait time.Duration `validate:"gte=0"`
	// Limiter keeps a rate limit; nil = only refusals count. PayPal publishes
	// no limits.
	Limiter   rest.Limiter      `validate:"-"`
	Transport http.RoundTripper `validate:"-"` // nil = net/http's default
	Logger    *slog.Logger      `validate:"-"` // nil = silent
	Now       func() time.Time  `validate:"-"` // nil = [time.Now]; for the life of the token
}

// Client calls PayPal's Orders v2, Payments v2 and Vault v3. It is safe for
// concurrent use and shares nothing between calls but the access token.
//
// Reads are repeated a few times. A write that has a [RequestID] is repeated
// under the same id, also when its outcome is unknown; if it stays unknown the
// error is [mip.ErrUnknown], and the same call with the same id, or a look,
// finds out. Errors are [*mip.Error] of one kind; what PayPal said is an
// [*Error] in their chain, and [ClassOf] says what to do.
type Client struct {
	rest     *rest.Client
	retry    mip.Backoff
	maxWait  time.Duration
	clientID string
	merchant string
	live     bool
}

// NewClient returns a client; it makes no call. A config that cannot work is
// [mip.ErrInvalid].
func NewClient(c ClientConfig) (*Client, error) {
	if err := validator.New(validator.WithRequiredStructEnabled()).Struct(c); err != nil || !c.Secret.Set() {
		return nil, configError(err)
	}
	if c.BaseURL == "" {
		c.BaseURL = LiveURL
		if c.Sandbox {
			c.BaseURL = SandboxURL
		}
	}
	if c.Retry == (mip.Backoff{}) {
		c.Retry = mip.Backoff{First: 500 * time.Millisecond, Max: 10 * time.Second, Tries: 3}
	}
	c.Retry.Tries = max(c.Retry.Tries, 1)
	c.Timeout, c.MaxWait = cmp.Or(c.Timeout, 30*time.Second), cmp.Or(c.MaxWait, time.Minute)
	if c.Now == nil {
		c.Now = time.Now
	}
	tokens, err := newTokens(c)
	if err != nil {
		return nil, err
	}
	r, err := rest.New(rest.Config{Name: "paypal", BaseURL: c.BaseURL, Auth: tokens.Authorize, Rejected: rejected(tokens),
		Classify: classify, Limiter: c.Limiter, Retry: c.Retry, MaxWait: c.MaxWait, Timeout: c.Timeout, MaxBody: 4 << 20,
		Transport: c.Transport, Logger: c.Logger})
	if err != nil {
		return nil, err
	}
	return &Client{rest: r, retry: c.Retry, maxWait: c.MaxWait, clientID: c.ClientID, merchant: c.Merchant, live: live(c.BaseURL)}, nil
}

// live reports whether real money moves there.
func live(base string) bool {
	u, err := url.Parse(base)
	return err == nil && (strings.EqualFold(u.Hostname(), "api-m.paypal.com") || strings.EqualFold(u.Hostname(), "api.paypal.com"))
}
