package mip

import (
	"slices"
	"strings"
)

// matched: something of an order placed by hand was found. Nothing waits for
// what the person left out, so people are told of it.
func (s *step) matched() {
	s.drop(CodeNotMatched)
	rest := s.o.OpenItems()
	if s.c.From != StateManuallySent || len(rest) == 0 || s.o.CancelAsked {
		return
	}
	skus := make([]string, 0, len(rest))
	for _, it := range rest {
		if !slices.Contains(skus, it.SKU) {
			skus = append(skus, it.SKU)
		}
	}
	s.drop(CodePartlyMatched)
	s.add(Finding{Code: CodePartlyMatched, Path: "lines", Severity: Notice,
		Params: map[string]string{"reference": s.o.ManualRef, "skus": strings.Join(skus, ",")}})
}

// made takes back that something was left out, once it is bought, or wanted no
// more.
func (s *step) made() {
	for _, f := range s.o.Findings {
		if f.Code == CodePartlyMatched && (s.o.CancelAsked || !s.o.Linked() || len(s.o.OpenItems()) == 0) {
			s.drop(CodePartlyMatched)
			return
		}
	}
}
