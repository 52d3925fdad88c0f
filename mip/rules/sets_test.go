package rules_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rules"
)

func codesOf(set []mip.Rule) []string {
	var out []string
	for _, r := range set {
		out = append(out, r.Code)
	}
	return out
}

func TestSets(t *testing.T) {
	t.Run("a clean order passes every rule", func(t *testing.T) {
		assert.Empty(t, mip.Evaluate(clean(), every()))
		assert.Empty(t, mip.Evaluate(clean(), rules.BigBuy()))
	})
	for name, set := range map[string][]mip.Rule{"default": rules.Default(), "bigbuy": rules.BigBuy(), "every": every()} {
		t.Run(name+": each rule has a listed code of its own and says what must hold", func(t *testing.T) {
			seen := map[string]bool{}
			for _, r := range set {
				_, listed := rules.Lookup(r.Code)
				assert.True(t, listed, r.Code)
				assert.False(t, seen[r.Code], r.Code)
				assert.NotEmpty(t, r.Doc, r.Code)
				assert.NotNil(t, r.Check, r.Code)
				seen[r.Code] = true
			}
		})
	}
	t.Run("only the default set asks for the catalogue", func(t *testing.T) {
		assert.NotZero(t, mip.Needs(rules.Default())&mip.NeedCatalogue)
		assert.Zero(t, mip.Needs(rules.BigBuy())&mip.NeedCatalogue)
		assert.NotZero(t, mip.Needs(rules.BigBuy())&mip.NeedQuote)
		assert.Zero(t, mip.Needs(rules.Without(rules.BigBuy(), mip.CodeInsufficientFunds))&mip.NeedFunds)
	})
	t.Run("with replaces by code, appends what is new and leaves the set alone", func(t *testing.T) {
		set := rules.BigBuy()
		before := codesOf(set)
		more := rules.With(set, rules.AddressLength(35), rules.MaximumPrice(mip.EUR(1)))
		assert.Len(t, more, len(set)+1)
		assert.Equal(t, before, codesOf(set))
		s := changed(func(s *mip.Snapshot) { s.Order.ShipTo.Line1 = "Calle de los Reyes Católicos Segundos 5" })
		assert.Empty(t, mip.Evaluate(s, set))
		assert.Equal(t, []string{rules.CodeAddressTooLong, rules.CodeAboveMaximum}, mip.Codes(mip.Evaluate(s, more)))
	})
	t.Run("without removes by code and leaves the set alone", func(t *testing.T) {
		set := rules.Default()
		before := codesOf(set)
		less := rules.Without(set, rules.CodePhoneMissing, "no.such_code")
		assert.Len(t, less, len(set)-1)
		assert.NotContains(t, codesOf(less), rules.CodePhoneMissing)
		assert.Equal(t, before, codesOf(set))
	})
	t.Run("bigbuy wants first and last name, the default one of them", func(t *testing.T) {
		s := changed(func(s *mip.Snapshot) { s.Order.ShipTo.FirstName = " " })
		assert.Empty(t, mip.Evaluate(s, rules.Default()))
		assert.Equal(t, []string{rules.CodeNameMissing}, mip.Codes(mip.Evaluate(s, rules.BigBuy())))
	})
}

// drawSnapshot makes orders that are wrong in many ways at once.
func drawSnapshot(t *rapid.T) mip.Snapshot {
	text := rapid.SampledFrom([]string{"", " ", "\t", "x", "Calle Mayor 5", "[deleted]", "***", "000000000", "a@b", "ana@example.test",
		"28013", "38001", "D-10115", "DE", "de ", "UK", "GB", "CH", "\xff\xfe", "Straße Straße Straße Straße Straße Straße Straße Straße Straße Straße 12"})
	number := rapid.IntRange(-2, 5)
	money := rapid.SampledFrom([]mip.Money{{}, mip.EUR(0), mip.EUR(10_00), mip.EUR(90_00), mip.Minor(500, "JPY"), mip.EUR(-1)})
	var s mip.Snapshot
	a := &s.Order.ShipTo
	for _, f := range []*string{&a.FirstName, &a.LastName, &a.Company, &a.Line1, &a.Line2, &a.City, &a.Province,
		&a.Postcode, &a.Country, &a.Phone, &a.Email, &a.VATNumber, &s.Order.Service, &s.Order.PickupPoint, &s.Order.Note} {
		*f = text.Draw(t, "text")
	}
	sku := rapid.SampledFrom([]string{"", "A", "B", "C"})
	for range rapid.IntRange(0, 4).Draw(t, "lines") {
		s.Order.Lines = append(s.Order.Lines, mip.Line{ID: sku.Draw(t, "id"), SKU: sku.Draw(t, "sku"), Quantity: number.Draw(t, "n"),
			Cancelled: number.Draw(t, "cancelled"), Total: money.Draw(t, "line"), Foreign: rapid.Bool().Draw(t, "foreign")})
	}
	if rapid.Bool().Draw(t, "placed") {
		s.Order.Placements = []mip.Placement{{Items: []mip.Item{{LineID: sku.Draw(t, "covered"), SKU: "A", Quantity: 1}}, Status: mip.PlacementInProcess}}
	}
	s.Order.Shipping = rapid.SliceOfN(text, 0, 2).Draw(t, "shipping")
	s.Order.Total, s.Order.Postage = money.Draw(t, "total"), money.Draw(t, "postage")
	s.Quote.Total, s.Funds.Available = money.Draw(t, "quote"), money.Draw(t, "funds")
	s.Funds.Fallback = rapid.Bool().Draw(t, "fallback")
	if rapid.Bool().Draw(t, "catalogue") {
		s.Catalogue = map[string]mip.Product{}
		for _, k := range []string{"A", "B"} {
			s.Catalogue[k] = mip.Product{SKU: k, Known: rapid.Bool().Draw(t, "known"), Active: rapid.Bool().Draw(t, "active"),
				Variants: rapid.Bool().Draw(t, "variants"), Stock: number.Draw(t, "stock")}
		}
	}
	return s
}

func TestEveryFindingIsAsListed(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := drawSnapshot(rt)
		for _, r := range every() {
			for _, f := range check(s, r) {
				info, listed := rules.Lookup(f.Code)
				require.True(rt, listed, f.Code)
				require.Equal(rt, info.Severity, f.Severity, f.Code)
				require.Equal(rt, info.AutoClear, f.AutoClear, f.Code)
				if f.Severity == mip.Overridable {
					require.NotEmpty(rt, f.Value, "an override of %s would never lapse", f.Code)
				}
				for p := range f.Params {
					require.Contains(rt, info.Params, p, f.Code)
				}
			}
		}
	})
}

func TestRulesArePure(t *testing.T) {
	set := every()
	rapid.Check(t, func(rt *rapid.T) {
		s := drawSnapshot(rt)
		before := mip.Evaluate(s, set)
		var wait sync.WaitGroup
		results := make([][]mip.Finding, 4)
		for i := range results {
			wait.Go(func() { results[i] = mip.Evaluate(s, set) })
		}
		wait.Wait()
		for _, r := range results {
			require.Equal(rt, before, r)
		}
	})
}

func TestOverridesLapse(t *testing.T) {
	cases := map[string]struct {
		rule  mip.Rule
		wrong func(s *mip.Snapshot)
		other func(s *mip.Snapshot)
	}{
		"when the price changes": {rules.Margin(rules.MarginConfig{}),
			func(s *mip.Snapshot) { s.Quote.Total = mip.EUR(60_00) }, func(s *mip.Snapshot) { s.Quote.Total = mip.EUR(61_00) }},
		"when the phone changes": {rules.PhonePlausible(),
			func(s *mip.Snapshot) { s.Order.ShipTo.Phone = "000000000" }, func(s *mip.Snapshot) { s.Order.ShipTo.Phone = "111111111" }},
		"when the postcode changes": {rules.Export(),
			func(s *mip.Snapshot) { s.Order.ShipTo.Postcode = "38001" }, func(s *mip.Snapshot) { s.Order.ShipTo.Postcode = "51001" }},
		"when the country changes": {rules.Countries("DE"),
			func(*mip.Snapshot) {}, func(s *mip.Snapshot) { s.Order.ShipTo.Country = "FR" }},
		"when the pick-up point changes": {rules.PickupPoint(),
			func(s *mip.Snapshot) { s.Order.PickupPoint = "P1" }, func(s *mip.Snapshot) { s.Order.PickupPoint = "P2" }},
		"when the address of a pick-up point changes": {rules.PickupPoint(),
			func(s *mip.Snapshot) { s.Order.PickupPoint = "P1" }, func(s *mip.Snapshot) { s.Order.ShipTo.Line1 = "Calle Menor 6" }},
		"when the service changes": {rules.Services("Standard"),
			func(s *mip.Snapshot) { s.Order.Service = "Express" }, func(s *mip.Snapshot) { s.Order.Service = "Overnight" }},
		"when the maximum is exceeded further": {rules.MaximumPrice(mip.EUR(10_00)),
			func(*mip.Snapshot) {}, func(s *mip.Snapshot) { s.Quote.Total = mip.EUR(41_00) }},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			s := changed(c.wrong)
			f := one(t, s, c.rule)
			require.Equal(t, mip.Overridable, f.Severity)
			o := mip.Override{Code: f.Code, Path: f.Path, Value: f.Value, Actor: "7", Why: "agreed"}
			assert.Empty(t, mip.Holding(check(s, c.rule), []mip.Override{o}))
			c.other(&s)
			assert.Len(t, mip.Holding(check(s, c.rule), []mip.Override{o}), 1)
		})
	}
}
