package engine_test

import (
	"context"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
)

// unhurried is a supplier that takes its time to buy.
type unhurried struct {
	*warehouse
	calls sync.Map // how often by reference
}

// Place implements mip.Supplier.
func (s *unhurried) Place(ctx context.Context, p mip.Purchase) (mip.Placed, error) {
	n, _ := s.calls.LoadOrStore(p.Ref, new(atomic.Int32))
	n.(*atomic.Int32).Add(1)
	time.Sleep(55 * time.Second)
	return s.warehouse.Place(ctx, p)
}

func (s *unhurried) asked(ref mip.Ref) int {
	n, ok := s.calls.Load(ref)
	if !ok {
		return 0
	}
	return int(n.(*atomic.Int32).Load())
}

func TestAClockThatJumps(t *testing.T) {
	var ahead atomic.Int64
	supplier := &unhurried{}
	in(t, "ahead during a call does not make its absence count before it has ended", func(c *engine.Config) {
		supplier.warehouse = c.Supplier.(*warehouse)
		c.Supplier = supplier
		c.Now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	}, func(t *testing.T, w *world) {
		ref := w.buy("1", 1)
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan error)
		go func() { ended <- w.eng.Run(ctx) }()
		time.Sleep(10 * time.Second)
		require.Equal(t, 1, supplier.asked(ref))
		w.supply.mu.Lock()
		w.supply.refusals = tooLong
		w.supply.mu.Unlock()
		ahead.Store(int64(time.Hour))
		for i := range 60 { // others come in, and wake everybody
			time.Sleep(time.Second)
			require.NoError(t, w.eng.Ingest(t.Context(), mip.Facts{Ref: mip.Ref{Channel: "shop", ID: strconv.Itoa(100 + i)}, Demand: mip.DemandShip, Lines: []mip.Line{{ID: "1", SKU: "S9", Quantity: 1}}}))
		}
		time.Sleep(10 * time.Minute)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
		assert.Len(t, w.order(ref).Placements, 1)
		assert.Equal(t, 1, supplier.asked(ref))
		stop()
		require.NoError(t, <-ended)
	})
}
