package mip

import (
	"slices"
	"strings"
	"time"
)

// tracked takes over what the supplier says of its orders.
func (s *step) tracked() error {
	changed := s.takeTracking()
	s.c.Note = strings.Join(changed, " ")
	s.awaiting()
	s.afterTracking()
	s.overdue()
	s.missing()
	if len(s.e.Tracking) > 0 {
		s.goesOn(EffectTrack)
	}
	if len(changed) > 0 {
		s.costMore()
	}
	if len(changed) == 0 && s.o.State == s.c.From && len(s.c.Codes) == 0 && !s.bare && !s.over {
		if !s.missed {
			return errRepeated
		}
		s.quiet = true
	}
	if slices.ContainsFunc(s.o.Placements, Placement.open) || s.bare && s.o.State == StateShipped {
		s.effect(EffectTrack, 0, s.o.nextTrack(s.e.Next, s.c.At))
	}
	return nil
}

// open reports whether news may still come.
func (p Placement) open() bool {
	return p.Status != PlacementDelivered && p.Status != PlacementCancelled
}

// byHand reports whether a person placed it and it stands.
func (p Placement) byHand() bool { return p.Attempt == 0 && p.Status != PlacementCancelled }

// takeTracking merges the news into the placements and names what changed.
// A status never moves back; parcels are matched by id, so that a corrected
// number replaces the old one.
func (s *step) takeTracking() []string {
	var changed []string
	placements := slices.Clone(s.o.Placements)
	for _, t := range s.e.Tracking {
		i := slices.IndexFunc(placements, func(p Placement) bool { return p.ID == t.ID })
		if i < 0 {
			continue
		}
		p := &placements[i]
		if t.Missing {
			s.miss(p)
			continue
		}
		if s.turnedUp(p) {
			changed = append(changed, p.ID+":found")
		}
		arrived := p.Status == PlacementDelivered && !p.CheckedAt.IsZero()
		p.CheckedAt = s.c.At
		if t.Status.follows(p.Status) {
			p.Status = t.Status
			s.fell = s.fell || t.Status == PlacementCancelled
			changed = append(changed, p.ID+":"+string(t.Status))
		}
		if t.StatusText != "" {
			p.StatusText = t.StatusText
		}
		if t.Cost.Currency() != "" && !t.Cost.Equal(p.Cost) {
			p.Cost = t.Cost
			changed = append(changed, p.ID+":cost")
		}
		merged, news := mergeParcels(p.Parcels, t.Parcels)
		if news {
			p.Parcels = merged
			changed = append(changed, p.ID+":parcels")
		}
		s.bare = s.bare || !arrived && p.Status == PlacementDelivered && len(p.Parcels) == 0
	}
	if len(changed) > 0 || s.bare || s.missed {
		s.o.Placements = placements
	}
	return changed
}

// afterTracking moves the order to where its placements are.
func (s *step) afterTracking() {
	if len(s.o.Placements) == 0 || s.o.InFlight() {
		return
	}
	if !s.o.bought() {
		s.lost()
		return
	}
	if s.unplaced() || s.c.From == StatePendingReview && s.late() {
		return
	}
	least := PlacementDelivered
	for _, p := range s.o.Placements {
		if p.Status != PlacementCancelled && p.Status.rank() < least.rank() {
			least = p.Status
		}
	}
	switch {
	case least == PlacementDelivered && s.bare:
		s.o.State = StateShipped // its number may have come since: asked once more
	case least == PlacementDelivered:
		s.o.State = StateDelivered
	case least == PlacementShipped:
		s.o.State = StateShipped
	case s.c.From == StatePendingReview:
		s.o.State = StateSubmitted
	}
	if s.o.State != s.c.From && s.c.From == StatePendingReview {
		s.setFindings(s.notices())
	}
}

// unplaced reports whether the order waits for lines that its placements say
// nothing of. What the channel added after the purchase is no reason to wait,
// nor is what a person who placed the order left out: it would wait for ever.
func (s *step) unplaced() bool {
	switch {
	case len(s.o.OpenItems()) == 0 || s.o.CancelAsked:
		return false
	case s.fell:
		s.lost()
		return s.c.From != StateShipped
	case s.c.From == StateManuallySent:
		return !slices.ContainsFunc(s.o.Placements, Placement.byHand)
	}
	return s.c.From == StatePendingReview
}

// lost: the supplier cancelled what was bought, or part of it.
func (s *step) lost() {
	switch {
	case s.c.From == StateShipped:
		s.add(Finding{Code: CodeSupplierCancelled, Path: "lines", Severity: Notice})
	case s.o.CancelAsked && !s.o.bought():
		s.o.State = StateCancelled
	case s.c.From == StatePendingReview:
		s.add(Finding{Code: CodeSupplierCancelled, Path: "lines", Severity: Blocking})
	default:
		s.hold(Finding{Code: CodeSupplierCancelled, Path: "lines", Severity: Blocking})
	}
}

// reported: the channel knows, or will never take it.
func (s *step) reported() error {
	if s.e.Status == nil {
		return s.invalid("the status is missing")
	}
	for _, f := range s.e.Findings {
		f.Severity = Notice
		s.add(f)
	}
	if s.o.Reported.Equal(*s.e.Status) && len(s.c.Codes) == 0 {
		return errRepeated
	}
	s.o.Reported = *s.e.Status
	if s.e.Kind == EventReported {
		s.drop(CodeReportRefused)
		s.goesOn(EffectReport)
	}
	s.c.Note = string(s.e.Status.State)
	return nil
}

// Status returns what the channel should be told now; the zero value means
// nothing. Holds are internal: a channel would mail them to its customers.
func (o Order) Status() Status { return o.status() }

// status is Status without a copy of the order.
func (o *Order) status() Status {
	var parcels []Parcel
	if len(o.Placements) > 0 {
		parcels = o.parcels()
	}
	switch o.State {
	case StateSubmitted, StateManuallySent:
		return Status{State: StateSubmitted, Parcels: parcels}
	case StateShipped, StateDelivered:
		return Status{State: o.State, Parcels: parcels}
	case StateCancelled:
		if o.Demand != DemandCancel {
			return Status{State: StateCancelled}
		}
	}
	if len(parcels) > 0 {
		return Status{State: StateSubmitted, Parcels: parcels}
	}
	return Status{}
}

// parcels are those of living placements, as the channel should know them.
func (o *Order) parcels() []Parcel {
	var out []Parcel
	for _, p := range o.Placements {
		if p.Status == PlacementCancelled {
			continue
		}
		for _, parcel := range p.Parcels {
			if len(parcel.Items) == 0 {
				parcel.Items = p.Items
			}
			parcel.Status, parcel.UpdatedAt = "", time.Time{}
			out = append(out, parcel)
		}
	}
	return out
}
