package rules_test

import (
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rules"
)

func addressed(a mip.Address) mip.Snapshot {
	return changed(func(s *mip.Snapshot) { s.Order.ShipTo = a })
}

// taken returns the address with a suggestion applied.
func taken(t require.TestingT, a mip.Address, suggestion map[string]string) mip.Address {
	for path, v := range suggestion {
		switch path {
		case "shipTo.line1":
			a.Line1 = v
		case "shipTo.line2":
			a.Line2 = v
		case "shipTo.company":
			a.Company = v
		default:
			require.Fail(t, "unexpected path", path)
		}
	}
	return a
}

func TestAddressLength(t *testing.T) {
	rule := rules.AddressLength(rules.AddressLimit)
	t.Run("seventy characters pass, one more does not", func(t *testing.T) {
		for _, letter := range []string{"a", "ß", "ł", "語", "🏠"} {
			line := strings.Repeat(letter, 67)
			assert.Empty(t, check(addressed(mip.Address{Line1: line + "x 1"}), rule), letter)
			f := one(t, addressed(mip.Address{Line1: line + "xx 1"}), rule)
			assert.Equal(t, map[string]string{"limit": "70", "length": "71"}, f.Params)
			assert.Equal(t, "shipTo.line1", f.Path)
			assert.Equal(t, mip.Blocking, f.Severity)
		}
	})
	t.Run("both lines and the comma between them count together", func(t *testing.T) {
		a := mip.Address{Line1: strings.Repeat("a", 34), Line2: strings.Repeat("b", 34)}
		assert.Empty(t, check(addressed(a), rule))
		a.Line2 += "b"
		assert.Equal(t, "71", one(t, addressed(a), rule).Params["length"])
	})
	t.Run("a combining mark counts as a character of its own", func(t *testing.T) {
		line := strings.Repeat("e\u0301", 35) + "1"
		assert.Equal(t, "71", one(t, addressed(mip.Address{Line1: line}), rule).Params["length"])
	})
	t.Run("outer spaces do not count", func(t *testing.T) {
		assert.Empty(t, check(addressed(mip.Address{Line1: strings.Repeat(" ", 90) + "Calle Mayor 5"}), rule))
	})
	t.Run("no limit lets everything pass", func(t *testing.T) {
		assert.Empty(t, check(addressed(mip.Address{Line1: strings.Repeat("a", 500)}), rules.AddressLength(0)))
	})
}

func TestAddressLengthSuggestion(t *testing.T) {
	type want = map[string]string
	cases := map[string]struct {
		address mip.Address
		want    want
	}{
		"spaces are put right first": {
			mip.Address{Line1: "Calle   de  los   Reyes    Católicos    y de    la    Constitución   128", Line2: "  2º   B", Country: "ES"},
			want{"shipTo.line1": "Calle de los Reyes Católicos y de la Constitución 128", "shipTo.line2": "2º B"}},
		"a line that is there twice is kept once": {
			mip.Address{Line1: "Calle de los Reyes Católicos de Castilla 128", Line2: "calle de los reyes católicos de castilla 128", Country: "ES"},
			want{"shipTo.line1": "Calle de los Reyes Católicos de Castilla 128", "shipTo.line2": ""}},
		"the city is not needed twice": {
			mip.Address{Line1: "Calle de los Reyes Católicos de Castilla y León 128", Line2: "28013 Villanueva de la Torre", City: "Villanueva de la Torre", Postcode: "28013", Country: "ES"},
			want{"shipTo.line1": "Calle de los Reyes Católicos de Castilla y León 128", "shipTo.line2": ""}},
		"a door is not mistaken for the province": {
			mip.Address{Line1: "Calle de los Reyes Católicos de Castilla y de León Mayor 128", Line2: "Portal 4, B", Province: "B", Country: "ES"}, want{
				"shipTo.line1": "C/ de los Reyes Católicos de Castilla y de León Mayor 128", "shipTo.line2": "Portal 4, B"}},
		"a street that is called like the city stays": {
			mip.Address{Line1: "Villanueva de la Torre  , portal que da al patio de los naranjos", Line2: "Villanueva de la Torre", City: "Villanueva de la Torre", Country: "ES"}, want{
				"shipTo.line1": "Villanueva de la Torre, portal que da al patio de los naranjos", "shipTo.line2": ""}},
		"words are abbreviated in Spanish, no more than it takes": {
			mip.Address{Line1: "Avenida de la Constitución de los Reyes Católicos 128", Line2: "Escalera B, Puerta 3", Country: "ES"},
			want{"shipTo.line1": "Av. de la Constitución de los Reyes Católicos 128", "shipTo.line2": "Esc. B, Puerta 3"}},
		"in German, also within a word": {
			mip.Address{Line1: "Prinzregent-Luitpold-von-Wittelsbach-Gedächtnisstraße 128a", Line2: "Hinterhaus links", Country: "DE"},
			want{"shipTo.line1": "Prinzregent-Luitpold-von-Wittelsbach-Gedächtnisstr. 128a", "shipTo.line2": "Hhs. links"}},
		"in English": {
			mip.Address{Line1: "12 Saint Bartholomew the Great of the Western Marches Street", Line2: "Apartment 41", Country: "GB"},
			want{"shipTo.line1": "12 Saint Bartholomew the Great of the Western Marches St", "shipTo.line2": "Apartment 41"}},
		"what is not street moves to an empty company": {
			mip.Address{Line1: "Wolfgang-Amadeus-Mozart-Promenade 128", Line2: "c/o Familie Obermüller-Schmidtbauer, Seiteneingang", Country: "AT"},
			want{"shipTo.line1": "Wolfgang-Amadeus-Mozart-Promenade 128", "shipTo.line2": "Seiteneingang", "shipTo.company": "c/o Familie Obermüller-Schmidtbauer"}},
		"c/o is found within a line too": {
			mip.Address{Line1: "Wolfgang-Amadeus-Mozart-Promenade 128 c/o Familie Obermüller-Schmidtbauer", Country: "AT"},
			want{"shipTo.line1": "Wolfgang-Amadeus-Mozart-Promenade 128", "shipTo.line2": "", "shipTo.company": "c/o Familie Obermüller-Schmidtbauer"}},
		"a company in line 1 gives way to the street": {
			mip.Address{Line1: "Donaudampfschifffahrtsgesellschaft Beteiligungen GmbH", Line2: "Mozart-Promenade 128", Country: "AT"},
			want{"shipTo.line1": "Mozart-Promenade 128", "shipTo.line2": "", "shipTo.company": "Donaudampfschifffahrtsgesellschaft Beteiligungen GmbH"}},
		"a company that is there is not overwritten": {
			mip.Address{Line1: "Wolfgang-Amadeus-Mozart-Promenade 128 c/o Familie Obermüller-Schmidtbauer", Company: "ACME", Country: "AT"}, nil},
		"a part with digits never moves": {
			mip.Address{Line1: "Wolfgang-Amadeus-Mozart-Promenade 128", Line2: "Gebäude 7 der vormaligen Kaiserin Elisabeth", Company: "", Country: "GB"}, nil},
		"where nothing helps nothing is proposed": {
			mip.Address{Line1: strings.Repeat("Lang", 20) + " 5", Country: "DE"}, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			f := one(t, addressed(c.address), rules.AddressLength(70))
			assert.Equal(t, c.want, f.Suggestion)
			if c.want != nil {
				assert.Empty(t, check(addressed(taken(t, c.address, f.Suggestion)), rules.AddressLength(70)))
			}
		})
	}
}

var streetWords = []string{"Street", "street", "Straße", "Königstraße", "Calle", "Avenida", "Plaza", "Boulevard", "of", "de", "la", "Mayor", "c/o",
	"Müller", "GmbH", "Edificio", "Torre", "Norte", "Piso", "3B", "12", "7-9", "5,3", "Saint", "Apartment", "ulica", "Łódź", "Madrid", "東京", "e\u0301", "🏠", "\xff"}

func drawLine(t *rapid.T, label string) string {
	var b strings.Builder
	for range rapid.IntRange(0, 14).Draw(t, label) {
		b.WriteString(rapid.SampledFrom(streetWords).Draw(t, "word"))
		b.WriteString(rapid.SampledFrom([]string{" ", "  ", ", ", " , ", "\t"}).Draw(t, "gap"))
	}
	return b.String()
}

// digitRuns returns the numbers in s, in order.
func digitRuns(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r < '0' || r > '9' })
}

func TestASuggestionAlwaysFitsAndLosesNothing(t *testing.T) {
	suggested := 0
	rapid.Check(t, func(rt *rapid.T) {
		limit := rapid.IntRange(20, 90).Draw(rt, "limit")
		a := mip.Address{
			Line1: drawLine(rt, "line1"), Line2: drawLine(rt, "line2"),
			Company: rapid.SampledFrom([]string{"", "", "ACME"}).Draw(rt, "company"),
			City:    rapid.SampledFrom([]string{"Ávila", "Berlin"}).Draw(rt, "city"),
			Country: rapid.SampledFrom([]string{"DE", "ES", "GB", "FR", "PL", "CH", "XX", ""}).Draw(rt, "country"),
		}
		rule := rules.AddressLength(limit)
		found := check(addressed(a), rule)
		long := utf8.RuneCountInString(a.Street()) > limit
		require.Equal(rt, long, len(found) == 1)
		if !long || found[0].Suggestion == nil {
			return
		}
		suggested++
		b := taken(rt, a, found[0].Suggestion)
		require.Empty(rt, check(addressed(b), rule), "it must fit")
		if a.Company != "" {
			require.Equal(rt, a.Company, b.Company)
		}
		if repeats(a) {
			return
		}
		require.Equal(rt, digitRuns(a.Street()), digitRuns(b.Street()), "no digit may change, move or go")
		moved := ""
		if a.Company == "" {
			moved = " " + b.Company
		}
		require.Equal(rt, len(wordsOf(a.Street())), len(wordsOf(b.Street()+moved)), "no word may go")
	})
	require.Positive(t, suggested, "the property was never put to the test")
}

// repeats reports whether both lines say the same but for punctuation.
func repeats(a mip.Address) bool {
	return slices.EqualFunc(wordsOf(a.Line1), wordsOf(a.Line2), strings.EqualFold)
}

func wordsOf(s string) []string {
	return strings.FieldsFunc(s, func(r rune) bool { return r == ' ' || r == '\t' || r == ',' })
}

func TestFieldLengths(t *testing.T) {
	t.Run("each field is measured in characters", func(t *testing.T) {
		limits := rules.Limits{FirstName: 3, LastName: 3, Company: 3, City: 3, Province: 3, Postcode: 3, Phone: 3, Email: 3, VATNumber: 3, Note: 3}
		const ok, long = " łóż ", "łóżk"
		fill := func(v string) mip.Snapshot {
			return changed(func(s *mip.Snapshot) {
				s.Order.ShipTo = mip.Address{FirstName: v, LastName: v, Company: v, City: v, Province: v, Postcode: v, Phone: v, Email: v, VATNumber: v}
				s.Order.Note = v
			})
		}
		assert.Empty(t, check(fill(ok), rules.FieldLengths(limits)))
		found := check(fill(long), rules.FieldLengths(limits))
		assert.Equal(t, []string{"field.too_long shipTo.firstName", "field.too_long shipTo.lastName", "field.too_long shipTo.company",
			"field.too_long shipTo.city", "field.too_long shipTo.province", "field.too_long shipTo.postcode", "field.too_long shipTo.phone",
			"field.too_long shipTo.email", "field.too_long shipTo.vatNumber", "field.too_long note"}, at(found))
		assert.Equal(t, map[string]string{"limit": "3", "length": "4"}, found[0].Params)
		assert.Empty(t, check(fill(long), rules.FieldLengths(rules.Limits{})), "nought is no limit")
	})
	t.Run("too many spaces are put right on demand", func(t *testing.T) {
		s := changed(func(s *mip.Snapshot) { s.Order.ShipTo.City = "San  Sebastián" })
		assert.Equal(t, map[string]string{"shipTo.city": "San Sebastián"}, one(t, s, rules.FieldLengths(rules.Limits{City: 13})).Suggestion)
		assert.Nil(t, one(t, s, rules.FieldLengths(rules.Limits{City: 12})).Suggestion)
	})
	t.Run("a long note passes the default", func(t *testing.T) {
		s := changed(func(s *mip.Snapshot) { s.Order.Note = strings.Repeat("please ring twice ", 100) })
		assert.Empty(t, check(s, rules.FieldLengths(rules.DefaultLimits())))
	})
}
