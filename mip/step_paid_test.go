package mip_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

func TestAPurchaseThatTurnsUpAfterItsAttemptWasClosedIsSettled(t *testing.T) {
	closed := []mip.Event{imported(said(0, nil)), approved, sending, {Kind: mip.EventUnknown, Attempt: 1},
		{Kind: mip.EventAbsent, Attempt: 1, Proven: true, Findings: []mip.Finding{{Code: mip.CodeTemporary, Severity: mip.Blocking}}},
		{Kind: mip.EventSettled, Attempt: 1}}
	t.Run("with the attempt that bought it", func(t *testing.T) {
		o, effects := play(t, append(closed, placed)...)
		require.Equal(t, mip.StateSubmitted, o.State)
		assert.Contains(t, effects, mip.Effect{Kind: mip.EffectSettle, Ref: ref1, Attempt: 1, Due: effects[0].Due})
		assert.Equal(t, mip.OutcomePlaced, o.Attempts[0].Outcome)
		assert.False(t, o.Attempts[0].Settled, "what was given back was spent after all")
	})
	t.Run("once", func(t *testing.T) {
		again := append(closed, placed, mip.Event{Kind: mip.EventSettled, Attempt: 1}, placed)
		o, _ := play(t, again...)
		assert.True(t, o.Attempts[0].Settled)
	})
	t.Run("also of an order that was cancelled meanwhile, and a person is told", func(t *testing.T) {
		o, effects := play(t, append(closed, mip.Event{Kind: mip.EventCancel, Actor: "ana"}, placed)...)
		require.Equal(t, mip.StateSubmitted, o.State)
		assert.Equal(t, []string{mip.CodeCancelLate}, mip.Codes(o.Findings))
		require.Len(t, o.Placements, 1)
		assert.NotEmpty(t, o.Placements[0].Items, "what it holds")
		assert.False(t, o.Attempts[0].Settled)
		var kinds []mip.EffectKind
		for _, e := range effects {
			kinds = append(kinds, e.Kind)
		}
		assert.Subset(t, kinds, []mip.EffectKind{mip.EffectSettle, mip.EffectTrack, mip.EffectReport})
	})
	t.Run("with the pieces of its attempt, where the channel has taken them all back", func(t *testing.T) {
		refunded := func(f *mip.Facts) {
			f.Demand = mip.DemandCancel
			for i := range f.Lines {
				f.Lines[i].Cancelled = f.Lines[i].Quantity
			}
		}
		o, _ := play(t, append(closed, imported(said(5, refunded)), placed)...)
		require.Equal(t, mip.StateSubmitted, o.State)
		require.Len(t, o.Placements, 1)
		assert.Equal(t, o.Attempts[0].Items, o.Placements[0].Items)
	})
	t.Run("and news of a placement that no attempt is named for settles nothing", func(t *testing.T) {
		news := placed
		news.Attempt = 0
		o, effects := play(t, append(closed, news)...)
		for _, e := range effects {
			assert.NotEqual(t, mip.EffectSettle, e.Kind)
		}
		assert.True(t, o.Attempts[0].Settled)
	})
}
