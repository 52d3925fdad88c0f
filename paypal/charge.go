package paypal

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/openmip/openmip/mip"
)

// CodeLimitExceeded is the code of the [mip.Error] by which a [SupplierCharge]
// refuses an amount above one of its limits.
const CodeLimitExceeded = "payment.limit_exceeded"

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
	const op = "paypal: reserve"
	if r.Key == "" || r.Amount.Currency() != s.config.Currency || r.Amount.IsZero() || r.Amount.IsNegative() {
		return &mip.Error{Op: op, Ref: r.Ref, Kind: mip.ErrInvalid,
			Err: fmt.Errorf("want a key and an amount above nought in %s", s.config.Currency)}
	}
	now := s.config.Now().UTC()
	r.Account, r.State, r.At = s.config.Account, mip.ReservationOpen, now
	// The ledger counts what is open and what settled since ReadAt: with the
	// limit for a balance, read at midnight, that is the day's spending. An
	// order above its own limit meets an empty balance, which a key that was
	// reserved before does not mind.
	limit := mip.Balance{Amount: s.config.MaxPerDay, ReadAt: midnight(now)}
	why := fmt.Errorf("with %s it would be more than %s a day", r.Amount, s.config.MaxPerDay)
	if c, err := r.Amount.Cmp(s.config.MaxPerOrder); err != nil || c > 0 {
		limit.Amount = mip.Minor(0, s.config.Currency)
		why = fmt.Errorf("%s is more than %s an order", r.Amount, s.config.MaxPerOrder)
	}
	err := s.config.Ledger.Reserve(ctx, r, limit)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, mip.ErrUnfunded):
		return &mip.Error{Op: op, Ref: r.Ref, Kind: mip.ErrUnfunded, Code: CodeLimitExceeded, Err: why}
	}
	return &mip.Error{Op: op, Ref: r.Ref, Kind: mip.KindOf(err), Err: err}
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
	if err := s.config.Ledger.Settle(ctx, key, actual, s.config.Now().UTC()); err != nil {
		return &mip.Error{Op: op, Kind: mip.KindOf(err), Err: err}
	}
	return nil
}

// Release takes the note back; repeatable, and no error for an unknown key. A
// settled one is [mip.ErrConflict].
func (s *SupplierCharge) Release(ctx context.Context, key string) error {
	if err := s.config.Ledger.Release(ctx, key, s.config.Now().UTC()); err != nil {
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

// midnight is when at's day began, UTC.
func midnight(at time.Time) time.Time {
	y, m, d := at.UTC().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}
