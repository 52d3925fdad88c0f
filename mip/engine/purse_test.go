package engine_test

import (
	"context"
	"fmt"
	"slices"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/wallet"
)

// counted is a warehouse that counts the questions for its balance.
type counted struct {
	*warehouse
	asked atomic.Int32
}

func (c *counted) Balance(ctx context.Context) (mip.Money, error) {
	c.asked.Add(1)
	return c.warehouse.Balance(ctx)
}

// set sets the balance, and what is found wrong with every order.
func (c *counted) set(m mip.Money, refusals ...mip.Finding) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.balance, c.refusals = m, refusals
}

func (c *counted) bought() []mip.Placement {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.orders)
}

// atThePurse runs a world with a real wallet for f.
func atThePurse(t *testing.T, claim string, f func(t *testing.T, w *world, c *counted, heard func() []string)) {
	t.Run(claim, func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t, nil)
			w.supply.balance = mip.EUR(5_00)
			c := &counted{warehouse: w.supply}
			pays, err := wallet.New(wallet.Config{Balance: c, Ledger: w.store})
			require.NoError(t, err)
			told := make(chan string, 1000)
			w.eng, err = engine.New(engine.Config{Channels: []mip.Channel{w.shop}, Supplier: w.supply, Payments: []mip.Payment{pays}, Store: w.store,
				Rules: []mip.Rule{}, LowBalance: mip.EUR(20_00), Timing: engine.Timing{Track: 1000 * time.Hour},
				Hooks: engine.Hooks{
					WalletLow:  func(_ context.Context, a, n mip.Money) { told <- fmt.Sprint("short ", a.Text(), " of ", n.Text()) },
					BalanceLow: func(_ context.Context, a mip.Money) { told <- "low " + a.Text() },
					Drift: func(_ context.Context, p string, s mip.Statement) {
						told <- fmt.Sprint(p, " ", s.Drift, " ", s.Unexplained.Text())
					},
				}})
			require.NoError(t, err)
			ctx, stop := context.WithCancel(t.Context())
			done := make(chan error, 1)
			go func() { done <- w.eng.Run(ctx) }()
			f(t, w, c, func() (out []string) {
				for len(told) > 0 {
					out = append(out, <-told)
				}
				return out
			})
			stop()
			require.NoError(t, <-done)
		})
	})
}

func TestThePurseIsLookedAt(t *testing.T) {
	atThePurse(t, "once an hour while no order waits", func(t *testing.T, w *world, c *counted, heard func() []string) {
		time.Sleep(10*time.Hour + time.Minute)
		assert.EqualValues(t, 11, c.asked.Load())
		assert.Equal(t, []string{"low 5.00"}, heard(), "told when it begins")
		c.set(mip.EUR(30_00))
		time.Sleep(2 * time.Hour)
		assert.Equal(t, []string{"wallet credit 25.00"}, heard())
		c.set(mip.EUR(19_99))
		time.Sleep(2 * time.Hour)
		assert.Equal(t, []string{"wallet debit -10.01", "low 19.99"}, heard(), "and when it begins again")
	})
	atThePurse(t, "every few seconds while one waits, and the same shortage is told once an hour", func(t *testing.T, w *world, c *counted, heard func() []string) {
		c.set(mip.EUR(5_00), noMoney...)
		w.buy("1", 1)
		time.Sleep(2 * time.Minute)
		before := c.asked.Load()
		time.Sleep(4 * time.Hour)
		assert.InDelta(t, 4*720, c.asked.Load()-before, 5)
		assert.Equal(t, []string{"low 5.00", "short 5.00 of 10.00", "short 5.00 of 10.00", "short 5.00 of 10.00", "short 5.00 of 10.00", "short 5.00 of 10.00"}, heard())
		w.buy("2", 1)
		time.Sleep(10 * time.Minute)
		assert.Equal(t, []string{"short 5.00 of 20.00"}, heard(), "a change is told at once")
		f, err := w.eng.Forecast(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "2 need 20.00 EUR, 15.00 EUR more than 5.00 EUR", fmt.Sprintf("%d need %s, %s more than %s", f.Waiting, f.Needed, f.Missing, f.Available))
		c.set(mip.EUR(20_00))
		time.Sleep(2 * time.Minute)
		assert.Len(t, c.bought(), 2)
		assert.Equal(t, []string{"wallet credit 15.00"}, heard())
		time.Sleep(time.Hour)
		assert.Equal(t, []string{"low 0.00"}, heard(), "seen by the next look")
	})
}

func TestForecastCountsWhatIsUnderWay(t *testing.T) {
	in(t, "approved and not reserved, and without a price", nil, func(t *testing.T, w *world) {
		w.wallet.fail = []error{unavailable}
		w.buy("1", 1)
		w.sync()
		w.supply.balance = mip.EUR(0)
		w.buy("2", 1)
		require.NoError(t, w.eng.Poll(t.Context()))
		_, err := w.eng.Work(t.Context())
		require.NoError(t, err)
		f, err := w.eng.Forecast(t.Context())
		require.NoError(t, err)
		assert.Equal(t, "10.00 EUR", f.Underway.String())
		assert.Equal(t, "10.00 EUR", f.Missing.String())
		assert.Equal(t, []int{1, 1}, []int{f.Waiting, f.Unpriced})
	})
}
