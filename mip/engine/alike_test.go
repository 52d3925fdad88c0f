package engine_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/mip/rules"
)

func TestOrdersThatAreAlike(t *testing.T) {
	duplicate := func(c *engine.Config) { c.Rules = []mip.Rule{rules.Duplicate(rules.DuplicateConfig{})} }
	twins := func(w *world) (first, second mip.Ref) {
		first = w.buy("1", 1)
		time.Sleep(time.Minute)
		return first, w.buy("2", 1)
	}
	in(t, "the first is not bought once a person has placed the second", duplicate, func(t *testing.T, w *world) {
		w.supply.place = []fault{{err: unavailable}}
		first, second := twins(w)
		w.sync()
		require.Equal(t, mip.StateSubmitting, w.order(first).State)
		require.Equal(t, []string{mip.CodeDuplicate}, codes(w.order(second)))
		_, err := w.eng.MarkManuallySent(t.Context(), second, "ana", "phone-1")
		require.NoError(t, err)
		w.pass(12 * time.Hour)
		assert.Equal(t, mip.StatePendingReview, w.order(first).State)
		assert.Equal(t, []string{mip.CodeDuplicate}, codes(w.order(first)))
		assert.Empty(t, w.supply.orders)
		assert.Empty(t, w.open("wallet"))
	})
	in(t, "of two that were checked at the same moment one is bought", duplicate, func(t *testing.T, w *world) {
		first, second := twins(w)
		require.NoError(t, w.eng.Poll(t.Context()))
		for _, ref := range []mip.Ref{first, second} {
			_, err := w.store.Apply(t.Context(), ref, mip.Event{Kind: mip.EventApproved, Version: 1, Quote: &mip.Quote{Total: w.supply.price}}, time.Now())
			require.NoError(t, err)
		}
		w.pass(12 * time.Hour)
		assert.Equal(t, mip.StateSubmitted, w.order(first).State)
		assert.Equal(t, []string{mip.CodeDuplicate}, codes(w.order(second)))
		assert.Len(t, w.supply.orders, 1)
	})
	in(t, "both are bought if a person lets either pass", duplicate, func(t *testing.T, w *world) {
		w.supply.place = []fault{{err: unavailable}}
		first, second := twins(w)
		w.sync()
		require.Equal(t, mip.StateSubmitting, w.order(first).State)
		_, err := w.eng.Override(t.Context(), second, "ana", mip.CodeDuplicate, "lines", "he wants two")
		require.NoError(t, err)
		_, err = w.eng.Resend(t.Context(), second, "ana")
		require.NoError(t, err)
		w.pass(time.Hour)
		assert.Len(t, w.supply.orders, 2)
	})
	in(t, "one that is erased still counts for the one beside it", duplicate, func(t *testing.T, w *world) {
		first, second := twins(w)
		w.sync()
		require.Equal(t, mip.StateSubmitted, w.order(first).State)
		require.NoError(t, w.eng.Erase(t.Context(), first, "ana"))
		w.pass(time.Hour)
		_, err := w.eng.ResendAll(t.Context(), "ana", mip.Query{})
		require.NoError(t, err)
		w.pass(time.Hour)
		assert.Equal(t, []string{mip.CodeDuplicate}, codes(w.order(second)))
		assert.Len(t, w.supply.orders, 1)
	})
	in(t, "a buyer of many is told apart by time", duplicate, func(t *testing.T, w *world) {
		w.buy("today", 1)
		f := w.shop.orders[0]
		for i := range 120 {
			f.Ref.ID, f.CreatedAt = fmt.Sprint("old", i), time.Now().AddDate(0, 0, i-130)
			_, err := w.store.Apply(t.Context(), f.Ref, mip.Event{Kind: mip.EventImported, Facts: &f}, f.CreatedAt)
			require.NoError(t, err)
		}
		w.sync()
		second := w.buy("again", 1)
		for i := range w.shop.orders {
			w.shop.orders[i].CreatedAt = time.Now()
		}
		w.pass(time.Hour)
		assert.Equal(t, []string{mip.CodeDuplicate}, codes(w.order(second)))
	})
}
