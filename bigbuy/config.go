package bigbuy

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// The addresses of BigBuy's API. The sandbox has keys of its own.
const (
	Production = "https://api.bigbuy.eu/rest"
	Sandbox    = "https://api.sandbox.bigbuy.eu/rest"
)

// Config is one BigBuy account. Only Key is required.
type Config struct {
	Key rest.Secret `validate:"-"` // "Synchronise with BigBuy" in the control panel
	// Sandbox selects the sandbox's address and allows for its answers: an
	// unknown reference is a server error there, and no proof of absence.
	Sandbox bool
	BaseURL string `validate:"omitempty,http_url"` // instead of the default ones; "/rest" is added to a bare host

	// Language of orders that name none, ISO 639-1; empty = "en".
	Language string `validate:"omitempty,len=2,lowercase"`
	// Payments translates the names of all payments that the engine has into
	// BigBuy's payment methods; nil = wallet → moneybox, paypal → paypal.
	// BigBuy: moneybox, paypal, bankwire.
	Payments map[string]string `validate:"-"`
	// Carriers are sent with orders that choose none; empty = no list, or all
	// services if BigBuy insists on one. BigBuy takes the cheapest of a list.
	Carriers []string `validate:"dive,required"`
	// Statuses adds to and replaces [DefaultStatuses], by BigBuy's word in
	// lower case.
	Statuses map[string]mip.PlacementStatus `validate:"-"`
	// Silence is how long a carrier's last news must be old before an order
	// that is on its way is asked for by itself; 0 = 72 hours.
	Silence time.Duration `validate:"gte=0"`
	// Zone is the time zone of BigBuy's times, which name none; nil = UTC.
	Zone *time.Location `validate:"-"`

	Limiter   rest.Limiter                    `validate:"-"`     // nil = [Limits] in this process
	Retry     mip.Backoff                     `validate:"-"`     // of reads; zero = three tries
	MaxWait   time.Duration                   `validate:"gte=0"` // for a turn; a longer one is ErrThrottled. 0 = one minute
	Timeout   time.Duration                   `validate:"gte=0"` // 0 = one minute, which BigBuy does need at times
	Transport http.RoundTripper               `validate:"-"`
	Logger    *slog.Logger                    `validate:"-"` // nil = silent
	Seen      func(context.Context, rest.Try) `validate:"-"` // after every try, for metrics; nil = not
}

// moneybox is the payment method that is charged when the order is created.
const moneybox = "moneybox"

// DefaultPayments returns what a nil [Config.Payments] stands for.
func DefaultPayments() map[string]string {
	return map[string]string{"wallet": moneybox, "paypal": "paypal"}
}

// withDefaults returns c complete, or an [mip.ErrInvalid] error.
func (c Config) withDefaults() (Config, error) {
	if err := validator.New(validator.WithRequiredStructEnabled()).Struct(c); err != nil {
		return c, invalidConfig(err)
	}
	if !c.Key.Set() {
		return c, invalidConfig(errors.New("the field Key is required"))
	}
	base := Production
	if c.Sandbox {
		base = Sandbox
	}
	c.BaseURL = strings.TrimRight(cmp.Or(c.BaseURL, base), "/")
	if u, err := url.Parse(c.BaseURL); err == nil && u.Path == "" {
		c.BaseURL += "/rest"
	}
	if c.Payments == nil {
		c.Payments = DefaultPayments()
	}
	statuses := DefaultStatuses()
	for word, status := range c.Statuses {
		statuses[strings.ToLower(strings.TrimSpace(word))] = status
	}
	c.Statuses, c.Payments = statuses, maps.Clone(c.Payments)
	c.Language = cmp.Or(c.Language, "en")
	c.Silence = cmp.Or(c.Silence, 72*time.Hour)
	if c.Zone == nil {
		c.Zone = time.UTC
	}
	if c.Limiter == nil {
		c.Limiter = rest.NewBudgets(Limits())
	}
	return c, nil
}

func invalidConfig(err error) error {
	if fields, ok := errors.AsType[validator.ValidationErrors](err); ok {
		err = errors.New(fields[0].Field() + " is wrong (" + fields[0].Tag() + ")")
	}
	return &mip.Error{Op: "bigbuy config", Kind: mip.ErrInvalid, Err: err}
}
