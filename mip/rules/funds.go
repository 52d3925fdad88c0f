package rules

import "github.com/openmip/openmip/mip"

// Funds checks that the first payment method has what the supplier charges,
// unless another method stands behind it. Its code is
// [mip.CodeInsufficientFunds]; it goes away by itself with the money. A purse
// in another currency than the quote is [CodeCurrencyMismatch]. Unknown funds
// pass: the reservation decides.
func Funds() mip.Rule {
	return mip.Rule{
		Code:  mip.CodeInsufficientFunds,
		Doc:   "There is enough money to buy the order.",
		Limit: "balance less open reservations",
		Needs: mip.NeedQuote | mip.NeedFunds,
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			needed, available := s.Quote.Total, s.Funds.Available
			switch {
			case needed.Currency() == "" || available.Currency() == "":
			case s.Funds.Fallback || told(&s, mip.CodeInsufficientFunds):
			case needed.Currency() != available.Currency():
				report(mismatch("quote.total", available, needed))
			case less(available, needed):
				f := finding(mip.CodeInsufficientFunds, "")
				f.Params = map[string]string{
					"available": available.Text(), "needed": needed.Text(), "currency": needed.Currency(),
				}
				report(f)
			}
		},
	}
}
