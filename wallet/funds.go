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
		if rest, err = rest.Sub(spent(r)); err != nil {
			return mip.Money{}, fail(op, r.Ref, mip.ErrInvalid, err)
		}
	}
	if rest.IsNegative() {
		return rest.Times(0), nil
	}
	return rest, nil
}

// Reserved is the sum of the open reservations. Its currency is theirs; with
// none it is that of the balance, if that was ever read.
func (w *Wallet) Reserved(ctx context.Context) (mip.Money, error) {
	const op = "wallet: reserved"
	rows, err := w.ledger.Reservations(ctx, w.account, w.now())
	if err != nil {
		return mip.Money{}, fail(op, mip.Ref{}, mip.KindOf(err), err)
	}
	sum := w.purse.known().Times(0)
	for _, r := range rows {
		if r.State != mip.ReservationOpen {
			continue
		}
		if sum, err = sum.Add(r.Amount); err != nil {
			return mip.Money{}, fail(op, r.Ref, mip.KindOf(err), errors.New("reservations in two currencies"))
		}
	}
	return sum, nil
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
