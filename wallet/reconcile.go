package wallet

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/openmip/openmip/mip"
)

// lag is how long a purchase may have been settled before its debit shows in
// the supplier's balance, and how far the clocks of processes may differ.
const lag = 5 * time.Second

// Reconcile compares the supplier's balance with the reading before, which it
// keeps as the cursor "wallet:" + [Config].Account. The balance is at most
// [Config].Refresh old. If another process has reconciled a later reading, or
// does so at the same time, the statement is theirs to make, and this one
// reports nothing. A ledger that keeps no cursors remembers the last reading
// as long as the wallet lives.
//
// Nothing is reported twice, and what a program that dies at once was told is
// not told again. A purchase that cost more than was reserved counts as spent
// outside until it is settled; an amount corrected after it was settled is
// not looked at again. A balance in another currency than before begins anew.
func (w *Wallet) Reconcile(ctx context.Context) (mip.Statement, error) {
	const op = "wallet: reconcile"
	old, err := w.books.Cursor(ctx, w.book())
	if err != nil {
		return mip.Statement{}, fail(op, mip.Ref{}, mip.KindOf(err), err)
	}
	last, err := readingOf(old)
	if err != nil {
		return mip.Statement{}, fail(op, mip.Ref{}, mip.ErrContract, err)
	}
	b, err := w.purse.balance(ctx, w.refresh)
	if err != nil {
		return mip.Statement{}, fail(op, mip.Ref{}, mip.KindOf(err), err)
	}
	if last.Balance.Currency() != b.Amount.Currency() {
		last = reading{}
	}
	if !b.ReadAt.After(last.At) {
		return nothing(last), nil
	}
	s, next, err := w.compare(ctx, last, b)
	if err != nil {
		return mip.Statement{}, fail(op, mip.Ref{}, mip.KindOf(err), err)
	}
	c, err := next.cursor()
	if err != nil {
		return mip.Statement{}, fail(op, mip.Ref{}, mip.ErrInvalid, err)
	}
	switch err := w.books.SaveCursor(ctx, w.book(), old, c); {
	case errors.Is(err, mip.ErrConflict):
		theirs := nothing(last)
		theirs.Open = s.Open
		return theirs, nil
	case err != nil:
		return mip.Statement{}, fail(op, mip.Ref{}, mip.KindOf(err), err)
	}
	return s, nil
}

func (w *Wallet) book() string { return "wallet:" + w.account }

// nothing is the statement of somebody who has no news.
func nothing(last reading) mip.Statement {
	nought := last.Balance.Times(0)
	return mip.Statement{Previous: last.balance(), Reading: last.balance(),
		Debited: nought, Open: nought, Least: nought, Most: nought, Unexplained: nought}
}

// compare explains b by what the ledger knows, which is asked after the
// balance: whatever b shows of ours was reserved by then.
func (w *Wallet) compare(ctx context.Context, last reading, b mip.Balance) (mip.Statement, reading, error) {
	next := reading{Balance: b.Amount, At: b.ReadAt}
	first := last.At.IsZero()
	since := last.certain()
	if first {
		since = next.certain()
	}
	rows, err := w.ledger.Reservations(ctx, w.account, since)
	if err != nil {
		return mip.Statement{}, next, err
	}
	if rows, err = w.closedLate(ctx, rows, last); err != nil {
		return mip.Statement{}, next, err
	}
	nought := b.Amount.Times(0)
	s := mip.Statement{Previous: last.balance(), Reading: b, Debited: nought, Open: nought, Least: nought, Most: nought, Unexplained: nought}
	for _, r := range rows {
		sum := &s.Debited
		switch {
		case r.State == mip.ReservationReleased:
			continue
		case r.State == mip.ReservationOpen:
			next.Open = append(next.Open, r.Key)
			sum = &s.Open
		case !r.At.Before(next.certain()):
			sum = &s.Open
		}
		if *sum, err = sum.Add(spent(r)); err != nil {
			return s, next, err
		}
	}
	next.Expected, next.Blur = b.Amount, s.Open
	if !first {
		err = explain(&s, &next, last)
	}
	return s, next, err
}

// closedLate adds the reservations that were open at the last reading and
// were closed with a time before it.
func (w *Wallet) closedLate(ctx context.Context, rows []mip.Reservation, last reading) ([]mip.Reservation, error) {
	for _, key := range last.Open {
		if slices.ContainsFunc(rows, func(r mip.Reservation) bool { return r.Key == key }) {
			continue
		}
		r, err := w.ledger.Reservation(ctx, key)
		if errors.Is(err, mip.ErrNotFound) {
			continue
		}
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// spent is what a reservation takes from the balance.
func spent(r mip.Reservation) mip.Money {
	if r.State == mip.ReservationSettled && r.Actual.Currency() != "" {
		return r.Actual
	}
	return r.Amount
}

// explain bounds what the purchases in s leave unexplained between two
// readings, and what is to be expected of the reading after.
func explain(s *mip.Statement, next *reading, last reading) error {
	var sum sums
	more := sum.less(sum.plus(next.Balance, s.Debited), last.Expected)
	s.Least, s.Most = sum.less(more, last.Blur), sum.plus(more, s.Open)
	switch {
	case s.Least.Amount().IsPositive():
		s.Unexplained, s.Drift = s.Least, mip.DriftCredit
	case s.Most.IsNegative():
		s.Unexplained, s.Drift = s.Most, mip.DriftDebit
	}
	if !s.Open.IsZero() {
		next.Expected = sum.plus(sum.less(last.Expected, s.Debited), s.Unexplained)
		next.Blur = last.Blur
	}
	return sum.err
}

// sums adds amounts and keeps the first error: currencies that differ.
type sums struct{ err error }

func (s *sums) plus(a, b mip.Money) mip.Money { return s.keep(a.Add(b)) }
func (s *sums) less(a, b mip.Money) mip.Money { return s.keep(a.Sub(b)) }

func (s *sums) keep(m mip.Money, err error) mip.Money {
	if s.err == nil {
		s.err = err
	}
	return m
}
