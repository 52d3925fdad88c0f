package mip

import "slices"

// erased removes the person, not the facts: country, lines, amounts, ids and
// the history stay.
func (s *step) erased() error {
	if !s.o.ErasedAt.IsZero() {
		return errRepeated
	}
	if s.o.InFlight() {
		return s.illegal("an attempt may have reached the supplier")
	}
	s.o.ShipTo = Address{Country: s.o.ShipTo.Country}
	s.o.Note, s.o.Raw, s.o.PickupPoint, s.o.Theirs = "", nil, "", nil
	s.o.Findings = withoutSuggestions(s.o.Findings)
	s.o.Defects = withoutSuggestions(s.o.Defects)
	s.o.ErasedAt = s.at
	return nil
}

func withoutSuggestions(findings []Finding) []Finding {
	out := slices.Clone(findings)
	for i := range out {
		out[i].Suggestion = nil
	}
	return out
}
