package lang

import (
	"strings"

	"github.com/openmip/openmip/mip"
)

// moneyForm is how a language prints amounts.
type moneyForm struct {
	Decimal string `json:"decimal"` // "," in 12,30
	Group   string `json:"group"`   // "." in 1.234,56
	Symbol  string `json:"symbol"`  // "{amount} {currency}" for currencies with a sign
	Code    string `json:"code"`    // the same for those without
}

// signs are the currency signs that mean one currency everywhere in Europe;
// other currencies are shown by their code.
var signs = map[string]string{"EUR": "€", "GBP": "£", "USD": "$", "JPY": "¥", "PLN": "zł", "CZK": "Kč"}

// Money returns an amount as the language prints it, exact to the last digit:
// "€1,234.50", "1.234,50 €", the space being one at which no line breaks. The
// zero value gives "–".
func (t *Texts) Money(m mip.Money) string {
	if m.Currency() == "" {
		return "–"
	}
	form := t.money()
	amount := m.Text()
	amount, negative := strings.CutPrefix(amount, "-")
	pattern, currency := form.Code, m.Currency()
	if sign, ok := signs[currency]; ok {
		pattern, currency = form.Symbol, sign
	}
	out := strings.NewReplacer("{amount}", form.number(amount), "{currency}", currency, " ", "\u00a0").Replace(pattern)
	if negative {
		out = "-" + out
	}
	return out
}

// number groups the digits of an unsigned decimal number.
func (f moneyForm) number(text string) string {
	whole, fraction, found := strings.Cut(text, ".")
	var b strings.Builder
	for i, c := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(f.Group)
		}
		b.WriteRune(c)
	}
	if found {
		b.WriteString(f.Decimal + fraction)
	}
	return b.String()
}

// moneyParam prints a param that is an amount: "12.30" in a currency told
// apart, or "12.30 EUR". An amount without a currency keeps its digits, and
// anything else is shown as it is.
func (t *Texts) moneyParam(value, currency string) string {
	amount := strings.TrimSpace(value)
	if number, code, found := strings.Cut(amount, " "); found {
		amount, currency = number, code
	}
	if m, err := mip.ParseMoney(amount, currency); err == nil {
		return t.Money(m)
	}
	if plainNumber(amount) && amount == strings.TrimSpace(value) {
		rest, negative := strings.CutPrefix(amount, "-")
		out := t.money().number(rest)
		if negative {
			out = "-" + out
		}
		return out
	}
	return clean(value)
}

// plainNumber reports whether s is digits with perhaps a sign and a fraction.
func plainNumber(s string) bool {
	s = strings.TrimPrefix(s, "-")
	whole, fraction, found := strings.Cut(s, ".")
	digits := func(s string) bool {
		return s != "" && len(s) <= 18 && strings.Trim(s, "0123456789") == ""
	}
	return digits(whole) && (!found || digits(fraction))
}
