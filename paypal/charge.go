package paypal

import (
	"context"
	"fmt"

	"github.com/openmip/openmip/mip"
)

// CodeLimitExceeded is the code of the [mip.Error] by which a [SupplierCharge]
// refuses an amount above one of its limits.
const CodeLimitExceeded = mip.CodeLimitExceeded

// SupplierCharge is PayPal charged by the supplier. It calls nobody: it keeps
// the limits and the books. It is safe for concurrent use, and several on one
// ledger and account keep one common limit a day.
type SupplierCharge struct{ config Config }

var (
	_ mip.Payment = (*SupplierCharge)(nil)
	_ mip.Fees    = (*SupplierCharge)(nil)
)

// ChargedBySupplier returns the payment for suppliers who charge a linked
// PayPal account themselves. A config that cannot work is [mip.ErrInvalid].
func ChargedBySupplier(c Config) (*SupplierCharge, error) {
	c, err := c.complete()
	if err != nil {
		return nil, err
	}
	return &SupplierCharge{c}, nil
}

// Name returns "paypal".
func (s *SupplierCharge) Name() string { return "paypal" }

// Reserve notes that r.Amount is about to be charged under r.Key; r.Account,
// r.State and r.At are filled in. Check against the day's limit and
// reservation are one step in the ledger, so orders at the same time never
// exceed it together.
//
// An amount above a limit is [mip.ErrUnfunded] with [CodeLimitExceeded].
// Whether PayPal itself can pay is not known before the supplier's answer. No
// amount, a negative one, or another currency than [Config].Currency is
// [mip.ErrInvalid]; a key that was released or holds another amount is
// [mip.ErrConflict].
func (s *SupplierCharge) Reserve(ctx context.Context, r mip.Reservation) error {
	r.Account = s.config.Account
	return limits{s.config.MaxPerOrder, s.config.MaxPerDay}.reserve(ctx, s.config.Ledger, "paypal: reserve", r, s.config.Now().UTC())
}

// Settle closes the reservation with what the supplier really charged, fee
// not counted; repeatable. The zero value means that nobody told: what was
// reserved stands. An unknown key is [mip.ErrNotFound], an amount below
// nought or in another currency [mip.ErrInvalid].
func (s *SupplierCharge) Settle(ctx context.Context, key string, actual mip.Money) error {
	const op = "paypal: settle"
	if actual.IsNegative() || actual.Currency() != "" && actual.Currency() != s.config.Currency {
		return &mip.Error{Op: op, Kind: mip.ErrInvalid, Err: fmt.Errorf("want nought or more in %s", s.config.Currency)}
	}
	foreign, err := foreign(ctx, s.config.Ledger, s.config.Account, key)
	if foreign {
		err = mip.ErrNotFound
	}
	if err == nil {
		err = s.config.Ledger.Settle(ctx, key, actual, s.config.Now().UTC())
	}
	if err != nil {
		return &mip.Error{Op: op, Kind: mip.KindOf(err), Err: err}
	}
	return nil
}

// Release takes the note back; repeatable, and no error for an unknown key or
// one that another payment reserved, which is left alone. A settled one is
// [mip.ErrConflict].
func (s *SupplierCharge) Release(ctx context.Context, key string) error {
	foreign, err := foreign(ctx, s.config.Ledger, s.config.Account, key)
	if err == nil && !foreign {
		err = s.config.Ledger.Release(ctx, key, s.config.Now().UTC())
	}
	if err != nil {
		return &mip.Error{Op: "paypal: release", Kind: mip.KindOf(err), Err: err}
	}
	return nil
}

// Fee returns what paying amount costs extra, rounded half away from zero to
// the minor unit. Amounts of nought or less, and amounts in a currency that
// [SupplierCharge.Reserve] would not take, cost nothing: the zero value.
func (s *SupplierCharge) Fee(amount mip.Money) mip.Money {
	if amount.Currency() != s.config.Currency || amount.IsZero() || amount.IsNegative() {
		return mip.Money{}
	}
	fee, err := amount.Scale(s.config.Tariff.Rate).Add(s.config.Tariff.Fixed)
	if err != nil {
		return mip.Money{} // cannot be: the config was checked for one currency
	}
	return fee
}
