package engine

import (
	"cmp"
	"context"
	"errors"
	"time"

	"github.com/openmip/openmip/mip"
)

// check gathers the facts that the rules ask for, runs them, and has the
// order held or submitted. again is when to look anew, zero = done.
func (e *Engine) check(ctx context.Context, ref mip.Ref, tries int) (again time.Time, err error) {
	o, err := e.store.Order(ctx, ref)
	if err != nil {
		return time.Time{}, err
	}
	if o.State != mip.StateReceived && o.State != mip.StatePendingReview || o.CancelAsked || o.InFlight() {
		return time.Time{}, nil
	}
	s, payment, err := e.snapshot(ctx, o)
	if err != nil {
		return e.uncheckable(ctx, o, tries, err)
	}
	findings := append(mip.Evaluate(s, e.rules), stillUnsettled(o)...)
	if payment != "" {
		findings = without(findings, mip.CodeInsufficientFunds)
	}
	ev := mip.Event{Kind: mip.EventApproved, Version: o.Version, Quote: &s.Quote, Findings: findings, Payment: cmp.Or(payment, e.method(o))}
	holding, stuck := mip.Holding(findings, o.Overrides), o.Stuck()
	switch {
	case len(stuck) > 0:
		ev.Kind = mip.EventHeld
	case len(holding) > 0 || len(o.OpenItems()) == 0:
		ev.Kind, ev.Next = mip.EventHeld, e.nextCheck(o, holding)
		ev.Findings = e.orNothingToBuy(findings)
	}
	return e.judge(ctx, o, ev)
}

// judge applies a verdict on an order. If the order changed meanwhile the
// verdict does not count, and the check is made again at once.
func (e *Engine) judge(ctx context.Context, o mip.Order, ev mip.Event) (time.Time, error) {
	r, err := e.apply(ctx, o.Ref, ev)
	switch {
	case err == nil:
		return time.Time{}, nil
	case !errors.Is(err, mip.ErrIgnored):
		return time.Time{}, err
	case r.Order.Version != o.Version && (r.Order.State == mip.StateReceived || r.Order.State == mip.StatePendingReview):
		return e.now(), nil
	}
	return ev.Next, nil // the same reasons as before: look again when told
}

// orNothingToBuy gives a reason to an order that holds nothing of ours.
func (e *Engine) orNothingToBuy(findings []mip.Finding) []mip.Finding {
	if len(mip.Holding(findings, nil)) > 0 {
		return findings
	}
	return append(findings, mip.Finding{Code: mip.CodeNothingToBuy, Path: "lines", Severity: mip.Blocking})
}

func without(findings []mip.Finding, code string) []mip.Finding {
	var out []mip.Finding
	for _, f := range findings {
		if f.Code != code {
			out = append(out, f)
		}
	}
	return out
}

// uncheckable: the supplier did not answer the question. That is tried again;
// after a few tries the order says so to people, and goes on trying.
func (e *Engine) uncheckable(ctx context.Context, o mip.Order, tries int, cause error) (time.Time, error) {
	e.failed(ctx, o.Ref, cause)
	kind := mip.KindOf(cause)
	next := e.now().Add(e.timing.Retry.Delay(tries+1, o.Ref.String(), cause))
	if tries+1 < e.timing.CheckTries && kind != mip.ErrUnauthorized && kind != mip.ErrInvalid {
		return next, nil
	}
	f := mip.Finding{Code: mip.CodeUnavailable, Severity: mip.Blocking, AutoClear: true}
	switch kind {
	case mip.ErrUnauthorized:
		f.Code = mip.CodeUnauthorized
	case mip.ErrInvalid:
		f = refusal(cause)
		f.AutoClear = true // as long as nobody has corrected it, it is asked again, rarely
	}
	if _, err := e.judge(ctx, o, mip.Event{Kind: mip.EventHeld, Version: o.Version, Findings: []mip.Finding{f}, Next: next}); err != nil {
		return time.Time{}, err
	}
	return next, nil
}

// nextCheck is when a held order looks again by itself: never, if a person
// must decide. Money has its own look at the purse; the slow one here is the
// net below it.
func (e *Engine) nextCheck(o mip.Order, holding []mip.Finding) time.Time {
	if len(holding) == 0 {
		return time.Time{}
	}
	money := true
	for _, f := range holding {
		if !f.AutoClear {
			return time.Time{}
		}
		money = money && f.Code == mip.CodeInsufficientFunds
	}
	at := e.now()
	wait := e.timing.Retry.Max
	if age := at.Sub(o.HeldSince); !money && !o.HeldSince.IsZero() && age < wait {
		wait = max(age, e.timing.Retry.First)
	} else if o.HeldSince.IsZero() && !money {
		wait = e.timing.Retry.First
	}
	return at.Add(wait)
}
