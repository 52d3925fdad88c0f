package mip_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

func TestAPartThatWasBoughtCostsWhatWasQuotedForIt(t *testing.T) {
	at := time.Date(2026, 3, 1, 10, 0, 0, 0, time.UTC)
	o := mip.Order{Facts: mip.Facts{Ref: mip.Ref{Channel: "shop", ID: "1"}}}
	step := func(e mip.Event) {
		t.Helper()
		e.Version = o.Version
		r, err := mip.Step(o, e, at)
		require.NoError(t, err)
		o = r.Order
		o.Version++
	}
	whole := mip.Quote{Total: mip.EUR(75_03), Parts: []mip.QuotePart{
		{Warehouse: "1", SKUs: []string{"A"}, Total: mip.EUR(9_81)}, {Warehouse: "2", SKUs: []string{"B"}, Total: mip.EUR(65_22)}}}
	rest := mip.Quote{Total: mip.EUR(66_00), Parts: []mip.QuotePart{{Warehouse: "2", SKUs: []string{"B"}, Total: mip.EUR(66_00)}}}
	step(mip.Event{Kind: mip.EventImported, Facts: &mip.Facts{Ref: o.Ref, Demand: mip.DemandShip,
		Lines: []mip.Line{{ID: "1", SKU: "A", Quantity: 1}, {ID: "2", SKU: "B", Quantity: 1}}}})
	step(mip.Event{Kind: mip.EventApproved, Quote: &whole})
	step(mip.Event{Kind: mip.EventSending, Attempt: 1, Payment: "wallet"})
	step(mip.Event{Kind: mip.EventPlaced, Attempt: 1, Placements: []mip.Placement{{ID: "P1", Reference: "shop-1", Items: []mip.Item{{SKU: "A", Quantity: 1}}}},
		Findings: []mip.Finding{{Code: "stock.out_of_stock", Severity: mip.Blocking, AutoClear: true}}})
	step(mip.Event{Kind: mip.EventResend, Actor: "ana"})
	step(mip.Event{Kind: mip.EventApproved, Quote: &rest})
	assert.Equal(t, "9.81 EUR", o.Placements[0].Cost.String(), "whatever was quoted for the rest since")
	step(mip.Event{Kind: mip.EventSending, Attempt: 2, Payment: "wallet"})
	step(mip.Event{Kind: mip.EventPlaced, Attempt: 2, Placements: []mip.Placement{{ID: "P2", Reference: "shop-1--2", Warehouse: "2"}}})
	step(mip.Event{Kind: mip.EventTracked, Tracking: []mip.Tracking{{ID: "P2", Cost: mip.EUR(65_00)}}})
	total, err := o.Cost()
	require.NoError(t, err)
	assert.Equal(t, "74.81 EUR", total.String(), "what the supplier tells later counts")
}
