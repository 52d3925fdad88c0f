package mip

import (
	"slices"
	"strings"
	"time"
)

// missedFor is how long a supplier must not show an order, whenever it is
// asked, before people hear of it: what it reads may lag behind.
const missedFor = 24 * time.Hour

// miss notes since when the supplier does not show a placement.
func (s *step) miss(p *Placement) {
	if p.MissedAt.IsZero() {
		p.MissedAt, s.missed = s.c.At, true
	}
}

// turnedUp notes that the supplier shows it, and reports whether that is worth
// telling.
func (s *step) turnedUp(p *Placement) bool {
	if p.MissedAt.IsZero() {
		return false
	}
	told := p.longMissed(s.c.At)
	p.MissedAt, s.missed = time.Time{}, true
	return told
}

func (p Placement) longMissed(at time.Time) bool {
	return p.open() && !p.MissedAt.IsZero() && at.Sub(p.MissedAt) >= missedFor
}

// missing tells people of what is bought and that the supplier does not show.
// Nothing waits for it, and nothing is bought again: only a person can
// find out what became of it.
func (s *step) missing() {
	var ids []string
	for _, p := range s.o.Placements {
		if p.longMissed(s.c.At) {
			ids = append(ids, p.ID)
		}
	}
	orders := strings.Join(ids, ", ")
	told := func(f Finding) bool { return f.Code == CodeMissing && f.Params["orders"] == orders }
	if len(ids) > 0 && slices.ContainsFunc(s.o.Findings, told) {
		return
	}
	s.drop(CodeMissing)
	if len(ids) > 0 {
		s.add(Finding{Code: CodeMissing, Path: "lines", Severity: Notice, Params: map[string]string{"orders": orders}})
	}
}
