package engine

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/openmip/openmip/mip"
)

// chain returns the methods that may pay for an order, in order of
// preference: a person's choice, else the channel's policy, else all. Empty:
// what was chosen is not there.
func (e *Engine) chain(o mip.Order) []mip.Payment {
	names, limited := e.payWith[o.Ref.Channel]
	if o.PayWith != "" {
		names, limited = []string{o.PayWith}, true
	}
	if !limited {
		return e.payments
	}
	var out []mip.Payment
	for _, name := range names {
		if p := e.payment(name); p != nil {
			out = append(out, p)
		}
	}
	return out
}

// method names the first method that may pay for an order.
func (e *Engine) method(o mip.Order) string {
	if chain := e.chain(o); len(chain) > 0 {
		return chain[0].Name()
	}
	return e.payments[0].Name()
}

// payment returns a method by its name, the first one for the empty name, nil
// if there is none.
func (e *Engine) payment(name string) mip.Payment {
	i := slices.IndexFunc(e.payments, func(p mip.Payment) bool { return p.Name() == name })
	if i < 0 && name == "" {
		i = 0
	}
	if i < 0 {
		return nil
	}
	return e.payments[i]
}

func names(payments []mip.Payment) []string {
	var out []string
	for _, p := range payments {
		out = append(out, p.Name())
	}
	return out
}

// has reports whether a method is in a chain; none is in all of them.
func has(chain []mip.Payment, method string) bool {
	return method == "" || slices.ContainsFunc(chain, func(p mip.Payment) bool { return p.Name() == method })
}

// from returns the rest of a chain beginning with a method, all of it for one
// that is not in it.
func from(chain []mip.Payment, method string) []mip.Payment {
	return chain[max(0, slices.IndexFunc(chain, func(p mip.Payment) bool { return p.Name() == method })):]
}

// noMethod is the finding for an order whose chosen method is not there.
func noMethod(o mip.Order) mip.Finding {
	return mip.Finding{Code: mip.CodePaymentInvalid, Path: "payment", Severity: mip.Blocking, Params: map[string]string{"method": o.PayWith}}
}

// ChoosePayment has an order paid with one method and no other, by the name
// of a configured payment, for a stated reason; empty = as configured again.
// The choice is kept in the history, and an order that waits for money is
// checked again with it. A method that is not configured is [mip.ErrInvalid].
func (e *Engine) ChoosePayment(ctx context.Context, ref mip.Ref, actor mip.Actor, method, why string) (mip.Order, error) {
	if method != "" && e.payment(method) == nil {
		return mip.Order{}, &mip.Error{Op: string(mip.EventPaymentChosen), Ref: ref, Kind: mip.ErrInvalid, Err: fmt.Errorf("no payment is named %q, want one of %s", method, strings.Join(names(e.payments), ", "))}
	}
	return e.command(ctx, ref, actor, mip.Event{Kind: mip.EventPaymentChosen, Payment: method, Why: why})
}

// nextMethod names the method after the one the supplier has just refused to
// take money from, empty if there is none. Its attempt begins with a look-up,
// like every attempt after the first, so that a refusal which bought after all
// is found before anything else is paid.
func (e *Engine) nextMethod(ctx context.Context, o mip.Order, a mip.Attempt, refusals []mip.Finding) string {
	rest := from(e.chain(o), a.Payment)
	if len(rest) == 0 {
		return ""
	}
	if f, ok := rest[0].(mip.Funder); ok {
		_ = f.Refused(ctx, balance(refusals)) // the supplier's word replaces what was cached
	}
	if len(rest) == 1 {
		return ""
	}
	return rest[1].Name()
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

// fee is what paying amount with p costs extra.
func fee(p mip.Payment, amount mip.Money) mip.Money {
	if f, ok := p.(mip.Fees); ok {
		return f.Fee(amount)
	}
	return mip.Money{}
}

// tooDear says why an order may not be paid with a method whose fee its check
// has not counted: what the rules find with the fee and not without it.
func (e *Engine) tooDear(o mip.Order, p mip.Payment) []mip.Finding {
	s := mip.Snapshot{Order: o, Quote: o.Quote, Now: e.now()}
	extra := fee(p, o.Quote.Total)
	if extra.Currency() == "" || extra.IsZero() {
		return nil
	}
	before := mip.Evaluate(s, e.rules)
	s.Fee = extra
	return slices.DeleteFunc(mip.Holding(mip.Evaluate(s, e.rules), o.Overrides), func(f mip.Finding) bool {
		return slices.ContainsFunc(before, func(g mip.Finding) bool { return g.Code == f.Code && g.Path == f.Path && g.Value == f.Value })
	})
}
