package mip

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// imported takes over what the channel says, or tells people why not.
func (s *step) imported() error {
	if s.e.Facts == nil || s.e.Facts.Ref != s.o.Ref {
		return s.invalid("the facts are missing or of another order")
	}
	if s.c.From == "" {
		return s.first()
	}
	f := *s.e.Facts
	f.normalize()
	if f.UpdatedAt.Before(s.o.UpdatedAt) && !f.UpdatedAt.IsZero() && !s.setBack(f) {
		return errRepeated
	}
	changed := s.o.differs(f)
	if len(changed) == 0 && !f.UpdatedAt.After(s.o.UpdatedAt) {
		return errRepeated
	}
	if s.c.From == StateCancelled {
		return s.reinstated(f)
	}
	s.c.Note = strings.Join(changed, " ")
	was := s.o.Demand
	s.merge(f, changed)
	if slices.Contains(changed, "shipBy") {
		s.remind()
	}
	if was != f.Demand {
		s.demandMoved()
	}
	switch {
	case f.Demand == DemandCancel:
		if was == DemandCancel {
			return nil
		}
		return s.cancel()
	case s.unsent():
		a := s.o.LastAttempt()
		if len(s.o.Outdated(*a)) > 0 {
			s.effect(EffectSubmit, a.Number, s.c.At) // which will not leave any more
		}
	case s.bought():
		s.changedLate(f, was, changed)
	case f.Demand == DemandShip && s.o.CancelAsked:
		if was == DemandCancel {
			s.wantedAfterAll()
		}
	case f.Demand == DemandShip || !f.Demand.known():
		s.wantedAgain(changed)
	default:
		s.withdrawn()
	}
	return nil
}

// demandMoved: what people let pass of the demand before is asked again, and so
// is the channel for what it would not hear.
func (s *step) demandMoved() {
	s.lapse(CodePaymentWithdrawn, CodeClosedByChannel)
	if slices.ContainsFunc(s.o.Findings, func(f Finding) bool { return f.Code == CodeReportRefused }) {
		s.o.Reported = Status{}
		s.drop(CodeReportRefused)
	}
}

// setBack reports whether the channel's clock was set back between what is known
// and f: the one is dated ahead of ours, the other is not. Then f is the newer.
func (s *step) setBack(f Facts) bool {
	soon := s.c.At.Add(5 * time.Minute)
	return s.o.UpdatedAt.After(soon) && !f.UpdatedAt.IsZero() && !f.UpdatedAt.After(soon)
}

// first is an order's first sight.
func (s *step) first() error {
	f := s.e.Facts
	s.o.Facts, s.o.ReceivedAt = *f, s.c.At
	s.o.Facts.normalize()
	switch {
	case f.Demand == DemandCancel:
		s.o.State, s.o.CancelAsked = StateCancelled, true
	case len(s.o.Defects) > 0:
		s.hold(s.o.Defects...)
	case f.Demand == DemandShip:
		s.o.State = StateReceived
		s.effect(EffectCheck, 0, s.e.Next)
	default:
		return errRepeated // unpaid or done elsewhere: none of our business yet
	}
	if s.o.owed() {
		s.remind()
	}
	return nil
}

// reinstated: a cancelled order that the channel wants again is not bought
// without a person, and not forgotten either. Without both times nobody can
// tell which of the two came last, and the cancellation stands. So does a
// person's, while the channel says what it said before it was told.
func (s *step) reinstated(f Facts) error {
	told := s.o.Reported.State == StateCancelled
	if s.o.UpdatedAt.IsZero() || !f.UpdatedAt.After(s.o.UpdatedAt) && !s.setBack(f) || s.o.Demand == f.Demand && !told {
		return errRepeated
	}
	if f.Demand != DemandShip {
		s.o.Demand, s.o.UpdatedAt = f.Demand, f.UpdatedAt
		s.c.Note = "demand"
		return nil
	}
	s.take(f)
	s.o.CancelAsked = false
	s.o.Edited, s.o.Theirs, s.o.ErasedAt = false, nil, time.Time{}
	s.o.Reported = Status{} // it has moved on from what it was told
	s.lapse(CodeReinstated, CodePaymentWithdrawn, CodeClosedByChannel)
	s.hold(append(slices.Clone(f.Defects), Finding{Code: CodeReinstated, Severity: Overridable})...)
	s.remind()
	return nil
}

// bought reports whether something may be at the supplier already.
func (s *step) bought() bool {
	switch s.c.From {
	case StateReceived:
		return false
	case StatePendingReview:
		return s.o.InFlight() || s.o.bought()
	}
	return true
}

// unsent reports whether an attempt is stored of which nothing has left.
func (s *step) unsent() bool {
	a := s.o.LastAttempt()
	return s.c.From == StateSubmitting && a != nil && a.Outcome == OutcomeOpen && a.SentAt.IsZero() && !s.o.bought()
}

// take replaces the facts. What was erased does not come back.
func (s *step) take(f Facts) {
	if !s.o.ErasedAt.IsZero() {
		f.ShipTo, f.Note, f.Raw, f.PickupPoint = s.o.ShipTo, "", nil, ""
	}
	s.o.Facts = f
}

// merge takes the new facts over, except what a person edited and, once
// something is bought, the address that was used.
func (s *step) merge(f Facts, changed []string) {
	ours, theirs := s.o.ShipTo, f.ShipTo
	s.take(f)
	used := s.bought() && !s.unsent()
	if !s.o.ErasedAt.IsZero() || !s.o.Edited && !used {
		return
	}
	s.o.ShipTo = ours
	if slices.Contains(changed, "shipTo") {
		s.o.Theirs = &theirs
		if s.o.Edited && !used {
			s.add(Finding{Code: CodeEditConflict, Path: "shipTo", Severity: Notice})
		}
	}
}

// catchUp takes over what the channel changed while something was bought, or
// might be, once that has come to nothing: what is bought next goes to the
// address of today.
func (s *step) catchUp() {
	if s.o.State != StatePendingReview && s.o.State != StateSubmitting {
		return
	}
	for i := range s.o.Attempts {
		if a := &s.o.Attempts[i]; a.InFlight() && !a.unsent() {
			return
		}
	}
	if s.o.bought() {
		return
	}
	s.drop(CodeChangedAfter)
	if s.o.Theirs != nil && !s.o.Edited {
		s.o.ShipTo, s.o.Theirs = *s.o.Theirs, nil
	}
}

// changedLate: the channel changed an order that is bought. Our own reports
// come back as "closed" and are no change.
func (s *step) changedLate(f Facts, was Demand, changed []string) {
	if f.Demand == DemandUnpaid && was != DemandUnpaid {
		s.add(Finding{Code: CodePaymentWithdrawn, Severity: Notice})
	}
	if f.Demand == DemandShip {
		s.drop(CodePaymentWithdrawn)
	}
	if f.Demand == DemandShip && was == DemandCancel {
		s.wantedAfterAll()
	}
	for _, path := range changed {
		if path != "demand" && path != "shipped" {
			s.add(Finding{Code: CodeChangedAfter, Path: path, Severity: Notice})
		}
	}
	if s.c.From == StatePendingReview && len(s.o.OpenItems()) == 0 && s.o.bought() {
		s.effect(EffectTrack, 0, s.c.At) // what is bought decides
	}
}

// wantedAfterAll: the channel takes back its cancellation of what is bought,
// or may be. If it turns out that it is not, a person decides.
func (s *step) wantedAfterAll() {
	f := Finding{Code: CodeReinstated, Severity: Notice}
	if s.c.From == StateSubmitting || s.c.From == StatePendingReview {
		f.Severity = Overridable
	}
	s.o.CancelAsked = false
	s.drop(CodeCancelLate)
	s.lapse(CodeReinstated)
	s.add(f)
}

// wantedAgain: nothing is bought yet and the channel wants it: look at it with
// fresh eyes. A check is only needed where something that matters changed.
func (s *step) wantedAgain(changed []string) {
	s.drop(CodePaymentWithdrawn, CodeClosedByChannel, CodeUnreadable)
	if len(s.o.Defects) > 0 {
		s.hold(s.o.Defects...)
		return
	}
	if len(changed) > 0 {
		s.o.Quote = Quote{} // of what it was
	}
	switch {
	case len(changed) == 0:
	case s.c.From == StatePendingReview:
		s.look()
	default:
		s.effect(EffectCheck, 0, s.e.Next)
	}
}

// withdrawn: the channel no longer asks for it, and nothing is bought yet.
func (s *step) withdrawn() {
	blocking := s.keep(func(f Finding) bool { return f.Blocks() })
	s.hold(append(blocking, s.o.Withdrawn()...)...)
}

// differs names the facts in which f differs from what is stored, as paths.
func (o *Order) differs(f Facts) []string {
	var out []string
	mark := func(path string, differs bool) {
		if differs {
			out = append(out, path)
		}
	}
	stored := o.ShipTo
	if o.Theirs != nil {
		stored = *o.Theirs
	}
	mark("demand", o.Demand != f.Demand)
	mark("number", o.Number != f.Number)
	mark("lines", !slices.EqualFunc(o.Lines, f.Lines, Line.equal))
	mark("shipped", len(o.Placements) == 0 && !slices.EqualFunc(o.Lines, f.Lines, sameShipped))
	mark("total", !o.Total.Equal(f.Total) || !o.Postage.Equal(f.Postage))
	mark("service", o.Service != f.Service)
	mark("shipBy", !o.ShipBy.Equal(f.ShipBy))
	mark("defects", !slices.EqualFunc(o.Defects, f.Defects, sameFinding))
	if o.ErasedAt.IsZero() {
		mark("shipTo", stored != f.ShipTo)
		mark("note", o.Note != f.Note)
		mark("pickupPoint", o.PickupPoint != f.PickupPoint)
	}
	return out
}

func (l Line) equal(m Line) bool {
	return l.Total.Equal(m.Total) && l.ID == m.ID && l.SKU == m.SKU && l.Title == m.Title && l.Quantity == m.Quantity &&
		l.Cancelled == m.Cancelled && l.Foreign == m.Foreign
}

// sameShipped compares what our own reports move, once something is placed.
func sameShipped(l, m Line) bool { return l.Shipped == m.Shipped }

// sameDetails compares what sameFinding does not.
func sameDetails(a, b Finding) bool {
	return a.AutoClear == b.AutoClear && maps.Equal(a.Params, b.Params) && maps.Equal(a.Suggestion, b.Suggestion)
}

func sameFinding(a, b Finding) bool {
	return a.Code == b.Code && a.Path == b.Path && a.Value == b.Value && a.Severity == b.Severity
}
