package engine

import (
	"context"

	"github.com/openmip/openmip/mip"
)

// Recheck looks at the purse if orders wait for money, and has those checked
// again that the money goes round for: earliest ship-by date first, what is
// too dear for the rest is passed over. It returns how many were released to
// their check.
func (e *Engine) Recheck(ctx context.Context) (int, error) {
	f, ok := e.payments[0].(mip.Funder)
	if !ok {
		return 0, nil
	}
	var waiting []mip.Order
	var needed mip.Money
	for o, err := range e.store.Orders(ctx, mip.Query{States: []mip.State{mip.StatePendingReview}, Code: mip.CodeInsufficientFunds}) {
		if err != nil {
			return 0, err
		}
		if !onlyMoney(o) {
			continue
		}
		waiting = append(waiting, o)
		if sum, err := needed.Add(o.Quote.Total); err == nil {
			needed = sum
		}
	}
	if len(waiting) == 0 {
		return 0, nil
	}
	left, err := f.Available(ctx)
	if err != nil {
		e.failed(ctx, mip.Ref{}, err)
		return 0, err
	}
	if short, err := left.Cmp(needed); err == nil && short < 0 && e.hooks.WalletLow != nil {
		e.hooks.WalletLow(ctx, left, needed)
	}
	return e.recheckWithin(ctx, waiting, left)
}

func (e *Engine) recheckWithin(ctx context.Context, waiting []mip.Order, left mip.Money) (int, error) {
	n := 0
	for _, o := range waiting {
		rest, err := left.Sub(o.Quote.Total)
		if err != nil || rest.IsNegative() || left.IsZero() || !moreThan(left, o) {
			continue
		}
		if _, err := e.apply(ctx, o.Ref, mip.Event{Kind: mip.EventRecheck, Why: "money is there"}); err != nil {
			if mip.KindOf(err) == mip.ErrIgnored {
				continue
			}
			return n, err
		}
		left = rest
		n++
	}
	return n, nil
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

// moreThan reports whether there is more than when the order was held. It
// matters where nobody told its price, or the supplier refused although the
// purse seemed to suffice.
func moreThan(left mip.Money, o mip.Order) bool {
	for _, f := range o.Holding() {
		then, err := mip.ParseMoney(f.Params["available"], f.Params["currency"])
		if err != nil {
			continue
		}
		if c, err := left.Cmp(then); err == nil && c <= 0 {
			return false
		}
	}
	return true
}
