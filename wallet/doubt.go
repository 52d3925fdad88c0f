package wallet

import (
	"context"
	"errors"
	"time"

	"github.com/openmip/openmip/mip"
)

// underWay is how long an open reservation's purchase is taken to be on its
// way. An older one has an unknown outcome and stays set aside.
const underWay = time.Minute

// patience is how long a reservation waits for purchases that may count twice.
const patience = 10 * time.Second

// holdOnceClear gives a reservation that b refused another chance while it
// would fit without what b may show already: once those purchases have
// settled, the next balance counts them once.
func (w *Wallet) holdOnceClear(ctx context.Context, r mip.Reservation, b mip.Balance, refusal error) error {
	const op = "wallet: reserve"
	for until := w.now().Add(patience); w.now().Before(until); {
		twice, err := w.perhapsTwice(ctx, r, b)
		if err != nil {
			return fail(op, r.Ref, mip.KindOf(err), err)
		}
		if !twice {
			return refusal
		}
		timer := time.NewTimer(w.refresh + time.Millisecond)
		select {
		case <-ctx.Done():
			timer.Stop()
			return fail(op, r.Ref, mip.ErrUnavailable, context.Cause(ctx))
		case <-timer.C:
		}
		if b, err = w.purse.balance(ctx, w.refresh); err != nil {
			return fail(op, r.Ref, mip.KindOf(err), err)
		}
		if refusal = w.hold(ctx, r, b); !errors.Is(refusal, mip.ErrUnfunded) {
			return refusal
		}
	}
	return refusal
}

// perhapsTwice reports whether r is refused only because of purchases that
// were on their way when b was read.
func (w *Wallet) perhapsTwice(ctx context.Context, r mip.Reservation, b mip.Balance) (bool, error) {
	rows, err := w.ledger.Reservations(ctx, w.account, b.ReadAt)
	if err != nil {
		return false, err
	}
	once, doubtful := r.Amount, false
	for _, row := range rows {
		switch {
		case row.State == mip.ReservationReleased:
			continue
		case row.State == mip.ReservationSettled,
			row.At.Before(b.ReadAt) && w.now().Sub(row.At) < underWay:
			doubtful = true
			continue
		}
		if once, err = once.Add(spent(row)); err != nil {
			return false, err
		}
	}
	c, err := once.Cmp(b.Amount)
	if err != nil {
		return false, err
	}
	return doubtful && c <= 0, nil
}
