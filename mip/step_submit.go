package mip

import (
	"slices"
	"strings"
	"time"
)

// sending: the call is about to leave. Whoever gets this applied, and nobody
// else, may call.
func (s *step) sending() error {
	a := s.attempt(s.e.Attempt)
	if a == nil || !a.unsent() || a.turned(s.e.Payment) || s.o.CancelAsked || len(s.o.Outdated(*a)) > 0 {
		return errLate
	}
	a.Payment, a.Fee, a.SentAt = s.e.Payment, s.e.Fee, s.c.At
	if s.e.Amount.Currency() != "" {
		a.Amount = s.e.Amount
	}
	s.c.Note = s.e.Payment
	return nil
}

// notSent: proven that the call did nothing.
func (s *step) notSent() error {
	a := s.attempt(s.e.Attempt)
	if a == nil || a.Outcome != OutcomeOpen || a.SentAt.IsZero() {
		return errLate
	}
	a.SentAt = time.Time{}
	a.Tries++
	if s.o.CancelAsked {
		s.close(a, OutcomeRefused)
		s.stop()
		return nil
	}
	s.effect(EffectSubmit, a.Number, s.e.Next)
	return nil
}

// unknown: the call left and nobody knows what it did.
func (s *step) unknown() error {
	a := s.attempt(s.e.Attempt)
	if a == nil || a.Outcome != OutcomeOpen || a.SentAt.IsZero() {
		return errLate
	}
	s.lose(a)
	s.effect(EffectResolve, a.Number, s.e.Next)
	return nil
}

// lose says that nobody knows what an attempt bought, from now on.
func (s *step) lose(a *Attempt) {
	if a.Outcome != OutcomeUnknown {
		a.Outcome, a.LostAt = OutcomeUnknown, s.c.At
	}
}

// refused: proven that nothing was bought.
func (s *step) refused() error {
	a := s.attempt(s.e.Attempt)
	if a == nil {
		return errLate
	}
	s.close(a, OutcomeRefused)
	return s.afterRefusal(*a)
}

// absent: an authoritative look-up found nothing.
func (s *step) absent() error {
	a := s.attempt(s.e.Attempt)
	if a == nil || a.Outcome != OutcomeUnknown {
		return errLate
	}
	a.Looks++
	a.Absences++
	if !s.e.Proven {
		s.effect(EffectResolve, a.Number, s.e.Next)
		return nil
	}
	s.close(a, OutcomeRefused)
	return s.afterRefusal(*a)
}

// afterRefusal goes on after an attempt that bought nothing: cancelled if
// that was asked, again at once if the event names a payment method, else
// held. What the channel changed meanwhile was never judged: it is checked
// before anything else is tried.
func (s *step) afterRefusal(a Attempt) error {
	s.catchUp()
	changed := a.PayloadHash != s.o.Purchase(a.Payment).Hash()
	switch {
	case s.o.CancelAsked:
		s.stop()
		return nil
	case s.e.Payment != "" && !changed:
		s.c.Note = s.e.Payment
		s.open(s.e.Payment)
		return nil
	case s.e.Payment != "":
		s.hold(Finding{Code: CodeChangedBefore, Severity: Blocking, AutoClear: true})
	case len(s.e.Findings) == 0:
		return s.invalid("no finding says why")
	default:
		s.hold(s.e.Findings...)
	}
	switch {
	case changed:
		s.o.Quote = Quote{} // of what it was
		s.look()
	case !s.e.Next.IsZero() && s.e.Kind == EventRefused:
		s.effect(EffectCheck, 0, s.e.Next)
	}
	return nil
}

// unclear: the look-up cannot tell.
func (s *step) unclear() error {
	if s.c.From == StateManuallySent {
		return s.unmatched()
	}
	a := s.attempt(s.e.Attempt)
	if a == nil || a.Outcome != OutcomeUnknown {
		return errLate
	}
	a.Looks++
	a.Absences = 0
	if len(s.e.Findings) > 0 {
		s.hold(s.e.Findings...)
		return nil
	}
	s.effect(EffectResolve, a.Number, s.e.Next)
	return nil
}

// placed: the supplier has it, or part of it.
func (s *step) placed() error {
	known := func(id string) bool {
		return slices.ContainsFunc(s.o.Placements, func(p Placement) bool { return p.ID == id })
	}
	fresh := slices.DeleteFunc(slices.Clone(s.e.Placements), func(p Placement) bool { return known(p.ID) })
	a := s.attempt(s.e.Attempt)
	if len(fresh) == 0 && (a == nil || len(s.e.Placements) == 0) {
		return errRepeated
	}
	s.correct(fresh)
	missing := s.adopt(fresh, a)
	if a != nil {
		s.verdict(a, missing)
	} else {
		s.forestall()
		if len(fresh) > 0 {
			s.spentAfterAll(len(missing) == 0)
		}
	}
	s.matched()
	s.afterPlacing(a != nil)
	s.awaiting()
	s.costMore()
	s.effect(EffectTrack, 0, s.o.nextTrack(s.e.Next, s.c.At))
	return nil
}

// forestall ends an attempt that has not left: news of an earlier one say that
// its goods are bought.
func (s *step) forestall() {
	if a := s.o.LastAttempt(); a != nil && a.Outcome == OutcomeOpen && a.SentAt.IsZero() {
		s.close(s.attempt(a.Number), OutcomeRefused)
	}
}

// adopt adds new placements with their line ids filled in, and returns what
// the attempt covers and no placement has.
func (s *step) adopt(fresh []Placement, a *Attempt) []Item {
	rest := s.o.OpenItems()
	if i := s.o.position(s.e.Attempt); s.c.From == StateCancelled && i >= 0 {
		rest = slices.Clone(s.o.Attempts[i].Items) // nothing else is wanted any more
	}
	if a != nil {
		rest = slices.Clone(a.Items)
		for _, p := range s.o.Placements {
			if p.Attempt == a.Number || p.Reference == a.Reference {
				rest = subtract(rest, p.Items)
			}
		}
	}
	ids := make([]string, 0, len(fresh))
	s.o.Placements = slices.Clip(s.o.Placements)
	for _, p := range fresh {
		p.Items = allocate(rest, p.Items)
		rest = subtract(rest, p.Items)
		p.Attempt = s.e.Attempt
		if a != nil && p.Cost.Currency() == "" {
			p.Cost = s.o.Quote.costs(p) // the next check may be about the rest only
		}
		if p.Status == "" {
			p.Status = PlacementInProcess
		}
		if p.PlacedAt.IsZero() {
			p.PlacedAt = s.c.At
		}
		s.o.Placements = append(s.o.Placements, p)
		ids = append(ids, p.ID)
	}
	s.c.Note = strings.Join(ids, " ")
	return rest
}

// verdict ends the attempt, unless its rest is neither placed nor refused, all
// is placed and some refused, or the supplier itself does not know: then it is
// unknown, for a person.
func (s *step) verdict(a *Attempt, missing []Item) {
	switch {
	case len(missing) == 0 && len(s.e.Findings) == 0:
		s.close(a, OutcomePlaced)
		s.drop(CodeOutcomeUnknown)
	case len(missing) == 0, slices.ContainsFunc(s.e.Findings, doubt):
		s.lose(a)
	case len(s.e.Findings) > 0 || s.e.Proven:
		s.close(a, OutcomePartial)
		s.drop(CodeOutcomeUnknown)
	default:
		s.lose(a)
	}
}

func doubt(f Finding) bool { return f.Code == CodeOutcomeUnknown }

// afterPlacing moves the order on: whole, in part, or waiting for a person.
// News of an attempt that had ended leave the one in flight to its verdict.
func (s *step) afterPlacing(current bool) {
	switch {
	case s.c.From == StateManuallySent || s.c.From == StateSubmitted:
	case s.o.CancelAsked && !s.o.InFlight():
		s.stop()
	case s.o.InFlight() && !current:
	case s.o.InFlight():
		unknown := UnknownFinding(*s.o.LastAttempt())
		if i := slices.IndexFunc(s.e.Findings, doubt); i >= 0 {
			unknown = unknown.with(s.e.Findings[i])
		}
		s.hold(append([]Finding{unknown}, s.e.Findings...)...)
	case !s.o.bought():
		s.hold(Finding{Code: CodeSupplierCancelled, Path: "lines", Severity: Blocking})
	case len(s.o.OpenItems()) == 0:
		s.o.State = StateSubmitted
		s.setFindings(s.notices())
	default:
		s.hold(append([]Finding{{Code: CodePartial, Path: "lines", Severity: Blocking}}, s.e.Findings...)...)
	}
}

// allocate finds the lines for what a supplier says it placed: by SKU, all of
// a SKU where no quantity is told, everything where no SKU is.
func allocate(rest, told []Item) []Item {
	if len(told) == 0 {
		return slices.Clone(rest)
	}
	var out []Item
	rest = slices.Clone(rest)
	for _, t := range told {
		left := t.Quantity
		for i, r := range rest {
			if r.SKU != t.SKU || t.LineID != "" && r.LineID != t.LineID {
				continue
			}
			n := r.Quantity
			if t.Quantity > 0 {
				n = min(n, left)
				left -= n
			}
			if n > 0 {
				rest[i].Quantity -= n
				out = append(out, Item{LineID: r.LineID, SKU: r.SKU, Quantity: n})
			}
		}
	}
	return out
}

// subtract takes some pieces out of items, by line.
func subtract(items, some []Item) []Item {
	var out []Item
	for _, it := range items {
		for _, x := range some {
			if x.LineID == it.LineID && x.SKU == it.SKU {
				it.Quantity -= x.Quantity
			}
		}
		if it.Quantity > 0 {
			out = append(out, it)
		}
	}
	return out
}
