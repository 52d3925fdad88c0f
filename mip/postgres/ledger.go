package postgres

import (
	"context"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/openmip/openmip/mip"
)

// Reserve implements [mip.Ledger]. Reservations of one balance are made one
// after the other, whichever process makes them. What a settled reservation
// counts is what was really paid, or what was reserved where nobody told. A
// key, an account or an amount that cannot be, and a balance without a
// currency, are [mip.ErrInvalid]: they prove nothing about the money. State,
// Actual and Note of r are not looked at.
func (s *Store) Reserve(ctx context.Context, r mip.Reservation, b mip.Balance) error {
	const op = "postgres: reserve"
	fail := func(kind, cause error) error { return &mip.Error{Op: op, Ref: r.Ref, Kind: kind, Err: cause} }
	if r.Key == "" || r.Account == "" || r.Amount.IsZero() || r.Amount.IsNegative() || b.Amount.Currency() == "" {
		return fail(mip.ErrInvalid, errors.New("want a key, an account, more than nought, and a balance in a currency"))
	}
	return s.transact(ctx, op, r.Ref, func(ctx context.Context, tx pgx.Tx) error {
		old, known, total, err := s.purse(ctx, tx, r.Account, r.Key, b.ReadAt)
		if err != nil {
			return err
		}
		if known {
			if old.State == mip.ReservationReleased || old.Account != r.Account || old.Ref != r.Ref || !old.Amount.Equal(r.Amount) {
				return fail(mip.ErrConflict, nil)
			}
			return nil
		}
		if total, err = total.Add(r.Amount); err != nil {
			return fail(mip.ErrInvalid, err)
		}
		if c, err := total.Cmp(b.Amount); err != nil {
			return fail(mip.ErrInvalid, err)
		} else if c > 0 {
			return fail(mip.ErrUnfunded, nil)
		}
		r.State, r.Actual, r.Note = mip.ReservationOpen, mip.Money{}, ""
		return s.addReservation(ctx, tx, r)
	})
}

// Settle implements [mip.Ledger]. Settling again corrects the amount and
// keeps the time; an amount that is not told corrects nothing. A released
// reservation can be settled: the money went after all. A negative amount or
// one in another currency is [mip.ErrInvalid].
func (s *Store) Settle(ctx context.Context, key string, actual mip.Money, at time.Time) error {
	const op = "postgres: settle"
	return s.known(ctx, op, key, func(ctx context.Context, tx pgx.Tx, r mip.Reservation) error {
		if _, err := r.Amount.Cmp(actual); err != nil || actual.IsNegative() {
			return &mip.Error{Op: op, Ref: r.Ref, Kind: mip.ErrInvalid, Err: errors.New("want nought or more in the currency reserved")}
		}
		if r.State != mip.ReservationSettled {
			r.State, r.At = mip.ReservationSettled, at
		}
		if actual.Currency() != "" {
			r.Actual = actual
		}
		return s.changeReservation(ctx, tx, r)
	})
}

// Release implements [mip.Ledger]. An unknown key is kept without an account.
func (s *Store) Release(ctx context.Context, key string, at time.Time) error {
	const op = "postgres: release"
	return s.transact(ctx, op, mip.Ref{}, func(ctx context.Context, tx pgx.Tx) error {
		r, known, err := s.reservation(ctx, tx, key)
		switch {
		case err != nil || r.State == mip.ReservationReleased:
			return err
		case r.State == mip.ReservationSettled:
			return &mip.Error{Op: op, Ref: r.Ref, Kind: mip.ErrConflict}
		}
		r.Key, r.State, r.At = key, mip.ReservationReleased, at
		if !known {
			return s.addReservation(ctx, tx, r)
		}
		return s.changeReservation(ctx, tx, r)
	})
}

const maxNote = 4096 // bytes

// Note implements [mip.Ledger]. Text that is not UTF-8, or holds a zero byte,
// is [mip.ErrInvalid].
func (s *Store) Note(ctx context.Context, key string, old, next string) error {
	const op = "postgres: note"
	if len(next) > maxNote {
		return &mip.Error{Op: op, Kind: mip.ErrInvalid, Err: errors.New("want at most 4096 bytes")}
	}
	return s.known(ctx, op, key, func(ctx context.Context, tx pgx.Tx, r mip.Reservation) error {
		if r.Note != old {
			return &mip.Error{Op: op, Ref: r.Ref, Kind: mip.ErrConflict}
		}
		r.Note = next
		return s.changeReservation(ctx, tx, r)
	})
}

// Reservation implements [mip.Ledger].
func (s *Store) Reservation(ctx context.Context, key string) (mip.Reservation, error) {
	const op = "postgres: reservation"
	if err := alive(ctx, op, mip.Ref{}); err != nil {
		return mip.Reservation{}, err
	}
	all, err := s.reservations(ctx, s.pool, "key = $2 AND purse <> ''", key)
	if err != nil {
		return mip.Reservation{}, failure(op, mip.Ref{}, err)
	}
	if len(all) == 0 {
		return mip.Reservation{}, &mip.Error{Op: op, Kind: mip.ErrNotFound}
	}
	return all[0], nil
}

// Reservations implements [mip.Ledger]. Oldest is by when the state was
// reached, then by key.
func (s *Store) Reservations(ctx context.Context, account string, since time.Time) ([]mip.Reservation, error) {
	const op = "postgres: reservations"
	if err := alive(ctx, op, mip.Ref{}); err != nil {
		return nil, err
	}
	out, err := s.reservations(ctx, s.pool, "purse = $2 AND purse <> '' AND (state = 'open' OR at >= $3)", account, nanos(since))
	if err != nil {
		return nil, failure(op, mip.Ref{}, err)
	}
	return out, nil
}

// transact runs fn in a transaction of its own.
func (s *Store) transact(ctx context.Context, op string, ref mip.Ref, fn func(ctx context.Context, tx pgx.Tx) error) error {
	return s.write(ctx, op, ref, func(ctx context.Context, conn *pgxpool.Conn) error {
		return within(ctx, conn, func(tx pgx.Tx) error { return fn(ctx, tx) })
	})
}

// known runs fn for a reservation that was made, while nobody else changes it.
func (s *Store) known(ctx context.Context, op, key string, fn func(ctx context.Context, tx pgx.Tx, r mip.Reservation) error) error {
	return s.transact(ctx, op, mip.Ref{}, func(ctx context.Context, tx pgx.Tx) error {
		r, known, err := s.reservation(ctx, tx, key)
		if err != nil {
			return err
		}
		if !known || r.Account == "" {
			return &mip.Error{Op: op, Kind: mip.ErrNotFound}
		}
		return fn(ctx, tx, r)
	})
}
