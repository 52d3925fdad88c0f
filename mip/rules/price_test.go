package rules_test

import (
	"testing"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rules"
)

func TestMargin(t *testing.T) {
	plain := rules.Margin(rules.MarginConfig{})
	cost := func(m mip.Money, more ...func(o *mip.Order)) mip.Snapshot {
		return changed(func(s *mip.Snapshot) {
			s.Quote.Total = m
			for _, f := range more {
				f(&s.Order)
			}
		})
	}
	t.Run("breaking even passes, a cent less does not", func(t *testing.T) {
		assert.Empty(t, check(cost(mip.EUR(55_00)), plain))
		f := one(t, cost(mip.EUR(55_01)), plain)
		assert.Equal(t, "price.below_wholesale", f.Code)
		assert.Equal(t, map[string]string{"paid": "55.00", "cost": "55.01", "currency": "EUR"}, f.Params)
	})
	t.Run("a configured margin is asked for", func(t *testing.T) {
		tenth := rules.Margin(rules.MarginConfig{Least: decimal.RequireFromString("0.1")})
		assert.Empty(t, check(cost(mip.EUR(50_00)), tenth))
		assert.Len(t, check(cost(mip.EUR(50_01)), tenth), 1)
	})
	t.Run("without a quote or a total nothing is compared", func(t *testing.T) {
		assert.Empty(t, check(cost(mip.Money{}), plain))
		assert.Empty(t, check(cost(mip.EUR(99_00), func(o *mip.Order) { o.Total = mip.Money{}; o.Lines[0].Total = mip.Money{} }), plain))
	})
	t.Run("a free order loses money", func(t *testing.T) {
		assert.Len(t, check(cost(mip.EUR(1), func(o *mip.Order) { o.Total = mip.EUR(0) }), plain), 1)
	})
	paid := func(t *testing.T, o ...func(o *mip.Order)) string {
		return one(t, cost(mip.EUR(999_00), o...), plain).Params["paid"]
	}
	t.Run("another supplier's lines do not count", func(t *testing.T) {
		assert.Equal(t, "25.00", paid(t, func(o *mip.Order) { o.Lines[1].Foreign = true }))
	})
	t.Run("cancelled pieces do not count", func(t *testing.T) {
		assert.Equal(t, "45.00", paid(t, func(o *mip.Order) { o.Lines[0].Cancelled = 1 }))
	})
	t.Run("bought pieces and the postage that went with them do not count", func(t *testing.T) {
		assert.Equal(t, "40.00", paid(t, func(o *mip.Order) {
			o.Placements = []mip.Placement{{Status: mip.PlacementInProcess, Items: []mip.Item{{LineID: "1", SKU: "S0000001", Quantity: 1}}}}
		}))
	})
	t.Run("a share is rounded to the cent", func(t *testing.T) {
		assert.Equal(t, "41.67", paid(t, func(o *mip.Order) {
			o.Lines[0].Quantity, o.Lines[0].Cancelled, o.Lines[0].Total = 3, 1, mip.EUR(10_00)
		}))
	})
	t.Run("without an order total the lines and the postage are added", func(t *testing.T) {
		assert.Equal(t, "55.00", paid(t, func(o *mip.Order) { o.Total = mip.Money{} }))
	})
	t.Run("currencies are never mixed without a rate", func(t *testing.T) {
		crowns := func(o *mip.Order) { o.Total = mip.Minor(600_00, "SEK") }
		f := one(t, cost(mip.EUR(55_00), crowns), plain)
		assert.Equal(t, "money.currency_mismatch", f.Code)
		assert.Equal(t, map[string]string{"one": "SEK", "other": "EUR"}, f.Params)
		assert.Equal(t, mip.Overridable, f.Severity)
		assert.Equal(t, f.Value, one(t, cost(mip.EUR(55_00), crowns), plain).Value)
		assert.NotEqual(t, f.Value, one(t, cost(mip.EUR(550_00), crowns), plain).Value, "who let the one price pass has not seen the other")

		rates := map[string]decimal.Decimal{"SEK": decimal.RequireFromString("0.09")}
		rule := rules.Margin(rules.MarginConfig{Rates: rates})
		delete(rates, "SEK") // the rule has its own copy
		assert.Empty(t, check(cost(mip.EUR(54_00), crowns), rule))
		assert.Equal(t, "54.00", one(t, cost(mip.EUR(54_01), crowns), rule).Params["paid"])
	})
	t.Run("lines in several currencies are not added", func(t *testing.T) {
		assert.Empty(t, check(cost(mip.EUR(99_00), func(o *mip.Order) { o.Total = mip.Money{}; o.Lines[0].Total = mip.Minor(5, "JPY") }), plain))
	})
}

func TestLimitsOfTheOrder(t *testing.T) {
	cost := func(m mip.Money) mip.Snapshot { return changed(func(s *mip.Snapshot) { s.Quote.Total = m }) }
	cases := map[string]struct {
		rule mip.Rule
		cost mip.Money
		want []string
	}{
		"a maximum may be reached":                 {rules.MaximumPrice(mip.EUR(50_00)), mip.EUR(50_00), nil},
		"but not exceeded":                         {rules.MaximumPrice(mip.EUR(50_00)), mip.EUR(50_01), []string{"price.above_maximum quote.total"}},
		"a minimum may be reached":                 {rules.MinimumOrder(mip.EUR(50_00)), mip.EUR(50_00), nil},
		"but not missed":                           {rules.MinimumOrder(mip.EUR(50_00)), mip.EUR(49_99), []string{"order.below_minimum quote.total"}},
		"a limit in another currency says nothing": {rules.MaximumPrice(mip.EUR(50_00)), mip.Minor(1, "GBP"), []string{"money.currency_mismatch quote.total"}},
		"without a quote nothing is compared":      {rules.MinimumOrder(mip.EUR(50_00)), mip.Money{}, nil},
		"without a limit neither":                  {rules.MinimumOrder(mip.Money{}), mip.EUR(1), nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, at(check(cost(c.cost), c.rule))) })
	}
}

func TestFunds(t *testing.T) {
	funds := func(f mip.Funds) mip.Snapshot { return changed(func(s *mip.Snapshot) { s.Funds = f }) }
	t.Run("exactly enough is enough", func(t *testing.T) {
		assert.Empty(t, check(funds(mip.Funds{Available: mip.EUR(40_00)}), rules.Funds()))
	})
	t.Run("a cent too little waits, and goes away with the money", func(t *testing.T) {
		f := one(t, funds(mip.Funds{Available: mip.EUR(39_99)}), rules.Funds())
		assert.Equal(t, "wallet.insufficient_funds", f.Code)
		assert.Equal(t, map[string]string{"available": "39.99", "needed": "40.00", "currency": "EUR"}, f.Params)
		assert.True(t, f.AutoClear)
		assert.Equal(t, mip.Blocking, f.Severity)
	})
	t.Run("an overdrawn purse waits too", func(t *testing.T) {
		assert.Len(t, check(funds(mip.Funds{Available: mip.EUR(-1)}), rules.Funds()), 1)
	})
	t.Run("a second method stands behind it", func(t *testing.T) {
		assert.Empty(t, check(funds(mip.Funds{Available: mip.EUR(0), Fallback: true}), rules.Funds()))
	})
	t.Run("unknown funds are left to the reservation", func(t *testing.T) {
		assert.Empty(t, check(funds(mip.Funds{}), rules.Funds()))
	})
	t.Run("a purse in another currency is reported", func(t *testing.T) {
		assert.Equal(t, "money.currency_mismatch", one(t, funds(mip.Funds{Available: mip.Minor(1, "USD")}), rules.Funds()).Code)
	})
}
