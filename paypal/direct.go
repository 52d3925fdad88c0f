package paypal

import (
	"context"
	"errors"
	"time"

	"github.com/openmip/openmip/mip"
)

// CodeRefundFailed is the code of the [mip.Error] by which a payment says that
// money could not be given back, and a person must.
const CodeRefundFailed = "payment.refund_failed"

// DirectPayment pays with PayPal's Orders v2, for suppliers who lend the
// credentials of their PayPal app, or for a platform that acts for them. It is
// safe for concurrent use, also by several processes on one ledger: what is
// under way stands in the ledger, every call to PayPal carries a key of its
// own, and nothing is called twice unless the same key makes it harmless.
type DirectPayment struct{ config DirectConfig }

var (
	_ mip.Payment = (*DirectPayment)(nil)
	_ mip.Pender  = (*DirectPayment)(nil)
)

// Direct returns a payment through PayPal's Orders v2. A config that cannot
// work is [mip.ErrInvalid].
func Direct(c DirectConfig) (*DirectPayment, error) {
	c, err := c.complete()
	if err != nil {
		return nil, err
	}
	return &DirectPayment{c}, nil
}

// Name returns [DirectConfig].Name.
func (d *DirectPayment) Name() string { return d.config.Name }

// Reserve begins a payment, or goes on with it: it creates PayPal's order,
// and once the payer has approved takes the money, or has it authorised.
//
// nil means that the money is there. [mip.ErrPending], with a
// [mip.PendingPayment], means that the payer has not approved yet, or PayPal
// has not decided. [mip.ErrUnfunded] means that it came to nothing and no
// money moved: a limit of the account ([CodeLimitExceeded]), a link that
// expired, a payer whose means were declined. [mip.ErrRefused] means that
// PayPal will never pay it, [mip.ErrUnauthorized] that the credentials or the
// payer's agreement are not (any more) good. Any other error proves nothing,
// and the same key shall be reserved again.
func (d *DirectPayment) Reserve(ctx context.Context, r mip.Reservation) error {
	const op = "paypal: reserve"
	r.Account = d.config.Account
	if err := (limits{d.config.MaxPerOrder, d.config.MaxPerDay}).reserve(ctx, d.config.Ledger, op, r, d.now()); err != nil {
		return err
	}
	return d.alone(ctx, op, r.Key, func(r *mip.Reservation, n record) error {
		switch r.State {
		case mip.ReservationSettled:
			return nil
		case mip.ReservationReleased:
			return &mip.Error{Kind: mip.ErrConflict}
		}
		n, err := d.forward(ctx, r, n)
		if err != nil {
			return err
		}
		return d.verdict(n)
	})
}

// verdict is what a stage means for whoever wants to buy.
func (d *DirectPayment) verdict(n record) error {
	switch n.Stage {
	case stageTaken:
		return nil
	case stageEnded, stageBack:
		kind := mip.ErrUnfunded
		if n.Final {
			kind = mip.ErrRefused
		}
		return &mip.Error{Kind: kind, Code: "payment." + n.Reason}
	}
	p := d.pending(n)
	return &mip.Error{Kind: mip.ErrPending, RetryAfter: p.Next.Sub(d.now()), Err: &p}
}

// Pending asks PayPal where a payment stands. It never takes money.
func (d *DirectPayment) Pending(ctx context.Context, key string) (mip.PendingPayment, error) {
	var out mip.PendingPayment
	err := d.alone(ctx, "paypal: pending", key, func(r *mip.Reservation, n record) error {
		if r.State == mip.ReservationReleased {
			n.Stage, n.Reason = stageEnded, "released"
		}
		n, err := d.look(ctx, r, n)
		out = d.pending(n)
		return err
	})
	return out, err
}

// pending describes a stage.
func (d *DirectPayment) pending(n record) mip.PendingPayment {
	p := mip.PendingPayment{State: mip.PaymentReady, Reason: string(n.Stage), Next: d.next(n)}
	switch n.Stage {
	case stageWaiting:
		p.State, p.Reason, p.URL, p.Until = mip.PaymentWaiting, "approval", n.Link, n.Until
	case stageClearing:
		p.State, p.Reason = mip.PaymentWaiting, "clearing"
	case stageEnded, stageBack:
		p.State, p.Reason = mip.PaymentEnded, n.Reason
	}
	return p
}

// next is when to look again if nobody says so before: after 5 minutes, later
// 15, then every hour, and when a link expires.
func (d *DirectPayment) next(n record) time.Time {
	now := d.now()
	wait := time.Hour
	switch age := now.Sub(n.Begun); {
	case age < 20*time.Minute:
		wait = 5 * time.Minute
	case age < time.Hour:
		wait = 15 * time.Minute
	}
	next := now.Add(wait)
	if n.Stage == stageWaiting && n.Until.After(now) && n.Until.Before(next) {
		next = n.Until
	}
	return next
}

// Settle closes a payment after the purchase with what it cost; repeatable.
// What was authorised is captured, at most what was authorised; of what was
// captured, the rest is refunded. The zero value means that nobody told: what
// was taken stands. What was never taken never is, and the books say nought.
// The first price that PayPal was told stands, whatever later calls say.
// While PayPal has not decided it is [mip.ErrUnavailable], and shall be called
// again; so shall it if a capture fails, which is [mip.ErrConflict]. A rest that
// PayPal does not give back is [mip.ErrRefused] with [CodeRefundFailed], and
// the books keep it.
func (d *DirectPayment) Settle(ctx context.Context, key string, actual mip.Money) error {
	const op = "paypal: settle"
	return d.alone(ctx, op, key, func(r *mip.Reservation, n record) error {
		c, err := actual.Cmp(r.Amount)
		if err != nil || actual.IsNegative() {
			return &mip.Error{Kind: mip.ErrInvalid, Err: errors.New("want nought or more in the currency reserved")}
		}
		owed := actual
		if actual.Currency() == "" || c > 0 {
			owed = r.Amount // there is no more to take
		}
		stands, err := d.close(ctx, r, n, owed)
		if err != nil {
			return err
		}
		if !stands.Equal(owed) {
			actual = stands
		}
		return d.config.Ledger.Settle(ctx, key, actual, d.now())
	})
}

// Release gives a payment back; repeatable, and no error for an unknown key or
// one that another payment reserved, which is left alone.
// What was taken is refunded, what was authorised is voided, and what only
// waits is never taken. While nobody can tell what was taken it is an error
// of another kind, and shall be called again; a refund that PayPal refuses is
// [mip.ErrRefused] with [CodeRefundFailed]. A settled payment is
// [mip.ErrConflict].
func (d *DirectPayment) Release(ctx context.Context, key string) error {
	err := d.alone(ctx, "paypal: release", key, func(r *mip.Reservation, n record) error {
		if r.State == mip.ReservationSettled {
			return &mip.Error{Kind: mip.ErrConflict}
		}
		return d.giveBack(ctx, r, n) // whatever the books say of it
	})
	if err != nil && !errors.Is(err, mip.ErrNotFound) {
		return err
	}
	unknown := err != nil
	theirs, err := foreign(ctx, d.config.Ledger, d.config.Account, key)
	if err != nil || theirs {
		return err
	}
	if err := d.config.Ledger.Release(ctx, key, d.now()); err != nil || !unknown {
		return err
	}
	// A Reserve that came just before may have gone on.
	err = d.alone(ctx, "paypal: release", key, func(r *mip.Reservation, n record) error { return d.giveBack(ctx, r, n) })
	if errors.Is(err, mip.ErrNotFound) {
		return nil
	}
	return err
}

// alone runs f on a payment, again if somebody else moved it meanwhile, and
// names the errors.
func (d *DirectPayment) alone(ctx context.Context, op, key string, f func(*mip.Reservation, record) error) error {
	for range 10 {
		r, n, err := d.read(ctx, key)
		if err == nil {
			err = f(&r, n)
		}
		switch {
		case err == nil:
			return nil
		case errors.Is(err, errMoved):
			continue
		}
		return named(op, r.Ref, err)
	}
	return &mip.Error{Op: op, Kind: mip.ErrUnavailable, Err: errors.New("it moved all the time")}
}

// named gives an error its operation and order.
func named(op string, ref mip.Ref, err error) error {
	me, ok := err.(*mip.Error) //nolint:errorlint // only one that has no name yet
	if ok && me.Op == "" {
		out := *me
		out.Op, out.Ref = op, ref
		return &out
	}
	code := ""
	if me, ok := errors.AsType[*mip.Error](err); ok {
		code = me.Code
	}
	return &mip.Error{Op: op, Ref: ref, Kind: mip.KindOf(err), Code: code, RetryAfter: mip.RetryAfter(err), Err: err}
}

func (d *DirectPayment) now() time.Time { return d.config.Now().UTC() }
