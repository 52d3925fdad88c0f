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

func TestAPurchaseThatCostsMoreThanWasApprovedSaysByHowMuch(t *testing.T) {
	bought := func(costs ...mip.Money) mip.Event {
		e := mip.Event{Kind: mip.EventPlaced, Attempt: 1, Proven: true}
		for i, c := range costs {
			e.Placements = append(e.Placements, mip.Placement{ID: string('A' + rune(i)), Reference: "shop-1", Cost: c,
				Items: []mip.Item{{SKU: string('A' + rune(i))}}})
		}
		return e
	}
	told := func(id string, cost mip.Money) mip.Event {
		return mip.Event{Kind: mip.EventTracked, Tracking: []mip.Tracking{{ID: id, Cost: cost}}}
	}
	none := mip.Money{}
	fee := sending
	fee.Fee = mip.EUR(40)
	for _, c := range []struct {
		claim          string
		sent           mip.Event
		events         []mip.Event
		actual, budget string // empty = nothing to tell
	}{
		{"as approved", sending, []mip.Event{bought(mip.EUR(6_00), mip.EUR(4_00))}, "", ""},
		{"a cent for each of two parts", sending, []mip.Event{bought(mip.EUR(6_01), mip.EUR(4_01))}, "", ""},
		{"more", sending, []mip.Event{bought(mip.EUR(6_01), mip.EUR(4_02))}, "10.03", "10.00"},
		{"more by what paying costs", fee, []mip.Event{bought(mip.EUR(6_00), mip.EUR(4_40))}, "", ""},
		{"more than that", fee, []mip.Event{bought(mip.EUR(6_00), mip.EUR(5_00))}, "11.00", "10.40"},
		{"told later", sending, []mip.Event{bought(none, none), told("A", mip.EUR(11_50))}, "11.50", "10.00"},
		{"told twice", sending, []mip.Event{bought(mip.EUR(9_00), mip.EUR(2_00)), told("B", mip.EUR(3_00))}, "12.00", "10.00"},
		{"corrected", sending, []mip.Event{bought(mip.EUR(9_00), mip.EUR(2_00)), told("B", mip.EUR(1_00))}, "", ""},
		{"in another currency", sending, []mip.Event{bought(mip.Minor(99_00, "USD"), none)}, "", ""},
	} {
		o, _ := play(t, append([]mip.Event{imported(said(0, nil)), approved, c.sent}, c.events...)...)
		require.Equal(t, mip.StateSubmitted, o.State, c.claim)
		if c.actual == "" {
			assert.Empty(t, o.Findings, c.claim)
			continue
		}
		require.Len(t, o.Findings, 1, c.claim)
		assert.Equal(t, mip.Finding{Code: mip.CodeCostMore, Path: "quote.total", Severity: mip.Notice,
			Params: map[string]string{"approved": c.budget, "actual": c.actual, "currency": "EUR"}}, o.Findings[0], c.claim)
	}
	o, _ := play(t, imported(said(0, nil)), approved, sending, bought(mip.EUR(6_00), mip.EUR(5_00)))
	_, err := mip.Step(o, mip.Event{Kind: mip.EventTracked, Tracking: []mip.Tracking{{ID: "A"}}}, noon)
	assert.ErrorIs(t, err, mip.ErrIgnored, "it is said once")
}
