package engine

import (
	"context"

	"github.com/openmip/openmip/mip"
)

// Recheck looks at the purse if orders wait for money, and has those checked
// again that the money goes round for: earliest ship-by date first, what is
// too dear for the rest is passed over. It returns how many were released to
// their check. While none waits it looks at the purse once per
// [Timing].Reconcile. Both looks reconcile every balance. What fails goes to
// the hooks as well.
func (e *Engine) Recheck(ctx context.Context) (int, error) {
	n, err := e.look(ctx)
	if err != nil && ctx.Err() == nil {
		e.failed(ctx, mip.Ref{}, err)
	}
	return n, err
}

func (e *Engine) look(ctx context.Context) (int, error) {
	f, ok := e.payments[0].(mip.Funder)
	if !ok {
		if e.watch.dueAt(e.now(), e.timing.Reconcile) {
			_, err := e.reconcile(ctx)
			return 0, err
		}
		return 0, nil
	}
	q, err := e.queued(ctx)
	if err != nil {
		return 0, err
	}
	due := e.watch.dueAt(e.now(), e.timing.Reconcile)
	if len(q.wishes) == 0 && !due {
		e.watch.noShortage()
		return 0, nil
	}
	inDoubt, err := e.reconcile(ctx)
	if err != nil {
		return 0, err
	}
	left, err := f.Available(ctx)
	if err != nil {
		return 0, err
	}
	e.watch.lookedAt(e.now())
	e.tellBalance(ctx, left)
	if len(q.wishes) == 0 {
		e.watch.noShortage()
		return 0, nil
	}
	n, resting, err := e.recheckWithin(ctx, q.wishes, minus(left, q.underway))
	e.tellShortage(ctx, left, q, inDoubt, resting && n == 0)
	return n, err
}

// recheckWithin releases the wishes that left goes round for. resting: none
// released earlier is still waiting for its check.
func (e *Engine) recheckWithin(ctx context.Context, wishes []wish, left mip.Money) (n int, resting bool, err error) {
	var open []wish
	for _, o := range wishes {
		if e.watch.promised(o.ref, o.version, e.now()) {
			left = minus(left, o.price)
			continue
		}
		open = append(open, o)
	}
	for _, o := range open {
		rest, err := left.Sub(o.price)
		if err != nil || rest.IsNegative() || left.IsZero() || !o.moreThan(left) {
			continue
		}
		at := e.watch.strictlyAfter(e.now())
		r, err := e.applyAt(ctx, o.ref, mip.Event{Kind: mip.EventRecheck, Why: "money is there"}, at)
		if err != nil {
			if mip.KindOf(err) == mip.ErrIgnored {
				left = rest // another process released it
				continue
			}
			return n, false, err
		}
		e.watch.promise(o.ref, r.Order.Version, at)
		left = rest
		n++
	}
	return n, len(open) == len(wishes), nil
}

// reconcile compares every balance with what was spent. inDoubt is what of
// the first payment's may count twice just now.
func (e *Engine) reconcile(ctx context.Context) (inDoubt mip.Money, err error) {
	for i, p := range e.payments {
		r, ok := p.(mip.Reconciler)
		if !ok {
			continue
		}
		s, err := r.Reconcile(ctx)
		if err != nil {
			return inDoubt, err
		}
		if i == 0 {
			inDoubt = s.Open
		}
		if s.Drift == mip.DriftNone {
			continue
		}
		e.log.WarnContext(ctx, "balance moved", "payment", p.Name(), "drift", s.Drift, "unexplained", s.Unexplained.String())
		if e.hooks.Drift != nil {
			e.hooks.Drift(ctx, p.Name(), s)
		}
	}
	e.watch.lookedAt(e.now())
	return inDoubt, nil
}

// tellBalance tells when too little is available.
func (e *Engine) tellBalance(ctx context.Context, available mip.Money) {
	if e.lowBalance.Currency() == "" {
		return
	}
	c, err := available.Cmp(e.lowBalance)
	if err == nil && e.watch.fell(c < 0) && e.hooks.BalanceLow != nil {
		e.hooks.BalanceLow(ctx, available)
	}
}

// tellShortage tells when the queue needs more than there is. What is in
// doubt makes no alarm, and no other figure.
func (e *Engine) tellShortage(ctx context.Context, available mip.Money, q queued, inDoubt mip.Money, resting bool) {
	missing := minus(plus(q.needed, q.underway), available)
	if missing.IsZero() || missing.IsNegative() {
		e.watch.noShortage()
		return
	}
	certain := minus(missing, inDoubt)
	if certain.IsZero() || certain.IsNegative() {
		return
	}
	if e.watch.short(missing, resting && inDoubt.IsZero(), e.now()) && e.hooks.WalletLow != nil {
		e.hooks.WalletLow(ctx, available, plus(q.needed, q.underway))
	}
}
