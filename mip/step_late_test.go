package mip_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

func TestAnOrderIsLateUntilItLeavesOrIsCancelled(t *testing.T) {
	shipBy := noon.Add(30 * time.Minute)
	dated := func(minutes int, by time.Time) mip.Event {
		return imported(said(minutes, func(f *mip.Facts) { f.ShipBy = by }))
	}
	told := mip.Event{Kind: mip.EventNoted, Findings: []mip.Finding{mip.LateFinding(mip.Order{Facts: mip.Facts{ShipBy: shipBy}})}}
	late := func(o mip.Order) bool {
		return len(mip.Codes(o.Findings)) > 0 && mip.Codes(o.Findings)[len(mip.Codes(o.Findings))-1] == mip.CodeShipByPassed
	}
	shipped := mip.Event{Kind: mip.EventTracked, Tracking: []mip.Tracking{{ID: "100", Status: mip.PlacementShipped}}}
	for claim, c := range map[string]struct {
		events []mip.Event
		late   bool
	}{
		"held":                  {[]mip.Event{dated(0, shipBy), held(outOfStock), told}, true},
		"bought":                {[]mip.Event{dated(0, shipBy), approved, sending, placed, told}, true},
		"bought after it":       {[]mip.Event{dated(0, shipBy), held(outOfStock), told, approved, sending, placed}, true},
		"shipped":               {[]mip.Event{dated(0, shipBy), approved, sending, placed, told, shipped}, false},
		"cancelled":             {[]mip.Event{dated(0, shipBy), held(outOfStock), told, by(mip.EventCancel)}, false},
		"cancelled when bought": {[]mip.Event{dated(0, shipBy), approved, sending, placed, told, by(mip.EventCancel)}, false},
		"moved":                 {[]mip.Event{dated(0, shipBy), held(outOfStock), told, dated(1, shipBy.Add(time.Minute))}, false},
		"no longer dated":       {[]mip.Event{dated(0, shipBy), held(outOfStock), told, imported(said(1, nil))}, false},
	} {
		o, _ := play(t, c.events...)
		assert.Equal(t, c.late, late(o), "%s: %v", claim, mip.Codes(o.Findings))
	}

	o, _ := play(t, dated(0, shipBy), held(outOfStock), told)
	r, err := mip.Step(o, mip.Event{Kind: mip.EventNoted, Findings: []mip.Finding{{Code: "another"}}}, shipBy.Add(-time.Second))
	require.NoError(t, err)
	assert.Contains(t, mip.Codes(r.Order.Findings), mip.CodeShipByPassed, "another process's clock is behind")

	for claim, events := range map[string][]mip.Event{
		"first seen":   {dated(0, shipBy)},
		"dated":        {imported(said(0, nil)), held(outOfStock), dated(1, shipBy)},
		"wanted again": {imported(said(0, cancelled)), dated(1, shipBy)},
	} {
		_, effects := play(t, events...)
		assert.Contains(t, effects, mip.Effect{Kind: mip.EffectRemind, Ref: ref1, Due: shipBy}, claim)
	}
}
