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
	} else {
		paid = cost(o, *a)
		if paid, err = e.pay(ctx, o, *a, paid); err == nil {
			err = e.release(ctx, o, *a, a.Payment)
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
	return e.tell(ctx, ref, mip.Event{Kind: mip.EventSettled, Attempt: number, Amount: paid})
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
// the amount that stands.
func (e *Engine) pay(ctx context.Context, o mip.Order, a mip.Attempt, paid mip.Money) (mip.Money, error) {
	p := e.payment(a.Payment)
	if p == nil {
		return paid, unknownMethod("engine: settle", a.Payment)
	}
	err := p.Settle(ctx, a.PaymentKey(p.Name()), paid)
	if errors.Is(err, mip.ErrNotFound) {
		return paid, e.payEarlier(ctx, o, a, p, paid)
	}
	if errors.Is(err, mip.ErrInvalid) {
		return mip.Money{}, p.Settle(ctx, a.PaymentKey(p.Name()), mip.Money{}) // not an amount to settle with: what was reserved stands
	}
	return paid, err
}

// payEarlier settles what an attempt found before it had reserved anything: it
// was bought by an earlier one under the same reference, whose reservation was
// released because it seemed not to have arrived. The supplier debited a purse
// all the same; any other payment was really given back.
func (e *Engine) payEarlier(ctx context.Context, o mip.Order, a mip.Attempt, p mip.Payment, paid mip.Money) error {
	if _, purse := p.(mip.Funder); !purse {
		return nil
	}
	for _, b := range slices.Backward(o.Attempts) {
		if b.Number >= a.Number || b.Reference != a.Reference || b.SentAt.IsZero() {
			continue
		}
		if err := p.Settle(ctx, b.PaymentKey(p.Name()), paid); !errors.Is(err, mip.ErrNotFound) {
			return err
		}
	}
	return nil
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
