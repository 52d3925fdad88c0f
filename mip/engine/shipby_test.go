package engine_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
)

func TestAnOrderThatIsLateSaysSo(t *testing.T) {
	var told []string
	late := func(t *testing.T, claim string, f func(t *testing.T, w *world)) {
		in(t, claim, func(c *engine.Config) {
			told = nil
			c.Hooks.Noticed = func(_ context.Context, _ mip.Ref, codes []string) { told = append(told, codes...) }
		}, f)
	}
	// by lets a customer order what the shop must send within two days.
	by := func(w *world) mip.Ref {
		ref := w.buy("1", 1)
		w.change(ref, func(f *mip.Facts) { f.ShipBy = time.Now().Add(48 * time.Hour) })
		return ref
	}
	said := func(t *testing.T, w *world, ref mip.Ref) {
		t.Helper()
		o := w.order(ref)
		require.Contains(t, mip.Codes(o.Findings), mip.CodeShipByPassed)
		assert.NotContains(t, mip.Codes(o.Holding()), mip.CodeShipByPassed, "nothing waits for it")
		assert.Equal(t, []string{mip.CodeShipByPassed}, told)
		assert.Equal(t, 1, w.lines(ref, mip.CodeShipByPassed))
	}
	late(t, "held for a person: nobody asks the supplier, and nothing is bought", func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := by(w)
		w.sync()
		w.supply.refusals = nil // what holds it may be gone: a person decides
		w.pass(47 * time.Hour)
		assert.Empty(t, told)
		w.pass(3 * time.Hour)
		said(t, w, ref)
		w.pass(48 * time.Hour)
		said(t, w, ref)
		assert.Equal(t, mip.StatePendingReview, w.order(ref).State)
		assert.Equal(t, 1, w.supply.checks)
		assert.Zero(t, w.supply.placed)
		o := w.order(ref)
		x, err := w.eng.Explain(t.Context(), ref)
		require.NoError(t, err)
		assert.Empty(t, x.Next, "nothing is left to do")
		_, err = w.eng.Cancel(t.Context(), ref, "ana", "sold out")
		require.NoError(t, err)
		assert.Empty(t, w.order(ref).Findings, o.State)
	})
	late(t, "held for money", func(t *testing.T, w *world) {
		w.supply.balance = mip.EUR(1_00)
		ref := by(w)
		w.sync()
		w.pass(72 * time.Hour)
		said(t, w, ref)
	})
	late(t, "bought and not shipped, whatever the supplier answers, until it leaves", func(t *testing.T, w *world) {
		ref := by(w)
		w.sync()
		w.supply.mu.Lock()
		orders := w.supply.orders
		w.supply.orders = nil
		w.supply.mu.Unlock()
		w.pass(72 * time.Hour)
		said(t, w, ref)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		w.supply.orders = orders
		w.supply.ship("T1")
		w.pass(3 * time.Hour)
		assert.Equal(t, mip.StateShipped, w.order(ref).State)
		assert.Empty(t, w.order(ref).Findings)
		assert.Equal(t, 1, w.supply.placed)
	})
	late(t, "placed by hand and not found", func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := by(w)
		w.sync()
		_, err := w.eng.MarkManuallySent(t.Context(), ref, "ana", "")
		require.NoError(t, err)
		w.pass(72 * time.Hour)
		assert.Contains(t, mip.Codes(w.order(ref).Findings), mip.CodeShipByPassed)
		assert.Equal(t, 1, w.lines(ref, mip.CodeShipByPassed))
	})
	late(t, "shipped in time", func(t *testing.T, w *world) {
		ref := by(w)
		w.sync()
		w.supply.ship("T1")
		w.pass(72 * time.Hour)
		assert.Equal(t, mip.StateShipped, w.order(ref).State)
		assert.Empty(t, told)
	})
	late(t, "the channel moves the time on, and once more it passes", func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := by(w)
		w.sync()
		w.pass(24 * time.Hour)
		w.change(ref, func(f *mip.Facts) { f.ShipBy = f.ShipBy.Add(48 * time.Hour) })
		w.pass(48 * time.Hour)
		assert.Empty(t, told, "not yet")
		w.pass(48 * time.Hour)
		said(t, w, ref)
		w.change(ref, func(f *mip.Facts) { f.ShipBy = time.Now().Add(24 * time.Hour) })
		w.pass(2 * time.Hour)
		assert.NotContains(t, mip.Codes(w.order(ref).Findings), mip.CodeShipByPassed)
		w.pass(48 * time.Hour)
		assert.Equal(t, 2, w.lines(ref, mip.CodeShipByPassed))
	})
	late(t, "known to be late when it comes", func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := w.buy("1", 1)
		w.change(ref, func(f *mip.Facts) { f.ShipBy = time.Now().Add(-time.Hour) })
		w.sync()
		w.pass(time.Hour)
		said(t, w, ref)
		assert.Equal(t, 1, w.supply.checks)
	})
	late(t, "known to be late before it is checked: the check comes first, and is made once", func(t *testing.T, w *world) {
		ref := w.buy("1", 1)
		w.change(ref, func(f *mip.Facts) { f.ShipBy = time.Now().Add(-time.Hour) })
		require.NoError(t, w.eng.Poll(t.Context()))
		again := w.eng.Perform(t.Context(), []mip.Lease{{Effect: mip.Effect{Kind: mip.EffectRemind, Ref: ref}}})
		require.Len(t, again, 1)
		assert.True(t, again[0].After(time.Now()), "it is not forgotten")
		assert.Empty(t, told)
	})
	late(t, "a clock that is ahead tells nothing too early, and forgets nothing", func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := by(w)
		w.sync()
		due := w.order(ref).ShipBy
		again := w.eng.Perform(t.Context(), []mip.Lease{{Effect: mip.Effect{Kind: mip.EffectRemind, Ref: ref}}})
		assert.Empty(t, told)
		require.Len(t, again, 1)
		assert.True(t, again[0].Equal(due), again[0])
	})
	late(t, "checked again, it stays late", func(t *testing.T, w *world) {
		w.supply.refusals = tooLong
		ref := by(w)
		w.sync()
		w.pass(72 * time.Hour)
		_, err := w.eng.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.sync()
		assert.Contains(t, mip.Codes(w.order(ref).Findings), mip.CodeShipByPassed)
		w.supply.refusals = nil
		_, err = w.eng.Resend(t.Context(), ref, "ana")
		require.NoError(t, err)
		w.sync()
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		assert.Contains(t, mip.Codes(w.order(ref).Findings), mip.CodeShipByPassed, "it has not left yet")
	})
}
