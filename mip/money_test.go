package mip_test

import (
	"encoding/json"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/openmip/openmip/mip"
)

func TestParseMoneyIsExactOrRefuses(t *testing.T) {
	for _, c := range []struct {
		claim, amount, currency, want string
	}{
		{"two decimals", "12.30", "EUR", "12.30 EUR"},
		{"none", "12", "EUR", "12.00 EUR"},
		{"zeros beyond the exponent", "12.3000", "EUR", "12.30 EUR"},
		{"a currency without decimals", "500", "JPY", "500 JPY"},
		{"zeros in one without", "500.00", "JPY", "500 JPY"},
		{"a currency with three", "1.234", "KWD", "1.234 KWD"},
		{"below nought", "-0.01", "EUR", "-0.01 EUR"},
		{"spaces around", " 1.00 ", "EUR", "1.00 EUR"},
		{"scientific notation", "1.2e2", "EUR", "120.00 EUR"},
		{"more decimals than the currency has", "9.809", "EUR", ""},
		{"a comma", "1,00", "EUR", ""},
		{"nothing", "", "EUR", ""},
		{"words", "free", "EUR", ""},
		{"not a number", "NaN", "EUR", ""},
		{"a huge exponent", "1e999999999", "EUR", ""},
		{"a tiny exponent", "1e-999999999", "EUR", ""},
		{"the last amount below the bound", "999999999999999999.99", "EUR", "999999999999999999.99 EUR"},
		{"the bound itself", "1000000000000000000", "EUR", ""},
		{"the bound with an exponent", "1e18", "EUR", ""},
		{"nought with an exponent", "0e18", "EUR", "0.00 EUR"},
		{"too many digits", "1234567890123456789012345678901234567890123456789012345678901234567", "EUR", ""},
		{"no currency", "1.00", "", ""},
		{"lower case", "1.00", "eur", ""},
		{"a symbol", "1.00", "€", ""},
	} {
		t.Run(c.claim, func(t *testing.T) {
			m, err := mip.ParseMoney(c.amount, c.currency)
			if c.want == "" {
				require.ErrorIs(t, err, mip.ErrInvalid)
				assert.NotContains(t, err.Error(), "12345678901234567890", "the value does not stand in the error")
				return
			}
			require.NoError(t, err)
			assert.Equal(t, c.want, m.String())
		})
	}
}

func TestMoneyArithmetic(t *testing.T) {
	t.Run("noise is rounded half away from zero", func(t *testing.T) {
		for text, want := range map[string]string{"9.809999999999999": "9.81", "0.005": "0.01", "-0.005": "-0.01", "0.0049": "0.00"} {
			m, err := mip.RoundMoney(text, "EUR")
			require.NoError(t, err)
			assert.Equal(t, want, m.Text())
		}
	})
	t.Run("currencies do not mix", func(t *testing.T) {
		_, err := mip.EUR(1).Add(mip.Minor(1, "JPY"))
		require.ErrorIs(t, err, mip.ErrInvalid)
		_, err = mip.EUR(1).Cmp(mip.Minor(1, "JPY"))
		require.ErrorIs(t, err, mip.ErrInvalid)
		assert.False(t, mip.EUR(0).Equal(mip.Minor(0, "JPY")))
	})
	t.Run("the zero value takes the other's currency and equals only itself", func(t *testing.T) {
		sum, err := mip.Money{}.Add(mip.EUR(5))
		require.NoError(t, err)
		assert.True(t, sum.Equal(mip.EUR(5)))
		assert.False(t, mip.Money{}.Equal(mip.EUR(0)))
		assert.Equal(t, "–", mip.Money{}.String())
	})
	t.Run("a fee is rounded to the cent", func(t *testing.T) {
		assert.Equal(t, "0.35", mip.EUR(34_56).Scale(decimal.RequireFromString("0.01")).Text())
	})
	t.Run("a constant of an impossible currency panics", func(t *testing.T) {
		assert.Panics(t, func() { mip.Minor(1, "euro") })
	})
}

func TestMoneyKeepsItsValueThroughJSON(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		m := mip.Minor(rapid.Int64Range(-1e15, 1e15).Draw(rt, "units"), rapid.SampledFrom([]string{"EUR", "JPY", "KWD", "CLF"}).Draw(rt, "currency"))
		b, err := json.Marshal(m)
		require.NoError(rt, err)
		var back mip.Money
		require.NoError(rt, json.Unmarshal(b, &back))
		require.True(rt, m.Equal(back), "%s became %s", m, back)
	})
	var m mip.Money
	require.NoError(t, json.Unmarshal([]byte("null"), &m))
	assert.Equal(t, mip.Money{}, m)
	for _, bad := range []string{`1.5`, `"1"`, `{"amount":1,"currency":"EUR"}`, `{"amount":"1.005","currency":"EUR"}`, `{}`} {
		assert.Error(t, json.Unmarshal([]byte(bad), &m), bad)
	}
}

func TestSumsAddUpWhateverTheOrder(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		var units int64
		var amounts []mip.Money
		for _, u := range rapid.SliceOf(rapid.Int64Range(-1e12, 1e12)).Draw(rt, "cents") {
			units += u
			amounts = append(amounts, mip.EUR(u))
		}
		sum, err := mip.Sum(amounts...)
		require.NoError(rt, err)
		require.True(rt, len(amounts) == 0 || sum.Equal(mip.EUR(units)))
	})
}

func FuzzParseMoney(f *testing.F) {
	for _, s := range []string{"12.30", "9.809999999999999", "1e5", "-0", "1E+400", "0x1p-2", "١٢", "1_000", "+.5"} {
		f.Add(s, "EUR")
	}
	f.Fuzz(func(t *testing.T, amount, currency string) {
		m, err := mip.ParseMoney(amount, currency)
		if err != nil {
			require.ErrorIs(t, err, mip.ErrInvalid)
			return
		}
		again, err := mip.ParseMoney(m.Text(), m.Currency())
		require.NoError(t, err)
		require.True(t, m.Equal(again))
	})
}
