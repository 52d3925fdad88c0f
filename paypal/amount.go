package paypal

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/shopspring/decimal"

	"github.com/openmip/openmip/mip"
)

// wholes are the currencies in which PayPal takes no decimals although they
// have some (PayPal: currency codes). Yen have none anyway.
var wholes = map[string]bool{"HUF": true, "TWD": true}

// Decimals returns how many decimals PayPal takes in a currency: EUR 2, HUF,
// JPY and TWD 0, TND 3.
func Decimals(currency string) int32 {
	if wholes[currency] {
		return 0
	}
	return mip.Exponent(currency)
}

// most is the largest amount (PayPal: MAX_VALUE_EXCEEDED).
var most = decimal.RequireFromString("999999999999999.99")

// amount is PayPal's form of money.
type amount struct {
	Currency string `json:"currency_code"`
	Value    string `json:"value"`
}

// toAmount refuses what PayPal would refuse: no currency, nought or less, too
// many decimals, too much.
func toAmount(m mip.Money) (*amount, error) {
	places := Decimals(m.Currency())
	value := m.Amount()
	switch {
	case m.Currency() == "" || m.IsZero() || m.IsNegative():
		return nil, invalid("want an amount above nought")
	case !value.Equal(value.Truncate(places)):
		return nil, invalid(fmt.Sprintf("PayPal takes %d decimals in %s", places, m.Currency()))
	case value.GreaterThan(most):
		return nil, invalid("the amount is too large for PayPal")
	}
	return &amount{m.Currency(), value.StringFixed(places)}, nil
}

// money reads an amount; none is the zero value.
type money struct{ mip.Money }

func (m *money) UnmarshalJSON(raw []byte) error {
	var a *amount
	if err := json.Unmarshal(raw, &a); err != nil {
		return errors.New("want {currency_code, value}")
	}
	if a == nil {
		return nil
	}
	read, err := mip.ParseMoney(a.Value, a.Currency)
	m.Money = read
	return err
}

func invalid(why string) error { return &mip.Error{Kind: mip.ErrInvalid, Err: errors.New(why)} }
