package miptest

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/openmip/openmip/mip"
)

func ledgerChecks() []StoreCheck {
	return []StoreCheck{
		{"reservations never exceed the balance", "two orders that both see the last 100 euro spend 200", neverOverdrawn},
		{"money adds up exactly", "0.10 and 0.20 are 0.30, and fit into it", addsUpExactly},
		{"reserving a key again changes nothing", "an effect runs at least once; its money is set aside once", reservesOnce},
		{"a key is never used for something else", "a key names one payment for ever", keysAreForEver},
		{"what a balance does not show yet counts against it", "a debit that settled after the balance was read would be spent twice", settledCounts},
		{"settling and releasing are repeatable", "a crash between the ledger and the order repeats them", closesRepeatably},
		{"reservations are listed by account, open or closed since", "the wallet reconciles from this list", listsReservations},
		{"what a payment wrote down is kept, and never overwritten unseen", "a payment provider's id that is lost is a payment nobody finds again", keepsNotes},
		{"nonsense is invalid, not unfunded", "only a proven lack of money may start another payment method", nonsenseIsInvalid},
	}
}

// setAside is one of the account "a".
func setAside(key string, cents int64) mip.Reservation {
	return mip.Reservation{Key: key, Account: "a", Ref: shopRef(1), Amount: mip.EUR(cents), At: start}
}

func funds(cents int64, readAt time.Time) mip.Balance {
	return mip.Balance{Amount: mip.EUR(cents), ReadAt: readAt}
}

func neverOverdrawn(ctx context.Context, s mip.Store) error {
	const workers = 64
	won, lost := tally(together(workers, func(i int) error {
		return s.Reserve(ctx, setAside(fmt.Sprintf("k%d", i), 30_00), funds(1000_00, start))
	}))
	var found breaches
	found.that(won == 33 && lost[mip.ErrUnfunded] == workers-33, "1000.00 holds 33 times 30.00: want 33 reservations and %d unfunded, got %d and %v",
		workers-33, won, lost)
	rs, err := s.Reservations(ctx, "a", start)
	found.kind(err, nil, "reservations")
	var total mip.Money
	for _, r := range rs {
		if total, err = total.Add(r.Amount); err != nil {
			return err
		}
	}
	c, err := total.Cmp(mip.EUR(1000_00))
	found.that(err == nil && c <= 0, "1000.00 is overdrawn: %s are reserved", total)
	return found.err()
}

func addsUpExactly(ctx context.Context, s mip.Store) error {
	var found breaches
	found.kind(s.Reserve(ctx, setAside("k1", 10), funds(30, start)), nil, "reserve 0.10 of 0.30")
	found.kind(s.Reserve(ctx, setAside("k2", 20), funds(30, start)), nil, "reserve 0.20 of the rest")
	found.kind(s.Reserve(ctx, setAside("k3", 1), funds(30, start)), mip.ErrUnfunded, "reserve 0.01 of nothing")
	found.kind(s.Reserve(ctx, setAside("k3", 1), funds(31, start)), nil, "reserve 0.01 of a new balance")
	big := setAside("k4", 0)
	big.Account, big.Amount = "b", mip.EUR(90_071_992_547_409_93) // 2^53+1 cents
	all := mip.Balance{Amount: mip.EUR(90_071_992_547_409_92), ReadAt: start}
	found.kind(s.Reserve(ctx, big, all), mip.ErrUnfunded, "reserve a cent more than a large balance")
	all.Amount = big.Amount
	found.kind(s.Reserve(ctx, big, all), nil, "reserve all of a large balance")
	return found.err()
}

func reservesOnce(ctx context.Context, s mip.Store) error {
	var found breaches
	r := setAside("k", 60_00)
	for range 3 {
		found.kind(s.Reserve(ctx, r, funds(100_00, start)), nil, "reserve")
	}
	found.kind(s.Reserve(ctx, r, funds(1_00, start)), nil, "reserve again, of a balance that has fallen")
	same := r
	same.Amount, _ = mip.ParseMoney("60.0", "EUR")
	same.At = minute(5)
	found.kind(s.Reserve(ctx, same, funds(100_00, start)), nil, "reserve the same amount, spelt otherwise, at another time")
	found.kind(s.Reserve(ctx, setAside("k2", 41_00), funds(100_00, start)), mip.ErrUnfunded, "reserve 41.00 beside 60.00 of 100.00")
	found.kind(s.Settle(ctx, "k", mip.EUR(60_00), minute(1)), nil, "settle")
	found.kind(s.Reserve(ctx, r, funds(100_00, start)), nil, "reserve again once settled")
	rs, err := s.Reservations(ctx, "a", start)
	found.that(err == nil && len(rs) == 1 && rs[0].State == mip.ReservationSettled, "want the one, settled, got %s, %v", show(rs), err)
	return found.err()
}

func keysAreForEver(ctx context.Context, s mip.Store) error {
	var found breaches
	r := setAside("k", 60_00)
	found.kind(s.Reserve(ctx, r, funds(100_00, start)), nil, "reserve")
	for what, other := range map[string]mip.Reservation{
		"amount":   setAside("k", 50_00),
		"currency": {Key: "k", Account: "a", Ref: shopRef(1), Amount: mip.Minor(60_00, "USD"), At: start},
		"account":  {Key: "k", Account: "b", Ref: shopRef(1), Amount: mip.EUR(60_00), At: start},
		"order":    {Key: "k", Account: "a", Ref: shopRef(2), Amount: mip.EUR(60_00), At: start},
	} {
		b := mip.Balance{Amount: mip.Minor(1000_00, other.Amount.Currency()), ReadAt: start}
		found.kind(s.Reserve(ctx, other, b), mip.ErrConflict, "reserve the key with another "+what)
	}
	found.kind(s.Release(ctx, "k", minute(1)), nil, "release")
	found.kind(s.Reserve(ctx, r, funds(100_00, start)), mip.ErrConflict, "reserve a released key")
	return found.err()
}

func settledCounts(ctx context.Context, s mip.Store) error {
	var found breaches
	all := funds(100_00, minute(0))
	found.kind(s.Reserve(ctx, setAside("k1", 60_00), all), nil, "reserve 60.00 of 100.00")
	found.kind(s.Settle(ctx, "k1", mip.EUR(55_00), minute(10)), nil, "settle for 55.00")
	found.kind(s.Reserve(ctx, setAside("k2", 45_01), all), mip.ErrUnfunded, "reserve 45.01 while the balance does not show 55.00")
	found.kind(s.Reserve(ctx, setAside("k2", 45_01), funds(100_00, minute(10))), mip.ErrUnfunded, "the same, read at the instant of settling")
	found.kind(s.Reserve(ctx, setAside("k2", 45_00), all), nil, "reserve 45.00, which fits beside 55.00")
	found.kind(s.Reserve(ctx, setAside("k3", 55_00), funds(100_00, minute(11))), nil, "reserve 55.00 beside 45.00 once the balance shows the debit")
	found.kind(s.Release(ctx, "k3", minute(12)), nil, "release")
	found.kind(s.Reserve(ctx, setAside("k4", 55_00), funds(100_00, minute(11))), nil, "reserve what was released")
	other := setAside("k5", 100_00)
	other.Account = "b"
	found.kind(s.Reserve(ctx, other, all), nil, "reserve in another account")

	untold := setAside("k6", 70_00)
	untold.Account = "c"
	found.kind(s.Reserve(ctx, untold, all), nil, "reserve 70.00")
	found.kind(s.Settle(ctx, "k6", mip.Money{}, minute(1)), nil, "settle for an amount nobody told")
	untold.Key, untold.Amount = "k7", mip.EUR(30_01)
	found.kind(s.Reserve(ctx, untold, all), mip.ErrUnfunded, "where nobody told what was paid, what was reserved counts")
	return found.err()
}

func closesRepeatably(ctx context.Context, s mip.Store) error {
	var found breaches
	found.kind(s.Settle(ctx, "none", mip.EUR(1), start), mip.ErrNotFound, "settle an unknown key")
	found.kind(s.Release(ctx, "none", start), nil, "release an unknown key")
	found.kind(s.Release(ctx, "none", start), nil, "release it again")
	found.kind(s.Reserve(ctx, setAside("none", 1), funds(1, start)), mip.ErrConflict, "reserve a key that was released before it was known")
	found.kind(s.Settle(ctx, "none", mip.EUR(1), start), mip.ErrNotFound, "settle a key that was never reserved")
	for _, k := range []string{"s", "r"} {
		found.kind(s.Reserve(ctx, setAside(k, 10_00), funds(100_00, start)), nil, "reserve")
	}
	found.kind(s.Settle(ctx, "s", mip.EUR(9_00), minute(1)), nil, "settle")
	found.kind(s.Settle(ctx, "s", mip.EUR(9_00), minute(2)), nil, "settle again")
	found.kind(s.Settle(ctx, "s", mip.Money{}, minute(2)), nil, "settle again for an amount nobody told")
	found.kind(s.Release(ctx, "s", minute(3)), mip.ErrConflict, "release a settled one")
	found.kind(s.Release(ctx, "r", minute(1)), nil, "release")
	found.kind(s.Release(ctx, "r", minute(2)), nil, "release again")
	is := func(key string, state mip.ReservationState, actual mip.Money, at time.Time) {
		rs, err := s.Reservations(ctx, "a", time.Time{})
		for _, r := range rs {
			if r.Key == key {
				found.that(r.State == state && r.Actual.Equal(actual) && r.At.Equal(at) && r.Amount.Equal(mip.EUR(10_00)) && r.Ref == shopRef(1) && r.Account == "a",
					"%s: want %s at %s for %s, got %s", key, state, at, actual, show(r))
				return
			}
		}
		found.that(false, "%s is gone, %v", key, err)
	}
	is("s", mip.ReservationSettled, mip.EUR(9_00), minute(1))
	is("r", mip.ReservationReleased, mip.Money{}, minute(1))
	found.kind(s.Settle(ctx, "s", mip.EUR(9_50), minute(5)), nil, "settle for a corrected amount")
	is("s", mip.ReservationSettled, mip.EUR(9_50), minute(1))
	found.kind(s.Settle(ctx, "r", mip.EUR(10_00), minute(6)), nil, "settle a released one, which was paid after all")
	is("r", mip.ReservationSettled, mip.EUR(10_00), minute(6))
	return found.err()
}

func listsReservations(ctx context.Context, s mip.Store) error {
	var found breaches
	for i, k := range []string{"d", "c", "b", "a"} {
		r := setAside(k, 1_00)
		r.At = minute(i)
		found.kind(s.Reserve(ctx, r, funds(100_00, start)), nil, "reserve")
	}
	found.kind(errors.Join(s.Settle(ctx, "c", mip.EUR(1_00), minute(10)), s.Release(ctx, "d", minute(20))), nil, "close")
	for _, c := range []struct {
		since time.Time
		want  string
	}{{time.Time{}, "b a c d"}, {minute(10), "b a c d"}, {minute(11), "b a d"}, {minute(21), "b a"}} {
		rs, err := s.Reservations(ctx, "a", c.since)
		got := ""
		for _, r := range rs {
			got += " " + r.Key
		}
		found.that(err == nil && got == " "+c.want, "open or closed since %s, oldest first: want %s, got%s, %v", c.since, c.want, got, err)
	}
	rs, err := s.Reservations(ctx, "b", time.Time{})
	found.that(err == nil && len(rs) == 0, "another account: want none, got %s, %v", show(rs), err)
	return found.err()
}

func nonsenseIsInvalid(ctx context.Context, s mip.Store) error {
	var found breaches
	all := funds(100_00, start)
	for what, r := range map[string]mip.Reservation{
		"without a key":      {Account: "a", Amount: mip.EUR(1)},
		"without an account": {Key: "k", Amount: mip.EUR(1)},
		"of nothing":         {Key: "k", Account: "a"},
		"of nought":          {Key: "k", Account: "a", Amount: mip.EUR(0)},
		"of less":            {Key: "k", Account: "a", Amount: mip.EUR(-1_00)},
		"of other money":     {Key: "k", Account: "a", Amount: mip.Minor(1, "USD")},
	} {
		found.kind(s.Reserve(ctx, r, all), mip.ErrInvalid, "a reservation "+what)
	}
	found.kind(s.Reserve(ctx, setAside("k", 1), mip.Balance{ReadAt: start}), mip.ErrInvalid, "a balance nobody told")
	found.kind(s.Reserve(ctx, setAside("k", 1), mip.Balance{Amount: mip.EUR(0), ReadAt: start}), mip.ErrUnfunded, "a balance of nought")
	found.kind(s.Reserve(ctx, setAside("k", 1), mip.Balance{Amount: mip.EUR(-5_00), ReadAt: start}), mip.ErrUnfunded, "a balance below nought")
	found.kind(s.Reserve(ctx, setAside("k", 1), all), nil, "reserve")
	found.kind(s.Settle(ctx, "k", mip.Minor(1, "USD"), start), mip.ErrInvalid, "settle in other money")
	found.kind(s.Settle(ctx, "k", mip.EUR(-1), start), mip.ErrInvalid, "settle for less than nothing")
	rs, err := s.Reservations(ctx, "a", time.Time{})
	found.that(err == nil && len(rs) == 1 && rs[0].State == mip.ReservationOpen, "want the one, open, got %s, %v", show(rs), err)
	return found.err()
}
