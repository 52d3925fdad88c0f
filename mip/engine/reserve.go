package engine

import (
	"context"
	"errors"
	"slices"
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
// beginning with the one it has come to. Only a proven refusal leads to the
// next; a payment that waits, or any other error, ends the search. Before a
// method is asked it is committed that the attempt has come to it, so that
// whoever goes on after a crash or a lost answer goes on there.
func (e *Engine) reserve(ctx context.Context, o mip.Order, a mip.Attempt) (grant, error) {
	chain := e.chain(o)
	if len(chain) == 0 {
		return grant{why: []mip.Finding{noMethod(o)}}, nil
	}
	if !has(chain, a.Payment) || !has(chain, a.Pledge.Method) {
		return grant{why: []mip.Finding{{Code: mip.CodeChangedBefore, Severity: mip.Blocking, AutoClear: true}}}, nil
	}
	begin, err := e.begin(ctx, a, chain)
	if err != nil {
		return grant{}, err
	}
	short := mip.Finding{Code: mip.CodeInsufficientFunds, Severity: mip.Blocking, AutoClear: true,
		Params: map[string]string{"needed": a.Amount.Text(), "currency": a.Amount.Currency()}}
	refused, limited := false, len(from(chain, begin)) == len(chain)
	for _, p := range from(chain, begin) {
		if why := e.tooDear(o, p); len(why) > 0 {
			return grant{why: why}, nil
		}
		if err := e.turn(ctx, &o, &a, chain, p); err != nil {
			return grant{}, err
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
		limited = limited && short.Params[p.Name()] == mip.CodeLimitExceeded
	}
	if limited { // topping up would not help
		short.Code, short.Path, short.Params["method"] = mip.CodeLimitExceeded, "payment", chain[0].Name()
	}
	return grant{why: []mip.Finding{short}}, nil
}

// begin names the method to begin with: the one that the attempt has come to,
// unless a payment was begun before with a later one. That goes first, because
// it may have taken money, while nothing of it waits for a person.
func (e *Engine) begin(ctx context.Context, a mip.Attempt, chain []mip.Payment) (string, error) {
	rest := from(chain, a.Payment)
	pledged, ok := e.payment(a.Pledge.Method).(mip.Pender)
	if a.Pledge.Key == "" || !ok || rest[0].Name() == a.Pledge.Method || !has(rest, a.Pledge.Method) {
		return a.Payment, nil
	}
	call, cancel := context.WithTimeout(ctx, e.timing.Call)
	defer cancel()
	now, err := pledged.Pending(call, a.Pledge.Key)
	switch {
	case mip.KindOf(err) == mip.ErrNotFound:
		return a.Payment, nil
	case err != nil:
		return "", err
	case now.State == mip.PaymentWaiting && now.URL != "", now.State == mip.PaymentEnded:
		return a.Payment, nil
	}
	return a.Pledge.Method, nil
}

// turn commits that an attempt comes to a method, and closes a pledge with an
// earlier one, which has refused.
func (e *Engine) turn(ctx context.Context, o *mip.Order, a *mip.Attempt, chain []mip.Payment, p mip.Payment) error {
	if a.Payment != p.Name() && (a.Payment != "" || p != chain[0]) {
		r, err := e.apply(ctx, o.Ref, mip.Event{Kind: mip.EventPaying, Attempt: a.Number, Payment: p.Name(), Version: o.Version})
		if err != nil {
			return err
		}
		*o, *a = r.Order, *attempt(r.Order, a.Number)
	}
	if m := a.Pledge.Method; a.Pledge.Key == "" || has(from(chain, p.Name()), m) {
		return nil
	}
	return e.payment(a.Pledge.Method).Release(ctx, a.Pledge.Key)
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
	case now == nil || !now.InFlight() && !now.Awaits:
		return time.Time{}, e.release(ctx, o, a, "")
	case !now.InFlight():
		return time.Time{}, nil
	case now.SentAt.IsZero():
		return e.now(), nil // it changed, and may not leave as it is: look again
	}
	return now.SentAt.Add(e.timing.Lease), nil
}

// handedOn reports whether a later attempt goes on with a payment of this one.
func handedOn(o mip.Order, a mip.Attempt, key string) bool {
	return slices.ContainsFunc(o.Attempts, func(b mip.Attempt) bool { return b.Number > a.Number && b.Pledge.Key == key })
}
