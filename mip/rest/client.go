package rest

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-resty/resty/v2"

	"github.com/openmip/openmip/mip"
)

// Config says where and how to call. Name and BaseURL are required.
type Config struct {
	Name    string `validate:"required"`          // the vendor, in front of every error: "bigbuy"
	BaseURL string `validate:"required,http_url"` // without query and credentials

	// Auth signs each try; it sees the request as it is sent, with its URL and
	// GetBody. An error of it is never [mip.ErrUnknown]: nothing was sent.
	Auth func(*http.Request) error `validate:"-"`
	// Rejected is told of an answer that is [mip.ErrUnauthorized], and reports
	// whether the call deserves one more try with another credential; a write
	// gets it only with [Call.Repeat]. See [Tokens.Rejected].
	Rejected func(*http.Request) bool `validate:"-"`
	// Classify reads a vendor's own errors, also those inside a 200. nil from
	// it means: as the status says, see [KindOfStatus]. An error that wraps a
	// kind decides; one that wraps none is a cause for the status's kind. An
	// error without a kind for a 2xx is ErrContract or ErrUnknown. Its text must
	// not quote the body.
	Classify func(Call, Response) error `validate:"-"`
	// Decode reads a success into [Call.Out], for a vendor whose answers are more
	// than that; nil = [Decode]. Its errors are read as those of Classify.
	Decode func(Call, Response) error `validate:"-"`
	// Limiter keeps the vendor's limits; nil = one without a plan, which only
	// obeys refusals.
	Limiter Limiter `validate:"-"`
	// Retry is for calls that may be repeated; the zero value is 3 tries, 500 ms
	// and doubling, at most 10 s. Tries 1 = never.
	Retry mip.Backoff `validate:"-"`
	// MaxWait is the longest wait for a turn or before a repetition; a longer
	// one is left to the caller as an error with RetryAfter. 0 = one minute.
	MaxWait time.Duration `validate:"gte=0"`
	// Timeout is for one try with its body. 0 = one minute.
	Timeout time.Duration `validate:"gte=0"`
	// MaxBody is the longest answer in bytes; 0 = 8 MiB.
	MaxBody int64 `validate:"gte=0"`

	Header    http.Header `validate:"-"` // for every call
	UserAgent string      // empty = "openmip"
	// Transport nil = a copy of the default one. Only then does what net/http
	// sends again by itself take a turn of the Limiter too.
	Transport http.RoundTripper `validate:"-"`
	Logger    *slog.Logger      `validate:"-"` // nil = silent; one debug record per try
	// Seen is called after every try, before a repetition; nil = not.
	Seen func(context.Context, Try) `validate:"-"`
}

// Try is what metrics may know of one try: no id, no address.
type Try struct {
	Client   string        // [Config.Name]
	Call     string        // [Call.Name]
	Number   int           // counts from 1
	Status   int           // 0 = there was no answer
	Duration time.Duration // without waiting for a turn
	Kind     error         // a sentinel of package mip; nil = success
}

// Client calls one vendor account. It is safe for concurrent use.
type Client struct {
	config Config
	base   *url.URL
	root   string // of every path: the base's text, with a slash at its end
	http   *resty.Client
}

// New returns a client; it makes no call. A config that cannot work is
// [mip.ErrInvalid].
func New(c Config) (*Client, error) {
	if err := ValidConfig(cmp.Or(c.Name, "rest"), c); err != nil {
		return nil, err
	}
	base, err := url.Parse(c.BaseURL)
	if err != nil || base.User != nil || base.RawQuery != "" || base.Fragment != "" {
		return nil, &mip.Error{Op: c.Name + " config", Kind: mip.ErrInvalid,
			Err: errors.New("BaseURL must have no credentials, query or fragment")}
	}
	c = defaults(c)
	h := &http.Client{Transport: c.Transport, CheckRedirect: func(*http.Request, []*http.Request) error {
		return http.ErrUseLastResponse
	}}
	client := &Client{config: c, base: base, root: strings.TrimRight(base.String(), "/") + "/"}
	client.http = resty.NewWithClient(h).
		SetTimeout(c.Timeout).SetRetryCount(0).SetDoNotParseResponse(true).SetAllowGetMethodPayload(true).
		SetLogger(quiet{c.Logger}).SetPreRequestHook(client.sign)
	return client, nil
}

func defaults(c Config) Config {
	if c.Retry == (mip.Backoff{}) {
		c.Retry = mip.Backoff{First: 500 * time.Millisecond, Max: 10 * time.Second, Tries: 3}
	}
	c.Retry.Tries = max(c.Retry.Tries, 1)
	c.MaxWait = cmp.Or(c.MaxWait, time.Minute)
	c.Timeout = cmp.Or(c.Timeout, time.Minute)
	c.MaxBody = cmp.Or(c.MaxBody, 8<<20)
	c.UserAgent = cmp.Or(c.UserAgent, "openmip")
	if c.Limiter == nil {
		c.Limiter = NewBudgets(nil)
	}
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Transport == nil {
		c.Transport = http.DefaultTransport
		if t, ok := c.Transport.(*http.Transport); ok {
			t = t.Clone()
			t.Proxy = again(t.Proxy)
			c.Transport = t
		}
	}
	return c
}

// quiet is resty's logger: the message's form without what it is about,
// because resty puts whole addresses into it.
type quiet struct{ log *slog.Logger }

func (q quiet) Errorf(format string, _ ...any) { q.log.Error("http client", "message", format) }
func (q quiet) Warnf(format string, _ ...any)  { q.log.Warn("http client", "message", format) }
func (q quiet) Debugf(format string, _ ...any) { q.log.Debug("http client", "message", format) }
