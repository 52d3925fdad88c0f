package rules_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rules"
)

func TestShipping(t *testing.T) {
	order := func(change func(o *mip.Order)) mip.Snapshot {
		return changed(func(s *mip.Snapshot) { change(&s.Order) })
	}
	t.Run("a choice must be one of the supplier's, in any case of letters", func(t *testing.T) {
		rule := rules.Carriers("GLS", "seur")
		assert.Empty(t, check(clean(), rule))
		assert.Empty(t, check(order(func(o *mip.Order) { o.Shipping = []string{"dhl", " gls"} }), rule))
		f := one(t, order(func(o *mip.Order) { o.Shipping = []string{"dhl", "ups"} }), rule)
		assert.Equal(t, "shipping.no_carrier shipping", at([]mip.Finding{f})[0])
		assert.Equal(t, map[string]string{"service": "dhl, ups"}, f.Params)
	})
	t.Run("express is not sent like any parcel unnoticed", func(t *testing.T) {
		rule := rules.Services("Standard", "Free shipping")
		express := order(func(o *mip.Order) { o.Service = "Express 24 h" })
		assert.Empty(t, check(clean(), rule))
		assert.Empty(t, check(order(func(o *mip.Order) { o.Service = "standard " }), rule))
		assert.Equal(t, "shipping.service_unmapped", one(t, express, rule).Code)
		express.Order.Shipping = []string{"seur"}
		assert.Empty(t, check(express, rule), "a person has chosen")
	})
	t.Run("a pick-up point waits for a person", func(t *testing.T) {
		assert.Equal(t, []string{"shipping.pickup_unsupported pickupPoint"}, at(check(order(func(o *mip.Order) { o.PickupPoint = "DE-4711" }), rules.PickupPoint())))
		assert.Empty(t, check(order(func(o *mip.Order) { o.PickupPoint = " " }), rules.PickupPoint()))
	})
}

func TestExport(t *testing.T) {
	cases := []struct {
		name, country, postcode string
		want                    []string
	}{
		{"the mainland", "ES", "28013", nil},
		{"the Balearics", "ES", "07001", nil},
		{"Gran Canaria", "ES", "35001", []string{"export.not_allowed shipTo.postcode"}},
		{"Tenerife", "es", " 38001", []string{"export.not_allowed shipTo.postcode"}},
		{"Ceuta", "ES", "51001", []string{"export.not_allowed shipTo.postcode"}},
		{"Melilla", "ES", "52001", []string{"export.not_allowed shipTo.postcode"}},
		{"the same digits elsewhere", "FR", "38000", nil},
		{"Switzerland", "CH", "8001", []string{"export.invoice_required shipTo.country"}},
		{"the United Kingdom", "GB", "SW1A 1AA", []string{"export.invoice_required shipTo.country"}},
		{"a country the table lacks", "BT", "", []string{"export.invoice_required shipTo.country"}},
		{"Martinique", "FR", "97200", []string{"export.invoice_required shipTo.country"}},
		{"Martinique by its own code", "MQ", "97200", []string{"export.invoice_required shipTo.country"}},
		{"Heligoland", "DE", "27498", []string{"export.invoice_required shipTo.country"}},
		{"Monaco", "MC", "98000", nil},
		{"the Canary Islands by their reserved code", "IC", "35001", []string{"export.not_allowed shipTo.postcode"}},
		{"no country", "", "", nil},
	}
	set := []mip.Rule{rules.Export(), rules.ExportInvoice()}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { assert.Equal(t, c.want, at(mip.Evaluate(coded(c.country, c.postcode), set))) })
	}
	t.Run("the whole EU needs no invoice", func(t *testing.T) {
		for _, c := range []string{"AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU",
			"LV", "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK"} {
			assert.Empty(t, check(coded(c, ""), rules.ExportInvoice()), c)
		}
	})
	t.Run("the invoice holds nothing up, the export does", func(t *testing.T) {
		assert.Equal(t, mip.Notice, one(t, coded("CH", "8001"), rules.ExportInvoice()).Severity)
		assert.Equal(t, mip.Overridable, one(t, coded("ES", "35001"), rules.Export()).Severity)
	})
	t.Run("only served countries pass", func(t *testing.T) {
		rule := rules.Countries("es", "DE ")
		assert.Empty(t, check(coded("ES", ""), rule))
		assert.Empty(t, check(coded("de", ""), rule))
		assert.Equal(t, map[string]string{"country": "FR"}, one(t, coded("FR", ""), rule).Params)
	})
}
