package miptest_test

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/shopspring/decimal"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/miptest"
)

// till is a small payment of its own kind: it holds cash. Its bugs are the
// ones that the suite must find.
type till struct {
	mu   sync.Mutex
	cash mip.Money // what was put in
	rows map[string]mip.Reservation
	err  error
	word mip.Money // the supplier's, if it named a balance
	bug  string
}

func newTill(bug string) *till {
	return &till{cash: miptest.PaymentFunds, rows: map[string]mip.Reservation{}, bug: bug}
}

func (t *till) Name() string {
	if t.bug == "no name" {
		return ""
	}
	return "till"
}

// free is what is left of the cash. The caller holds the lock.
func (t *till) free() mip.Money {
	rest := t.cash
	for _, r := range t.rows {
		gone := r.Amount
		if r.State == mip.ReservationSettled && (r.Actual.Currency() != "" || t.bug == "untold is free") {
			gone = r.Actual
		}
		if r.State == mip.ReservationReleased || r.State == mip.ReservationSettled && t.bug == "settled money is back" {
			continue
		}
		rest, _ = rest.Sub(gone)
	}
	if c, err := t.word.Cmp(rest); err == nil && c < 0 && t.word.Currency() != "" && t.bug != "deaf" {
		return t.word
	}
	return rest
}

func (t *till) refuse(kind error) error { return &mip.Error{Op: "till", Kind: kind} }

func (t *till) Reserve(ctx context.Context, r mip.Reservation) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if ctx.Err() != nil && t.bug == "a hasty caller is refused" {
		return t.refuse(mip.ErrUnfunded)
	}
	if t.err != nil {
		kind := mip.KindOf(t.err)
		if !errors.Is(t.err, kind) {
			kind = mip.ErrUnavailable
		}
		if t.bug == "an outage is a refusal" {
			kind = mip.ErrUnfunded
		}
		return t.refuse(kind)
	}
	if r.Key == "" || r.Amount.Currency() != "EUR" || r.Amount.IsZero() || r.Amount.IsNegative() {
		if t.bug == "anything goes" {
			return nil
		}
		if t.bug == "a mistake is a refusal" {
			return t.refuse(mip.ErrUnfunded)
		}
		return t.refuse(mip.ErrInvalid)
	}
	if old, ok := t.rows[r.Key]; ok && t.bug != "a key counts every time" {
		return t.again(old, r)
	}
	if c, _ := r.Amount.Cmp(t.free()); t.short(c) {
		if t.bug == "a refusal keeps the money" {
			t.cash, _ = t.cash.Sub(mip.EUR(1))
		}
		if t.bug == "a refusal has the wrong kind" {
			return t.refuse(mip.ErrRefused)
		}
		return t.refuse(mip.ErrUnfunded)
	}
	if t.bug == "check, then act" {
		t.mu.Unlock()
		time.Sleep(time.Second)
		t.mu.Lock()
	}
	if _, ok := t.rows[r.Key]; ok && t.bug == "a key counts every time" {
		t.cash, _ = t.cash.Sub(r.Amount)
	}
	r.State = mip.ReservationOpen
	t.rows[r.Key] = r
	return nil
}

func (t *till) short(c int) bool {
	switch t.bug {
	case "overdraws":
		return false
	case "the last cent stays":
		return c >= 0
	}
	return c > 0
}

func (t *till) again(old, r mip.Reservation) error {
	switch {
	case t.bug == "a key takes any amount":
		return nil
	case t.bug == "a repetition needs the money again" && t.free().IsZero():
		return t.refuse(mip.ErrUnfunded)
	case old.State == mip.ReservationReleased && t.bug == "a released key comes back":
		old.State = mip.ReservationOpen
		t.rows[r.Key] = old
		return nil
	case old.State == mip.ReservationReleased || !old.Amount.Equal(r.Amount):
		return t.refuse(mip.ErrConflict)
	case old.State == mip.ReservationSettled && t.bug == "a settled key sets aside":
		old.State = mip.ReservationOpen
		t.rows[r.Key] = old
		t.cash, _ = t.cash.Sub(r.Amount)
	}
	return nil
}

func (t *till) Settle(_ context.Context, key string, actual mip.Money) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	r, ok := t.rows[key]
	switch {
	case !ok && t.bug == "settles what never was":
		return nil
	case !ok:
		return t.refuse(mip.ErrNotFound)
	case (actual.IsNegative() || actual.Currency() != "" && actual.Currency() != "EUR") && t.bug != "settles nonsense":
		return t.refuse(mip.ErrInvalid)
	}
	if c, err := actual.Cmp(r.Amount); err == nil && c > 0 && t.bug == "refuses a higher price" {
		return t.refuse(mip.ErrInvalid)
	}
	if r.State == mip.ReservationReleased && t.bug == "what is released stays released" {
		return t.refuse(mip.ErrConflict)
	}
	if r.State == mip.ReservationSettled && t.bug == "charges twice" {
		t.cash, _ = t.cash.Sub(actual)
	}
	r.State, r.Actual = mip.ReservationSettled, actual
	if t.bug == "the quote counts" {
		r.Actual = r.Amount
	}
	t.rows[key] = r
	return nil
}

func (t *till) Release(_ context.Context, key string) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	r, ok := t.rows[key]
	switch {
	case !ok && t.bug == "minds an unknown release":
		return t.refuse(mip.ErrNotFound)
	case !ok:
		return nil
	case r.State == mip.ReservationSettled && t.bug != "releases what is settled":
		return t.refuse(mip.ErrConflict)
	case r.State == mip.ReservationReleased && t.bug == "gives back twice":
		t.cash, _ = t.cash.Add(r.Amount)
	case t.bug == "forgets to release":
		return nil
	}
	r.State = mip.ReservationReleased
	t.rows[key] = r
	return nil
}

func (t *till) Available(context.Context) (mip.Money, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	rest := t.free()
	if t.word.Currency() != "" && t.bug != "deaf" {
		rest = t.word
		for _, r := range t.rows {
			if r.State == mip.ReservationOpen {
				rest, _ = rest.Sub(r.Amount)
			}
		}
	}
	if t.bug == "shows the balance" {
		rest = t.cash
	}
	if rest.IsNegative() && t.bug != "below nought" {
		return mip.EUR(0), nil
	}
	return rest, nil
}

func (t *till) Refused(_ context.Context, balance mip.Money) error {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.word = balance
	if t.bug == "a refusal drops reservations" {
		clear(t.rows)
	}
	return nil
}

func (t *till) Fee(amount mip.Money) mip.Money {
	switch t.bug {
	case "a fee in dollars":
		return mip.Minor(1, "USD")
	case "a fee below nought":
		return mip.EUR(-1)
	case "a fee that grows":
		t.cash, _ = t.cash.Add(mip.EUR(1))
		return t.cash
	}
	return amount.Scale(decimal.New(1, -2))
}

// purse puts the till into its world. Cash is debited by settling, so only
// what somebody else takes is told to it.
func (t *till) purse() miptest.Purse {
	return miptest.Purse{
		Payment: t,
		Debit: func(m mip.Money) {
			t.mu.Lock()
			defer t.mu.Unlock()
			if len(t.rows) == 0 && t.bug != "stale" {
				t.cash, _ = t.cash.Sub(m)
			}
		},
		Break: func(err error) { t.err = err },
	}
}
