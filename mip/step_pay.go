package mip

import (
	"slices"
	"time"
)

// close ends an attempt and has its payment settled or released.
func (s *step) close(a *Attempt, outcome Outcome) {
	a.Outcome, a.EndedAt = outcome, s.c.At
	s.effect(EffectSettle, a.Number, s.c.At)
	s.through()
}

// paying: the attempt turns to another method.
func (s *step) paying() error {
	a := s.attempt(s.e.Attempt)
	switch {
	case s.e.Payment == "":
		return s.invalid("want a payment")
	case a == nil || !a.unsent() || s.e.Version != s.o.Version || s.e.Payment == a.Payment:
		return errRepeated
	}
	a.Payment = s.e.Payment
	s.c.Note = s.e.Payment
	return nil
}

// unsent reports whether the attempt has certainly bought nothing, and may yet.
func (a Attempt) unsent() bool { return a.Outcome == OutcomeOpen && a.SentAt.IsZero() }

// turned reports whether the attempt has come to another method than this.
func (a Attempt) turned(method string) bool { return a.Payment != "" && a.Payment != method }

// awaitingPayment: the call has not left, because a payment waits for a
// person or for time. It is kept for the next attempt.
func (s *step) awaitingPayment() error {
	a := s.attempt(s.e.Attempt)
	switch {
	case a == nil || !a.unsent() || a.turned(s.e.Payment):
		return errLate
	case len(s.e.Findings) == 0 || s.e.Payment == "":
		return s.invalid("want a payment, and findings that say what it waits for")
	case s.o.CancelAsked:
		s.close(a, OutcomeRefused)
		s.stop()
		return nil
	}
	if why := s.o.Outdated(*a); len(why) > 0 {
		s.close(a, OutcomeRefused)
		s.hold(why...)
		s.effect(EffectCheck, 0, s.c.At)
		return nil
	}
	a.Outcome, a.EndedAt, a.Awaits = OutcomeRefused, s.c.At, true
	a.Pledge = Pledge{Method: s.e.Payment, Key: a.PaymentKey(s.e.Payment)}
	s.c.Note = s.e.Payment
	s.through()
	s.hold(s.e.Findings...)
	s.effect(EffectPay, a.Number, s.e.Next)
	return nil
}

// goOnWith hands a pending payment to the new attempt if that is over the same
// amount and may be paid with it, and has it given back otherwise. What else
// the attempt before it reserved is closed in any case.
func (s *step) goOnWith(a *Attempt) {
	i := s.o.pledged()
	if i < 0 {
		return
	}
	before := s.writable(i)
	before.Awaits = false
	if before.Amount.Equal(a.Amount) && (s.o.PayWith == "" || s.o.PayWith == before.Pledge.Method) {
		a.Pledge, before.Pledge = before.Pledge, Pledge{}
	}
	s.effect(EffectSettle, before.Number, s.c.At)
}

// letGo gives a pending payment back once nothing more is to be bought.
func (s *step) letGo() {
	switch s.o.State {
	case StateReceived, StatePendingReview, StateSubmitting:
		return
	}
	if i := s.o.pledged(); i >= 0 {
		a := s.writable(i)
		a.Awaits = false
		s.effect(EffectSettle, a.Number, s.c.At)
	}
}

// spentAfterAll has the payment of an attempt settled that was closed as one
// that bought nothing, and now turns out to have bought.
func (s *step) spentAfterAll(whole bool) {
	i := s.o.position(s.e.Attempt)
	if i < 0 || s.o.Attempts[i].Outcome != OutcomeRefused || s.o.Attempts[i].SentAt.IsZero() || s.o.Attempts[i].Awaits {
		return
	}
	a := s.writable(i)
	a.Outcome, a.Settled = OutcomePartial, false
	if whole {
		a.Outcome = OutcomePlaced
	}
	s.effect(EffectSettle, a.Number, s.c.At)
}

// position is where the attempt of that number stands, -1 if there is none.
func (o *Order) position(number int) int {
	return slices.IndexFunc(o.Attempts, func(a Attempt) bool { return a.Number == number })
}

// pledged is the position of the attempt whose payment is pending, -1 if
// there is none. There is never more than one.
func (o *Order) pledged() int {
	return slices.IndexFunc(o.Attempts, func(a Attempt) bool { return a.Awaits })
}

// paymentEnded: nothing comes of a payment that waited. From here on no
// attempt can go on with it, so it may be released. If the order waited for
// it, the order says so and is checked again.
func (s *step) paymentEnded() error {
	i := s.o.pledged()
	switch {
	case len(s.e.Findings) == 0:
		return s.invalid("no finding says why")
	case i < 0 || s.o.Attempts[i].Number != s.e.Attempt:
		return errLate
	}
	s.writable(i).Awaits = false
	s.effect(EffectSettle, s.e.Attempt, s.c.At)
	if !slices.ContainsFunc(s.o.Findings, func(f Finding) bool { return f.Code == CodePaymentPending }) {
		return nil
	}
	s.drop(CodePaymentPending)
	s.setFindings(slices.Concat(s.e.Findings, s.o.Findings))
	s.c.Codes = Codes(s.e.Findings)
	if s.clearsAlone(s.o.Holding()) {
		s.effect(EffectCheck, 0, s.e.Next)
	}
	return nil
}

// settled: the attempt's reservation is closed. An order that waited for that
// is checked again.
func (s *step) settled() error {
	i := s.o.position(s.e.Attempt)
	if i < 0 || s.o.Attempts[i].Settled || s.o.Attempts[i].Awaits {
		return errRepeated
	}
	if s.e.Outcome != "" && s.e.Outcome != s.o.Attempts[i].Outcome {
		s.quiet = true
		s.effect(EffectSettle, s.e.Attempt, time.Time{})
		return nil
	}
	s.writable(i).Settled = true
	if s.e.Amount.Currency() != "" {
		s.c.Note = s.e.Amount.String()
	}
	holding := s.o.Holding()
	if slices.ContainsFunc(holding, func(f Finding) bool { return f.Code == CodePaymentUnsettled }) && s.clearsAlone(holding) {
		s.look()
	}
	return nil
}

// paymentChosen: a person says how to pay. An order that waits for nothing
// but money is checked again with it.
func (s *step) paymentChosen() error {
	if s.o.InFlight() {
		return s.illegal("an attempt may have reached the supplier")
	}
	if s.e.Payment == s.o.PayWith {
		return errRepeated
	}
	s.o.PayWith = s.e.Payment
	s.c.Note = s.e.Payment
	if holding := s.o.Holding(); s.c.From == StatePendingReview && len(holding) > 0 && s.clearsAlone(holding) {
		s.look()
	}
	return nil
}

// awaiting keeps the findings for what a person must do at the supplier: pay,
// by a deadline, or upload the invoice of an export.
func (s *step) awaiting() {
	s.payBy()
	s.awaits(PlacementAwaitingPayment, Finding{Code: CodeAwaitingPayment, Severity: Notice, Params: deadline(s.o.unpaid())})
	s.awaits(PlacementInvoiceMissing, Finding{Code: CodeInvoiceMissing, Severity: Notice})
}

func (s *step) awaits(status PlacementStatus, f Finding) {
	switch {
	case slices.ContainsFunc(s.o.Placements, func(p Placement) bool { return p.Status == status }):
		s.add(f)
	case s.o.bought():
		s.drop(f.Code)
	}
}

// payBy sets the deadline of what awaits payment, once.
func (s *step) payBy() {
	if s.e.PayBy.IsZero() {
		return
	}
	for i, p := range s.o.Placements {
		if p.Status == PlacementAwaitingPayment && p.PayBy.IsZero() {
			s.o.Placements = slices.Clone(s.o.Placements)
			s.o.Placements[i].PayBy = s.e.PayBy
		}
	}
}

// overdue calls a person once a deadline for payment has passed, and takes it
// back once everything is paid.
func (s *step) overdue() {
	if !s.late() {
		s.drop(CodePaymentOverdue)
		return
	}
	p, _ := s.o.unpaid()
	f := Finding{Code: CodePaymentOverdue, Severity: Blocking, Params: deadline(p, true)}
	switch s.o.State {
	case StateSubmitted:
		s.hold(f)
	case StatePendingReview:
		s.add(f)
	case StateManuallySent: // whoever placed it was there: told, not called
		f.Severity = Notice
		s.add(f)
	}
}

// late reports whether something awaits payment beyond its deadline.
func (s *step) late() bool {
	p, waits := s.o.unpaid()
	return waits && !p.PayBy.IsZero() && !s.c.At.Before(p.PayBy)
}

// unpaid returns the placement whose payment is due first.
func (o *Order) unpaid() (first Placement, waits bool) {
	for _, p := range o.Placements {
		if p.Status == PlacementAwaitingPayment && (!waits || p.PayBy.Before(first.PayBy)) {
			first, waits = p, true
		}
	}
	return first, waits
}

func deadline(p Placement, waits bool) map[string]string {
	if !waits || p.PayBy.IsZero() {
		return nil
	}
	return map[string]string{"order": p.ID, "deadline": p.PayBy.UTC().Format(time.RFC3339)}
}

// nextTrack is when to ask again: as told, and no later than a deadline for
// payment that is still to come.
func (o *Order) nextTrack(told, at time.Time) time.Time {
	if p, waits := o.unpaid(); waits && p.PayBy.After(at) && p.PayBy.Before(told) {
		return p.PayBy
	}
	return told
}
