package paypal

import (
	"errors"
	"fmt"
	"time"

	"github.com/shopspring/decimal"

	"github.com/openmip/openmip/mip"
)

// Config limits what may be spent through a supplier's PayPal charge. Only
// Ledger is required.
type Config struct {
	// Ledger keeps what was spent; every [mip.Store] is one. Processes that
	// buy on one PayPal account must share it.
	Ledger mip.Ledger `validate:"-"`
	// Account names the PayPal account in the ledger, at most 64 bytes; the
	// limits hold for all orders of one account. Empty means "paypal".
	Account string `validate:"max=64"`
	// Currency is the only one in which the supplier charges; empty means EUR.
	Currency string `validate:"omitempty,len=3,alpha,uppercase"`
	// MaxPerOrder is the most that one order may cost, fee not counted. The
	// zero value sets no limit.
	MaxPerOrder mip.Money `validate:"-"`
	// MaxPerDay is the most that may be reserved and spent in one day, UTC,
	// fee not counted. Reservations that are still open from days before
	// count too. The zero value sets no limit.
	MaxPerDay mip.Money `validate:"-"`
	// Tariff is what paying this way costs extra; nil means [BigBuyTariff],
	// which is in euros.
	Tariff *Tariff `validate:"-"`
	// Now is the clock; nil means [time.Now].
	Now func() time.Time `validate:"-"`
}

// Tariff is a fee: a share of the amount and a fixed sum.
type Tariff struct {
	Rate  decimal.Decimal // of the amount: 0.01 is one per cent
	Fixed mip.Money       // added once an order; the zero value adds nothing
}

// BigBuyTariff is what BigBuy asks for paying with PayPal: 1 % and €0.30
// (BigBuy's page on payment methods).
func BigBuyTariff() Tariff { return Tariff{Rate: decimal.New(1, -2), Fixed: mip.EUR(30)} }

func (c Config) complete() (Config, error) {
	if c.Account == "" {
		c.Account = "paypal"
	}
	if c.Currency == "" {
		c.Currency = "EUR"
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	if c.Tariff == nil {
		t := BigBuyTariff()
		c.Tariff = &t
	}
	if err := c.check(); err != nil {
		return Config{}, &mip.Error{Op: "paypal: config", Kind: mip.ErrInvalid, Err: err}
	}
	l := limits{c.MaxPerOrder, c.MaxPerDay}.complete(c.Currency)
	c.MaxPerOrder, c.MaxPerDay = l.order, l.day
	return c, nil
}

func (c Config) check() error {
	if err := valid(c); err != nil {
		return err
	}
	if c.Ledger == nil { // not by the validator, see valid
		return errors.New("config field Ledger: want one")
	}
	if err := (limits{c.MaxPerOrder, c.MaxPerDay}).check(c.Currency); err != nil {
		return err
	}
	if !fits(c.Tariff.Fixed, c.Currency) || c.Tariff.Rate.IsNegative() {
		return fmt.Errorf("Tariff: want nought or more in %s", c.Currency)
	}
	return nil
}
