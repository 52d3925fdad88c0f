package rules

import (
	"github.com/shopspring/decimal"

	"github.com/openmip/openmip/mip"
)

// MarginConfig says how [Margin] compares. The zero value asks that the buyer
// pays at least what the supplier charges, in one currency.
type MarginConfig struct {
	// Least is the share of the supplier's price that must remain above it:
	// 0.1 = the buyer pays at least 110 %. May be negative.
	Least decimal.Decimal
	// Rates is how much of the supplier's currency one unit of another is
	// worth, by the other's ISO 4217 code. Amounts in a currency without a
	// rate are not compared but reported. The map is copied.
	Rates map[string]decimal.Decimal
}

// Margin checks that what the buyer pays covers what the supplier charges, tax
// and shipping included on both sides, and what paying costs extra
// ([mip.Snapshot].Fee). Its code is [CodeBelowWholesale]. Different currencies
// without a rate are [CodeCurrencyMismatch]. A person may let either pass, and
// the decision lapses when either amount changes.
//
// As long as nothing of an order is bought, cancelled or another supplier's,
// the buyer's side is the order's total. Otherwise it is the total of the open
// lines, in proportion to the open pieces, and the postage if nothing is
// bought yet. Where the channel tells no totals there is nothing to compare,
// and the rule passes.
func Margin(config MarginConfig) mip.Rule {
	rates := make(map[string]decimal.Decimal, len(config.Rates))
	for currency, rate := range config.Rates {
		rates[currency] = rate
	}
	factor := config.Least.Add(decimal.NewFromInt(1))
	return mip.Rule{
		Code:  CodeBelowWholesale,
		Doc:   "What the buyer pays covers what the supplier charges.",
		Limit: "the supplier's price, or a configured margin above it",
		Needs: mip.NeedQuote,
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			cost, err := s.Quote.Total.Add(s.Fee)
			if s.Quote.Total.Currency() == "" || err != nil {
				return
			}
			paid, known := revenue(&s.Order)
			if !known {
				return
			}
			ours, ok := converted(paid, cost.Currency(), rates)
			if !ok {
				report(mismatch("total", paid, cost))
				return
			}
			least := cost
			if !config.Least.IsZero() {
				least = cost.Scale(factor)
			}
			if less(ours, least) {
				f := judged(CodeBelowWholesale, "total", paid.String(), cost.String())
				f.Params = map[string]string{"paid": ours.Text(), "cost": cost.Text(), "currency": cost.Currency()}
				report(f)
			}
		},
	}
}

// MaximumPrice checks that the supplier charges no more than limit for an
// order, tax and shipping included. Its code is [CodeAboveMaximum]; a person
// may let it pass.
func MaximumPrice(limit mip.Money) mip.Rule {
	return quoted(CodeAboveMaximum, "An order costs no more than a maximum.", limit,
		func(cost mip.Money) bool { return less(limit, cost) })
}

// MinimumOrder checks that the supplier charges at least limit for an order,
// tax and shipping included. Its code is [CodeBelowMinimum]; a person may let
// it pass. It is for a minimum of one's own: a supplier's is known to the
// supplier, whose refusal has the same code.
func MinimumOrder(limit mip.Money) mip.Rule {
	return quoted(CodeBelowMinimum, "An order reaches the minimum.", limit,
		func(cost mip.Money) bool { return less(cost, limit) })
}

// quoted makes a rule that compares the quote with a limit.
func quoted(code, doc string, limit mip.Money, wrong func(mip.Money) bool) mip.Rule {
	return mip.Rule{
		Code:  code,
		Doc:   doc,
		Limit: limit.String(),
		Needs: mip.NeedQuote,
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			cost := s.Quote.Total
			switch {
			case cost.Currency() == "" || limit.Currency() == "" || told(&s, code):
			case cost.Currency() != limit.Currency():
				report(mismatch("quote.total", limit, cost))
			case wrong(cost):
				f := judged(code, "quote.total", cost.String())
				f.Params = map[string]string{"limit": limit.Text(), "cost": cost.Text(), "currency": cost.Currency()}
				report(f)
			}
		},
	}
}

// revenue is what the buyer paid for what is still to be bought.
func revenue(o *mip.Order) (mip.Money, bool) {
	if total, ok := wholeTotal(o); ok {
		return total, true
	}
	sum, known := mip.Money{}, true
	openLines(o, func(_ int, l *mip.Line, open int) {
		share := l.Total
		if open != l.Quantity && l.Quantity > 0 {
			part := share.Amount().Mul(decimal.NewFromInt(int64(open))).Div(decimal.NewFromInt(int64(l.Quantity)))
			share, _ = mip.MoneyOf(part, share.Currency()) // no currency: caught below
		}
		var err error
		if sum, err = sum.Add(share); err != nil || share.Currency() == "" {
			known = false
		}
	})
	if len(o.Placements) == 0 {
		var err error
		if sum, err = sum.Add(o.Postage); err != nil {
			known = false
		}
	}
	return sum, known && sum.Currency() != ""
}

// wholeTotal returns the order's total if all of it is to be bought.
func wholeTotal(o *mip.Order) (mip.Money, bool) {
	if o.Total.Currency() == "" || len(o.Placements) > 0 {
		return mip.Money{}, false
	}
	for i := range o.Lines {
		if o.Lines[i].Foreign || o.Lines[i].Cancelled != 0 {
			return mip.Money{}, false
		}
	}
	return o.Total, true
}

func converted(m mip.Money, currency string, rates map[string]decimal.Decimal) (mip.Money, bool) {
	if m.Currency() == currency {
		return m, true
	}
	rate, ok := rates[m.Currency()]
	if !ok {
		return mip.Money{}, false
	}
	out, err := mip.MoneyOf(m.Amount().Mul(rate), currency)
	return out, err == nil
}

// less compares amounts of one currency.
func less(a, b mip.Money) bool {
	c, err := a.Cmp(b)
	return err == nil && c < 0
}

func mismatch(path string, a, b mip.Money) mip.Finding {
	f := judged(CodeCurrencyMismatch, path, a.String(), b.String())
	f.Params = map[string]string{"one": a.Currency(), "other": b.Currency()}
	return f
}
