package prestashop

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// Config describes one shop. Name, URL and Key are required.
type Config struct {
	Name string      `validate:"required"`          // the account name, see [mip.Channel]
	URL  string      `validate:"required,http_url"` // the shop's address with its folder, without "/api"
	Key  rest.Secret `validate:"-"`                 // the webservice key, 32 characters
	// KeyInQuery sends the key in the address, for hosts that strip the
	// Authorization header. It then stands in the host's access logs.
	KeyInQuery bool
	// ShopID is one shop of a multistore, ShopGroup all of a group; 0 = the
	// shop that the address belongs to.
	ShopID    int `validate:"gte=0"`
	ShopGroup int `validate:"gte=0,excluded_with=ShopID"`

	// States says what states ask for, by id; those not in it by their flags.
	States map[int]mip.Demand `validate:"dive,oneof=ship unpaid cancelled closed"`
	// Write overrules which state is written for a [mip.State]; 0 = none.
	Write map[mip.State]int `validate:"-"`
	// Quiet: the shop mails nobody when it is told something.
	Quiet bool
	// NoTracking shows nothing but the state.
	NoTracking bool
	// Supplies says which SKUs the supplier sells; others are foreign lines.
	// nil = all. It is never asked for an empty SKU.
	Supplies func(sku string) bool `validate:"-"`
	// Carrier gives the shop's name for a carrier; nil or "" = the same.
	Carrier func(carrier string) string `validate:"-"`
	// Extend adds what modules keep elsewhere, such as a pick-up point; nil =
	// nothing. payload is {"order", "order_details", "address"} as the shop
	// sent them. It may be called concurrently.
	Extend func(payload json.RawMessage, f *mip.Facts) `validate:"-"`
	// Zone is the shop's time zone; nil = the one it names.
	Zone *time.Location `validate:"-"`
	// LookBack is how far the first reading goes back; 0 = 30 days. Orders not
	// changed since are left to whoever handled them before.
	LookBack time.Duration `validate:"gte=0"`
	// Parallel requests at most; 0 = 3, more than 4 upset small hosts.
	Parallel int `validate:"gte=0,lte=16"`

	Transport http.RoundTripper               `validate:"-"` // nil = the default one
	Logger    *slog.Logger                    `validate:"-"` // nil = silent
	Seen      func(context.Context, rest.Try) `validate:"-"` // after each request; nil = not
}

// Shop is one PrestaShop shop. It is safe for concurrent use; reports on one
// order wait for each other.
type Shop struct {
	config   Config
	api      *rest.Client
	slots    rest.Slots
	turns    *rest.Turns
	clock    rest.Clock // the shop's
	settings atomic.Pointer[settings]
	cache    cache
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
	invalid := func(err error) error { return &mip.Error{Op: "prestashop config", Kind: mip.ErrInvalid, Err: err} }
	if err := rest.ValidConfig("prestashop", c); err != nil {
		return nil, err
	}
	if err := mip.ValidChannelName(c.Name); err != nil {
		return nil, invalid(err)
	}
	if !c.Key.Set() {
		return nil, invalid(errors.New("the field Key is required"))
	}
	c.URL = strings.TrimRight(c.URL, "/")
	c.LookBack = cmp.Or(c.LookBack, 30*24*time.Hour)
	c.States, c.Write = maps.Clone(c.States), maps.Clone(c.Write)
	s := &Shop{config: c, slots: make(rest.Slots, cmp.Or(c.Parallel, 3)), turns: rest.NewTurns()}
	var err error
	s.api, err = rest.New(rest.Config{
		Name: "prestashop", BaseURL: c.URL + "/api", Auth: s.authorize, Classify: s.classify, Decode: s.decode,
		MaxBody: 32 << 20, Transport: c.Transport, Logger: c.Logger, Seen: c.Seen,
	})
	return s, err
}

// authorize sends the key as the user's name, with an empty password.
func (s *Shop) authorize(r *http.Request) error {
	if !s.config.KeyInQuery {
		r.SetBasicAuth(s.config.Key.Reveal(), "")
		return nil
	}
	q := r.URL.Query()
	q.Set("ws_key", s.config.Key.Reveal())
	r.URL.RawQuery = q.Encode()
	return nil
}

// Name implements [mip.Channel].
func (s *Shop) Name() string { return s.config.Name }

// Order implements [mip.Getter].
func (s *Shop) Order(ctx context.Context, id string) (mip.Facts, error) {
	ref := mip.Ref{Channel: s.config.Name, ID: id}
	if err := s.owns(ref); err != nil {
		return mip.Facts{}, err
	}
	if _, err := s.known(ctx); err != nil { // which tells the shop's clock as well
		return mip.Facts{}, rest.About(ref, err)
	}
	now := s.clock.Now()
	order, err := s.fetch(ctx, id)
	if err != nil {
		return mip.Facts{}, rest.About(ref, err)
	}
	facts, err := s.facts(ctx, rest.Rows[row]{order}, now)
	if err != nil {
		return mip.Facts{}, rest.About(ref, err)
	}
	return facts[0], nil
}

// owns refuses refs of other accounts, and ids that no PrestaShop gives.
func (s *Shop) owns(ref mip.Ref) error {
	if ref.Channel != s.config.Name || !isID(ref.ID) {
		return &mip.Error{Op: "prestashop", Ref: ref, Kind: mip.ErrInvalid, Err: errors.New("not an order of this shop")}
	}
	return nil
}

// isID reports whether id is one that a database gives.
func isID(id string) bool {
	return id != "" && len(id) <= 18 && id[0] != '0' && strings.Trim(id, "0123456789") == ""
}

// fetch reads one order. Only the shop's own empty list says that there is
// none: a 404 may be anybody's.
func (s *Shop) fetch(ctx context.Context, id string) (order rest.Row[row], err error) {
	rows, err := s.list(ctx, "orders", query{"filter[id]": "[" + id + "]", "display": "full"})
	if err != nil {
		return order, err
	}
	fail := func(kind error, why string) (rest.Row[row], error) {
		return order, &mip.Error{Op: "prestashop: read order", Kind: kind, Err: errors.New(why)}
	}
	if len(rows) == 0 {
		return fail(mip.ErrNotFound, "the shop has no such order")
	}
	if order = rows[0]; len(rows) > 1 || string(order.V["id"]) != id {
		return fail(mip.ErrContract, "another order was answered")
	}
	if s.anothers(order.V) {
		return fail(mip.ErrNotFound, "it is another shop's order")
	}
	return order, nil
}

// anothers reports whether an order is another shop's: shops of a group that
// share orders list those of all.
func (s *Shop) anothers(o row) bool {
	return s.config.ShopID != 0 && isID(string(o["id_shop"])) && string(o["id_shop"]) != strconv.Itoa(s.config.ShopID)
}
