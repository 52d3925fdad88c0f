package magento

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// Config describes one account. Name, URL and one of three sets of credentials
// are required: ConsumerKey, ConsumerSecret, AccessToken and TokenSecret; or
// AccessToken alone; or User and Password.
type Config struct {
	Name string `validate:"required"`          // the account name, see [mip.Channel]
	URL  string `validate:"required,http_url"` // base address of the shop as it writes it itself, with its folder
	// StoreView is the code in the address; empty = "all". It does not choose
	// orders, see Stores.
	StoreView string `validate:"max=32,excludesall=/?#% "`

	ConsumerKey    rest.Secret `validate:"-"` // of the integration
	ConsumerSecret rest.Secret `validate:"-"`
	AccessToken    rest.Secret `validate:"-"` // alone: sent as it is, where the shop allows that
	TokenSecret    rest.Secret `validate:"-"`
	User           string      // of an administrator; tokens last four hours
	Password       rest.Secret `validate:"-"`

	// Stores are the ids of the store views whose orders are this account's;
	// none = all.
	Stores []int64 `validate:"dive,gte=0"`
	// Statuses says what the shop's own statuses ask for, by their code. What
	// is canceled, closed or complete stays so.
	Statuses map[string]mip.Demand `validate:"dive,oneof=ship unpaid cancelled closed"`
	// Supplies says which SKUs the supplier sells; others are foreign lines.
	// nil = all. It is never asked for an empty SKU.
	Supplies func(sku string) bool `validate:"-"`
	// PartsShipAlone says of which bundles the parts are bought and shipped
	// one by one ("Ship Bundle Items: Separately"); nil = of none. It must be
	// what the shop has: Magento ships a bundle in one way only. Behind a
	// dynamic SKU stand those of the parts, "KIT-S0000001-S0000002".
	PartsShipAlone func(bundleSKU string) bool `validate:"-"`
	// CarrierCode gives the shop's code for a carrier ("dhl", "ups"), which
	// makes its numbers links; nil or "" = "custom".
	CarrierCode func(carrier string) string `validate:"-"`
	// Source is the inventory source that shipments leave from; needed in
	// shops with several.
	Source string
	Quiet  bool // do not have the shop send e-mails of shipments

	// LookBack is how far the first reading goes back; 0 = 30 days. Orders not
	// changed since are left to whoever handled them before.
	LookBack time.Duration `validate:"gte=0"`
	// Recheck is how often all open orders made within LookBack are read again;
	// 0 = 1 hour. Magento moves no order's time of change when its address is
	// edited, so that only this brings a corrected one.
	Recheck  time.Duration `validate:"gte=0"`
	PageSize int           `validate:"gte=0,lte=300"` // orders in one page; 0 = 50
	Parallel int           `validate:"gte=0,lte=16"`  // requests at most; 0 = 3

	Transport http.RoundTripper               `validate:"-"` // nil = the default one
	Logger    *slog.Logger                    `validate:"-"` // nil = silent
	Seen      func(context.Context, rest.Try) `validate:"-"` // after each request; nil = not
}

// Shop is one account. It is safe for concurrent use; reports on one order
// wait for each other.
type Shop struct {
	config Config
	api    *rest.Client
	slots  rest.Slots
	turns  *rest.Turns
	clock  rest.Clock // the shop's
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
	if err := rest.ValidConfig("magento", c); err != nil {
		return nil, err
	}
	if err := mip.ValidChannelName(c.Name); err != nil {
		return nil, fail("config", mip.ErrInvalid, err.Error())
	}
	c.URL = strings.TrimRight(c.URL, "/")
	c.StoreView = cmp.Or(c.StoreView, "all")
	c.LookBack, c.PageSize, c.Recheck = cmp.Or(c.LookBack, 30*24*time.Hour), cmp.Or(c.PageSize, 50), cmp.Or(c.Recheck, time.Hour)
	s := &Shop{config: c, slots: make(rest.Slots, cmp.Or(c.Parallel, 3)), turns: rest.NewTurns()}
	api := rest.Config{
		Name: "magento", BaseURL: c.URL + "/rest/" + c.StoreView + "/V1", Classify: s.classify, Decode: s.decode,
		MaxBody: 32 << 20, Transport: c.Transport, Logger: c.Logger, Seen: c.Seen,
	}
	if err := s.authorize(&api); err != nil {
		return nil, err
	}
	var err error
	s.api, err = rest.New(api)
	return s, err
}

func fail(op string, kind error, why string) error {
	return &mip.Error{Op: "magento: " + op, Kind: kind, Err: errors.New(why)}
}

// Name implements [mip.Channel].
func (s *Shop) Name() string { return s.config.Name }

// Order implements [mip.Getter]. An order of another store view than
// [Config.Stores] is [mip.ErrNotFound].
func (s *Shop) Order(ctx context.Context, id string) (mip.Facts, error) {
	ref := mip.Ref{Channel: s.config.Name, ID: id}
	if err := s.owns(ref); err != nil {
		return mip.Facts{}, err
	}
	o, err := s.fetch(ctx, id)
	if err != nil {
		return mip.Facts{}, rest.About(ref, err)
	}
	return o.Facts, nil
}

// owns refuses refs of other accounts, and ids that no Magento gives.
func (s *Shop) owns(ref mip.Ref) error {
	if ref.Channel != s.config.Name || !isID(ref.ID) {
		return rest.About(ref, fail("order", mip.ErrInvalid, "not an order of this shop"))
	}
	return nil
}

// fetch reads one order. Magento says 404 for a missing order, a missing store
// view and a missing route alike, in the shop's language: that an order is
// gone is believed only if the list of orders does not have it either.
func (s *Shop) fetch(ctx context.Context, id string) (*order, error) {
	var row rest.Row[wireOrder]
	answer, err := s.do(ctx, rest.Call{Path: "/orders/{id}", Vars: rest.Vars{"id": id}, Out: &row})
	if answer.Status == http.StatusNotFound && mip.KindOf(err) == mip.ErrContract {
		rows, count, err := list[wireOrder](ctx, s, "/orders", search{size: 1, all: []oneOf{{{"entity_id", "eq", id}}}})
		switch {
		case err != nil:
			return nil, err
		case len(rows)+count == 0:
			return nil, fail("order", mip.ErrNotFound, "the shop does not list it either")
		}
	}
	if err != nil {
		return nil, err
	}
	o := s.read(row)
	if o.Ref.ID != id {
		return nil, fail("order", mip.ErrContract, "another order was answered")
	}
	if at := string(o.wire.Store); len(s.config.Stores) > 0 && !slices.Contains(s.stores(), at) {
		return nil, fail("order", mip.ErrNotFound, "it is another store view's")
	}
	return o, nil
}
