package mip

import "slices"

// costMore tells people by how much a purchase costs more than was checked and
// approved. It stands; whoever sold the goods may have lost by it.
func (s *step) costMore() {
	var approved, actual Money
	for _, a := range s.o.Attempts {
		budget, cost, more := s.o.exceeded(a)
		if !more {
			continue
		}
		var one, other error
		approved, one = approved.Add(budget)
		actual, other = actual.Add(cost)
		if one != nil || other != nil {
			return // nobody can add them up
		}
	}
	if actual.Currency() == "" {
		s.drop(CodeCostMore)
		return
	}
	f := Finding{Code: CodeCostMore, Path: "quote.total", Severity: Notice,
		Params: map[string]string{"approved": approved.Text(), "actual": actual.Text(), "currency": actual.Currency()}}
	if !slices.ContainsFunc(s.o.Findings, func(g Finding) bool { return f.same(g) && sameDetails(f, g) }) {
		s.drop(CodeCostMore)
		s.add(f)
	}
}

// exceeded compares what was approved for an attempt, with what paying costs
// extra, with what its placements cost as far as told. What rounding makes of
// each placement is no difference.
func (o *Order) exceeded(a Attempt) (budget, cost Money, more bool) {
	rounding := int64(0)
	for _, p := range o.Placements {
		if p.Attempt != a.Number || p.Status == PlacementCancelled {
			continue
		}
		var err error
		if cost, err = cost.Add(p.Cost); err != nil {
			return budget, cost, false
		}
		rounding++
	}
	budget, err := a.Amount.Add(a.Fee)
	if err != nil || rounding == 0 || a.Amount.Currency() == "" || cost.Currency() != budget.Currency() {
		return budget, cost, false
	}
	most, err := budget.Add(Minor(rounding, budget.Currency()))
	if err != nil {
		return budget, cost, false
	}
	c, err := cost.Cmp(most)
	return budget, cost, err == nil && c > 0
}
