package rules

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/openmip/openmip/mip"
)

// A street is an address being shortened: both lines cut into the parts that
// people separate by commas, and the company field.
type street struct {
	one, two []string
	company  string
}

// shorten proposes values for shipTo.line1, shipTo.line2 and, if something
// moves there, shipTo.company, so that the street has at most limit
// characters. It returns nil if that cannot be had without losing something.
// The gentlest way that is enough wins: tidying, then abbreviating, then
// moving what is not street, then both.
func shorten(a mip.Address, limit int) map[string]string {
	a = a.Normal()
	words := wordsOf(a.Country)
	base := street{one: parts(a.Line1), two: parts(a.Line2), company: a.Company}.withoutRepetition(a)
	if out := base.suggestion(a, limit); out != nil {
		return out
	}
	if out := base.abbreviated(words, limit).suggestion(a, limit); out != nil {
		return out
	}
	moved := base.movable(limit)
	for _, m := range moved {
		if out := m.suggestion(a, limit); out != nil {
			return out
		}
	}
	for _, m := range moved {
		if out := m.abbreviated(words, limit).suggestion(a, limit); out != nil {
			return out
		}
	}
	return nil
}

// parts cuts a line at its commas and puts single spaces between words. A
// comma within a word ("5,3") stays.
func parts(line string) []string {
	var out []string
	for part := range strings.SplitSeq(strings.Join(strings.Fields(line), " ")+" ", ", ") {
		if part = strings.Trim(part, " ,;"); part != "" {
			out = append(out, part)
		}
	}
	return out
}

// lines puts the parts together again. What stood in line 2 alone becomes
// line 1.
func (s street) lines() (one, two string) {
	one, two = strings.Join(s.one, ", "), strings.Join(s.two, ", ")
	if one == "" {
		return two, ""
	}
	return one, two
}

func (s street) length() int {
	one, two := s.lines()
	return utf8.RuneCountInString(mip.Address{Line1: one, Line2: two}.Street())
}

// suggestion returns the new values if they fit.
func (s street) suggestion(was mip.Address, limit int) map[string]string {
	one, two := s.lines()
	if one == "" || s.length() > limit {
		return nil
	}
	out := map[string]string{"shipTo.line1": one, "shipTo.line2": two}
	if s.company != was.Company {
		out["shipTo.company"] = s.company
	}
	return out
}

// withoutRepetition drops what another field says already: a second line that
// repeats the first, and later parts that are the city, the postcode with the
// city, the province or the company.
func (s street) withoutRepetition(a mip.Address) street {
	if len(s.one) > 0 && slices.EqualFunc(s.one, s.two, strings.EqualFold) {
		s.two = nil
	}
	known := []string{a.City, a.Province, a.Company, a.Postcode + " " + a.City}
	repeats := func(part string) bool {
		return utf8.RuneCountInString(part) >= 4 && hasLetter(part) && slices.ContainsFunc(known, func(k string) bool {
			return strings.EqualFold(strings.Join(strings.Fields(k), " "), part)
		})
	}
	keep := func(in []string, first bool) []string {
		var out []string
		for i, part := range in {
			if first && i == 0 || !repeats(part) {
				out = append(out, part)
			}
		}
		return out
	}
	s.one, s.two = keep(s.one, true), keep(s.two, len(s.one) == 0)
	return s
}

// abbreviated replaces words by their usual abbreviation, from the left, until
// the street fits or no word is left.
func (s street) abbreviated(words []lexicon, limit int) street {
	s.one, s.two = slices.Clone(s.one), slices.Clone(s.two)
	for _, line := range [][]string{s.one, s.two} {
		for i := range line {
			fields := strings.Fields(line[i])
			for j := range fields {
				if s.length() <= limit {
					return s
				}
				fields[j] = abbreviate(fields[j], words)
				line[i] = strings.Join(fields, " ")
			}
		}
	}
	return s
}

// movable returns the ways to move one part that is not street into the
// company field, if that is empty. A part with digits never moves.
func (s street) movable(limit int) []street {
	if s.company != "" {
		return nil
	}
	var out []street
	try := func(line []string, i int, in func(rest []string) street) {
		stays, goes := careOf(line[i])
		if goes == "" && (isCompany(line[i]) || isBuilding(line[i])) {
			goes = line[i]
		}
		if goes == "" || hasDigit(goes) || utf8.RuneCountInString(goes) > limit {
			return
		}
		rest := slices.Delete(slices.Clone(line), i, i+1)
		if stays != "" {
			rest = slices.Insert(rest, i, stays)
		}
		if m := in(rest); m.hasStreet() {
			m.company = goes
			out = append(out, m)
		}
	}
	for i := range s.two {
		try(s.two, i, func(rest []string) street { return street{one: s.one, two: rest} })
	}
	for i := range s.one {
		try(s.one, i, func(rest []string) street { return street{one: rest, two: s.two} })
	}
	return out
}

// hasStreet reports whether what is left can still be found by a postman.
func (s street) hasStreet() bool {
	one, _ := s.lines()
	return hasLetter(one)
}

// careOf splits a part at "c/o" and its sisters: what stays in the street, and
// the rest with the word. A part that begins with one goes whole.
func careOf(part string) (stays, goes string) {
	fields := strings.Fields(part)
	for i, word := range fields {
		if slices.Contains(careOfWords, strings.ToLower(word)) && i+1 < len(fields) {
			return strings.Join(fields[:i], " "), strings.Join(fields[i:], " ")
		}
	}
	return "", ""
}

func isCompany(part string) bool {
	fields := strings.Fields(strings.ToLower(part))
	return len(fields) > 1 && slices.Contains(companyForms, fields[len(fields)-1])
}

func isBuilding(part string) bool {
	first, rest, _ := strings.Cut(strings.ToLower(part), " ")
	return rest != "" && slices.Contains(buildingWords, first)
}

func hasDigit(s string) bool  { return strings.ContainsFunc(s, unicode.IsDigit) }
func hasLetter(s string) bool { return strings.ContainsFunc(s, unicode.IsLetter) }
