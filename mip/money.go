package mip

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/shopspring/decimal"
)

// Money is an exact amount in one ISO 4217 currency, always a whole number of
// its minor units. The zero value is "no amount": it has no currency, equals
// only itself, and adds to anything. Compare with [Money.Equal], never with ==.
//
// Money marshals as {"amount":"12.30","currency":"EUR"}.
type Money struct {
	amount   decimal.Decimal
	currency string
}

// maxMoneyDigits bounds what is accepted from outside: far above any order,
// far below what would make arithmetic slow.
const maxMoneyDigits = 18

// EUR returns an amount of euro cents: EUR(19_99) is €19.99.
func EUR(cents int64) Money { return Minor(cents, "EUR") }

// Minor returns an amount given in the currency's minor units: Minor(500,
// "JPY") is ¥500. It panics if currency is not three upper-case letters, since
// it is meant for constants; text from outside goes through [ParseMoney].
func Minor(units int64, currency string) Money {
	if !validCurrency(currency) {
		panic("mip: not a currency code: " + currency)
	}
	return Money{decimal.New(units, -Exponent(currency)), currency}
}

// ParseMoney reads an amount such as "12.30". More decimals than the currency
// has are an [ErrInvalid] error, unless they are zeros: use [RoundMoney] where
// the source is known for noise.
func ParseMoney(amount, currency string) (Money, error) {
	d, err := parseAmount(amount, currency)
	if err != nil {
		return Money{}, err
	}
	rounded := d.Round(Exponent(currency))
	if !rounded.Equal(d) {
		return Money{}, moneyError(fmt.Errorf("%s has %d decimals", currency, Exponent(currency)))
	}
	return Money{rounded, currency}, nil
}

// RoundMoney is [ParseMoney] for sources that print binary noise
// (9.809999999999999): it rounds half away from zero to the minor unit.
func RoundMoney(amount, currency string) (Money, error) {
	d, err := parseAmount(amount, currency)
	if err != nil {
		return Money{}, err
	}
	return Money{d.Round(Exponent(currency)), currency}, nil
}

// MoneyOf is [RoundMoney] for an amount that is a decimal already.
func MoneyOf(amount decimal.Decimal, currency string) (Money, error) {
	if !validCurrency(currency) {
		return Money{}, moneyError(errors.New("not a currency code"))
	}
	return Money{amount.Round(Exponent(currency)), currency}, nil
}

func parseAmount(amount, currency string) (decimal.Decimal, error) {
	if !validCurrency(currency) {
		return decimal.Decimal{}, moneyError(errors.New("not a currency code"))
	}
	amount = strings.TrimSpace(amount)
	if len(amount) > 64 {
		return decimal.Decimal{}, moneyError(errors.New("too long"))
	}
	d, err := decimal.NewFromString(amount)
	if err != nil {
		return decimal.Decimal{}, moneyError(errors.New("not a decimal number"))
	}
	// An exponent such as 1e999999 would make the first addition explode.
	e := int(d.Exponent())
	if e < -64 || e > maxMoneyDigits || !d.IsZero() && d.NumDigits()+e > maxMoneyDigits {
		return decimal.Decimal{}, moneyError(errors.New("out of range"))
	}
	return d, nil
}

func moneyError(err error) error { return &Error{Op: "money", Kind: ErrInvalid, Err: err} }

// Currency returns the ISO 4217 code, empty for the zero value.
func (m Money) Currency() string { return m.currency }

// Amount returns the bare number. Put it back into a Money before comparing.
func (m Money) Amount() decimal.Decimal { return m.amount }

// Text returns the amount with exactly the currency's decimals: "20.00".
func (m Money) Text() string { return m.amount.StringFixed(Exponent(m.currency)) }

// String returns "20.00 EUR", and "–" for the zero value.
func (m Money) String() string {
	if m.currency == "" {
		return "–"
	}
	return m.Text() + " " + m.currency
}

// IsZero reports whether the amount is nought, in whatever currency.
func (m Money) IsZero() bool { return m.amount.IsZero() }

// IsNegative reports whether the amount is below nought.
func (m Money) IsNegative() bool { return m.amount.IsNegative() }

// Add returns m + n. Different currencies are an [ErrInvalid] error; the zero
// value takes the other's currency.
func (m Money) Add(n Money) (Money, error) {
	switch "" {
	case m.currency:
		return n, nil
	case n.currency:
		return m, nil
	}
	c, err := commonCurrency(m, n)
	if err != nil {
		return Money{}, err
	}
	return Money{m.amount.Add(n.amount), c}, nil
}

// Sub returns m − n, under the rules of [Money.Add].
func (m Money) Sub(n Money) (Money, error) {
	c, err := commonCurrency(m, n)
	if err != nil {
		return Money{}, err
	}
	return Money{m.amount.Sub(n.amount), c}, nil
}

// Times returns the amount multiplied by a number of pieces.
func (m Money) Times(n int) Money {
	return Money{m.amount.Mul(decimal.NewFromInt(int64(n))), m.currency}
}

// Scale multiplies by a factor such as a fee rate, rounding half away from
// zero to the minor unit.
func (m Money) Scale(factor decimal.Decimal) Money {
	return Money{m.amount.Mul(factor).Round(Exponent(m.currency)), m.currency}
}

// Cmp returns −1, 0 or +1. Different currencies are an [ErrInvalid] error.
func (m Money) Cmp(n Money) (int, error) {
	if _, err := commonCurrency(m, n); err != nil {
		return 0, err
	}
	return m.amount.Cmp(n.amount), nil
}

// Equal reports whether both are the same amount in the same currency.
func (m Money) Equal(n Money) bool { return m.currency == n.currency && m.amount.Equal(n.amount) }

// Sum adds amounts of one currency; none give the zero value.
func Sum(amounts ...Money) (Money, error) {
	var total Money
	var err error
	for _, a := range amounts {
		if total, err = total.Add(a); err != nil {
			return Money{}, err
		}
	}
	return total, nil
}

func commonCurrency(m, n Money) (string, error) {
	switch {
	case m.currency == n.currency || n.currency == "":
		return m.currency, nil
	case m.currency == "":
		return n.currency, nil
	}
	return "", moneyError(fmt.Errorf("%s and %s do not mix", m.currency, n.currency))
}

type moneyJSON struct {
	Amount   string `json:"amount"`
	Currency string `json:"currency"`
}

// MarshalJSON implements [json.Marshaler]; the zero value is null.
func (m Money) MarshalJSON() ([]byte, error) {
	if m.currency == "" {
		return []byte("null"), nil
	}
	return json.Marshal(moneyJSON{m.Text(), m.currency})
}

// UnmarshalJSON implements [json.Unmarshaler].
func (m *Money) UnmarshalJSON(b []byte) error {
	var w *moneyJSON
	if err := json.Unmarshal(b, &w); err != nil {
		return moneyError(errors.New("want {amount, currency}"))
	}
	if w == nil {
		*m = Money{}
		return nil
	}
	parsed, err := ParseMoney(w.Amount, w.Currency)
	if err != nil {
		return err
	}
	*m = parsed
	return nil
}
