package memstore

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/openmip/openmip/mip"
)

// Reserve implements [mip.Ledger]. What a settled reservation counts is what
// was really paid, or what was reserved where nobody told. A key, an account
// or an amount that cannot be, and a balance without a currency, are
// [mip.ErrInvalid]: they prove nothing about the money. State, Actual and Note
// of r are not looked at.
func (s *Store) Reserve(ctx context.Context, r mip.Reservation, b mip.Balance) error {
	const op = "memstore: reserve"
	if err := alive(ctx, op, r.Ref); err != nil {
		return err
	}
	fail := func(kind, cause error) error { return &mip.Error{Op: op, Ref: r.Ref, Kind: kind, Err: cause} }
	if r.Key == "" || r.Account == "" || r.Amount.IsZero() || r.Amount.IsNegative() || b.Amount.Currency() == "" {
		return fail(mip.ErrInvalid, errors.New("want a key, an account, more than nought, and a balance in a currency"))
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if old, ok := s.ledger[r.Key]; ok {
		if old.State == mip.ReservationReleased || old.Account != r.Account || old.Ref != r.Ref || !old.Amount.Equal(r.Amount) {
			return fail(mip.ErrConflict, nil)
		}
		return nil
	}
	total := r.Amount
	for _, old := range s.ledger {
		if old.Account != r.Account || !counts(old, b.ReadAt) {
			continue
		}
		var err error
		if total, err = total.Add(taken(old)); err != nil {
			return fail(mip.ErrInvalid, err)
		}
	}
	c, err := total.Cmp(b.Amount)
	if err != nil {
		return fail(mip.ErrInvalid, err)
	}
	if c > 0 {
		return fail(mip.ErrUnfunded, nil)
	}
	r.Note = ""
	r.State, r.Actual, r.At = mip.ReservationOpen, mip.Money{}, r.At.UTC().Round(0)
	s.ledger[r.Key] = r
	return nil
}

// counts reports whether a balance read at readAt does not show r yet.
func counts(r mip.Reservation, readAt time.Time) bool {
	return r.State == mip.ReservationOpen || r.State == mip.ReservationSettled && !r.At.Before(readAt)
}

func taken(r mip.Reservation) mip.Money {
	if r.State == mip.ReservationSettled && r.Actual.Currency() != "" {
		return r.Actual
	}
	return r.Amount
}

// Settle implements [mip.Ledger]. Settling again corrects the amount and
// keeps the time; an amount that is not told corrects nothing. A released
// reservation can be settled: the money went after all. A negative amount or
// one in another currency is [mip.ErrInvalid].
func (s *Store) Settle(ctx context.Context, key string, actual mip.Money, at time.Time) error {
	const op = "memstore: settle"
	if err := alive(ctx, op, mip.Ref{}); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.ledger[key]
	if !ok || unheard(r) {
		return &mip.Error{Op: op, Kind: mip.ErrNotFound}
	}
	if _, err := r.Amount.Cmp(actual); err != nil || actual.IsNegative() {
		return &mip.Error{Op: op, Ref: r.Ref, Kind: mip.ErrInvalid, Err: errors.New("want nought or more in the currency reserved")}
	}
	if r.State != mip.ReservationSettled {
		r.State, r.At = mip.ReservationSettled, at.UTC().Round(0)
	}
	if actual.Currency() != "" {
		r.Actual = actual
	}
	s.ledger[key] = r
	return nil
}

// unheard reports whether r only remembers that an unknown key was released.
func unheard(r mip.Reservation) bool { return r.Account == "" }

// Release implements [mip.Ledger]. An unknown key is kept without an account.
func (s *Store) Release(ctx context.Context, key string, at time.Time) error {
	const op = "memstore: release"
	if err := alive(ctx, op, mip.Ref{}); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.ledger[key]
	switch {
	case !ok:
		r.Key = key
	case r.State == mip.ReservationReleased:
		return nil
	case r.State == mip.ReservationSettled:
		return &mip.Error{Op: op, Ref: r.Ref, Kind: mip.ErrConflict}
	}
	r.State, r.At = mip.ReservationReleased, at.UTC().Round(0)
	s.ledger[key] = r
	return nil
}

// Note implements [mip.Ledger].
func (s *Store) Note(ctx context.Context, key string, old, next string) error {
	const op = "memstore: note"
	if err := alive(ctx, op, mip.Ref{}); err != nil {
		return err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.ledger[key]
	switch {
	case len(next) > maxNote:
		return &mip.Error{Op: op, Kind: mip.ErrInvalid, Err: errors.New("want at most 4096 bytes")}
	case !ok || unheard(r):
		return &mip.Error{Op: op, Kind: mip.ErrNotFound}
	case r.Note != old:
		return &mip.Error{Op: op, Ref: r.Ref, Kind: mip.ErrConflict}
	}
	r.Note = next
	s.ledger[key] = r
	return nil
}

const maxNote = 4096 // bytes

// Reservation implements [mip.Ledger].
func (s *Store) Reservation(ctx context.Context, key string) (mip.Reservation, error) {
	const op = "memstore: reservation"
	if err := alive(ctx, op, mip.Ref{}); err != nil {
		return mip.Reservation{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	r, ok := s.ledger[key]
	if !ok || unheard(r) {
		return mip.Reservation{}, &mip.Error{Op: op, Kind: mip.ErrNotFound}
	}
	return r, nil
}

// Reservations implements [mip.Ledger]. Oldest is by when the state was
// reached, then by key.
func (s *Store) Reservations(ctx context.Context, account string, since time.Time) ([]mip.Reservation, error) {
	if err := alive(ctx, "memstore: reservations", mip.Ref{}); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []mip.Reservation
	for _, r := range s.ledger {
		if r.Account == account && !unheard(r) && (r.State == mip.ReservationOpen || !r.At.Before(since)) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b mip.Reservation) int {
		return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.Key, b.Key))
	})
	return out, nil
}
