package paypal

import (
	"context"
	"errors"
	"net/url"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// DirectConfig joins a PayPal account to a ledger. Client, Ledger and Secret
// are required, and ReturnURL unless Vault is set.
type DirectConfig struct {
	// Client speaks for whoever receives the money: PayPal's checkout belongs
	// to the payee.
	Client *Client    `validate:"-"`
	Ledger mip.Ledger `validate:"-"`
	// Secret signs the addresses to which a payer returns, so that nobody can
	// guess them: 16 bytes or more, the same in all processes.
	Secret rest.Secret `validate:"-"`
	// Name is how the supplier's adapter calls this way to pay; empty means
	// "paypal-direct". It must not be a name by which the supplier charges a
	// PayPal account as well, such as "paypal" with BigBuy: the order would be
	// paid twice.
	Name string `validate:"max=32"`
	// Account names the PayPal account in the ledger, at most 64 bytes; empty
	// means "paypal-direct".
	Account string `validate:"max=64"`
	// Currency of all payments; empty means EUR.
	Currency string `validate:"omitempty,len=3,alpha,uppercase"`
	// MaxPerOrder and MaxPerDay (UTC) limit what may be begun; the zero value
	// sets no limit. Payments that wait count as well.
	MaxPerOrder mip.Money `validate:"-"`
	MaxPerDay   mip.Money `validate:"-"`
	// Authorise has money authorised before the purchase and captured after
	// it, with what it really cost. PayPal honours an authorisation for three
	// days. Otherwise the money is captured before the purchase, and what was
	// too much, or all of it if the supplier refuses, is refunded.
	Authorise bool `validate:"-"`
	// Vault is the payment token of a payer who has agreed once (Vault v3):
	// payments then need nobody. Empty: each one needs an approval.
	Vault string `validate:"max=255"`
	// ReturnURL is where [DirectPayment.ReturnHandler] stands, https; a payer
	// comes there after approving or cancelling.
	ReturnURL string `validate:"omitempty,url,max=2000"`
	// Brand is shown to the payer, at most 127 characters.
	Brand string `validate:"max=127"`
	// AllowPending takes funding that is paid out days later (eChecks) as
	// well; the order waits for it.
	AllowPending bool `validate:"-"`
	// Moved is told that a payment may have moved, by a returning payer or a
	// webhook: [engine.Engine.PaymentMoved] of package mip/engine. nil: the
	// next look finds out.
	Moved func(ctx context.Context, ref mip.Ref) error `validate:"-"`
	// ConsentGone is told that the payer withdrew the agreement behind Vault.
	ConsentGone func(ctx context.Context) `validate:"-"`
	// Now is the clock; nil means [time.Now].
	Now func() time.Time `validate:"-"`
}

// keyWindow is how long a key of Orders v2 is trusted to name the same call
// (PayPal: 6 hours, with a margin).
const keyWindow = 5*time.Hour + 30*time.Minute

// lifetime is how long a link can be approved (PayPal: 3 hours).
const lifetime = 3 * time.Hour

// doubt is how long after a call its absence proves nothing: it may still be
// on its way.
const doubt = 2 * time.Minute

// asking is how long money is asked for at once, all tries of the client
// together; what is left of doubt is for PayPal to finish.
const asking = doubt - 30*time.Second

func (c DirectConfig) complete() (DirectConfig, error) {
	fill(&c.Name, "paypal-direct")
	fill(&c.Account, "paypal-direct")
	fill(&c.Currency, "EUR")
	if c.Now == nil {
		c.Now = time.Now
	}
	if err := c.check(); err != nil {
		return c, &mip.Error{Op: "paypal: config", Kind: mip.ErrInvalid, Err: err}
	}
	l := limits{c.MaxPerOrder, c.MaxPerDay}.complete(c.Currency)
	c.MaxPerOrder, c.MaxPerDay = l.order, l.day
	return c, nil
}

func (c DirectConfig) check() error {
	if err := valid(c); err != nil {
		return err
	}
	switch { // not by the validator, see valid
	case c.Client == nil:
		return errors.New("config field Client: want one")
	case c.Ledger == nil:
		return errors.New("config field Ledger: want one")
	}
	if len(c.Secret.Reveal()) < 16 {
		return errors.New("config field Secret: want 16 bytes or more")
	}
	if err := (limits{c.MaxPerOrder, c.MaxPerDay}).check(c.Currency); err != nil {
		return err
	}
	if c.Vault != "" {
		return nil
	}
	u, err := url.Parse(c.ReturnURL)
	if err != nil || u.Host == "" || u.Scheme != "https" && u.Hostname() != "localhost" && u.Hostname() != "127.0.0.1" {
		return errors.New("config field ReturnURL: want https, or Vault")
	}
	return nil
}

func fill(s *string, with string) {
	if *s == "" {
		*s = with
	}
}
