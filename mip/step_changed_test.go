package mip_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

// TestWhatChangedDuringAPurchaseThatCameToNothing: nobody has judged it, and
// what is bought next is bought as it stands today.
func TestWhatChangedDuringAPurchaseThatCameToNothing(t *testing.T) {
	moved := imported(said(1, func(f *mip.Facts) { f.ShipTo.Line1 = "Calle 2" }))
	more := imported(said(1, func(f *mip.Facts) { f.Lines[0].Quantity = 30 }))
	gone := imported(said(1, func(f *mip.Facts) { f.Lines[0].Cancelled, f.Lines[1].Cancelled = 3, 1 }))
	unknown := mip.Event{Kind: mip.EventUnknown, Attempt: 1}
	absent := mip.Event{Kind: mip.EventAbsent, Attempt: 1, Proven: true, Payment: "wallet", Findings: []mip.Finding{{Code: mip.CodeTemporary, Severity: mip.Blocking}}}
	refused := mip.Event{Kind: mip.EventRefused, Attempt: 1, Findings: []mip.Finding{{Code: mip.CodeInsufficientFunds, Severity: mip.Blocking, AutoClear: true}}}
	other := refused
	other.Payment = "paypal"
	pass := by(mip.EventOverridden)
	pass.Override = &mip.Override{Code: mip.CodeOutcomeUnknown, Path: "lines", Actor: "ana", Why: "I looked"}
	asked := mip.Event{Kind: mip.EventUnclear, Attempt: 1, Findings: []mip.Finding{mip.UnknownFinding(mip.Attempt{})}}

	for claim, end := range map[string][]mip.Event{
		"proven absent":          {unknown, absent},
		"refused":                {refused},
		"refused, method to try": {other},
	} {
		for what, news := range map[string]mip.Event{"address": moved, "pieces": more, "nothing left": gone} {
			o, effects := play(t, append([]mip.Event{imported(said(0, nil)), approved, sending, news}, end...)...)
			require.Equal(t, mip.StatePendingReview, o.State, "%s, %s", claim, what)
			assert.Len(t, o.Attempts, 1, "%s, %s: not bought without a check", claim, what)
			assert.Zero(t, o.Quote.Total, "%s, %s", claim, what)
			assert.Condition(t, func() bool {
				for _, e := range effects {
					if e.Kind == mip.EffectCheck {
						return true
					}
				}
				return false
			}, "%s, %s: checked at once", claim, what)
			assert.NotContains(t, mip.Codes(o.Findings), mip.CodeChangedAfter, "%s, %s: it is not too late", claim, what)
			if what == "address" {
				assert.Equal(t, "Calle 2", o.Purchase("").ShipTo.Line1, claim)
				assert.Nil(t, o.Theirs, claim)
			}
		}
	}

	o, _ := play(t, imported(said(0, nil)), approved, sending, moved, mip.Event{Kind: mip.EventNotSent, Attempt: 1})
	assert.Equal(t, []string{mip.CodeChangedBefore}, mip.Codes(o.Outdated(o.Attempts[0])), "the call did nothing, and may not leave again as it was")
	o, _ = play(t, imported(said(0, nil)), approved, sending, moved, unknown, asked, pass)
	assert.Equal(t, "Calle 2", o.ShipTo.Line1, "a person vouches that nothing was bought")
	o, _ = play(t, imported(said(0, nil)), approved, sending, moved, unknown, asked)
	assert.Equal(t, "Calle 1", o.ShipTo.Line1, "nobody knows yet where it goes")
	o, _ = play(t, imported(said(0, nil)), approved, sending, placed, moved, mip.Event{Kind: mip.EventTracked, Tracking: []mip.Tracking{{ID: "100", Status: mip.PlacementCancelled}}})
	assert.Equal(t, "Calle 2", o.ShipTo.Line1, "the supplier cancelled what went to the old address")
	o, effects := play(t, imported(said(0, nil)), approved, sending, unknown, absent)
	assert.Equal(t, mip.StateSubmitting, o.State, "nothing changed")
	assert.Equal(t, mip.EffectSubmit, effects[len(effects)-1].Kind)
}

// TestADecisionIsAboutOneTime: what a person let pass once is asked again when
// it happens again.
func TestADecisionIsAboutOneTime(t *testing.T) {
	unpaid := func(f *mip.Facts) { f.Demand = mip.DemandUnpaid }
	closed := func(f *mip.Facts) { f.Demand = mip.DemandClosed }
	pass := func(code string) mip.Event {
		e := by(mip.EventOverridden)
		e.Override = &mip.Override{Code: code, Actor: "ana", Why: "known"}
		return e
	}
	for code, withdrawn := range map[string]func(*mip.Facts){mip.CodePaymentWithdrawn: unpaid, mip.CodeClosedByChannel: closed} {
		o, _ := play(t, imported(said(0, nil)), imported(said(1, withdrawn)), pass(code))
		require.Empty(t, o.Holding(), code)
		o, _ = play(t, imported(said(0, nil)), imported(said(1, withdrawn)), pass(code), imported(said(2, nil)), imported(said(3, withdrawn)))
		assert.Equal(t, []string{code}, mip.Codes(o.Holding()))
	}
	o, _ := play(t, imported(said(0, nil)), imported(said(1, cancelled)), imported(said(2, nil)), pass(mip.CodeReinstated), imported(said(3, cancelled)), imported(said(4, nil)))
	assert.Equal(t, mip.StatePendingReview, o.State)
	assert.Equal(t, []string{mip.CodeReinstated}, mip.Codes(o.Holding()), "an order that waits says why")
	other := func(f *mip.Facts) { unpaid(f); f.ShipTo.Line1 = "Calle 2" }
	o, _ = play(t, imported(said(0, nil)), imported(said(1, unpaid)), pass(mip.CodePaymentWithdrawn), imported(said(2, other)))
	assert.Empty(t, o.Holding(), "it is the same withdrawal still")
}

func TestTimesThatNobodyMeansAreForgotten(t *testing.T) {
	late := time.Date(9999, 12, 31, 23, 0, 0, 0, time.FixedZone("", -5*3600))
	odd := func(f *mip.Facts) { f.CreatedAt, f.ShipBy = time.Date(-1, 1, 1, 0, 0, 0, 0, time.UTC), late }
	o, _ := play(t, imported(said(0, odd)))
	assert.Zero(t, o.ShipBy)
	assert.Zero(t, o.CreatedAt)
	o, _ = play(t, imported(said(0, nil)), imported(said(1, odd)))
	assert.Zero(t, o.ShipBy)
	_, err := mip.Step(o, imported(said(1, odd)), noon)
	assert.ErrorIs(t, err, mip.ErrIgnored, "and are no change when they come again")
}

func TestADemandThatNobodyKnowsIsHeld(t *testing.T) {
	odd := func(f *mip.Facts) { f.Demand = "" }
	for claim, events := range map[string][]mip.Event{
		"new":                {imported(said(0, odd))},
		"not checked yet":    {imported(said(0, nil)), imported(said(1, odd))},
		"held":               {imported(said(0, nil)), held(outOfStock), imported(said(1, odd))},
		"withdrawn before":   {imported(said(0, nil)), imported(said(1, func(f *mip.Facts) { f.Demand = mip.DemandUnpaid })), imported(said(2, odd))},
		"about to be bought": {imported(said(0, nil)), approved, imported(said(1, odd)), {Kind: mip.EventRefused, Attempt: 1, Findings: []mip.Finding{{Code: mip.CodeUnreadable, Path: "demand", Severity: mip.Blocking}}}},
	} {
		o, _ := play(t, events...)
		assert.Equal(t, mip.StatePendingReview, o.State, claim)
		assert.Contains(t, mip.Codes(o.Holding()), mip.CodeUnreadable, claim)
	}
	o, _ := play(t, imported(said(0, odd)), imported(said(1, nil)))
	assert.Empty(t, o.Holding(), "known now")
	_, err := mip.Step(o, imported(said(1, nil)), noon)
	assert.ErrorIs(t, err, mip.ErrIgnored)
}
