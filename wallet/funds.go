package wallet

import (
	"context"
	"errors"

	"github.com/openmip/openmip/mip"
)

// Available returns the balance less open reservations and less what settled
// since the balance was read, never below nought. The balance behind it is at
// most [Config].Cache old. If it cannot be read, the error has the kind of
// that failure.
func (w *Wallet) Available(ctx context.Context) (mip.Money, error) {
	const op = "wallet: available"
	b, err := w.purse.balance(ctx, w.cache)
	if err != nil {
		return mip.Money{}, fail(op, mip.Ref{}, mip.KindOf(err), err)
	}
	taken, err := w.ledger.Reservations(ctx, w.account, b.ReadAt)
	if err != nil {
		return mip.Money{}, fail(op, mip.Ref{}, mip.KindOf(err), err)
	}
	rest := b.Amount
	for _, r := range taken {
		if r.State == mip.ReservationReleased {
			continue
		}
		gone := r.Amount
		if r.State == mip.ReservationSettled && r.Actual.Currency() != "" {
			gone = r.Actual
		}
		if rest, err = rest.Sub(gone); err != nil {
			return mip.Money{}, fail(op, r.Ref, mip.ErrInvalid, err)
		}
	}
	if rest.IsNegative() {
		return rest.Times(0), nil
	}
	return rest, nil
}

// Refused takes the supplier's word that there was too little money (BigBuy:
// ER005). A balance it named counts at once and until the next question,
// which waits for [Config].Refresh. With the zero value the cached balance is
// dropped and the next caller asks. A balance in another currency than the
// last one is dropped likewise, and is [mip.ErrInvalid].
func (w *Wallet) Refused(_ context.Context, balance mip.Money) error {
	if !w.purse.believe(balance) {
		return fail("wallet: refused", mip.Ref{}, mip.ErrInvalid, errors.New("the balance named is in another currency"))
	}
	return nil
}
