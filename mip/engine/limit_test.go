package engine_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
)

// capped is a payment that refuses what is above a limit, in its own words.
type capped struct{ *purse }

func (c capped) Reserve(ctx context.Context, r mip.Reservation) error {
	err := c.purse.Reserve(ctx, r)
	if errors.Is(err, mip.ErrUnfunded) {
		return &mip.Error{Op: "paypal: reserve", Ref: r.Ref, Kind: mip.ErrUnfunded, Code: mip.CodeLimitExceeded}
	}
	return err
}

func TestALimitIsNotToldAsTooLittleMoney(t *testing.T) {
	limited := func(claim string, change func(*engine.Config), f func(t *testing.T, w *world)) {
		in(t, claim, nil, func(t *testing.T, w *world) {
			c := engine.Config{Channels: []mip.Channel{w.shop}, Supplier: w.supply, Store: w.store,
				Payments: []mip.Payment{w.wallet, capped{w.paypal}}, Rules: []mip.Rule{}}
			change(&c)
			eng, err := engine.New(c)
			require.NoError(t, err)
			w.eng, w.supply.balance, w.paypal.limit = eng, mip.EUR(5_00), mip.EUR(9_00)
			f(t, w)
		})
	}
	limited("where topping up cannot help, and it ends by itself", func(c *engine.Config) {
		c.PayWith = map[string][]string{"shop": {"paypal"}}
	}, func(t *testing.T, w *world) {
		ref := w.buy("1", 1)
		w.sync()
		held := w.order(ref).Holding()
		require.Equal(t, []string{mip.CodeLimitExceeded}, mip.Codes(held))
		assert.Equal(t, []string{"paypal", "10.00", "EUR"}, []string{held[0].Params["method"], held[0].Params["needed"], held[0].Params["currency"]})
		w.pass(48 * time.Hour)
		assert.Equal(t, []string{mip.CodeLimitExceeded}, mip.Codes(w.order(ref).Holding()), "however often it was met")
		w.paypal.limit = mip.EUR(10_00)
		w.pass(12 * time.Hour)
		assert.Equal(t, mip.StateSubmitted, w.order(ref).State)
	})
	limited("but where the wallet may pay as well, that is short of money", func(*engine.Config) {}, func(t *testing.T, w *world) {
		ref := w.buy("1", 1)
		w.sync()
		held := w.order(ref).Holding()
		require.Equal(t, []string{mip.CodeInsufficientFunds}, mip.Codes(held))
		assert.Equal(t, mip.CodeLimitExceeded, held[0].Params["paypal"])
		w.supply.balance = mip.EUR(10_00)
		w.pass(time.Hour)
		assert.Equal(t, []string{"wallet"}, w.supply.payments)
	})
	limited("also where the supplier refused the wallet first", func(*engine.Config) {}, func(t *testing.T, w *world) {
		w.supply.refusals = []mip.Finding{{Code: mip.CodeInsufficientFunds, Severity: mip.Blocking, AutoClear: true}}
		ref := w.buy("1", 1)
		w.sync()
		require.Equal(t, []string{mip.CodeInsufficientFunds}, mip.Codes(w.order(ref).Holding()))
	})
}

// choosy is a supplier that refuses each payment in its own words, and tells
// no total with a refusal.
type choosy struct {
	*warehouse
	says map[string][]mip.Finding
}

func (c choosy) Check(ctx context.Context, p mip.Purchase) (mip.Quote, error) {
	if c.says[p.Payment] != nil {
		return mip.Quote{Refusals: c.says[p.Payment]}, nil
	}
	return c.warehouse.Check(ctx, p)
}

func TestWhatIsWrongWithTheSecondMethodDoesNotOutliveTheShortage(t *testing.T) {
	short := mip.Finding{Code: mip.CodeInsufficientFunds, Severity: mip.Blocking, AutoClear: true}
	small := mip.Finding{Code: "payment.bankwire_minimum", Path: "payment", Severity: mip.Blocking}
	in(t, "after a top-up the order is bought by itself", nil, func(t *testing.T, w *world) {
		supply := choosy{w.supply, map[string][]mip.Finding{"wallet": {short}, "paypal": {small}}}
		eng, err := engine.New(engine.Config{Channels: []mip.Channel{w.shop}, Supplier: supply, Store: w.store,
			Payments: []mip.Payment{w.wallet, w.paypal}, Rules: []mip.Rule{}})
		require.NoError(t, err)
		w.eng, w.supply.balance = eng, mip.EUR(5_00)
		ref := w.buy("1", 1)
		w.sync()
		held := w.order(ref).Holding()
		require.Equal(t, []string{mip.CodeInsufficientFunds}, mip.Codes(held))
		assert.Equal(t, small.Code, held[0].Params["paypal"])
		delete(supply.says, "wallet")
		w.supply.balance = mip.EUR(50_00)
		w.pass(time.Hour)
		assert.Equal(t, []string{"wallet"}, w.supply.payments)
	})
	in(t, "what is wrong with the order itself still holds it", nil, func(t *testing.T, w *world) {
		supply := choosy{w.supply, map[string][]mip.Finding{"wallet": {short}, "paypal": append([]mip.Finding{small}, outOfStock...)}}
		eng, err := engine.New(engine.Config{Channels: []mip.Channel{w.shop}, Supplier: supply, Store: w.store,
			Payments: []mip.Payment{w.wallet, w.paypal}, Rules: []mip.Rule{}})
		require.NoError(t, err)
		w.eng = eng
		ref := w.buy("1", 1)
		w.sync()
		assert.Equal(t, []string{mip.CodeInsufficientFunds, outOfStock[0].Code}, mip.Codes(w.order(ref).Holding()))
	})
}
