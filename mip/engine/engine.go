package engine

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"time"

	"github.com/go-playground/validator/v10"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rules"
)

// Config says what to join. Supplier, Payments and Store are required.
type Config struct {
	Channels []mip.Channel `validate:"-"` // none: orders come through Ingest only
	Supplier mip.Supplier  `validate:"-"`
	Payments []mip.Payment `validate:"-"` // in order of preference
	Store    mip.Store     `validate:"-"`

	// PayWith limits the payments by channel account: the names that may pay
	// for its orders, in order of preference. A channel not named uses all.
	PayWith map[string][]string `validate:"-"`

	Rules []mip.Rule `validate:"-"` // nil: rules.BigBuy()
	// LowBalance is what the first payment should always have available: when
	// a look at the purse ([Timing].Purse and Reconcile) finds less,
	// [Hooks.BalanceLow] is called. No amount: never.
	LowBalance mip.Money `validate:"-"`

	Every   time.Duration    `validate:"gte=0"` // between two readings of a channel; 0: a minute
	CoolOff time.Duration    `validate:"gte=0"` // wait after import, so that a buyer can still cancel; 0: none
	Timing  Timing           `validate:"-"`     // the zero value is right for BigBuy
	Hooks   Hooks            `validate:"-"`
	Logger  *slog.Logger     `validate:"-"` // nil: silent. Lines carry refs and codes, never personal data
	Now     func() time.Time `validate:"-"` // nil: time.Now
}

// Engine joins channels, a supplier and payments over a store.
type Engine struct {
	channels   []mip.Channel
	supplier   *breaker
	payments   []mip.Payment
	payWith    map[string][]string
	lowBalance mip.Money
	store      mip.Store
	queue      mip.Queue // nil: the store's effects are run elsewhere
	rules      []mip.Rule
	needs      mip.Need
	beside     []mip.Rule // of rules, those that look at nothing but other orders
	every      time.Duration
	coolOff    time.Duration
	timing     Timing
	hooks      Hooks
	log        *slog.Logger
	clock      func() time.Time
	wakes      []chan struct{} // one per lane
	watch      watch
	trouble    trouble
}

// New checks the configuration and returns an engine. It makes no call. An
// incomplete configuration is [mip.ErrInvalid].
func New(c Config) (*Engine, error) {
	if err := validator.New(validator.WithRequiredStructEnabled()).Struct(c); err != nil {
		return nil, invalid(err)
	}
	if err := c.complete(); err != nil {
		return nil, invalid(err)
	}
	e := &Engine{
		channels: c.Channels, payments: c.Payments, payWith: c.PayWith, lowBalance: c.LowBalance, store: c.Store,
		rules: c.Rules, every: c.Every, coolOff: c.CoolOff, timing: c.Timing.withDefaults(),
		hooks: c.Hooks, log: c.Logger, clock: c.Now, wakes: newWakes(),
	}
	if err := e.uniqueNames(); err != nil {
		return nil, err
	}
	e.queue, _ = c.Store.(mip.Queue)
	if e.rules == nil {
		e.rules = rules.BigBuy()
	}
	e.needs = mip.Needs(e.rules)
	e.beside = slices.DeleteFunc(slices.Clone(e.rules), func(r mip.Rule) bool { return r.Needs != mip.NeedAlike })
	e.supplier = &breaker{Supplier: c.Supplier, now: e.now}
	if e.every == 0 {
		e.every = time.Minute
	}
	if e.log == nil {
		e.log = slog.New(slog.DiscardHandler)
	}
	if e.clock == nil {
		e.clock = time.Now
	}
	return e, nil
}

// complete says what is missing. It does not ask the validator, which copies
// what stands behind an interface, while others may be using it.
func (c Config) complete() error {
	switch {
	case c.Supplier == nil:
		return errors.New("config field Supplier: required")
	case c.Store == nil:
		return errors.New("config field Store: required")
	case len(c.Payments) == 0 || slices.Contains(c.Payments, nil):
		return errors.New("config field Payments: want one or more")
	case slices.Contains(c.Channels, nil):
		return errors.New("config field Channels: one is nil")
	}
	return nil
}

func (e *Engine) uniqueNames() error {
	seen := map[string]bool{}
	for _, ch := range e.channels {
		if err := mip.ValidChannelName(ch.Name()); err != nil {
			return err
		}
		if seen[ch.Name()] {
			return invalid(fmt.Errorf("two channels are named %q", ch.Name()))
		}
		seen[ch.Name()] = true
	}
	for _, p := range e.payments {
		if p.Name() == "" || seen["payment "+p.Name()] {
			return invalid(fmt.Errorf("payment name %q is empty or used twice", p.Name()))
		}
		seen["payment "+p.Name()] = true
	}
	for channel, names := range e.payWith {
		if len(names) == 0 {
			return invalid(fmt.Errorf("channel %q may be paid with nothing", channel))
		}
		for _, name := range names {
			if !seen["payment "+name] {
				return invalid(fmt.Errorf("channel %q is to be paid with %q, which is not configured", channel, name))
			}
		}
	}
	return nil
}

func invalid(err error) error {
	var fields validator.ValidationErrors
	if errors.As(err, &fields) {
		err = fmt.Errorf("config field %s: %s", fields[0].StructField(), fields[0].Tag())
	}
	return &mip.Error{Op: "engine: new", Kind: mip.ErrInvalid, Err: err}
}

func (e *Engine) now() time.Time { return e.clock().UTC() }

// channel returns the channel account an order belongs to, nil if this engine
// has none of that name.
func (e *Engine) channel(name string) mip.Channel {
	for _, ch := range e.channels {
		if ch.Name() == name {
			return ch
		}
	}
	return nil
}

// apply is the engine's one way to change an order. After the commit it tells
// the hooks and wakes the workers.
func (e *Engine) apply(ctx context.Context, ref mip.Ref, ev mip.Event) (mip.Result, error) {
	return e.applyAt(ctx, ref, ev, e.now())
}

func (e *Engine) applyAt(ctx context.Context, ref mip.Ref, ev mip.Event, at time.Time) (mip.Result, error) {
	if ev.Actor == "" {
		ev.Actor = mip.ActorEngine
	}
	if ev.Kind == mip.EventPlaced || ev.Kind == mip.EventTracked {
		ev.PayBy = at.Add(e.timing.PayWithin)
	}
	r, err := e.store.Apply(ctx, ref, ev, at)
	if err != nil {
		return r, err
	}
	if r.Change.From != r.Change.To {
		e.log.InfoContext(ctx, "order moved", "order", ref.String(), "from", r.Change.From, "to", r.Change.To,
			"event", r.Change.Event, "codes", r.Change.Codes)
	}
	e.hooks.changed(ctx, ref, r)
	if len(r.Effects) > 0 {
		e.poke()
	}
	return r, nil
}

// tell applies news of which a repetition is no error.
func (e *Engine) tell(ctx context.Context, ref mip.Ref, ev mip.Event) error {
	_, err := e.apply(ctx, ref, ev)
	if errors.Is(err, mip.ErrIgnored) {
		return nil
	}
	return err
}

// poke wakes the lanes: something was stored that may be due.
func (e *Engine) poke() {
	for _, wake := range e.wakes {
		select {
		case wake <- struct{}{}:
		default:
		}
	}
}
