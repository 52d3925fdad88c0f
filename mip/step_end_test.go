package mip_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

// What an order meets on its way to an end, each found by simulation.
func TestEveryOrderCanComeToAnEnd(t *testing.T) {
	reported := func(s mip.State) mip.Event {
		return mip.Event{Kind: mip.EventReported, Status: &mip.Status{State: s}}
	}
	unpaid := func(f *mip.Facts) { f.Demand = mip.DemandUnpaid }
	for _, c := range []struct {
		claim  string
		events []mip.Event
		check  func(t *testing.T, o mip.Order, effects []mip.Effect)
	}{
		{"cancelled by the buyer and by the supplier before the answer is found", []mip.Event{imported(said(0, nil)), approved, sending,
			{Kind: mip.EventUnknown, Attempt: 1}, imported(said(1, cancelled)), {Kind: mip.EventPlaced, Attempt: 1, Proven: true,
				Placements: []mip.Placement{{ID: "100", Reference: "shop-1", Status: mip.PlacementCancelled}}}},
			func(t *testing.T, o mip.Order, _ []mip.Effect) {
				assert.Equal(t, mip.StateCancelled, o.State)
				assert.Contains(t, mip.Transitions(), mip.Transition{From: mip.StateSubmitting, On: mip.EventPlaced, To: mip.StateCancelled})
				assert.Contains(t, mip.Transitions(), mip.Transition{From: mip.StatePendingReview, On: mip.EventPlaced, To: mip.StateCancelled})
			}},
		{"nobody is told that a check is on its way when the order has left it", []mip.Event{imported(said(0, nil)), held(outOfStock),
			by(mip.EventResend), by(mip.EventManuallySent), {Kind: mip.EventUnclear, Findings: []mip.Finding{{Code: mip.CodeNotMatched, Severity: mip.Blocking}}}},
			func(t *testing.T, o mip.Order, _ []mip.Effect) {
				assert.Equal(t, []string{mip.CodeNotMatched}, mip.Codes(o.Findings))
			}},
		{"the channel was told of a person's cancellation and wants the order all the same", []mip.Event{imported(said(0, nil)), held(outOfStock),
			by(mip.EventCancel), reported(mip.StateCancelled), imported(said(5, nil))},
			func(t *testing.T, o mip.Order, _ []mip.Effect) {
				assert.Equal(t, []string{mip.CodeReinstated}, mip.Codes(o.Holding()))
			}},
		{"what was unpaid for a while after it was bought is paid", []mip.Event{imported(said(0, nil)), approved, sending, placed,
			imported(said(1, unpaid)), imported(said(2, nil))},
			func(t *testing.T, o mip.Order, _ []mip.Effect) { assert.Empty(t, o.Findings) }},
		{"cancelled once more, the channel is told once more", []mip.Event{imported(said(0, nil)), held(outOfStock),
			by(mip.EventCancel), reported(mip.StateCancelled), imported(said(5, nil)), by(mip.EventCancel)},
			func(t *testing.T, o mip.Order, effects []mip.Effect) {
				assert.Equal(t, mip.StateCancelled, o.State)
				assert.Contains(t, effects, mip.Effect{Kind: mip.EffectReport, Ref: ref1, Due: noon.Add(5 * time.Hour)})
			}},
		{"cancelled and taken back while nothing was linked", []mip.Event{imported(said(0, nil)), held(outOfStock), by(mip.EventManuallySent),
			imported(said(1, cancelled)), by(mip.EventManualUndone), imported(said(2, nil))},
			func(t *testing.T, o mip.Order, _ []mip.Effect) {
				assert.Contains(t, mip.Codes(o.Holding()), mip.CodeReinstated)
				assert.False(t, o.CancelAsked)
				assert.NotContains(t, mip.Codes(o.Findings), mip.CodeChecking)
			}},
		{"what a person cancelled is not looked at again for a change at the channel", []mip.Event{imported(said(0, nil)), held(outOfStock),
			by(mip.EventManuallySent), by(mip.EventCancel), by(mip.EventManualUndone), imported(said(2, func(f *mip.Facts) { f.Note = "please hurry" }))},
			func(t *testing.T, o mip.Order, effects []mip.Effect) {
				assert.Empty(t, effects)
				assert.NotContains(t, mip.Codes(o.Findings), mip.CodeChecking)
			}},
		{"news that the channel refused while it was unpaid are told when it is paid again", []mip.Event{imported(said(0, nil)), approved, sending, placed,
			imported(said(1, unpaid)), {Kind: mip.EventReportRefused, Status: &mip.Status{State: mip.StateSubmitted},
				Findings: []mip.Finding{{Code: mip.CodeReportRefused, Path: "report"}}}, imported(said(2, nil))},
			func(t *testing.T, o mip.Order, effects []mip.Effect) {
				assert.Contains(t, effects, mip.Effect{Kind: mip.EffectReport, Ref: ref1, Due: noon.Add(6 * time.Hour)})
				assert.NotContains(t, mip.Codes(o.Findings), mip.CodeReportRefused)
			}},
	} {
		t.Run(c.claim, func(t *testing.T) {
			o, effects := play(t, c.events...)
			require.NotEmpty(t, o.State)
			c.check(t, o, effects)
		})
	}
}
