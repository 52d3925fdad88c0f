package wallet

import (
	"context"
	"time"

	"github.com/openmip/openmip/mip"
)

// underWay is how long an open reservation's purchase is taken to be on its
// way. An older one has an unknown outcome and stays set aside.
const underWay = time.Minute

// holdOnceClear gives a reservation that b refused a second chance if it
// would fit without what b may show already: by the next balance those
// purchases have settled, and count once.
func (w *Wallet) holdOnceClear(ctx context.Context, r mip.Reservation, b mip.Balance, refusal error) error {
	const op = "wallet: reserve"
	twice, err := w.perhapsTwice(ctx, r, b)
	if err != nil {
		return fail(op, r.Ref, mip.KindOf(err), err)
	}
	if !twice {
		return refusal
	}
	timer := time.NewTimer(w.refresh + time.Millisecond)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return fail(op, r.Ref, mip.ErrUnavailable, context.Cause(ctx))
	case <-timer.C:
	}
	clear, err := w.purse.balance(ctx, w.refresh)
	if err != nil {
		return fail(op, r.Ref, mip.KindOf(err), err)
	}
	return w.hold(ctx, r, clear)
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
