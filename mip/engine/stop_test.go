package engine_test

import (
	"context"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
)

// sluggish is a supplier that takes its time to make an order.
type sluggish struct {
	*warehouse
	wait time.Duration
}

// Place makes the order even when nobody waits for the answer.
func (s sluggish) Place(ctx context.Context, p mip.Purchase) (mip.Placed, error) {
	placed, err := s.warehouse.Place(ctx, p)
	select {
	case <-time.After(s.wait):
		return placed, err
	case <-ctx.Done():
		return mip.Placed{}, lostAnswer
	}
}

func TestRunLeavesSoftly(t *testing.T) {
	for _, c := range []struct {
		claim   string
		takes   time.Duration
		returns time.Duration // after the context ended
		want    mip.Outcome
	}{
		{"what is under way ends, and nothing more begins", 20 * time.Second, 15 * time.Second, mip.OutcomePlaced},
		{"what takes too long is cut off, and known to be unknown", 45 * time.Second, 30 * time.Second, mip.OutcomeUnknown},
	} {
		t.Run(c.claim, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := newWorld(t, nil)
				run := func(wait time.Duration) *engine.Engine {
					eng, err := engine.New(engine.Config{Channels: []mip.Channel{w.shop}, Supplier: sluggish{w.supply, wait}, Store: w.store,
						Payments: []mip.Payment{w.wallet}, Rules: []mip.Rule{}, Timing: engine.Timing{Abreast: 1, Leave: 30 * time.Second}})
					require.NoError(t, err)
					return eng
				}
				first, second := w.buy("1", 1), w.buy("2", 1)
				ctx, stop := context.WithCancel(t.Context())
				time.AfterFunc(5*time.Second, stop)
				began := time.Now()
				require.NoError(t, run(c.takes).Run(ctx))
				assert.Equal(t, 5*time.Second+c.returns, time.Since(began))
				assert.Equal(t, 1, w.supply.placed)
				refs := []mip.Ref{first, second}
				i := slices.IndexFunc(refs, func(r mip.Ref) bool { return !w.order(r).Attempts[0].SentAt.IsZero() })
				assert.Equal(t, c.want, w.order(refs[i]).Attempts[0].Outcome)
				assert.True(t, w.order(refs[1-i]).Attempts[0].SentAt.IsZero())

				w.eng = run(0)
				w.pass(10 * time.Minute)
				for _, ref := range refs {
					assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
				}
				assert.Len(t, w.supply.orders, 2)
			})
		})
	}
}

func TestAnEffectDoesNotOutliveTheDeadlineOfItsRunner(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, nil)
		runs := &lent{Store: w.store}
		eng, err := engine.New(engine.Config{Channels: []mip.Channel{w.shop}, Supplier: sluggish{w.supply, 50 * time.Second}, Store: runs,
			Payments: []mip.Payment{w.wallet}, Rules: []mip.Rule{}})
		require.NoError(t, err)
		ref := w.buy("1", 1)
		require.NoError(t, eng.PollChannel(t.Context(), "shop"))
		require.NoError(t, eng.Run(t.Context()))
		for _, kind := range []mip.EffectKind{mip.EffectCheck, mip.EffectSubmit} {
			leases, err := w.store.Lease(t.Context(), time.Now(), time.Now().Add(time.Minute), 1, kind)
			require.NoError(t, err)
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			began := time.Now()
			runs.work.Perform(ctx, leases)
			assert.LessOrEqual(t, time.Since(began), 10*time.Second)
			cancel()
			assert.Equal(t, []time.Time{time.Now().UTC()}, runs.work.Perform(ctx, leases), "nothing is begun any more")
		}
		assert.Equal(t, mip.OutcomeUnknown, w.order(ref).Attempts[0].Outcome)
	})
}

// lent is a store that runs its effects itself: the test does.
type lent struct {
	mip.Store
	work engine.Work
}

// Run implements engine.Runner.
func (l *lent) Run(_ context.Context, w engine.Work) error { l.work = w; return nil }
