package engine_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
)

// asked is a warehouse that notes when it was asked for tracking, and for how
// many placements.
type asked struct {
	*warehouse
	down error // of every question
	at   []time.Time
	n    []int
}

func (a *asked) Track(ctx context.Context, ids []string) ([]mip.Tracking, error) {
	a.at, a.n = append(a.at, time.Now()), append(a.n, len(ids))
	if a.down != nil {
		return nil, a.down
	}
	return a.warehouse.Track(ctx, ids)
}

func TestTracking(t *testing.T) {
	var supply *asked
	in(t, "orders bought one after the other are asked about together, none before its time", func(c *engine.Config) {
		supply = &asked{warehouse: c.Supplier.(*warehouse)}
		c.Supplier = supply
	}, func(t *testing.T, w *world) {
		const n = 4
		time.Sleep(time.Second) // not at a full hour
		last := time.Now()
		for i := range n {
			last = time.Now()
			w.buy(fmt.Sprint(i), 1)
			w.sync()
			time.Sleep(time.Minute)
		}
		w.pass(38 * time.Minute)
		assert.Equal(t, []int{n}, supply.n)
		assert.GreaterOrEqual(t, supply.at[0].Sub(last), 30*time.Minute)
	})
	asking := func(c *engine.Config) {
		supply = &asked{warehouse: c.Supplier.(*warehouse)}
		c.Supplier = supply
	}
	in(t, "questions without news are no failures: an outage of hours is not said to be for ever", asking, func(t *testing.T, w *world) {
		ref := w.buy("1", 1)
		w.sync()
		w.pass(4 * 24 * time.Hour)
		supply.down = unavailable
		w.pass(5 * time.Hour)
		assert.Empty(t, w.order(ref).Findings)
	})
	in(t, "an outage of days is told, asked through, and over when it is over", asking, func(t *testing.T, w *world) {
		ref := w.buy("1", 1)
		w.sync()
		supply.down = unavailable
		w.pass(4 * 24 * time.Hour)
		assert.Equal(t, []string{mip.CodeGaveUp}, mip.Codes(w.order(ref).Findings))
		assert.Equal(t, 1, w.lines(ref, mip.CodeGaveUp))
		supply.down = nil
		w.pass(12 * time.Hour)
		assert.Empty(t, w.order(ref).Findings)
		w.supply.ship("T1")
		w.pass(12 * time.Hour)
		assert.Equal(t, mip.StateShipped, w.order(ref).State)
	})
	in(t, "failures now and then are not added up", asking, func(t *testing.T, w *world) {
		ref := w.buy("1", 1)
		w.sync()
		for range 5 {
			supply.down = unavailable
			w.pass(8 * time.Hour)
			supply.down = nil
			w.pass(13 * time.Hour)
		}
		assert.Zero(t, w.lines(ref, mip.CodeGaveUp))
	})
}
