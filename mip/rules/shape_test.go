package rules_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rules"
)

// at lists "code path" of findings.
func at(found []mip.Finding) []string {
	var out []string
	for _, f := range found {
		out = append(out, f.Code+" "+f.Path)
	}
	return out
}

func TestShape(t *testing.T) {
	cases := map[string]struct {
		change func(o *mip.Order)
		want   []string
	}{
		"white space is missing": {func(o *mip.Order) { o.ShipTo.City, o.ShipTo.Line1, o.ShipTo.Line2 = " ", "\t", "\u00a0" },
			[]string{"address.street_missing shipTo.line1", "address.city_missing shipTo.city"}},
		"a street in line 2 is one":    {func(o *mip.Order) { o.ShipTo.Line1 = "" }, nil},
		"the country is missing":       {func(o *mip.Order) { o.ShipTo.Country = "" }, []string{"address.country_missing shipTo.country"}},
		"the country is no code":       {func(o *mip.Order) { o.ShipTo.Country = "Spain" }, []string{"address.country_invalid shipTo.country"}},
		"lower case is a country":      {func(o *mip.Order) { o.ShipTo.Country = " es " }, nil},
		"a rare country is one":        {func(o *mip.Order) { o.ShipTo.Country = "BT" }, nil},
		"there are no lines":           {func(o *mip.Order) { o.Lines = nil }, []string{"order.lines_missing lines"}},
		"a line has no id":             {func(o *mip.Order) { o.Lines[1].ID = " " }, []string{"line.id_missing lines[1].id"}},
		"two lines share an id":        {func(o *mip.Order) { o.Lines[1].ID = "1" }, []string{"line.id_duplicate lines[1].id"}},
		"nothing is ordered":           {func(o *mip.Order) { o.Lines[0].Quantity = 0 }, []string{"line.quantity_invalid lines[0].quantity"}},
		"less than nothing is ordered": {func(o *mip.Order) { o.Lines[0].Quantity = -1 }, []string{"line.quantity_invalid lines[0].quantity"}},
		"a negative cancellation would buy more": {func(o *mip.Order) { o.Lines[0].Cancelled = -1 },
			[]string{"line.quantity_invalid lines[0].cancelled"}},
		"a foreign line may look like anything": {func(o *mip.Order) { o.Lines[0] = mip.Line{Foreign: true, Quantity: -3} }, nil},
		"all at once": {func(o *mip.Order) { o.ShipTo = mip.Address{}; o.Lines = nil }, []string{
			"address.street_missing shipTo.line1", "address.city_missing shipTo.city", "address.country_missing shipTo.country",
			"order.lines_missing lines"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.want, at(check(changed(func(s *mip.Snapshot) { c.change(&s.Order) }), rules.Shape())))
		})
	}
	t.Run("a code that is nearly right is corrected on demand", func(t *testing.T) {
		for wrong, right := range map[string]string{"UK": "GB", "el": "GR", "DEU": "DE"} {
			f := one(t, changed(func(s *mip.Snapshot) { s.Order.ShipTo.Country = wrong }), rules.Shape())
			assert.Equal(t, map[string]string{"shipTo.country": right}, f.Suggestion)
		}
	})
}

// The fast way and the validator must never disagree: an independent reading
// of the requirements decides.
func TestShapeAgreesWithItsDescription(t *testing.T) {
	word := rapid.SampledFrom([]string{"", " ", "a", "\n", "x y"})
	number := rapid.IntRange(-1, 2)
	rapid.Check(t, func(rt *rapid.T) {
		s := clean()
		a := &s.Order.ShipTo
		a.Line1, a.Line2, a.City = word.Draw(rt, "1"), word.Draw(rt, "2"), word.Draw(rt, "city")
		a.Country = rapid.SampledFrom([]string{"", "DE", "de", "UK", "XX", "BT", "ES"}).Draw(rt, "country")
		s.Order.Lines = nil
		for range rapid.IntRange(0, 3).Draw(rt, "lines") {
			s.Order.Lines = append(s.Order.Lines, mip.Line{ID: word.Draw(rt, "id"), Quantity: number.Draw(rt, "n"),
				Cancelled: number.Draw(rt, "c"), Foreign: rapid.Bool().Draw(rt, "foreign")})
		}
		is := func(s string) bool { return strings.TrimSpace(s) != "" }
		good := (is(a.Line1) || is(a.Line2)) && is(a.City) && len(s.Order.Lines) > 0
		switch strings.ToUpper(a.Country) {
		case "DE", "BT", "ES":
		default:
			good = false
		}
		ids := map[string]bool{}
		for _, l := range s.Order.Lines {
			if !l.Foreign && (!is(l.ID) || l.Quantity < 1 || l.Cancelled < 0) || is(l.ID) && ids[l.ID] {
				good = false
			}
			ids[l.ID] = true
		}
		require.Equal(rt, good, len(check(s, rules.Shape())) == 0)
	})
}
