package paypaltest

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/openmip/openmip/mip"
)

// currencies are those that PayPal takes.
var currencies = strings.Fields("AUD BRL CAD CHF CNY CZK DKK EUR GBP HKD HUF ILS JPY MXN MYR NOK NZD PHP PLN SEK SGD THB TWD USD")

// undivided are those in which PayPal takes no decimals.
var undivided = []string{"HUF", "JPY", "TWD"}

var (
	maxValue    = decimal.RequireFromString("999999999999999.99")
	valueSyntax = regexp.MustCompile(`^((-?[0-9]+)|(-?([0-9]+)?[.][0-9]+))$`)
)

// amount is money as PayPal counts it.
type amount struct {
	currency string
	value    decimal.Decimal
}

// moneyForm is money as it arrives.
type moneyForm struct {
	Currency *string `json:"currency_code"`
	Value    *string `json:"value"`
}

func decimals(currency string) int32 {
	if slices.Contains(undivided, currency) {
		return 0
	}
	return 2
}

// shown is money as it is answered.
func (a amount) shown() object {
	return object{"currency_code": a.currency, "value": a.value.StringFixed(decimals(a.currency))}
}

func (a amount) with(d decimal.Decimal) amount { return amount{a.currency, d} }

// money puts an amount into the vocabulary of the library.
func (a amount) money() mip.Money {
	m, err := mip.MoneyOf(a.value, a.currency)
	if err != nil {
		panic("paypaltest: " + err.Error()) // only known currencies get here
	}
	return m
}

// money reads an amount at a JSON pointer. What is no amount is noted; the
// rest is judged by [judge].
func (f *form) money(field string, m *moneyForm) (amount, bool) {
	if m == nil {
		f.note("MISSING_REQUIRED_PARAMETER", field, "")
		return amount{}, false
	}
	before := len(f.details)
	if f.required(field+"/currency_code", m.Currency) {
		f.length(field+"/currency_code", m.Currency, 3, 3)
	}
	if f.required(field+"/value", m.Value) {
		f.length(field+"/value", m.Value, 1, 32)
		if !valueSyntax.MatchString(*m.Value) {
			f.note("INVALID_PARAMETER_SYNTAX", field+"/value", *m.Value)
		}
	}
	if len(f.details) > before {
		return amount{}, false
	}
	return amount{*m.Currency, decimal.RequireFromString(*m.Value)}, true
}

// judge returns why an amount cannot be paid. zero says that nought is fine.
// Orders and Payments name decimals that a currency does not have differently.
func judge(a amount, field string, zero, payments bool) *refusal {
	places := -a.value.Exponent()
	undividable := "DECIMAL_PRECISION"
	if payments {
		undividable = "DECIMALS_NOT_SUPPORTED"
	}
	switch {
	case !slices.Contains(currencies, a.currency):
		return unprocessable("INVALID_CURRENCY_CODE", field+"/currency_code")
	case decimals(a.currency) == 0 && places > 0:
		return unprocessable(undividable, field+"/value")
	case places > 2:
		return unprocessable("DECIMAL_PRECISION", field+"/value")
	case zero && a.value.IsNegative():
		return unprocessable("CANNOT_BE_NEGATIVE", field+"/value")
	case !zero && !a.value.IsPositive():
		return unprocessable("CANNOT_BE_ZERO_OR_NEGATIVE", field+"/value")
	case a.value.GreaterThan(maxValue) && !payments:
		return unprocessable("MAX_VALUE_EXCEEDED", field+"/value")
	case a.value.GreaterThan(maxValue):
		return refuse(http.StatusBadRequest, inBody("INVALID_PARAMETER_SYNTAX", field+"/value"))
	}
	return nil
}

// The receiver's fee: 2.49 % and 0.35, and never more than the payment.
var (
	feeRate  = decimal.RequireFromString("0.0249")
	feeFixed = decimal.RequireFromString("0.35")
)

func fee(a amount) decimal.Decimal {
	return decimal.Min(a.value, a.value.Mul(feeRate).Add(feeFixed).Round(decimals(a.currency)))
}
