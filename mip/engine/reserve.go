package engine

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/openmip/openmip/mip"
)

// reserve sets money aside for an attempt with the first method that can pay,
// beginning with the one the attempt names. Only a proven refusal leads to
// the next; any other error ends the search. No method and no error means
// that none can pay, for the findings returned.
func (e *Engine) reserve(ctx context.Context, o mip.Order, a mip.Attempt) (string, []mip.Finding, error) {
	f := mip.Finding{Code: mip.CodeInsufficientFunds, Severity: mip.Blocking, AutoClear: true,
		Params: map[string]string{"needed": a.Amount.Text(), "currency": a.Amount.Currency()}}
	for _, p := range e.payments[e.methodIndex(a.Payment):] {
		err := p.Reserve(ctx, mip.Reservation{Key: a.Key(), Ref: o.Ref, Amount: a.Amount})
		if err == nil {
			return p.Name(), nil, nil
		}
		switch mip.KindOf(err) {
		case mip.ErrUnfunded:
		case mip.ErrInvalid, mip.ErrRefused: // and will not be otherwise next time
			return "", []mip.Finding{{Code: mip.CodePaymentInvalid, Path: "payment", Severity: mip.Blocking,
				Params: map[string]string{"method": p.Name()}}}, nil
		default:
			return "", nil, err
		}
		if me, ok := errors.AsType[*mip.Error](err); ok && me.Code != "" {
			f.Params[p.Name()] = me.Code
		}
		if funder, ok := p.(mip.Funder); ok {
			if left, err := funder.Available(ctx); err == nil {
				f.Params["available"] = left.Text()
			}
		}
	}
	return "", []mip.Finding{f}, nil
}

// methodIndex returns the position of a payment method, 0 for an unknown one.
func (e *Engine) methodIndex(name string) int {
	return max(0, slices.IndexFunc(e.payments, func(p mip.Payment) bool { return p.Name() == name }))
}

// nextMethod names the method after the one the supplier has just refused to
// take money from, empty if there is none. Its attempt begins with a look-up,
// like every attempt after the first, so that a refusal which bought after all
// is found before anything else is paid.
func (e *Engine) nextMethod(ctx context.Context, a mip.Attempt, refusals []mip.Finding) string {
	i := e.methodIndex(a.Payment)
	if f, ok := e.payments[i].(mip.Funder); ok {
		_ = f.Refused(ctx, balance(refusals)) // the supplier's word replaces what was cached
	}
	if i+1 >= len(e.payments) {
		return ""
	}
	return e.payments[i+1].Name()
}

// balance is what a supplier that refused for money said is there, the zero
// value if it did not say.
func balance(refusals []mip.Finding) mip.Money {
	for _, f := range refusals {
		if m, err := mip.ParseMoney(f.Params["moneyBoxAmount"], f.Params["currency"]); err == nil && f.Code == mip.CodeInsufficientFunds {
			return m
		}
	}
	return mip.Money{}
}

// abandon gives back what was reserved for an attempt that somebody else
// ended, before this worker could send it. If it is marked as sent instead,
// the one who sends needs the reservation; again is when their verdict is
// overdue, because they may have died before they called. The mark may even
// be this worker's own, committed by a try whose answer was lost.
func (e *Engine) abandon(ctx context.Context, ref mip.Ref, a mip.Attempt) (again time.Time, err error) {
	o, err := e.store.Order(ctx, ref)
	if err != nil {
		return time.Time{}, err
	}
	now := attempt(o, a.Number)
	switch {
	case now == nil || !now.InFlight():
		return time.Time{}, e.release(ctx, a)
	case now.SentAt.IsZero():
		return e.now(), nil // it changed, and may not leave as it is: look again
	}
	return now.SentAt.Add(e.timing.Lease), nil
}

// release gives an attempt's reservation back, with whichever method it was
// made.
func (e *Engine) release(ctx context.Context, a mip.Attempt) error {
	for _, p := range e.payments {
		if err := p.Release(ctx, a.Key()); err != nil && !errors.Is(err, mip.ErrConflict) {
			return err
		}
	}
	return nil
}

// settle closes the payment of an attempt whose outcome is known.
func (e *Engine) settle(ctx context.Context, ref mip.Ref, number int) (time.Time, error) {
	o, err := e.store.Order(ctx, ref)
	if err != nil {
		return time.Time{}, err
	}
	a := attempt(o, number)
	if a == nil || a.Settled || a.InFlight() {
		return time.Time{}, nil
	}
	paid := mip.Money{}
	if a.Outcome == mip.OutcomeRefused {
		err = e.release(ctx, *a)
	} else {
		p := e.payments[e.methodIndex(a.Payment)]
		paid = cost(o, *a)
		if err = p.Settle(ctx, a.Key(), paid); errors.Is(err, mip.ErrNotFound) {
			err = nil // bought under an earlier attempt's reservation, which was released
		} else if errors.Is(err, mip.ErrInvalid) {
			paid = mip.Money{} // not an amount to settle with: what was reserved stands
			err = p.Settle(ctx, a.Key(), paid)
		}
	}
	if err != nil {
		return time.Time{}, err
	}
	return time.Time{}, e.tell(ctx, ref, mip.Event{Kind: mip.EventSettled, Attempt: number, Amount: paid})
}

// cost is what an attempt's placements cost: as told, else as quoted for
// their warehouse, else the whole amount that was reserved.
func cost(o mip.Order, a mip.Attempt) mip.Money {
	var total mip.Money
	for _, p := range o.Placements {
		if p.Attempt != a.Number {
			continue
		}
		c := p.Cost
		if c.Currency() == "" {
			c = quoted(o.Quote, p)
		}
		sum, err := total.Add(c)
		if err != nil || c.Currency() == "" {
			return a.Amount
		}
		total = sum
	}
	return total
}

// quoted is what the check said a placement's warehouse would cost, the zero
// value if it did not.
func quoted(q mip.Quote, p mip.Placement) mip.Money {
	for _, part := range q.Parts {
		if part.Warehouse == p.Warehouse && part.Warehouse != "" {
			return part.Total
		}
		for _, it := range p.Items {
			if slices.Contains(part.SKUs, it.SKU) {
				return part.Total
			}
		}
	}
	return mip.Money{}
}
