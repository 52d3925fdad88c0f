package engine

import (
	"context"
	"errors"

	"github.com/openmip/openmip/mip"
)

// Forecast is how far the money goes.
type Forecast struct {
	Available mip.Money // what the first payment can still reserve; no currency: it cannot tell
	Reserved  mip.Money // set aside for purchases under way or unknown; no currency: it cannot tell
	Underway  mip.Money // of orders that are about to be bought, and not reserved yet
	Waiting   int       // orders held for money alone
	Needed    mip.Money // what they cost, as far as that is known
	Unpriced  int       // of them, those whose price nobody told yet
	// Missing is what Needed and Underway exceed Available by: "the queue
	// needs €X more". Nought if the money goes round.
	Missing mip.Money
}

// Forecast says how much money the waiting orders need, and how much of it is
// missing. It reads the held and submitting orders, and the balance as it is
// cached.
func (e *Engine) Forecast(ctx context.Context) (Forecast, error) {
	q, err := e.queued(ctx)
	if err != nil {
		return Forecast{}, err
	}
	out := Forecast{Underway: q.underway, Waiting: len(q.wishes), Needed: q.needed, Unpriced: q.unpriced}
	if f, ok := e.payments[0].(mip.Funder); ok {
		if out.Available, err = f.Available(ctx); err != nil {
			return Forecast{}, err
		}
	}
	if r, ok := e.payments[0].(mip.Reconciler); ok {
		if out.Reserved, err = r.Reserved(ctx); err != nil {
			return Forecast{}, err
		}
	}
	if out.Missing = minus(plus(q.needed, q.underway), out.Available); out.Missing.IsNegative() {
		out.Missing = out.Missing.Times(0)
	}
	return out, nil
}

// queued is what waits for the first payment's money.
type queued struct {
	wishes   []wish // earliest ship-by date first
	needed   mip.Money
	unpriced int
	underway mip.Money // approved and not reserved yet
}

// wish is one order that is held for money alone.
type wish struct {
	ref     mip.Ref
	version int
	price   mip.Money   // no currency: nobody told
	then    []mip.Money // what was available when it was held
}

// moreThan reports whether there is more than when the order was held. It
// matters where nobody told its price, or the supplier refused although the
// purse seemed to suffice.
func (w wish) moreThan(left mip.Money) bool {
	for _, then := range w.then {
		if c, err := left.Cmp(then); err == nil && c <= 0 {
			return false
		}
	}
	return true
}

// queued reads the orders that wait for money, and those that are about to
// take some.
func (e *Engine) queued(ctx context.Context) (queued, error) {
	var out queued
	for o, err := range e.store.Orders(ctx, mip.Query{States: []mip.State{mip.StatePendingReview}, Code: mip.CodeInsufficientFunds}) {
		if err != nil {
			return out, err
		}
		if !onlyMoney(o) || !e.paidFirst(o) {
			continue
		}
		w := wish{ref: o.Ref, version: o.Version, price: o.Quote.Total}
		for _, f := range o.Holding() {
			if then, err := mip.ParseMoney(f.Params["available"], f.Params["currency"]); err == nil {
				w.then = append(w.then, then)
			}
		}
		out.wishes = append(out.wishes, w)
		out.needed = plus(out.needed, w.price)
		if w.price.Currency() == "" {
			out.unpriced++
		}
	}
	for o, err := range e.store.Orders(ctx, mip.Query{States: []mip.State{mip.StateSubmitting}}) {
		if err != nil {
			return out, err
		}
		needs, err := e.unreserved(ctx, o)
		if err != nil {
			return out, err
		}
		out.underway = plus(out.underway, needs)
	}
	return out, nil
}

// unreserved is what an order will reserve with the first payment, and has
// not yet.
func (e *Engine) unreserved(ctx context.Context, o mip.Order) (mip.Money, error) {
	a := o.LastAttempt()
	if a == nil || a.Outcome != mip.OutcomeOpen || !a.SentAt.IsZero() || a.Payment != "" && a.Payment != e.payments[0].Name() || !e.paidFirst(o) {
		return mip.Money{}, nil
	}
	_, err := e.store.Reservation(ctx, a.PaymentKey(e.payments[0].Name()))
	switch {
	case err == nil:
		return mip.Money{}, nil
	case errors.Is(err, mip.ErrNotFound):
		return a.Amount, nil
	}
	return mip.Money{}, err
}

// paidFirst reports whether an order may be paid with the first payment.
func (e *Engine) paidFirst(o mip.Order) bool {
	for _, p := range e.chain(o) {
		if p == e.payments[0] {
			return true
		}
	}
	return false
}

// onlyMoney reports whether nothing but money is missing, be it in the purse
// or from another payment that has been begun.
func onlyMoney(o mip.Order) bool {
	holding := o.Holding()
	for _, f := range holding {
		switch f.Code {
		case mip.CodeInsufficientFunds, mip.CodePaymentPending, mip.CodePaymentEnded:
		default:
			return false
		}
	}
	return len(holding) > 0
}

// plus adds b to a; an amount in another currency changes nothing, because
// the purse cannot pay it.
func plus(a, b mip.Money) mip.Money {
	if sum, err := a.Add(b); err == nil {
		return sum
	}
	return a
}

// minus takes b from a, likewise.
func minus(a, b mip.Money) mip.Money {
	if rest, err := a.Sub(b); err == nil {
		return rest
	}
	return a
}
