package rules_test

import (
	"maps"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rules"
)

// clean returns a snapshot to which no rule has anything to say.
func clean() mip.Snapshot {
	return mip.Snapshot{
		Order: mip.Order{Facts: mip.Facts{
			Ref:    mip.Ref{Channel: "shop", ID: "1001"},
			Demand: mip.DemandShip,
			ShipTo: mip.Address{
				FirstName: "Ana", LastName: "Prueba", Line1: "Calle Mayor 5", Line2: "3º B", City: "Madrid",
				Postcode: "28013", Country: "ES", Phone: "+34 612 345 678", Email: "ana@example.test",
			},
			Lines: []mip.Line{
				{ID: "1", SKU: "S0000001", Title: "Lamp", Quantity: 2, Total: mip.EUR(20_00)},
				{ID: "2", SKU: "S0000002", Title: "Chair", Quantity: 1, Total: mip.EUR(30_00)},
			},
			Total:   mip.EUR(55_00),
			Postage: mip.EUR(5_00),
		}},
		Quote: mip.Quote{Total: mip.EUR(40_00)},
		Funds: mip.Funds{Available: mip.EUR(100_00)},
		Catalogue: map[string]mip.Product{
			"S0000001": {SKU: "S0000001", Known: true, Active: true, Stock: 10},
			"S0000002": {SKU: "S0000002", Known: true, Active: true, Stock: -1},
		},
		Now: time.Date(2026, 1, 5, 10, 0, 0, 0, time.UTC),
	}
}

// changed returns the clean snapshot with one change.
func changed(change func(s *mip.Snapshot)) mip.Snapshot {
	s := clean()
	s.Catalogue = maps.Clone(s.Catalogue)
	change(&s)
	return s
}

// check runs one rule.
func check(s mip.Snapshot, r mip.Rule) []mip.Finding { return mip.Evaluate(s, []mip.Rule{r}) }

// one runs one rule and returns its only finding.
func one(t *testing.T, s mip.Snapshot, r mip.Rule) mip.Finding {
	t.Helper()
	found := check(s, r)
	require.Len(t, found, 1)
	return found[0]
}

// every returns all rules there are, each once.
func every() []mip.Rule {
	return rules.With(rules.Default(),
		rules.Countries("ES", "DE"), rules.MinimumOrder(mip.EUR(1_00)), rules.MaximumPrice(mip.EUR(500_00)),
		rules.Carriers("gls", "seur"), rules.Services("Standard"))
}
