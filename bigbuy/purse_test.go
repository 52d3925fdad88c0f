package bigbuy_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

func TestPurse(t *testing.T) {
	for body, want := range map[string]string{
		`"10000.00"`:              "10000.00 EUR",
		`"0.00"`:                  "0.00 EUR",
		`0`:                       "0.00 EUR",
		`3.14`:                    "3.14 EUR",
		` "12.5" `:                "12.50 EUR",
		`" 12.50\n"`:              "12.50 EUR",
		`"-3.00"`:                 "-3.00 EUR",
		`9.809999999999999`:       "9.81 EUR",
		"\xef\xbb\xbf\"1000.00\"": "1000.00 EUR",
	} {
		m, err := client(t, always(200, body)).Purse(t.Context())
		require.NoError(t, err, body)
		assert.Equal(t, want, m.String(), body)
	}
	for _, body := range []string{
		`"€10.00"`, `"10.00 EUR"`, `"1,000.00"`, `"1.000,00"`, `"10,00"`, `"1 000.00"`, `"1'000.00"`, "\"1\u00a0000.00\"",
		`"<b>10.00</b>"`, `"Infinity"`, `"NaN"`, `"0x10"`, `"ten"`, `true`, `false`, `{"balance":"10.00"}`,
		`["10.00"]`, `"10.00""20.00"`, `10.00 20.00`, `1e30`, `""`, `null`, ``, `<html><body>10.00</body></html>`,
	} {
		m, err := client(t, always(200, body)).Purse(t.Context())
		require.Error(t, err, body)
		assert.Contains(t, []error{mip.ErrContract, mip.ErrUnavailable}, mip.KindOf(err), "nobody's money is missing: %s", body)
		assert.Empty(t, m.Currency(), body)
	}
}

// FuzzPurse throws any answer at the purse: it is the number that is written
// there, rounded to cents, or an error.
func FuzzPurse(f *testing.F) {
	for _, s := range []string{"10000.00", "0", "-1.5", "9.809999999999999", "1,000.00", "€5", "<b>1</b>", "1e3", "١٢", "0x1p4", "1_000", "+5"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		quoted, err := json.Marshal(s)
		require.NoError(t, err)
		for _, body := range []string{s, string(quoted)} {
			m, err := client(t, always(200, body)).Purse(t.Context())
			if err != nil {
				continue
			}
			bare := strings.TrimPrefix(body, "\ufeff")
			var text string
			if json.Unmarshal([]byte(bare), &text) == nil {
				bare = text
			}
			want, bad := decimal.NewFromString(strings.TrimSpace(bare))
			if bad != nil || !want.Round(2).Equal(m.Amount()) || m.Currency() != "EUR" {
				t.Fatalf("%q was read as %s", body, m)
			}
		}
	})
}
