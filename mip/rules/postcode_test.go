package rules_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rules"
)

func coded(country, postcode string) mip.Snapshot {
	return changed(func(s *mip.Snapshot) { s.Order.ShipTo.Country, s.Order.ShipTo.Postcode = country, postcode })
}

// europe is the EU, the EEA, Switzerland and the United Kingdom.
const europe = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK IS LI NO CH GB"

func TestPostcodeFormat(t *testing.T) {
	rule := rules.PostcodeFormat()
	t.Run("right ones pass", func(t *testing.T) {
		for country, codes := range map[string][]string{
			"DE": {"10115", " 10115 "}, "ES": {"28013"}, "AT": {"1010"}, "SE": {"111 22", "11122"}, "NL": {"1012 JS", "1012JS", "1012 js"},
			"PL": {"00-001", "00001"}, "PT": {"1000-001", "1000001"}, "GB": {"SW1A 1AA", "sw1a1aa", "M1 1AE", "B33 8TH", "CR2 6XH", "DN55 1PT", "W1A 0AX", "EC1A 1BB", "GIR 0AA"},
			"IE": {"D02 X285", "D02X285", "D6W XY00", "A65 F4E2"}, "LV": {"LV-1010", "LV1010", "1010"}, "LT": {"01001", "LT-01001"},
			"MT": {"VLT 1117", "VLT1117"}, "US": {"20500", "20500-0003"}, "CA": {"K1A 0B1", "K1A0B1"}, "GR": {"105 57", "10557"},
			"CZ": {"110 00", "11000"}, "AD": {"AD500"}, "de": {"10115"},
		} {
			for _, c := range codes {
				assert.Empty(t, check(coded(country, c), rule), "%s %s", country, c)
			}
		}
	})
	t.Run("wrong ones are held with an example", func(t *testing.T) {
		for country, codes := range map[string][]string{
			"DE": {"1011", "101155", "1O115", "1011٥"}, "NL": {"1012 J", "JS 1012"}, "GB": {"SW1A", "12345", "SW1A 1AAA"},
			"IE": {"Dublin 2"}, "US": {"2050"}, "CA": {"123 456"}, "PL": {"0-0001x"}, "ES": {"280133"},
		} {
			for _, c := range codes {
				f := one(t, coded(country, c), rule)
				assert.Equal(t, "shipTo.postcode", f.Path)
				assert.NotEmpty(t, f.Params["example"])
				assert.Equal(t, country, f.Params["country"])
				assert.Nil(t, f.Suggestion, "%s %s", country, c)
			}
		}
	})
	t.Run("what only looks different is put right on demand", func(t *testing.T) {
		for _, c := range []struct{ country, is, want string }{
			{"DE", "D-10115", "10115"}, {"DE", "DE 10115", "10115"}, {"DE", "101 15", "10115"}, {"AT", "A-1010", "1010"},
			{"FR", "F-75 001", "75001"}, {"SE", "SE-111 22", "111 22"}, {"SE", "1112-2", "111 22"}, {"PT", "1000 001", "1000-001"},
			{"PT", "1000–001", "1000-001"}, {"PL", "00 001", "00-001"}, {"NL", "NL-1012-JS", "1012 JS"}, {"GB", "SW 1A 1AA", "SW1A 1AA"},
			{"IE", "D02 X2 85", "D02 X285"}, {"CH", "CH-8001", "8001"}, {"US", "205000003.", "20500-0003"}, {"LV", "L V 1010", "LV-1010"},
		} {
			f := one(t, coded(c.country, c.is), rule)
			assert.Equal(t, map[string]string{"shipTo.postcode": c.want}, f.Suggestion, "%s %s", c.country, c.is)
			assert.Empty(t, check(coded(c.country, f.Suggestion["shipTo.postcode"]), rule))
		}
	})
	t.Run("every country in Europe has an example that passes", func(t *testing.T) {
		for country := range strings.FieldsSeq(europe + " US CA AU NZ JP BR MX TR UA RS MC SM VA AD GG JE IM GI FO GL AX GP RE") {
			f := one(t, coded(country, "?"), rule)
			example := f.Params["example"]
			require.NotEmpty(t, example, country)
			assert.Empty(t, check(coded(country, example), rule), "%s %s", country, example)
		}
	})
	t.Run("unknown countries, those without postcodes and a missing postcode pass", func(t *testing.T) {
		for _, c := range [][2]string{{"BT", "whatever"}, {"", "1"}, {"HK", "000"}, {"DE", ""}, {"DE", " "}} {
			assert.Empty(t, check(coded(c[0], c[1]), rule), c)
		}
	})
}

func TestPostcodePresent(t *testing.T) {
	rule := rules.PostcodePresent()
	t.Run("a missing one is held, with an example where there is one", func(t *testing.T) {
		f := one(t, coded("DE", " "), rule)
		assert.Equal(t, "10115", f.Params["example"])
		assert.Nil(t, one(t, coded("BT", ""), rule).Params)
	})
	t.Run("countries without postcodes need none", func(t *testing.T) {
		assert.Empty(t, check(coded("HK", ""), rule))
		assert.Empty(t, check(coded("ae", ""), rule))
	})
}

func FuzzPostcodeFormat(f *testing.F) {
	for _, s := range []string{"10115", "D-10115", "SW1A 1AA", "\xff", "1 0 1 1 5", "١٢٣٤٥", "gir0aa", "\x00"} {
		f.Add("DE", s)
		f.Add("GB", s)
	}
	rule := rules.PostcodeFormat()
	f.Fuzz(func(t *testing.T, country, postcode string) {
		for _, found := range check(coded(country, postcode), rule) {
			if better, ok := found.Suggestion["shipTo.postcode"]; ok {
				assert.Empty(t, check(coded(country, better), rule), "a suggestion must pass")
				digits := func(s string) string {
					return strings.Map(func(r rune) rune {
						if r >= '0' && r <= '9' {
							return r
						}
						return -1
					}, s)
				}
				assert.Equal(t, digits(postcode), digits(better), "no digit may change")
			}
		}
	})
}
