package mip

import "slices"

// held: the check found reasons to wait.
func (s *step) held() error {
	if err := s.judged(); err != nil {
		return err
	}
	if len(Holding(s.e.Findings, s.o.Overrides)) == 0 && len(s.o.Stuck()) == 0 {
		return s.invalid("no finding holds the order")
	}
	before, quoted := s.keep(func(f Finding) bool { return f.Code != CodeChecking }), s.o.Quote.Total.String()
	checking := len(before) < len(s.o.Findings)
	s.takeQuote()
	notices := s.keep(func(f Finding) bool { return !f.Blocks() && slices.Contains(lasting, f.Code) })
	s.o.State = StatePendingReview
	s.setFindings(slices.Concat(s.o.Stuck(), s.e.Findings, notices))
	if s.c.From == StatePendingReview && slices.EqualFunc(before, s.o.Findings, sameFinding) {
		if !checking && quoted == s.o.Quote.Total.String() && slices.EqualFunc(before, s.o.Findings, sameDetails) {
			return errRepeated
		}
		s.quiet = true
	}
	if !s.e.Next.IsZero() {
		s.effect(EffectCheck, 0, s.e.Next)
	}
	return nil
}

// approved: nothing holds the order; the attempt to buy is stored, and only
// its effect may call the supplier.
func (s *step) approved() error {
	if err := s.judged(); err != nil {
		return err
	}
	if len(s.o.Stuck()) > 0 || len(s.o.Defects) > 0 || len(Holding(s.o.Withdrawn(), s.o.Overrides)) > 0 {
		return errLate // something came up that only a person can clear
	}
	if len(s.o.OpenItems()) == 0 {
		return s.invalid("there is nothing to buy")
	}
	s.takeQuote()
	notices := s.keep(func(f Finding) bool { return !f.Blocks() && slices.Contains(lasting, f.Code) })
	s.setFindings(slices.Concat(notices, s.e.Findings))
	s.open(s.e.Payment)
	return nil
}

// look has a held order checked again, and says so until the result is there.
func (s *step) look() {
	s.add(Finding{Code: CodeChecking, Severity: Notice})
	s.effect(EffectCheck, 0, s.c.At)
}

// judged refuses a judgement of an order that has changed since.
func (s *step) judged() error {
	if s.e.Version != s.o.Version || s.o.CancelAsked || s.o.InFlight() {
		return errLate
	}
	return nil
}

func (s *step) takeQuote() {
	if s.e.Quote != nil {
		s.o.Quote = *s.e.Quote
	}
}

// open stores a new attempt for the open lines and has it submitted.
func (s *step) open(payment string) {
	p := s.o.Purchase(payment)
	a := Attempt{
		Number: len(s.o.Attempts) + 1, Generation: s.o.generation(), Reference: p.Reference,
		Items: p.Items, PayloadHash: p.Hash(), Payment: payment, Amount: s.o.Quote.Total,
		Outcome: OutcomeOpen, StartedAt: s.c.At, Apart: true,
	}
	s.goOnWith(&a)
	s.o.Attempts = append(slices.Clip(s.o.Attempts), a)
	s.o.State = StateSubmitting
	s.effect(EffectSubmit, a.Number, s.c.At)
}

// recheck looks again at an order that waits for something which can go away
// by itself, unless it is being looked at.
func (s *step) recheck() error {
	holding := s.o.Holding()
	checking := slices.ContainsFunc(s.o.Findings, func(f Finding) bool { return f.Code == CodeChecking })
	if len(holding) == 0 || checking || !s.clearsAlone(holding) {
		return errRepeated
	}
	s.look()
	return nil
}

// gaveUp: an effect failed too often; a person must look.
func (s *step) gaveUp() error {
	if len(s.e.Findings) == 0 {
		return s.invalid("no finding says why")
	}
	if a := s.o.LastAttempt(); a != nil && a.Outcome == OutcomeOpen {
		if a = s.attempt(a.Number); a.SentAt.IsZero() {
			s.close(a, OutcomeRefused)
		} else {
			s.lose(a)
		}
	}
	s.hold(s.e.Findings...)
	return nil
}

// goesOn takes back that an effect of a kind was given up: it has come through.
func (s *step) goesOn(kind EffectKind) {
	given := func(f Finding) bool { return f.Code == CodeGaveUp && f.Path == string(kind) && !f.Blocks() }
	if slices.ContainsFunc(s.o.Findings, given) {
		s.o.Findings = s.keep(func(f Finding) bool { return !given(f) })
		s.over = true
	}
}

// noted adds what people should see. What is said of an attempt is of one that
// has not left yet.
func (s *step) noted() error {
	if i := s.o.position(s.e.Attempt); s.e.Attempt > 0 && (i < 0 || !s.o.Attempts[i].unsent()) {
		return errRepeated
	}
	before := len(s.o.Findings)
	for _, f := range s.e.Findings {
		f.Severity = Notice
		s.add(f)
	}
	if len(s.o.Findings) == before {
		return errRepeated
	}
	return nil
}
