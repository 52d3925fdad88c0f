package mip

import (
	"cmp"
	"errors"
	"slices"
	"strings"
)

// command is what a person asks for.
func (s *step) command() error {
	switch s.e.Kind {
	case EventAddressEdited:
		return s.addressEdited()
	case EventShippingChosen:
		return s.shippingChosen()
	case EventPaymentChosen:
		return s.paymentChosen()
	case EventResend:
		return s.resend()
	case EventOverridden:
		return s.overridden()
	case EventManuallySent:
		return s.manuallySent()
	case EventManualUndone:
		return s.manualUndone()
	case EventCancel:
		if !s.o.permits(EventCancel) {
			return errRepeated
		}
		return s.cancel()
	}
	return s.invalid("unknown kind of event")
}

// alreadySo reports whether the order is what a command would make of it: who
// sends it twice gets what the first one got.
func (s *step) alreadySo() bool {
	switch s.e.Kind {
	case EventCancel:
		return s.c.From == StateCancelled
	case EventManuallySent:
		given := strings.TrimSpace(s.e.Reference)
		return s.c.From == StateManuallySent && (given == "" || given == s.o.ManualRef)
	case EventManualUndone:
		return s.c.From == StatePendingReview && slices.ContainsFunc(s.o.Findings, func(f Finding) bool { return f.Code == CodeManualUndone })
	}
	return false
}

// addressEdited saves an address; it does not send. An attempt that may have
// left was made with the old one, so it must be settled first.
func (s *step) addressEdited() error {
	if s.e.Address == nil {
		return s.invalid("the address is missing")
	}
	if s.o.InFlight() {
		return s.illegal("an attempt may have reached the supplier")
	}
	a := s.e.Address.Normal()
	if a == s.o.ShipTo {
		return errRepeated
	}
	if !s.o.Edited {
		theirs := s.o.ShipTo
		s.o.Edited, s.o.Theirs = true, &theirs
	}
	s.c.Note = strings.Join(s.o.ShipTo.differs(a), " ")
	s.o.ShipTo = a
	s.drop(CodeEditConflict)
	s.requote()
	return nil
}

// requote forgets what the order would have cost before, and repeats a check
// that may have begun with it.
func (s *step) requote() {
	s.o.Quote = Quote{}
	if s.c.From == StateReceived {
		s.effect(EffectCheck, 0, s.e.Next)
	}
}

func (s *step) shippingChosen() error {
	if s.o.InFlight() {
		return s.illegal("an attempt may have reached the supplier")
	}
	if slices.Equal(s.e.Shipping, s.o.Shipping) {
		return errRepeated
	}
	s.o.Shipping = slices.Clone(s.e.Shipping)
	s.c.Note = strings.Join(s.e.Shipping, ", ")
	s.requote()
	return nil
}

// resend: check and submit again; an unknown attempt is looked up first, and
// only its verdict lets anything be bought.
func (s *step) resend() error {
	if i := slices.IndexFunc(s.o.Attempts, Attempt.InFlight); i >= 0 {
		a := s.attempt(s.o.Attempts[i].Number)
		s.lose(a)
		a.Looks, a.Absences = 0, 0
		s.o.State = StateSubmitting
		s.drop(CodeOutcomeUnknown, CodeGaveUp)
		s.effect(EffectResolve, a.Number, s.c.At)
		return nil
	}
	if s.o.CancelAsked {
		return s.illegal("it was cancelled")
	}
	if len(s.o.Defects) > 0 {
		return s.illegal("the channel's order could not be read")
	}
	if len(s.o.OpenItems()) == 0 && s.o.bought() {
		s.effect(EffectTrack, 0, s.c.At) // all of it is bought: the supplier says how it stands
		return nil
	}
	s.drop(sticky...)
	s.look()
	return nil
}

// overridden lets one exact finding pass.
func (s *step) overridden() error {
	o := s.e.Override
	if o == nil || strings.TrimSpace(o.Why) == "" || o.Actor == "" {
		return s.invalid("an override needs a finding, an actor and a reason")
	}
	i := slices.IndexFunc(s.o.Findings, func(f Finding) bool { return f.Code == o.Code && f.Path == o.Path })
	if i < 0 {
		return s.invalid("the order has no finding of that code and path")
	}
	if s.o.Findings[i].Severity != Overridable {
		return s.invalid("the finding cannot be overridden, only its cause removed")
	}
	made := *o
	if made.Value != "" && made.Value != s.o.Findings[i].Value {
		return &Error{Op: string(s.e.Kind), Ref: s.o.Ref, Kind: ErrConflict, Code: made.Code, Err: errors.New("what was judged has changed since")}
	}
	made.Value = s.o.Findings[i].Value
	if slices.Contains(s.o.Overrides, made) {
		return errRepeated
	}
	s.c.Codes = []string{made.Code}
	if made.Code == CodeOutcomeUnknown && s.o.InFlight() {
		s.ruledOut()
		return nil
	}
	s.o.Overrides = append(slices.Clone(s.o.Overrides), made)
	if holding := s.o.Holding(); len(holding) > 0 && s.clearsAlone(holding) {
		s.effect(EffectCheck, 0, s.c.At) // nobody looked while a person had to decide
	}
	return nil
}

// lapse ends what people let pass with one of the codes: it was about another
// time than the next.
func (s *step) lapse(codes ...string) {
	passed := func(o Override) bool { return slices.Contains(codes, o.Code) }
	if slices.ContainsFunc(s.o.Overrides, passed) {
		s.o.Overrides = slices.DeleteFunc(slices.Clone(s.o.Overrides), passed)
	}
}

// clearsAlone reports whether nothing of what holds the order needs a person.
func (s *step) clearsAlone(holding []Finding) bool {
	return !s.o.CancelAsked && !s.o.InFlight() && !slices.ContainsFunc(holding, func(f Finding) bool { return !f.AutoClear })
}

// ruledOut: a person, who has looked, vouches that an unknown attempt bought
// nothing (more). The reference stays the same, so that a supplier that does
// know it still refuses.
func (s *step) ruledOut() {
	i := slices.IndexFunc(s.o.Attempts, Attempt.InFlight)
	a := s.attempt(s.o.Attempts[i].Number)
	outcome := OutcomeRefused
	if slices.ContainsFunc(s.o.Placements, func(p Placement) bool { return p.Attempt == a.Number }) {
		outcome = OutcomePartial
	}
	s.close(a, outcome)
	s.drop(CodeOutcomeUnknown)
	s.add(Finding{Code: CodePartial, Path: "lines", Severity: Blocking})
	if outcome == OutcomeRefused {
		s.drop(CodePartial)
		s.add(Finding{Code: CodeTemporary, Severity: Blocking})
	}
	if s.o.CancelAsked {
		s.stop()
	}
}

// manuallySent: a person has placed it. Impossible while an attempt may have
// bought it too.
func (s *step) manuallySent() error {
	if s.o.InFlight() {
		return s.illegal("an attempt may have reached the supplier")
	}
	if s.o.CancelAsked {
		return s.illegal("it was cancelled")
	}
	s.refer(cmp.Or(strings.TrimSpace(s.e.Reference), s.o.NextReference()))
	if !typed(s.o.ManualRef) {
		return s.invalid("a reference is 1–64 letters, digits and any of -_.#")
	}
	s.o.State = StateManuallySent
	s.setFindings(s.notices())
	s.c.Note = s.o.ManualRef
	s.effect(EffectLink, 0, s.c.At)
	return nil
}

// refer makes reference the one under which a person has placed the order.
func (s *step) refer(reference string) {
	before := s.o.ManualRef
	s.o.ManualRef = reference
	if before != "" && before != reference && !slices.Contains(s.o.EarlierRefs, before) {
		s.o.EarlierRefs = append(slices.Clone(s.o.EarlierRefs), before)
	}
}

// correct takes the reference that the supplier knows a person's order by for
// the one that the person named last, and perhaps mistyped.
func (s *step) correct(found []Placement) {
	ofAnAttempt := func(reference string) bool {
		return slices.ContainsFunc(s.o.Attempts, func(a Attempt) bool { return a.Reference == reference })
	}
	if len(found) == 0 || found[0].Reference == "" || s.o.Linked() {
		return
	}
	reference := found[0].Reference
	mistyped := s.o.State == StateManuallySent && typed(reference) && !ofAnAttempt(reference)
	if mistyped || slices.Contains(s.o.EarlierRefs, reference) {
		s.refer(reference)
	}
}

// typed reports whether a person may have typed ref as a reference. It stands
// in the path of a look-up, so it holds nothing that a path could mean
// something by.
func typed(ref string) bool {
	return len(ref) <= 64 && ref != "." && ref != ".." && !strings.ContainsFunc(ref, func(c rune) bool {
		return !lowerAlnum(c) && (c < 'A' || c > 'Z') && !strings.ContainsRune("-_.#", c)
	})
}

// unmatched: the supplier does not know the person's order (yet).
func (s *step) unmatched() error {
	if len(s.e.Findings) > 0 {
		s.hold(s.e.Findings...)
		return nil
	}
	if slices.ContainsFunc(s.o.Findings, func(f Finding) bool { return f.Code == CodeNotMatched }) {
		return errRepeated
	}
	s.effect(EffectLink, 0, s.e.Next)
	s.add(Finding{Code: CodeNotMatched, Severity: Notice, Params: map[string]string{"reference": s.o.ManualRef}})
	return nil
}

// manualUndone takes the mark back, unless the order was found meanwhile. The
// reference is kept: before anything is bought it is looked up once more.
func (s *step) manualUndone() error {
	if slices.ContainsFunc(s.o.Placements, Placement.byHand) {
		return s.illegal("the supplier has it")
	}
	s.hold(Finding{Code: CodeManualUndone, Severity: Blocking})
	s.drop(CodeNotMatched)
	return nil
}

// cancel stops an order as far as that is still possible.
func (s *step) cancel() error {
	switch s.c.From {
	case StateReceived, StatePendingReview:
		if s.o.InFlight() {
			s.o.CancelAsked = true
			return nil
		}
		s.stop()
	case StateSubmitting:
		s.o.CancelAsked = true
		a := s.o.LastAttempt()
		if a == nil || a.Outcome != OutcomeOpen || !a.SentAt.IsZero() {
			return nil // it may have left: the verdict decides
		}
		s.close(s.attempt(a.Number), OutcomeRefused)
		s.stop()
	default:
		s.o.CancelAsked = true
		s.add(Finding{Code: CodeCancelLate, Severity: Notice})
	}
	return nil
}
