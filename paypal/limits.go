package paypal

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"

	"github.com/openmip/openmip/mip"
)

// limits is the most that may be spent through an account, fees not counted.
type limits struct{ order, day mip.Money }

// noLimit stands for "no limit" in the ledger's arithmetic, in minor units.
const noLimit = 1_000_000_000_000_000

// complete fills in what is not limited.
func (l limits) complete(currency string) limits {
	if l.day.Currency() == "" {
		l.day = mip.Minor(noLimit, currency)
	}
	if l.order.Currency() == "" {
		l.order = l.day
	}
	return l
}

func (l limits) check(currency string) error {
	switch {
	case !fits(l.order, currency):
		return fmt.Errorf("MaxPerOrder: want nought or more in %s", currency)
	case !fits(l.day, currency):
		return fmt.Errorf("MaxPerDay: want nought or more in %s", currency)
	}
	return nil
}

// fits reports whether m is no amount, or nought or more in a currency.
func fits(m mip.Money, currency string) bool {
	return m.Currency() == "" || m.Currency() == currency && !m.IsNegative()
}

// reserve notes r, of an amount in the limits' currency, in a ledger at now.
// The ledger counts what is open and what settled since ReadAt: with the
// limit for a balance, read at midnight, that is the day's spending. An order
// above its own limit meets an empty balance, which a key that was reserved
// before does not mind.
func (l limits) reserve(ctx context.Context, ledger mip.Ledger, op string, r mip.Reservation, now time.Time) error {
	currency := l.day.Currency()
	if r.Key == "" || r.Amount.Currency() != currency || r.Amount.IsZero() || r.Amount.IsNegative() {
		return &mip.Error{Op: op, Ref: r.Ref, Kind: mip.ErrInvalid,
			Err: fmt.Errorf("want a key and an amount above nought in %s", currency)}
	}
	r.State, r.At = mip.ReservationOpen, now
	limit := mip.Balance{Amount: l.day, ReadAt: midnight(now)}
	why := fmt.Errorf("with %s it would be more than %s a day", r.Amount, l.day)
	if c, err := r.Amount.Cmp(l.order); err != nil || c > 0 {
		limit.Amount = mip.Minor(0, currency)
		why = fmt.Errorf("%s is more than %s an order", r.Amount, l.order)
	}
	err := ledger.Reserve(ctx, r, limit)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, mip.ErrUnfunded):
		return &mip.Error{Op: op, Ref: r.Ref, Kind: mip.ErrUnfunded, Code: CodeLimitExceeded, Err: why}
	}
	return &mip.Error{Op: op, Ref: r.Ref, Kind: mip.KindOf(err), Err: err}
}

// foreign reports whether a key is reserved in another account of a ledger: an
// attempt's key may be another payment's, whose business it is.
func foreign(ctx context.Context, ledger mip.Ledger, account, key string) (bool, error) {
	r, err := ledger.Reservation(ctx, key)
	if errors.Is(err, mip.ErrNotFound) {
		return false, nil
	}
	return err == nil && r.Account != account, err
}

// midnight is when at's day began, UTC.
func midnight(at time.Time) time.Time {
	y, m, d := at.UTC().Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

// valid checks the shape of a configuration. It is not for what stands behind
// an interface or a pointer, which it would copy while others may be using it.
func valid(config any) error {
	var wrong validator.ValidationErrors
	err := validator.New(validator.WithRequiredStructEnabled()).Struct(config)
	if !errors.As(err, &wrong) {
		return err
	}
	fields := make([]string, len(wrong))
	for i, f := range wrong {
		fields[i] = fmt.Sprintf("%s: want %s", f.Field(), strings.TrimSpace(f.Tag()+" "+f.Param()))
	}
	return errors.New(strings.Join(fields, ", "))
}
