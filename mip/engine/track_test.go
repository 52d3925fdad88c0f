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
	at []time.Time
	n  []int
}

func (a *asked) Track(ctx context.Context, ids []string) ([]mip.Tracking, error) {
	a.at, a.n = append(a.at, time.Now()), append(a.n, len(ids))
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
}
