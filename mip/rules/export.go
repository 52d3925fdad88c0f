package rules

import (
	"slices"
	"strings"

	"github.com/openmip/openmip/mip"
)

// territories are parts of EU countries to which goods are exported like
// abroad, by the beginning of their postcodes.
var territories = map[string][]string{
	"DE": {"27498", "78266"}, // Heligoland, Büsingen
	"ES": {"35", "38", "51", "52"},
	"FI": {"22"}, // Åland
	"FR": {"971", "972", "973", "974", "975", "976", "977", "978", "984", "986", "987", "988"},
	"GR": {"63086"},          // Mount Athos
	"IT": {"22061", "23041"}, // Campione, Livigno
}

// Countries checks that the embedder sells to the order's country (ISO 3166-1
// alpha-2). Its code is [CodeCountryNotServed]; a person may let it pass.
func Countries(served ...string) mip.Rule {
	known := make(map[string]bool, len(served))
	for _, c := range served {
		known[strings.ToUpper(strings.TrimSpace(c))] = true
	}
	return mip.Rule{
		Code:  CodeCountryNotServed,
		Doc:   "The order goes to a country that is served.",
		Limit: strings.Join(served, ", "),
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			if c := countryOf(&s.Order); c != "" && !known[c] {
				f := judged(CodeCountryNotServed, "shipTo.country", c)
				f.Params = map[string]string{"country": c}
				report(f)
			}
		},
	}
}

// Export checks that the parcel does not go to the Canary Islands, Ceuta or
// Melilla, to which only registered Spanish exporters may have BigBuy send.
// Its code is [CodeExportNotAllowed]; a person who is one may let it pass.
func Export() mip.Rule {
	return mip.Rule{
		Code:  CodeExportNotAllowed,
		Doc:   "A parcel does not go where only a registered Spanish exporter may send.",
		Limit: "Spanish postcodes 35, 38, 51, 52 (BigBuy)",
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			c := countryOf(&s.Order)
			if !spanishExport(c, s.Order.ShipTo.Postcode) || told(&s, CodeExportNotAllowed) {
				return
			}
			code := strings.TrimSpace(s.Order.ShipTo.Postcode)
			f := judged(CodeExportNotAllowed, "shipTo.postcode", c, code)
			f.Params = map[string]string{"country": c}
			report(f)
		},
	}
}

// ExportInvoice tells that the order leaves the European Union, so that the
// supplier will ask for the sale invoice. Its code is [CodeExportInvoice]. It
// is a notice: the order can be bought, and the placement shows that the
// invoice is missing. Northern Ireland counts as the United Kingdom.
func ExportInvoice() mip.Rule {
	return mip.Rule{
		Code:  CodeExportInvoice,
		Doc:   "Orders that leave the European Union are pointed out.",
		Limit: "outside the EU (BigBuy)",
		Check: func(s mip.Snapshot, report func(mip.Finding)) {
			c, code := countryOf(&s.Order), s.Order.ShipTo.Postcode
			if c == "" || spanishExport(c, code) || countries[c].eu && !inTerritory(c, code) {
				return
			}
			f := finding(CodeExportInvoice, "shipTo.country")
			f.Params = map[string]string{"country": c}
			report(f)
		},
	}
}

func spanishExport(country, postcode string) bool {
	return country == "IC" || country == "EA" || country == "ES" && inTerritory(country, postcode)
}

func inTerritory(country, postcode string) bool {
	postcode = strings.TrimSpace(postcode)
	return slices.ContainsFunc(territories[country], func(p string) bool { return strings.HasPrefix(postcode, p) })
}
