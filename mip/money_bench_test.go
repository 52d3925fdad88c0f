package mip_test

import (
	"strconv"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/miptest/benchtest"
)

var (
	moneySum  mip.Money
	bareSum   decimal.Decimal
	centsSum  int64
	moneyRead mip.Money
)

// BenchmarkMoneySum adds five amounts; decimal knows no currency, and int64
// knows neither a currency nor its end.
func BenchmarkMoneySum(b *testing.B) {
	var amounts []mip.Money
	var bare []decimal.Decimal
	cents := []int64{20_00, 19_99, 5_49, 1_00, 123_45}
	for _, c := range cents {
		amounts = append(amounts, mip.EUR(c))
		bare = append(bare, decimal.New(c, -2))
	}
	benchtest.Compare(b,
		func() { moneySum, _ = mip.Sum(amounts...) },
		benchtest.Peer{Name: "decimal", Do: func() {
			bareSum = bare[0]
			for i := range bare[1:] {
				bareSum = bareSum.Add(bare[i+1])
			}
		}},
		benchtest.Peer{Name: "int64", Do: func() {
			centsSum = 0
			for i := range cents {
				centsSum += cents[i]
			}
		}})
	require.Equal(b, "169.93", moneySum.Text())
	require.True(b, moneySum.Amount().Equal(bareSum))
}

// BenchmarkMoneyParse reads "1234.56"; the floor reads it into cents and
// refuses what is no number, or too large, or has a third decimal.
func BenchmarkMoneyParse(b *testing.B) {
	const text = "1234.56"
	benchtest.Compare(b,
		func() { moneyRead, _ = mip.ParseMoney(text, "EUR") },
		benchtest.Peer{Name: "decimal", Do: func() { bareSum, _ = decimal.NewFromString(text) }},
		benchtest.Peer{Name: "int64", Do: func() { centsSum, _ = parseCents(text) }})
	require.Equal(b, "1234.56 EUR", moneyRead.String())
	require.EqualValues(b, 1234_56, centsSum)
}

func parseCents(s string) (int64, bool) {
	whole, rest, _ := strings.Cut(s, ".")
	if len(whole) > 15 || len(rest) > 2 {
		return 0, false
	}
	n, err := strconv.ParseInt(whole+(rest + "00")[:2], 10, 64)
	return n, err == nil
}
