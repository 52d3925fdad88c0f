package mip

import "slices"

// erased removes the person, not the facts: country, lines, amounts, ids and
// the history stay.
func (s *step) erased() error {
	if !s.o.ErasedAt.IsZero() && s.o.impersonal() {
		return errRepeated
	}
	if s.o.InFlight() {
		return s.illegal("an attempt may have reached the supplier")
	}
	s.o.ShipTo = Address{Country: s.o.ShipTo.Country}
	s.o.Note, s.o.Raw, s.o.PickupPoint, s.o.Theirs = "", nil, "", nil
	s.o.Findings = withoutSuggestions(s.o.Findings)
	s.o.Defects = withoutSuggestions(s.o.Defects)
	s.o.ErasedAt = s.c.At
	return nil
}

// impersonal reports whether nothing is there (again) to erase.
func (o *Order) impersonal() bool {
	suggests := func(f Finding) bool { return len(f.Suggestion) > 0 }
	return o.ShipTo == Address{Country: o.ShipTo.Country} && o.Note == "" && len(o.Raw) == 0 && o.PickupPoint == "" &&
		o.Theirs == nil && !slices.ContainsFunc(o.Findings, suggests) && !slices.ContainsFunc(o.Defects, suggests)
}

func withoutSuggestions(findings []Finding) []Finding {
	out := slices.Clone(findings)
	for i := range out {
		out[i].Suggestion = nil
	}
	return out
}
