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

// forgetful is a warehouse that says of some ids that it has no such order.
type forgetful struct {
	*warehouse
	gone map[string]bool
}

func (f *forgetful) Track(ctx context.Context, ids []string) ([]mip.Tracking, error) {
	var out []mip.Tracking
	known, err := f.warehouse.Track(ctx, ids)
	for _, t := range known {
		if f.gone[t.ID] {
			t = mip.Tracking{ID: t.ID, Missing: true}
		}
		out = append(out, t)
	}
	return out, err
}

// lines returns how many lines of an order's history name a code.
func (w *world) lines(ref mip.Ref, code string) int {
	w.t.Helper()
	n := 0
	changes, err := w.store.History(w.t.Context(), ref)
	require.NoError(w.t, err)
	for _, c := range changes {
		for _, x := range c.Codes {
			if x == code {
				n++
			}
		}
	}
	return n
}

func TestWhatTheSupplierNoLongerKnows(t *testing.T) {
	forgetting := func(t *testing.T, claim string, f func(t *testing.T, w *world, s *forgetful, told *[]string)) {
		var s *forgetful
		var told []string
		in(t, claim, func(c *engine.Config) {
			s = &forgetful{c.Supplier.(*warehouse), map[string]bool{}}
			c.Supplier = s
			c.Hooks.Noticed = func(_ context.Context, _ mip.Ref, codes []string) { told = append(told, codes...) }
		}, func(t *testing.T, w *world) { f(t, w, s, &told) })
	}
	forgetting(t, "it is said once, holds nothing, buys nothing, and is over when it turns up", func(t *testing.T, w *world, s *forgetful, told *[]string) {
		ref, other := w.buy("1", 1), w.buy("2", 1)
		w.sync()
		id := w.order(ref).Placements[0].ID
		s.gone[id] = true
		w.pass(20 * time.Hour)
		assert.Empty(t, w.order(ref).Findings, "reads may lag")
		before, err := w.store.History(t.Context(), ref)
		require.NoError(t, err)
		w.pass(3 * 24 * time.Hour)
		o := w.order(ref)
		require.Equal(t, []string{mip.CodeMissing}, mip.Codes(o.Findings))
		assert.Equal(t, id, o.Findings[0].Params["orders"])
		assert.Equal(t, mip.StateSubmitted, o.State)
		assert.Empty(t, o.Holding())
		assert.Equal(t, 2, w.supply.placed, "nothing is bought again")
		assert.Equal(t, []string{mip.CodeMissing}, *told)
		after, err := w.store.History(t.Context(), ref)
		require.NoError(t, err)
		assert.Len(t, after, len(before)+1, "one line, however often it is looked for")
		assert.Empty(t, w.order(other).Findings, "asked about in the same call")

		s.gone[id] = false
		w.pass(12 * time.Hour)
		assert.Empty(t, w.order(ref).Findings)
		assert.Zero(t, w.order(ref).Placements[0].MissedAt)
		w.supply.ship("T1")
		w.pass(12 * time.Hour)
		assert.Equal(t, mip.StateShipped, w.order(ref).State)
	})
	forgetting(t, "one that is found in between was not missing all the time", func(t *testing.T, w *world, s *forgetful, told *[]string) {
		ref := w.buy("1", 1)
		w.sync()
		id := w.order(ref).Placements[0].ID
		for range 6 {
			s.gone[id] = true
			w.pass(16 * time.Hour)
			s.gone[id] = false
			w.pass(4 * time.Hour)
		}
		assert.Empty(t, *told)
		h, err := w.store.History(t.Context(), ref)
		require.NoError(t, err)
		for _, c := range h {
			assert.NotEqual(t, mip.EventTracked, c.Event, "it is no line of the history")
		}
	})
	forgetting(t, "silence is not a no", func(t *testing.T, w *world, s *forgetful, told *[]string) {
		w.buy("1", 1)
		w.sync()
		w.supply.orders = nil // ids without news are missing from the answer
		w.pass(4 * 24 * time.Hour)
		assert.Empty(t, *told)
	})
}
