package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"github.com/openmip/openmip/mip"
)

const reservationColumns = "key, account, channel, id, currency, amount, actual, state, at, note"

// Reserve implements [mip.Ledger]. What a settled reservation counts is what
// was really paid, or what was reserved where nobody told. A key, an account
// or an amount that cannot be, and a balance without a currency, are
// [mip.ErrInvalid]: they prove nothing about the money. State, Actual and Note
// of r are not looked at.
func (s *Store) Reserve(ctx context.Context, r mip.Reservation, b mip.Balance) error {
	const op = "sqlite: reserve"
	fail := func(kind, cause error) error { return &mip.Error{Op: op, Ref: r.Ref, Kind: kind, Err: cause} }
	if r.Key == "" || r.Account == "" || r.Amount.IsZero() || r.Amount.IsNegative() || b.Amount.Currency() == "" {
		return fail(mip.ErrInvalid, errors.New("want a key, an account, more than nought, and a balance in a currency"))
	}
	return s.write(ctx, op, r.Ref, func(ctx context.Context) (then, error) {
		old, known, err := s.reservation(ctx, r.Key)
		if err != nil {
			return nil, err
		}
		if known {
			if old.State == mip.ReservationReleased || old.Account != r.Account || old.Ref != r.Ref || !old.Amount.Equal(r.Amount) {
				return nil, fail(mip.ErrConflict, nil)
			}
			return nil, nil
		}
		total, err := s.taken(ctx, r.Account, b.ReadAt)
		if err != nil {
			return nil, err
		}
		if total, err = total.Add(r.Amount); err != nil {
			return nil, fail(mip.ErrInvalid, err)
		}
		if c, err := total.Cmp(b.Amount); err != nil {
			return nil, fail(mip.ErrInvalid, err)
		} else if c > 0 {
			return nil, fail(mip.ErrUnfunded, nil)
		}
		_, err = s.w.reserve.ExecContext(ctx, r.Key, r.Account, r.Ref.Channel, r.Ref.ID, r.Amount.Currency(), r.Amount.Text(), nanos(r.At))
		return nothing, err
	})
}

// taken sums what a balance read at readAt does not show yet.
func (s *Store) taken(ctx context.Context, account string, readAt time.Time) (mip.Money, error) {
	var total mip.Money
	err := each(ctx, s.w.taken, func(rows *sql.Rows) error {
		r, err := scanReservation(rows)
		if err != nil {
			return err
		}
		amount := r.Amount
		if r.State == mip.ReservationSettled && r.Actual.Currency() != "" {
			amount = r.Actual
		}
		total, err = total.Add(amount)
		return err
	}, account, nanos(readAt))
	return total, err
}

// Settle implements [mip.Ledger]. Settling again corrects the amount and
// keeps the time; an amount that is not told corrects nothing. A released
// reservation can be settled: the money went after all. A negative amount or
// one in another currency is [mip.ErrInvalid].
func (s *Store) Settle(ctx context.Context, key string, actual mip.Money, at time.Time) error {
	const op = "sqlite: settle"
	return s.write(ctx, op, mip.Ref{}, func(ctx context.Context) (then, error) {
		r, known, err := s.reservation(ctx, key)
		switch {
		case err != nil:
			return nil, err
		case !known || unheard(r):
			return nil, &mip.Error{Op: op, Kind: mip.ErrNotFound}
		}
		if _, err := r.Amount.Cmp(actual); err != nil || actual.IsNegative() {
			return nil, &mip.Error{Op: op, Ref: r.Ref, Kind: mip.ErrInvalid, Err: errors.New("want nought or more in the currency reserved")}
		}
		if r.State != mip.ReservationSettled {
			r.State, r.At = mip.ReservationSettled, at
		}
		if actual.Currency() != "" {
			r.Actual = actual
		}
		return nothing, s.resettle(ctx, r)
	})
}

// unheard reports whether r only remembers that an unknown key was released.
func unheard(r mip.Reservation) bool { return r.Account == "" }

// Release implements [mip.Ledger]. An unknown key is kept without an account.
func (s *Store) Release(ctx context.Context, key string, at time.Time) error {
	const op = "sqlite: release"
	return s.write(ctx, op, mip.Ref{}, func(ctx context.Context) (then, error) {
		r, known, err := s.reservation(ctx, key)
		switch {
		case err != nil || r.State == mip.ReservationReleased:
			return nil, err
		case !known:
			r.Key = key
			if _, err := s.w.reserve.ExecContext(ctx, key, "", "", "", "", "", nanos(at)); err != nil {
				return nil, err
			}
		case r.State == mip.ReservationSettled:
			return nil, &mip.Error{Op: op, Ref: r.Ref, Kind: mip.ErrConflict}
		}
		r.State, r.At = mip.ReservationReleased, at
		return nothing, s.resettle(ctx, r)
	})
}

func (s *Store) resettle(ctx context.Context, r mip.Reservation) error {
	var actual any
	if r.Actual.Currency() != "" {
		actual = r.Actual.Text()
	}
	_, err := s.w.resettle.ExecContext(ctx, string(r.State), actual, nanos(r.At), r.Key)
	return err
}

// Note implements [mip.Ledger].
func (s *Store) Note(ctx context.Context, key string, old, next string) error {
	const op = "sqlite: note"
	if len(next) > maxNote {
		return &mip.Error{Op: op, Kind: mip.ErrInvalid, Err: errors.New("want at most 4096 bytes")}
	}
	return s.write(ctx, op, mip.Ref{}, func(ctx context.Context) (then, error) {
		r, known, err := s.reservation(ctx, key)
		switch {
		case err != nil:
			return nil, err
		case !known || unheard(r):
			return nil, &mip.Error{Op: op, Kind: mip.ErrNotFound}
		case r.Note != old:
			return nil, &mip.Error{Op: op, Ref: r.Ref, Kind: mip.ErrConflict}
		}
		_, err = s.w.note.ExecContext(ctx, next, key)
		return nothing, err
	})
}

const maxNote = 4096 // bytes

// Reservation implements [mip.Ledger].
func (s *Store) Reservation(ctx context.Context, key string) (mip.Reservation, error) {
	const op = "sqlite: reservation"
	r, known, err := readReservation(ctx, s.reads.reservation, key)
	if err != nil {
		return r, failure(op, mip.Ref{}, err)
	}
	if !known || unheard(r) {
		return mip.Reservation{}, &mip.Error{Op: op, Kind: mip.ErrNotFound}
	}
	return r, nil
}

// Reservations implements [mip.Ledger]. Oldest is by when the state was
// reached, then by key.
func (s *Store) Reservations(ctx context.Context, account string, since time.Time) ([]mip.Reservation, error) {
	var out []mip.Reservation
	err := each(ctx, s.reads.reservations, func(rows *sql.Rows) error {
		r, err := scanReservation(rows)
		out = append(out, r)
		return err
	}, account, nanos(since))
	if err != nil {
		return nil, failure("sqlite: reservations", mip.Ref{}, err)
	}
	return out, nil
}

// reservation reads one by its key, inside a write.
func (s *Store) reservation(ctx context.Context, key string) (r mip.Reservation, known bool, err error) {
	return readReservation(ctx, s.w.reservation, key)
}

func readReservation(ctx context.Context, q *sql.Stmt, key string) (r mip.Reservation, known bool, err error) {
	err = each(ctx, q, func(rows *sql.Rows) (err error) {
		known = true
		r, err = scanReservation(rows)
		return err
	}, key)
	return r, known, err
}

func scanReservation(rows *sql.Rows) (mip.Reservation, error) {
	var r mip.Reservation
	var currency, amount string
	var actual sql.NullString
	var at int64
	err := rows.Scan(&r.Key, &r.Account, &r.Ref.Channel, &r.Ref.ID, &currency, &amount, &actual, (*string)(&r.State), &at, &r.Note)
	if err != nil {
		return r, err
	}
	r.At = instant(at)
	if unheard(r) {
		return r, nil
	}
	r.Amount, err = mip.ParseMoney(amount, currency)
	if err == nil && actual.Valid {
		r.Actual, err = mip.ParseMoney(actual.String, currency)
	}
	if err != nil {
		return r, &mip.Error{Op: "sqlite: read reservation", Ref: r.Ref, Kind: mip.ErrContract, Err: errors.New("a stored amount does not decode")}
	}
	return r, nil
}
