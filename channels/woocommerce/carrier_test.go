package woocommerce_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/woocommerce"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
)

// A buyer reads the carrier's own name and has a page to look at, whatever the
// supplier's word was.
func TestCarriersAreShownAsPeopleKnowThem(t *testing.T) {
	const page = "https://supplier.example/TRK1"
	seur := "https://www.seur.com/livetracking/?segOnlineIdentificador=TRK1"
	for _, c := range []struct {
		name, carrier, url, shown string
		own                       func(string) string
	}{
		{"a known one", "seur", "", "Tracking: SEUR - TRK1 - " + seur, nil},
		{"the supplier's page goes first", "seur", page, "Tracking: SEUR - TRK1 - " + page, nil},
		{"an unknown one is free text", "city bikes", "", "Tracking: city bikes - TRK1", nil},
		{"the shop's own name goes first", "seur", "", "Tracking: Our Seur - TRK1 - " + seur, func(string) string { return "Our Seur" }},
		{"the shop has no other name", "seur", "", "Tracking: SEUR - TRK1 - " + seur, func(string) string { return "" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			shop := wootest.New(wootest.Config{})
			id := shop.Buy(wootest.Order{})
			ch := open(t, shop, func(cfg *woocommerce.Config) { cfg.Carrier = c.own })
			s := mip.Status{State: mip.StateShipped, Parcels: []mip.Parcel{{ID: "1", Carrier: c.carrier, Number: "TRK1", URL: c.url}}}
			for range 2 {
				require.NoError(t, ch.Report(t.Context(), ref(id), s))
			}
			o, _ := shop.Order(id)
			var notes []string
			for _, n := range o.Notes {
				if n.Customer {
					notes = append(notes, n.Text)
				}
			}
			assert.Equal(t, []string{c.shown}, notes)
		})
	}
}
