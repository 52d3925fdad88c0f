package engine

import (
	"context"
	"time"

	"github.com/openmip/openmip/mip"
)

// wait records that an attempt's payment waits, and tells whoever must act.
func (e *Engine) wait(ctx context.Context, o mip.Order, a mip.Attempt, g grant) (again time.Time, err error) {
	_, err = e.apply(ctx, o.Ref, mip.Event{Kind: mip.EventAwaiting, Attempt: a.Number, Payment: g.method,
		Findings: g.why, Next: e.nextLookAt(*g.pending)})
	if mip.KindOf(err) == mip.ErrIgnored {
		return e.abandon(ctx, o.Ref, a)
	}
	if err == nil && e.hooks.Approve != nil && a.Pledge.Key == "" {
		e.hooks.Approve(ctx, o.Ref, *g.pending)
	}
	return time.Time{}, err
}

// await looks where a pending payment stands: ready, and the order is checked
// again and sent with it; ended, and it is given back and tried anew.
func (e *Engine) await(ctx context.Context, ref mip.Ref, number int) (time.Time, error) {
	o, err := e.store.Order(ctx, ref)
	if err != nil {
		return time.Time{}, err
	}
	a := attempt(o, number)
	if a == nil || !a.Awaits {
		return time.Time{}, nil
	}
	p, ok := e.payment(a.Pledge.Method).(mip.Pender)
	if !ok {
		return time.Time{}, e.ended(ctx, ref, *a, "method")
	}
	call, cancel := context.WithTimeout(ctx, e.timing.Call)
	defer cancel()
	now, err := p.Pending(call, a.Pledge.Key)
	switch {
	case mip.KindOf(err) == mip.ErrNotFound:
		return time.Time{}, e.ended(ctx, ref, *a, "unknown")
	case err != nil:
		return time.Time{}, err
	case now.State == mip.PaymentEnded:
		return time.Time{}, e.ended(ctx, ref, *a, now.Reason)
	case now.State == mip.PaymentReady && waitsForPayment(o):
		if err := e.tell(ctx, ref, mip.Event{Kind: mip.EventRecheck, Why: "the payment is ready"}); err != nil {
			return time.Time{}, err
		}
	case now.State == mip.PaymentReady && e.now().Sub(a.EndedAt) >= e.timing.ReadyFor:
		return time.Time{}, e.ended(ctx, ref, *a, "unused")
	}
	return e.nextLookAt(now), nil
}

// ended gives up a payment that came to nothing. It is released by the effect
// that this commits: until then the next attempt may have taken it over.
func (e *Engine) ended(ctx context.Context, ref mip.Ref, a mip.Attempt, reason string) error {
	f := mip.Finding{Code: mip.CodePaymentEnded, Path: "payment", Severity: mip.Blocking, AutoClear: true,
		Params: map[string]string{"method": a.Pledge.Method, "reason": reason}}
	return e.tell(ctx, ref, mip.Event{Kind: mip.EventPaymentEnded, Attempt: a.Number, Findings: []mip.Finding{f},
		Next: e.now().Add(e.timing.Retry.Max)})
}

// PaymentMoved looks at once where an order's pending payment stands: for
// those who hear of it first, such as a payment provider's webhook or the
// page a payer returns to. An order without one is no error.
func (e *Engine) PaymentMoved(ctx context.Context, ref mip.Ref) error {
	o, err := e.store.Order(ctx, ref)
	if err != nil {
		return err
	}
	for _, a := range o.Attempts {
		if a.Awaits {
			_, err := e.await(ctx, ref, a.Number)
			return err
		}
	}
	return nil
}

func waitsForPayment(o mip.Order) bool {
	for _, f := range o.Holding() {
		if f.Code == mip.CodePaymentPending {
			return true
		}
	}
	return false
}

// nextLookAt is as told, and a minute to an hour from now.
func (e *Engine) nextLookAt(p mip.PendingPayment) time.Time {
	at := e.now()
	next := p.Next
	if next.Before(at.Add(time.Minute)) {
		next = at.Add(time.Minute)
	}
	if last := at.Add(time.Hour); next.After(last) || p.Next.IsZero() {
		next = last
	}
	return next
}
