package shopify

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// Version is the version of the Admin API that is spoken.
const Version = "2026-10"

// Config describes one shop. Name and URL are required, and one of Token,
// Tokens, or ClientID with ClientSecret.
type Config struct {
	Name string `validate:"required"`          // the account name, see [mip.Channel]
	URL  string `validate:"required,http_url"` // https://….myshopify.com, not the shop's own domain

	Token    rest.Secret `validate:"-"` // shpat_…, of an app made in the shop's admin; does not expire
	Tokens   TokenSource `validate:"-"` // for apps that other merchants install
	ClientID string      `validate:"-"` // of a Dev Dashboard app for shops of one's own
	// ClientSecret gets tokens together with ClientID, and verifies webhooks.
	ClientSecret rest.Secret `validate:"-"`
	// OldSecret is the secret before the last rotation: deliveries may be
	// signed with it for up to an hour.
	OldSecret rest.Secret `validate:"-"`

	// Ship lists the financial statuses besides PAID and PARTIALLY_REFUNDED
	// that are bought: AUTHORIZED, or PENDING for invoice and cash on delivery.
	Ship []string `validate:"dive,oneof=AUTHORIZED PENDING PARTIALLY_PAID"`
	// TestOrders buys orders of the shop's test mode too.
	TestOrders bool
	// Supplies says which SKUs the supplier sells; others are foreign lines.
	// nil = all. It is never asked for an empty SKU.
	Supplies func(sku string) bool `validate:"-"`
	// Carrier gives the shop's name for a carrier by the supplier's; nil or ""
	// = that in [channels.UsualCarriers], else the same, in Shopify's spelling
	// where it knows the name.
	Carrier func(carrier string) string `validate:"-"`
	// Quiet tells the buyer nothing: no e-mail for shipping, tracking and
	// cancelling.
	Quiet bool
	// Refund gives the money back when an order is cancelled from here, to where
	// it came from. Authorized payments are voided in any case.
	Refund bool
	// Restock puts the pieces back into the shop's own stock when an order is
	// cancelled from here.
	Restock bool
	// LookBack is how far the first reading goes back; 0 = 30 days. More than
	// 60 need the scope read_all_orders.
	LookBack time.Duration `validate:"gte=0"`
	// Parallel requests at most; 0 = 4.
	Parallel int `validate:"gte=0,lte=32"`

	Transport http.RoundTripper               `validate:"-"` // nil = the default one
	Logger    *slog.Logger                    `validate:"-"` // nil = silent
	Seen      func(context.Context, rest.Try) `validate:"-"` // after each request; nil = not
}

// Shop is one Shopify shop. It is safe for concurrent use; reports on one
// order wait for each other.
type Shop struct {
	config   Config
	api      *rest.Client
	tokens   *rest.Tokens
	bucket   *bucket
	log      *slog.Logger
	slots    rest.Slots
	turns    *rest.Turns
	sizes    atomic.Pointer[sizes]
	clock    rest.Clock // the shop's
	outdated atomic.Bool
	deep     int // how many things of one search are read, see [search]

	scopes struct {
		sync.Mutex
		granted map[string]bool
		at      time.Time
	}
}

var (
	_ mip.Channel   = (*Shop)(nil)
	_ mip.Getter    = (*Shop)(nil)
	_ mip.Canceller = (*Shop)(nil)
	_ mip.Rewinder  = (*Shop)(nil)
)

// New returns a shop; it makes no call. A config that cannot work is
// [mip.ErrInvalid].
func New(c Config) (*Shop, error) {
	if err := check(c); err != nil {
		return nil, err
	}
	c.URL = strings.TrimRight(c.URL, "/")
	c.LookBack = cmp.Or(c.LookBack, 30*24*time.Hour)
	s := &Shop{config: c, bucket: newBucket(), slots: make(rest.Slots, cmp.Or(c.Parallel, 4)), turns: rest.NewTurns(), log: c.Logger, deep: 20_000}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.sizes.Store(&sizes{first: 25, inner: 50})
	var source TokenSource = static{c.Token}
	switch {
	case c.Token.Set():
	case c.Tokens != nil:
		source = c.Tokens
	default:
		own, err := newCredentials(c)
		if err != nil {
			return nil, err
		}
		source = own
	}
	s.tokens = rest.NewTokens(source.Token)
	var err error
	s.api, err = rest.New(rest.Config{
		Name: "shopify", BaseURL: c.URL, Auth: s.authorize, Rejected: s.rejected, Classify: s.classify, Decode: s.decode, Limiter: s.bucket,
		Retry:   mip.Backoff{First: 500 * time.Millisecond, Max: 10 * time.Second, Tries: 4},
		MaxBody: 32 << 20, Transport: c.Transport, Logger: c.Logger, Seen: c.Seen,
	})
	return s, err
}

func check(c Config) error {
	if err := rest.ValidConfig("shopify", c); err != nil {
		return err
	}
	if err := mip.ValidChannelName(c.Name); err != nil {
		return fail("config", mip.ErrInvalid, err.Error())
	}
	ways := 0
	for _, way := range []bool{c.Token.Set(), c.Tokens != nil, c.ClientID != ""} {
		if way {
			ways++
		}
	}
	if ways != 1 || c.ClientID != "" && !c.ClientSecret.Set() {
		return fail("config", mip.ErrInvalid, "want either Token, or Tokens, or ClientID with ClientSecret")
	}
	return nil
}

// Name implements [mip.Channel].
func (s *Shop) Name() string { return s.config.Name }

// host is the shop's name in webhook headers.
func (s *Shop) host() string {
	u, err := url.Parse(s.config.URL)
	if err != nil {
		return ""
	}
	return u.Hostname()
}

// owns refuses refs of other accounts, and ids that no shop gives.
func (s *Shop) owns(ref mip.Ref) error {
	if ref.Channel != s.config.Name || !number(ref.ID) {
		return &mip.Error{Op: "shopify", Ref: ref, Kind: mip.ErrInvalid, Err: errors.New("not an order of this shop")}
	}
	return nil
}

func fail(op string, kind error, why string) error {
	return &mip.Error{Op: "shopify: " + op, Kind: kind, Err: errors.New(why)}
}
