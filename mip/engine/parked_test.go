package engine_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/engine"
	"github.com/openmip/openmip/wallet"
)

func TestAnEmptyWalletCostsOneCall(t *testing.T) {
	in(t, "the supplier's first refusal counts for all orders that wait", nil, func(t *testing.T, w *world) {
		purse, err := wallet.New(wallet.Config{Balance: w.supply, Ledger: w.store})
		require.NoError(t, err)
		w.eng, err = engine.New(engine.Config{Channels: []mip.Channel{w.shop}, Supplier: w.supply, Store: w.store,
			Payments: []mip.Payment{purse}, Rules: []mip.Rule{{Code: "test", Needs: mip.NeedFunds, Check: func(mip.Snapshot, func(mip.Finding)) {}}}})
		require.NoError(t, err)
		w.supply.balance = mip.EUR(10_000_00)
		w.buy("first", 1)
		w.sync()
		require.Equal(t, 1, w.supply.placed)
		w.supply.balance = mip.EUR(0) // somebody spent it all, a moment after it was read
		for range 500 {
			w.supply.place = append(w.supply.place, fault{ref: []mip.Finding{{Code: mip.CodeInsufficientFunds, Severity: mip.Blocking, AutoClear: true,
				Params: map[string]string{"moneyBoxAmount": "0.00", "currency": "EUR"}}}})
		}
		var refs []mip.Ref
		for i := range 500 {
			refs = append(refs, w.buy(strconv.Itoa(i), 1))
		}
		w.sync()
		assert.Equal(t, 2, w.supply.placed, "one call, not 500")
		for _, ref := range refs {
			require.Equal(t, []string{mip.CodeInsufficientFunds}, mip.Codes(w.order(ref).Holding()))
		}
		w.supply.place, w.supply.balance = nil, mip.EUR(10_000_00)
		w.pass(2 * time.Minute)
		assert.Equal(t, 502, w.supply.placed, "and each is bought once there is money")
	})
}
