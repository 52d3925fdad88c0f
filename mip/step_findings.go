package mip

import "slices"

// hold puts the order into pending review for findings, beside the notices it
// has already. A reason takes the place of a notice of the same thing.
func (s *step) hold(findings ...Finding) {
	s.o.State = StatePendingReview
	s.setFindings(slices.Concat(findings, s.notices()))
}

// notices returns what does not hold the order, except that it is being
// checked, which is over when its state changes.
func (s *step) notices() []Finding {
	return s.keep(func(f Finding) bool { return !f.Blocks() && f.Code != CodeChecking })
}

// keep returns the findings for which want is true, in a new slice.
func (s *step) keep(want func(Finding) bool) []Finding {
	var out []Finding
	for _, f := range s.o.Findings {
		if want(f) {
			out = append(out, f)
		}
	}
	return out
}

// add adds a finding unless one of its code and path is there.
func (s *step) add(f Finding) {
	if !slices.ContainsFunc(s.o.Findings, f.same) {
		s.o.Findings = append(slices.Clip(s.o.Findings), f)
		s.c.Codes = append(s.c.Codes, f.Code)
	}
}

// drop removes the findings with one of the codes.
func (s *step) drop(codes ...string) {
	if slices.ContainsFunc(s.o.Findings, func(f Finding) bool { return slices.Contains(codes, f.Code) }) {
		s.o.Findings = s.keep(func(f Finding) bool { return !slices.Contains(codes, f.Code) })
	}
}

// setFindings replaces the findings, one per code and path. The slice is
// s's own from then on.
func (s *step) setFindings(findings []Finding) {
	s.o.Findings = nil
	if len(findings) > 0 {
		s.o.Findings = findings[:0]
	}
	s.c.Codes = slices.Grow(s.c.Codes, len(findings))
	for _, f := range findings {
		if !slices.ContainsFunc(s.o.Findings, f.same) {
			s.o.Findings = append(s.o.Findings, f)
			s.c.Codes = append(s.c.Codes, f.Code)
		}
	}
}

// through takes back that the purchase could not leave: it is decided.
func (s *step) through() {
	waits := func(f Finding) bool { return f.Code == CodeUnavailable && !f.Blocks() }
	if slices.ContainsFunc(s.o.Findings, waits) {
		s.o.Findings = s.keep(func(f Finding) bool { return !waits(f) })
	}
}
