package mip

import (
	"slices"
	"strings"
)

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
	s.o.Findings, s.o.Defects = impersonal(s.o.Findings), impersonal(s.o.Defects)
	s.o.Overrides = slices.DeleteFunc(slices.Clone(s.o.Overrides), Override.tells)
	s.o.ErasedAt = s.c.At
	return nil
}

// impersonal reports whether nothing is there (again) to erase.
func (o *Order) impersonal() bool {
	return o.ShipTo == Address{Country: o.ShipTo.Country} && o.Note == "" && len(o.Raw) == 0 && o.PickupPoint == "" &&
		o.Theirs == nil && !slices.ContainsFunc(o.Findings, Finding.tells) && !slices.ContainsFunc(o.Defects, Finding.tells) &&
		!slices.ContainsFunc(o.Overrides, Override.tells)
}

// impersonal returns findings without what they tell of a person.
func impersonal(findings []Finding) []Finding {
	out := slices.Clone(findings)
	for i := range out {
		out[i].Suggestion = nil
		if personal(out[i].Path) {
			out[i].Value = ""
		}
	}
	return out
}

// tells reports whether a finding tells something of a person. A digest of a
// telephone number does: there are not many to try.
func (f Finding) tells() bool { return len(f.Suggestion) > 0 || f.Value != "" && personal(f.Path) }

func (o Override) tells() bool { return o.Value != "" && personal(o.Path) }

// personal reports whether a path leads to what belongs to a person.
func personal(path string) bool {
	return strings.HasPrefix(path, "shipTo") || path == "pickupPoint" || path == "note"
}
