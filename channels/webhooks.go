package channels

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/go-playground/validator/v10"

	"github.com/openmip/openmip/mip"
)

// Pushed is a channel whose deliveries [Webhooks] can take.
type Pushed interface {
	Name() string
	Webhook
	mip.Getter
}

// WebhooksConfig says whose deliveries are taken and where they go. Channels,
// Inbox and Ingest are required.
type WebhooksConfig struct {
	// Channels by name: a delivery for account "shop" is posted to an address
	// whose last part is "shop", such as /webhooks/shop.
	Channels []Pushed  `validate:"-"`
	Inbox    mip.Inbox `validate:"-"` // the store
	// Ingest stores one order; it returns nil only once that is committed, and
	// is content with one it knows. [mip.ErrIgnored] counts as success.
	Ingest func(ctx context.Context, f mip.Facts) error `validate:"required"`
	// Gone is told of an order that the channel says it does not have (any
	// more). nil = such messages are handled, because the shop may only be
	// late: cancelling is for the channel's list to say.
	Gone func(ctx context.Context, ref mip.Ref) error `validate:"-"`

	MaxBody  int64         `validate:"gte=0"` // bytes of one delivery; 0 = 4 MiB, since orders of hundreds of lines have more than one
	Parallel int           `validate:"gte=0"` // deliveries being read at once; 0 = 64
	Rate     int           `validate:"gte=0"` // signed deliveries of one channel per second, ten times as many at once; 0 = 100
	Patience time.Duration `validate:"gte=0"` // for a delivery to arrive, and then for the inbox; 0 = 5 s
	Call     time.Duration `validate:"gte=0"` // for fetching and storing one order; 0 = a minute
	Remember time.Duration `validate:"gte=0"` // how long the IDs of handled deliveries are known; 0 = 30 days
	// Grace is how long after an order was found by polling its webhook may
	// still come; 0 = 15 minutes.
	Grace time.Duration `validate:"gte=0"`
	// Retry says when a message that failed is tried again, and when it is
	// left to polling; the zero value is [mip.DefaultBackoff].
	Retry mip.Backoff  `validate:"-"`
	Hooks WebhookHooks `validate:"-"`

	Logger *slog.Logger     `validate:"-"` // nil = silent
	Now    func() time.Time `validate:"-"` // nil = time.Now
}

// WebhookHooks are called after the fact; any may be nil. None is given
// personal data.
type WebhookHooks struct {
	// OnlyPolled: a new order was found by polling, and no delivery named it
	// within Grace. Now and then that happens; if it goes on, the platform's
	// webhooks are lost, refused or switched off.
	OnlyPolled func(ctx context.Context, ref mip.Ref)
	// Failure: an order that a delivery named could not be fetched or stored.
	// It is tried again, unless final, when it is left to polling.
	Failure func(ctx context.Context, ref mip.Ref, err error, final bool)
}

// Webhooks is the [net/http.Handler] that all platforms post to, and the
// worker behind it. A delivery is only a hint: it is verified, stored in the
// inbox, and acknowledged, at once and without asking the shop; the worker
// then fetches the orders it names by their ids and hands them to Ingest.
//
//	200  stored, or known already, or it names no order (a ping, another topic)
//	401  the signature is wrong or missing
//	404  no channel of that name
//	405  not a POST request
//	408  it did not arrive in time
//	413  longer than MaxBody
//	429  more than Rate; Retry-After is set
//	503  not stored, or too many at once; the sender shall repeat it
//
// A delivery that is sent again is stored once, whether it comes at the same
// time, later, or after a restart. What was stored is worked on by [Webhooks.Run]
// or [Webhooks.Drain], in this process or another one that shares the store.
//
// Platforms lose deliveries and switch webhooks off, so polling
// [mip.Channel.Orders] goes on beside it and finds every order; webhooks only
// make it sooner. Safe for concurrent use.
type Webhooks struct {
	config WebhooksConfig
	lanes  map[string]*lane
	slots  chan struct{}
	polled arrivals
}

// lane is what belongs to one channel.
type lane struct {
	Pushed
	wake  chan struct{} // something was stored
	turn  chan struct{} // taken by whoever works
	stats ledger

	meter    meter // of what is rightly signed
	warnings meter

	tries map[string]int       // by message, of those that failed; under turn
	due   map[string]time.Time // likewise
	pause time.Time            // until then the channel is not asked; under turn
	slips int                  // failures of the channel in a row; under turn
}

// NewWebhooks returns a handler; it makes no call. A config that cannot work
// is [mip.ErrInvalid].
func NewWebhooks(c WebhooksConfig) (*Webhooks, error) {
	invalid := func(why string) error {
		return &mip.Error{Op: "webhooks config", Kind: mip.ErrInvalid, Err: errors.New(why)}
	}
	if err := validator.New(validator.WithRequiredStructEnabled()).Struct(c); err != nil {
		var wrong []string
		if fields, ok := errors.AsType[validator.ValidationErrors](err); ok {
			for _, f := range fields {
				wrong = append(wrong, f.Field()+" ("+f.Tag()+")")
			}
		}
		return nil, invalid("wrong or missing: " + strings.Join(wrong, ", "))
	}
	// Not by the validator, which copies what stands behind an interface,
	// while others may be using it.
	if len(c.Channels) == 0 || slices.Contains(c.Channels, nil) || c.Inbox == nil {
		return nil, invalid("wrong or missing: Channels or Inbox")
	}
	c.MaxBody, c.Parallel, c.Rate = cmp.Or(c.MaxBody, 4<<20), cmp.Or(c.Parallel, 64), cmp.Or(c.Rate, 100)
	c.Patience, c.Call = cmp.Or(c.Patience, 5*time.Second), cmp.Or(c.Call, time.Minute)
	c.Remember, c.Grace = cmp.Or(c.Remember, 30*24*time.Hour), cmp.Or(c.Grace, 15*time.Minute)
	c.Retry = cmp.Or(c.Retry, mip.DefaultBackoff)
	if c.Logger == nil {
		c.Logger = slog.New(slog.DiscardHandler)
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	w := &Webhooks{config: c, lanes: map[string]*lane{}, slots: make(chan struct{}, c.Parallel)}
	w.polled = arrivals{open: map[mip.Ref]time.Time{}, heard: map[mip.Ref]time.Time{}}
	for _, ch := range c.Channels {
		if err := mip.ValidChannelName(ch.Name()); err != nil {
			return nil, invalid("a channel without a usable name")
		}
		if w.lanes[ch.Name()] != nil {
			return nil, invalid("two channels are named " + ch.Name())
		}
		w.lanes[ch.Name()] = &lane{
			Pushed: ch, wake: make(chan struct{}, 1), turn: make(chan struct{}, 1),
			meter: meter{rate: c.Rate}, warnings: meter{rate: 1}, tries: map[string]int{}, due: map[string]time.Time{},
		}
	}
	return w, nil
}

func (w *Webhooks) now() time.Time { return w.config.Now().UTC() }

// meter lets through rate per second, and ten times as many at once.
type meter struct {
	mu    sync.Mutex
	rate  int
	spent time.Duration // of ten seconds
	last  time.Time
}

// take reports whether one more may pass, else how long to wait.
func (m *meter) take(now time.Time) (wait time.Duration, ok bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	cost := time.Second / time.Duration(m.rate)
	m.spent = max(0, m.spent-max(0, now.Sub(m.last)))
	m.last = now
	if m.spent+cost > 10*time.Second {
		return m.spent + cost - 10*time.Second, false
	}
	m.spent += cost
	return 0, true
}
