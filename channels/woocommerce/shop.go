package woocommerce

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// Config describes one shop. Name, URL, Key and Secret are required.
type Config struct {
	Name   string      `validate:"required"`          // the account name, see [mip.Channel]
	URL    string      `validate:"required,http_url"` // home address as the shop itself writes it, with its folder
	Key    rest.Secret `validate:"-"`                 // ck_…, with read and write permission
	Secret rest.Secret `validate:"-"`                 // cs_…
	// WebhookSecret verifies deliveries; unset = every signed one is refused.
	WebhookSecret rest.Secret `validate:"-"`
	// KeyInQuery sends the key in the address, for hosts that strip the
	// Authorization header. It then stands in the host's access logs.
	KeyInQuery bool
	// PlainPermalinks is for shops without pretty permalinks.
	PlainPermalinks bool

	// Statuses says what the shop's own statuses ask for, by slug without
	// "wc-"; standard ones may be overruled.
	Statuses map[string]mip.Demand `validate:"dive,oneof=ship unpaid cancelled closed"`
	// Write overrules which status is written for a state; "" = none.
	Write    map[mip.State]string `validate:"-"`
	Tracking Tracking             `validate:"omitempty,oneof=fulfillments extension meta note none"`
	// Supplies says which SKUs the supplier sells; others are foreign lines.
	// nil = all. It is never asked for an empty SKU.
	Supplies func(sku string) bool `validate:"-"`
	// Carrier gives the shop's name for a carrier by the supplier's; nil or ""
	// = the name in [channels.UsualCarriers], else the same.
	Carrier func(carrier string) string `validate:"-"`
	// Extend adds what plugins keep in their own fields, such as a pick-up
	// point; nil = nothing. It may be called concurrently.
	Extend func(order json.RawMessage, f *mip.Facts) `validate:"-"`
	// LookBack is how far the first reading goes back; 0 = 30 days. Orders not
	// changed since are left to whoever handled them before.
	LookBack time.Duration `validate:"gte=0"`
	// Parallel requests at most; 0 = 3, more than 4 upset small hosts.
	Parallel int `validate:"gte=0,lte=16"`

	Transport http.RoundTripper               `validate:"-"` // nil = the default one
	Logger    *slog.Logger                    `validate:"-"` // nil = silent
	Seen      func(context.Context, rest.Try) `validate:"-"` // after each request; nil = not
}

// Shop is one WooCommerce shop. It is safe for concurrent use; reports on one
// order wait for each other.
type Shop struct {
	config  Config
	api     *rest.Client
	slots   rest.Slots
	turns   *rest.Turns
	clock   rest.Clock               // the shop's
	means   atomic.Pointer[Tracking] // the tracking means found last
	demands map[string]mip.Demand
	writes  map[mip.State]string
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
	invalid := func(err error) error { return &mip.Error{Op: "woocommerce config", Kind: mip.ErrInvalid, Err: err} }
	if err := rest.ValidConfig("woocommerce", c); err != nil {
		return nil, err
	}
	if err := mip.ValidChannelName(c.Name); err != nil {
		return nil, invalid(err)
	}
	if !c.Key.Set() || !c.Secret.Set() {
		return nil, invalid(errors.New("the fields Key and Secret are required"))
	}
	c.URL = strings.TrimRight(c.URL, "/")
	c.LookBack = cmp.Or(c.LookBack, 30*24*time.Hour)
	s := &Shop{config: c, slots: make(rest.Slots, cmp.Or(c.Parallel, 3)), turns: rest.NewTurns()}
	s.demands = map[string]mip.Demand{
		"processing": mip.DemandShip, "completed": mip.DemandClosed,
		"pending": mip.DemandUnpaid, "on-hold": mip.DemandUnpaid, "failed": mip.DemandUnpaid,
		"checkout-draft": mip.DemandUnpaid, "auto-draft": mip.DemandUnpaid,
		"cancelled": mip.DemandCancel, "refunded": mip.DemandCancel, "trash": mip.DemandCancel,
	}
	maps.Copy(s.demands, c.Statuses)
	s.writes = map[mip.State]string{mip.StateShipped: "completed", mip.StateDelivered: "completed", mip.StateCancelled: "cancelled"}
	maps.Copy(s.writes, c.Write)
	var err error
	s.api, err = rest.New(rest.Config{
		Name: "woocommerce", BaseURL: c.URL, Auth: s.authorize, Rejected: s.outOfTime, Classify: s.classify, Decode: s.decode,
		MaxBody: 32 << 20, Transport: c.Transport, Logger: c.Logger, Seen: c.Seen,
	})
	return s, err
}

// Name implements [mip.Channel].
func (s *Shop) Name() string { return s.config.Name }

// Order implements [mip.Getter]. A trashed order is not gone: it comes with
// [mip.DemandCancel].
func (s *Shop) Order(ctx context.Context, id string) (mip.Facts, error) {
	ref := mip.Ref{Channel: s.config.Name, ID: id}
	if err := s.owns(ref); err != nil {
		return mip.Facts{}, err
	}
	o, err := s.fetch(ctx, id)
	if err != nil {
		return mip.Facts{}, rest.About(ref, err)
	}
	if err := s.readRefunds(ctx, o); err != nil {
		return mip.Facts{}, rest.About(ref, err)
	}
	return o.finish(), nil
}

// owns refuses refs of other accounts, and ids that no WooCommerce gives.
func (s *Shop) owns(ref mip.Ref) error {
	if ref.Channel != s.config.Name || ref.ID == "" || len(ref.ID) > 18 || strings.Trim(ref.ID, "0123456789") != "" {
		return &mip.Error{Op: "woocommerce", Ref: ref, Kind: mip.ErrInvalid, Err: errors.New("not an order of this shop")}
	}
	return nil
}

// fetch reads one order, without its refunds.
func (s *Shop) fetch(ctx context.Context, id string) (*order, error) {
	var row rest.Row[wireOrder]
	if _, err := s.do(ctx, rest.Call{Path: "/wc/v3/orders/{id}", Vars: rest.Vars{"id": id}, Out: &row}); err != nil {
		return nil, err
	}
	o := s.read(row)
	if o.Ref.ID != id {
		return nil, &mip.Error{Op: "woocommerce: read order", Kind: mip.ErrContract, Err: errors.New("another order was answered")}
	}
	return o, nil
}
