package engine

import (
	"context"
	"errors"
	"time"

	"github.com/openmip/openmip/mip"
)

// settleEarlier closes the payments of an order's earlier attempts, before a
// new one asks anybody for money: what those took, or may have taken, is given
// back first, or is known to pay for something else. done: the attempt goes no
// further now.
func (e *Engine) settleEarlier(ctx context.Context, o mip.Order, a mip.Attempt) (settled, done bool, again time.Time, err error) {
	for _, b := range unsettled(o) {
		if b.Number >= a.Number || b.InFlight() {
			continue
		}
		cause := e.settle(ctx, o.Ref, b.Number)
		if cause == nil {
			settled = true
			continue
		}
		e.failed(ctx, o.Ref, cause)
		age := e.now().Sub(a.StartedAt)
		if (mip.Repeatable(cause) || errors.Is(cause, mip.ErrUnknown)) && age < e.timing.Retry.Max {
			return settled, true, e.now().Add(e.timing.Retry.Delay(tries(e.timing, age), o.Ref.String(), cause)), nil
		}
		return settled, true, time.Time{}, e.refuse(ctx, o, a.Number, unsettledFinding(b))
	}
	return settled, false, time.Time{}, nil
}

// unsettled returns the attempts that ended and whose payment nobody has
// closed yet, without those that a person let pass.
func unsettled(o mip.Order) []mip.Attempt {
	var out []mip.Attempt
	for _, a := range o.Attempts {
		if !a.Settled && !a.InFlight() && !a.Awaits && len(mip.Holding([]mip.Finding{unsettledFinding(a)}, o.Overrides)) > 0 {
			out = append(out, a)
		}
	}
	return out
}

func unsettledFinding(a mip.Attempt) mip.Finding {
	return mip.Finding{Code: mip.CodePaymentUnsettled, Path: "payment", Severity: mip.Overridable, AutoClear: true,
		Params: map[string]string{"method": methodOf(a)}, Value: mip.ValueHash(a.Key())}
}

// stillUnsettled is what an order that is held for an earlier payment still
// waits for: no attempt is begun until that is closed.
func stillUnsettled(o mip.Order) []mip.Finding {
	for _, f := range o.Findings {
		if f.Code != mip.CodePaymentUnsettled {
			continue
		}
		for _, a := range unsettled(o) {
			return []mip.Finding{unsettledFinding(a)}
		}
	}
	return nil
}
