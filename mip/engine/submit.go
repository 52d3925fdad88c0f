package engine

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/openmip/openmip/mip"
)

// submit buys what one attempt covers. Automatic submission, resend, bulk
// resend and release after a hold all end here; nothing else calls
// [mip.Supplier.Place].
func (e *Engine) submit(ctx context.Context, ref mip.Ref, number int) (again time.Time, err error) {
	o, err := e.store.Order(ctx, ref)
	if err != nil {
		return time.Time{}, err
	}
	a := attempt(o, number)
	switch {
	case o.State != mip.StateSubmitting || a == nil || a.Outcome != mip.OutcomeOpen:
		return time.Time{}, nil
	case !a.SentAt.IsZero():
		// Somebody was about to call and never told: perhaps it is bought.
		return time.Time{}, e.lost(ctx, ref, number)
	}
	if why := o.Outdated(*a); len(why) > 0 {
		return time.Time{}, e.refuse(ctx, o, number, why...)
	}
	if done, again, err := e.lookFirst(ctx, o, *a); done || err != nil {
		return again, err
	}
	settled, done, again, err := e.settleEarlier(ctx, o, *a)
	switch {
	case done || err != nil:
		return again, err
	case settled:
		return e.now(), nil // the order moved: from the start
	}
	why, err := e.twice(ctx, &o)
	switch {
	case err != nil:
		return time.Time{}, err
	case len(why) > 0:
		return time.Time{}, e.refuse(ctx, o, number, why...)
	}
	g, err := e.reserve(ctx, o, *a)
	switch {
	case errors.Is(err, mip.ErrIgnored): // it moved meanwhile
		return e.abandon(ctx, ref, *a)
	case err != nil:
		return e.postpone(ctx, o, *a, err)
	case g.pending != nil:
		return e.wait(ctx, o, *a, g)
	case g.method == "":
		return time.Time{}, e.refuse(ctx, o, number, g.why...)
	}
	return e.place(ctx, o, *a, g)
}

// place commits "sending", calls, and records the verdict. Whoever does not
// get "sending" applied does not call.
func (e *Engine) place(ctx context.Context, o mip.Order, a mip.Attempt, g grant) (time.Time, error) {
	began := e.now()
	_, err := e.apply(ctx, o.Ref, mip.Event{Kind: mip.EventSending, Attempt: a.Number, Payment: g.method, Fee: g.fee, Amount: a.Amount})
	if errors.Is(err, mip.ErrIgnored) {
		return e.abandon(ctx, o.Ref, a)
	}
	if err != nil {
		return time.Time{}, err
	}
	left := e.timing.Call - e.now().Sub(began)
	if left <= 0 {
		// Too late to call: others count on the call having ended by now.
		return time.Time{}, e.tell(ctx, o.Ref, mip.Event{Kind: mip.EventNotSent, Attempt: a.Number, Next: e.now()})
	}
	call, cancel := context.WithTimeout(ctx, left)
	defer cancel()
	placed, err := e.supplier.Place(call, o.Purchase(g.method))
	// The verdict must be recorded even when the caller is stopping.
	ctx = context.WithoutCancel(ctx)
	if err != nil {
		return time.Time{}, e.notPlaced(ctx, o, a, err)
	}
	a.Payment = g.method
	return time.Time{}, e.verdict(ctx, o, a, placed)
}

// verdict records what the supplier answered.
func (e *Engine) verdict(ctx context.Context, o mip.Order, a mip.Attempt, p mip.Placed) error {
	switch {
	case p.Exists && len(p.Placements) == 0:
		return e.lost(ctx, o.Ref, a.Number) // it cannot be seen yet
	case p.Exists:
		return e.adopt(ctx, o, a, mip.Found{Placements: p.Placements, Authoritative: true})
	case len(p.Placements) > 0:
		return e.tell(ctx, o.Ref, mip.Event{Kind: mip.EventPlaced, Attempt: a.Number, Placements: p.Placements,
			Findings: p.Refusals, Proven: true, Next: e.timing.nextTrack(e.now(), e.now())})
	case len(p.Refusals) == 0, slices.Contains(mip.Codes(p.Refusals), mip.CodeOutcomeUnknown):
		return e.lost(ctx, o.Ref, a.Number) // neither yes nor no
	}
	next := ""
	if onlyFunds(p.Refusals) { // with more missing than money, another method would buy a part
		next = e.nextMethod(ctx, o, a, p.Refusals)
	}
	return e.tell(ctx, o.Ref, mip.Event{Kind: mip.EventRefused, Attempt: a.Number, Findings: e.bounded(o, p.Refusals), Payment: next,
		Next: e.retryAt(o, p.Refusals)})
}

// notPlaced records a call that brought an error. Only an error that proves
// that nothing was done is anything but unknown.
func (e *Engine) notPlaced(ctx context.Context, o mip.Order, a mip.Attempt, cause error) error {
	e.failed(ctx, o.Ref, cause)
	switch mip.KindOf(cause) {
	case mip.ErrThrottled, mip.ErrUnavailable:
		if e.timing.Retry.Spent(a.Tries+1, e.now().Sub(a.StartedAt)) {
			return e.refuse(ctx, o, a.Number, mip.Finding{Code: mip.CodeUnavailable, Severity: mip.Blocking, AutoClear: true})
		}
		if err := e.tell(ctx, o.Ref, mip.Event{Kind: mip.EventNotSent, Attempt: a.Number,
			Next: e.now().Add(e.timing.Retry.Delay(a.Tries+1, o.Ref.String(), cause))}); err != nil {
			return err
		}
		return e.stillHere(ctx, o, a.Number, a.Tries+1, cause)
	case mip.ErrUnauthorized:
		return e.refuse(ctx, o, a.Number, mip.Finding{Code: mip.CodeUnauthorized, Severity: mip.Blocking, AutoClear: true})
	case mip.ErrInvalid, mip.ErrRefused:
		return e.refuse(ctx, o, a.Number, refusal(cause))
	}
	return e.lost(ctx, o.Ref, a.Number)
}

// refusal is what an error says that stays the same however often it is tried.
func refusal(cause error) mip.Finding {
	f := mip.Finding{Code: mip.CodeRefused, Severity: mip.Blocking}
	e, ok := errors.AsType[*mip.Error](cause)
	switch {
	case !ok || e.Code == "":
	case e.Code == mip.CodePaymentInvalid:
		f.Code, f.Path = e.Code, "payment"
	default:
		f.Params = map[string]string{"code": e.Code}
	}
	return f
}

// lost: nobody knows what the call did; look after a while.
func (e *Engine) lost(ctx context.Context, ref mip.Ref, number int) error {
	return e.tell(ctx, ref, mip.Event{Kind: mip.EventUnknown, Attempt: number, Next: e.now().Add(e.timing.Grace)})
}

// refuse records a proven refusal. What can go away by itself is checked again
// later, each time later, and not without end.
func (e *Engine) refuse(ctx context.Context, o mip.Order, number int, findings ...mip.Finding) error {
	return e.tell(ctx, o.Ref, mip.Event{Kind: mip.EventRefused, Attempt: number, Findings: e.bounded(o, findings), Next: e.retryAt(o, findings)})
}

// bounded adds that nothing goes on by itself after too many attempts. Money
// is no such case: a limit may end with the day.
func (e *Engine) bounded(o mip.Order, findings []mip.Finding) []mip.Finding {
	if !e.spent(o) || slices.ContainsFunc(findings, func(f mip.Finding) bool { return !f.AutoClear }) || onlyFunds(findings) {
		return findings
	}
	return append(slices.Clone(findings), mip.Finding{Code: mip.CodeGaveUp, Path: string(mip.EffectSubmit), Severity: mip.Blocking,
		Params: map[string]string{"effect": string(mip.EffectSubmit)}})
}

func (e *Engine) spent(o mip.Order) bool { return len(o.Attempts) >= 4*e.timing.Attempts }

func onlyFunds(findings []mip.Finding) bool {
	return !slices.ContainsFunc(findings, func(f mip.Finding) bool {
		return f.Code != mip.CodeInsufficientFunds && f.Code != mip.CodeLimitExceeded
	})
}

func (e *Engine) retryAt(o mip.Order, findings []mip.Finding) time.Time {
	n := len(o.Attempts)
	switch {
	case slices.ContainsFunc(findings, func(f mip.Finding) bool { return !f.AutoClear }):
		return time.Time{}
	case e.spent(o) && onlyFunds(findings):
		return e.now().Add(12 * e.timing.Retry.Max)
	case e.spent(o):
		return time.Time{}
	case mip.Codes(findings)[0] == mip.CodeChangedBefore:
		return e.now()
	}
	return e.now().Add(e.timing.Retry.Delay(n+2, o.Ref.String(), nil))
}

// postpone gives a submission that has not called yet another try later, and
// asks people when that does not end.
func (e *Engine) postpone(ctx context.Context, o mip.Order, a mip.Attempt, cause error) (time.Time, error) {
	e.failed(ctx, o.Ref, cause)
	switch mip.KindOf(cause) {
	case mip.ErrUnauthorized:
		return time.Time{}, e.refuse(ctx, o, a.Number, mip.Finding{Code: mip.CodeUnauthorized, Severity: mip.Blocking, AutoClear: true})
	case mip.ErrInvalid, mip.ErrRefused:
		return time.Time{}, e.refuse(ctx, o, a.Number, refusal(cause))
	}
	age := e.now().Sub(a.StartedAt)
	if e.timing.Retry.Spent(0, age) {
		return time.Time{}, e.refuse(ctx, o, a.Number, mip.Finding{Code: mip.CodeUnavailable, Severity: mip.Blocking})
	}
	if err := e.stillHere(ctx, o, a.Number, tries(e.timing, age), cause); err != nil {
		return time.Time{}, err
	}
	return e.now().Add(e.timing.Retry.Delay(tries(e.timing, age), o.Ref.String(), cause)), nil
}

// stillHere has an order say, once, that its purchase cannot leave, after a few
// tries. A limit of calls is no reason to speak of: it ends by itself.
func (e *Engine) stillHere(ctx context.Context, o mip.Order, number, tries int, cause error) error {
	f := mip.Finding{Code: mip.CodeUnavailable, Severity: mip.Notice}
	if tries < e.timing.CheckTries || mip.KindOf(cause) == mip.ErrThrottled || slices.Contains(mip.Codes(o.Findings), f.Code) {
		return nil
	}
	return e.tell(ctx, o.Ref, mip.Event{Kind: mip.EventNoted, Attempt: number, Findings: []mip.Finding{f}})
}

// tries guesses from its age how often something was tried.
func tries(t Timing, age time.Duration) int {
	return min(1+int(age/max(t.Retry.First, time.Second)), 8)
}

// attempt returns a copy of the attempt with that number, nil if there is none.
func attempt(o mip.Order, number int) *mip.Attempt {
	for _, a := range o.Attempts {
		if a.Number == number {
			return &a
		}
	}
	return nil
}
