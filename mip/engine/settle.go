package engine

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/openmip/openmip/mip"
)

// settle closes the payment of an attempt whose outcome is known.
func (e *Engine) settle(ctx context.Context, ref mip.Ref, number int) error {
	o, err := e.store.Order(ctx, ref)
	if err != nil {
		return err
	}
	a := attempt(o, number)
	if a == nil || a.Settled || a.InFlight() || a.Awaits {
		return nil
	}
	paid := mip.Money{}
	if a.Outcome == mip.OutcomeRefused {
		err = e.release(ctx, o, *a, "")
	} else if paid, err = e.pay(ctx, o, *a); err == nil {
		err = e.release(ctx, o, *a, a.Payment)
	}
	if mip.KindOf(err) == mip.ErrConflict && a.Outcome != mip.OutcomeRefused { // what was set aside cannot be taken, as yet
		if err := e.underpaid(ctx, ref, map[string]string{"method": methodOf(*a)}); err != nil {
			return err
		}
	}
	if mip.KindOf(err) == mip.ErrRefused {
		f := mip.Finding{Code: mip.CodeRefundFailed, Path: "payment", Severity: mip.Notice, Params: map[string]string{"method": methodOf(*a)}}
		if err := e.tell(ctx, ref, mip.Event{Kind: mip.EventNoted, Findings: []mip.Finding{f}}); err != nil {
			return err
		}
		if a.Outcome != mip.OutcomeRefused {
			err = nil // bought and paid, only too much of it
		}
	}
	if err != nil {
		return err
	}
	return e.tell(ctx, ref, mip.Event{Kind: mip.EventSettled, Attempt: number, Outcome: a.Outcome, Amount: paid})
}

// methodOf names the method that an attempt's money went through, as far as
// known.
func methodOf(a mip.Attempt) string {
	if a.Payment == "" {
		return a.Pledge.Method
	}
	return a.Payment
}

// pay settles an attempt with the method that it was bought with, and returns
// the amount that stands. One that found its goods before it had reserved
// anything was bought by an earlier one under the same reference, with that
// one's method, whose reservation was released because it seemed not to have
// arrived. The supplier debited or charged it all the same.
func (e *Engine) pay(ctx context.Context, o mip.Order, a mip.Attempt) (mip.Money, error) {
	price := cost(o, a)
	paid, err := e.payWithMethod(ctx, o.Ref, a, price)
	for _, b := range slices.Backward(o.Attempts) {
		if !errors.Is(err, mip.ErrNotFound) {
			return paid, err
		}
		if b.Number < a.Number && b.Reference == a.Reference && !b.SentAt.IsZero() {
			paid, err = e.payWithMethod(ctx, o.Ref, b, price)
		}
	}
	if errors.Is(err, mip.ErrNotFound) {
		return price, nil
	}
	return paid, err
}

// payWithMethod settles an attempt with the method that it was sent with, and
// says so if less was paid than the goods cost: the payment had been given back.
func (e *Engine) payWithMethod(ctx context.Context, ref mip.Ref, a mip.Attempt, price mip.Money) (mip.Money, error) {
	p := e.payment(a.Payment)
	if p == nil {
		return price, unknownMethod("engine: settle", a.Payment)
	}
	key := a.PaymentKey(p.Name())
	err := p.Settle(ctx, key, price)
	if errors.Is(err, mip.ErrInvalid) { // not an amount to settle with: what was reserved stands
		price = mip.Money{}
		err = p.Settle(ctx, key, price)
	}
	if err != nil && !errors.Is(err, mip.ErrRefused) {
		return price, err
	}
	r, unseen := e.store.Reservation(ctx, key)
	if unseen != nil || r.State != mip.ReservationSettled || r.Actual.Currency() == "" {
		return price, err // its books are elsewhere
	}
	if c, differ := r.Actual.Cmp(price); differ == nil && c < 0 && err == nil {
		return r.Actual, e.underpaid(ctx, ref, map[string]string{"method": p.Name(), "paid": r.Actual.Text(), "cost": price.Text(), "currency": price.Currency()})
	}
	return r.Actual, err
}

// underpaid says that an order is bought and less is paid than it cost.
func (e *Engine) underpaid(ctx context.Context, ref mip.Ref, params map[string]string) error {
	f := mip.Finding{Code: mip.CodeUnderpaid, Path: "payment", Severity: mip.Notice, Params: params}
	return e.tell(ctx, ref, mip.Event{Kind: mip.EventNoted, Findings: []mip.Finding{f}})
}

// unknownMethod: nobody can tell what was paid with a method that is not
// configured any more.
func unknownMethod(op, name string) error {
	return &mip.Error{Op: op, Kind: mip.ErrInvalid, Err: fmt.Errorf("no payment is named %q", name)}
}

// release gives back what was reserved for an attempt, with whichever method
// it was made, except with one that is kept, and what a later attempt goes on
// with.
func (e *Engine) release(ctx context.Context, o mip.Order, a mip.Attempt, except string) error {
	for _, name := range []string{a.Payment, a.Pledge.Method} {
		if e.payment(name) == nil {
			return unknownMethod("engine: release", name)
		}
	}
	for _, p := range e.payments {
		key := a.PaymentKey(p.Name())
		if except != "" && p.Name() == except || handedOn(o, a, key) {
			continue
		}
		if err := p.Release(ctx, key); err != nil && !errors.Is(err, mip.ErrConflict) {
			return err
		}
	}
	return nil
}

// cost is what an attempt's placements cost: as told or quoted, else the whole
// amount that was reserved.
func cost(o mip.Order, a mip.Attempt) mip.Money {
	var total mip.Money
	for _, p := range o.Placements {
		if p.Attempt != a.Number {
			continue
		}
		sum, err := total.Add(p.Cost)
		if err != nil || p.Cost.Currency() == "" {
			return a.Amount
		}
		total = sum
	}
	return total
}
