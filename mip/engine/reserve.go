package engine

import (
	"context"
	"errors"
	"time"

	"github.com/openmip/openmip/mip"
)

// grant is how a search for money ended: with a method that set it aside,
// with one that waits, or with the reasons why none can pay.
type grant struct {
	method  string
	fee     mip.Money
	pending *mip.PendingPayment
	why     []mip.Finding
}

// reserve sets money aside for an attempt with the first method that can pay,
// beginning with the one the attempt names. Only a proven refusal leads to
// the next; a payment that waits, or any other error, ends the search.
func (e *Engine) reserve(ctx context.Context, o mip.Order, a mip.Attempt) (grant, error) {
	chain := e.chain(o)
	if len(chain) == 0 {
		return grant{why: []mip.Finding{noMethod(o)}}, nil
	}
	short := mip.Finding{Code: mip.CodeInsufficientFunds, Severity: mip.Blocking, AutoClear: true,
		Params: map[string]string{"needed": a.Amount.Text(), "currency": a.Amount.Currency()}}
	refused := false
	for _, p := range from(chain, a.Payment) {
		if why := e.tooDear(o, p); len(why) > 0 {
			return grant{why: why}, nil
		}
		err := p.Reserve(ctx, mip.Reservation{Key: a.PaymentKey(p.Name()), Ref: o.Ref, Amount: a.Amount})
		if err == nil {
			return grant{method: p.Name(), fee: fee(p, a.Amount)}, nil
		}
		switch mip.KindOf(err) {
		case mip.ErrUnfunded:
		case mip.ErrPending:
			waits, ok := errors.AsType[*mip.PendingPayment](err)
			if !ok {
				return grant{}, err
			}
			g := grant{method: p.Name(), pending: waits, why: []mip.Finding{pendingFinding(p.Name(), *waits)}}
			if refused {
				g.why = append(g.why, short) // money for an earlier method would help as well
			}
			return g, nil
		case mip.ErrInvalid, mip.ErrRefused: // and will not be otherwise next time
			return grant{why: []mip.Finding{{Code: mip.CodePaymentInvalid, Path: "payment", Severity: mip.Blocking,
				Params: map[string]string{"method": p.Name()}}}}, nil
		default:
			return grant{}, err
		}
		refused = true
		note(ctx, &short, p, err)
	}
	return grant{why: []mip.Finding{short}}, nil
}

// note adds to a finding why a method refused, and what it has left.
func note(ctx context.Context, f *mip.Finding, p mip.Payment, refusal error) {
	if me, ok := errors.AsType[*mip.Error](refusal); ok && me.Code != "" {
		f.Params[p.Name()] = me.Code
	}
	if funder, ok := p.(mip.Funder); ok {
		if left, err := funder.Available(ctx); err == nil {
			f.Params["available"] = left.Text()
		}
	}
}

// pendingFinding says what a payment waits for.
func pendingFinding(method string, p mip.PendingPayment) mip.Finding {
	f := mip.Finding{Code: mip.CodePaymentPending, Path: "payment", Severity: mip.Blocking, AutoClear: true,
		Params: map[string]string{"method": method, "reason": p.Reason}}
	if p.URL != "" {
		f.Params["url"] = p.URL
	}
	if !p.Until.IsZero() {
		f.Params["until"] = p.Until.UTC().Format(time.RFC3339)
	}
	return f
}

// abandon gives back what was reserved for an attempt that somebody else
// ended, before this worker could send it. If it is marked as sent instead,
// the one who sends needs the reservation; again is when their verdict is
// overdue, because they may have died before they called. The mark may even
// be this worker's own, committed by a try whose answer was lost. A payment
// that waits is kept.
func (e *Engine) abandon(ctx context.Context, ref mip.Ref, a mip.Attempt) (again time.Time, err error) {
	o, err := e.store.Order(ctx, ref)
	if err != nil {
		return time.Time{}, err
	}
	now := attempt(o, a.Number)
	switch {
	case now == nil || !now.InFlight() && !now.Awaits && !handedOn(o, *now):
		return time.Time{}, e.release(ctx, a, "")
	case !now.InFlight():
		return time.Time{}, nil
	case now.SentAt.IsZero():
		return e.now(), nil // it changed, and may not leave as it is: look again
	}
	return now.SentAt.Add(e.timing.Lease), nil
}

// handedOn reports whether a later attempt goes on with this one's payment.
func handedOn(o mip.Order, a mip.Attempt) bool {
	for _, b := range o.Attempts {
		if b.Number > a.Number && a.Pledge.Key != "" && b.Pledge == a.Pledge {
			return true
		}
	}
	return false
}
