package paypal_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/shopspring/decimal"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
	"github.com/openmip/openmip/paypal"
)

func open(t *testing.T, c paypal.Config) *paypal.SupplierCharge {
	t.Helper()
	if c.Ledger == nil {
		c.Ledger = memstore.New()
	}
	p, err := paypal.ChargedBySupplier(c)
	require.NoError(t, err)
	return p
}

func reserve(t *testing.T, p *paypal.SupplierCharge, key string, amount mip.Money) error {
	t.Helper()
	return p.Reserve(t.Context(), mip.Reservation{Key: key, Ref: mip.Ref{Channel: "shop", ID: "1"}, Amount: amount})
}

func TestConfig(t *testing.T) {
	l := memstore.New()
	for name, c := range map[string]paypal.Config{
		"a ledger is required":                  {},
		"a currency has three letters":          {Ledger: l, Currency: "EURO"},
		"a currency has capital letters":        {Ledger: l, Currency: "eur"},
		"an account has at most 64 bytes":       {Ledger: l, Account: strings.Repeat("a", 65)},
		"limits are in the currency":            {Ledger: l, MaxPerDay: mip.Minor(1, "PLN")},
		"no limit is negative":                  {Ledger: l, MaxPerOrder: mip.EUR(-1)},
		"no rate is negative":                   {Ledger: l, Tariff: &paypal.Tariff{Rate: decimal.New(-1, 0)}},
		"BigBuy's tariff is for euros":          {Ledger: l, Currency: "PLN"},
		"the fixed fee is not negative":         {Ledger: l, Tariff: &paypal.Tariff{Fixed: mip.EUR(-1)}},
		"the fixed fee is in the same currency": {Ledger: l, Tariff: &paypal.Tariff{Fixed: mip.Minor(1, "USD")}},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := paypal.ChargedBySupplier(c)
			require.ErrorIs(t, err, mip.ErrInvalid)
			assert.NotContains(t, err.Error(), "Key:", "validator's own text")
		})
	}
}

func TestLimits(t *testing.T) {
	t.Run("an order above its limit is refused with a code", func(t *testing.T) {
		p := open(t, paypal.Config{MaxPerOrder: mip.EUR(50_00), MaxPerDay: mip.EUR(500_00)})
		require.NoError(t, reserve(t, p, "a", mip.EUR(50_00)))
		err := reserve(t, p, "b", mip.EUR(50_01))
		require.ErrorIs(t, err, mip.ErrUnfunded)
		e, ok := errors.AsType[*mip.Error](err)
		require.True(t, ok)
		assert.Equal(t, paypal.CodeLimitExceeded, e.Code)
		assert.Equal(t, mip.Ref{Channel: "shop", ID: "1"}, e.Ref)
		assert.Equal(t, "paypal: reserve shop/1: not enough money (payment.limit_exceeded): 50.01 EUR is more than 50.00 EUR an order", err.Error())
	})
	t.Run("a day has a limit, and a new day a new one", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			p := open(t, paypal.Config{MaxPerDay: mip.EUR(100_00)})
			require.NoError(t, reserve(t, p, "a", mip.EUR(60_00)))
			require.NoError(t, p.Settle(t.Context(), "a", mip.EUR(70_00)))
			err := reserve(t, p, "b", mip.EUR(30_01))
			require.ErrorIs(t, err, mip.ErrUnfunded)
			assert.Contains(t, err.Error(), "(payment.limit_exceeded): with 30.01 EUR it would be more than 100.00 EUR a day")
			require.NoError(t, reserve(t, p, "b", mip.EUR(30_00)))

			time.Sleep(23*time.Hour + 59*time.Minute)
			require.ErrorIs(t, reserve(t, p, "c", mip.EUR(1)), mip.ErrUnfunded, "bubbles begin at midnight: still the first day")
			time.Sleep(time.Minute)
			require.ErrorIs(t, reserve(t, p, "c", mip.EUR(70_01)), mip.ErrUnfunded, "what is open counts on every day")
			require.NoError(t, reserve(t, p, "c", mip.EUR(70_00)))
		})
	})
	t.Run("the day is UTC's, whatever zone the clock shows", func(t *testing.T) {
		now := time.Date(2026, 3, 2, 0, 30, 0, 0, time.FixedZone("east", 3600)) // still 1 March in UTC
		p := open(t, paypal.Config{MaxPerDay: mip.EUR(1_00), Now: func() time.Time { return now }})
		require.NoError(t, reserve(t, p, "a", mip.EUR(1_00)))
		require.NoError(t, p.Settle(t.Context(), "a", mip.EUR(1_00)))
		now = now.Add(20 * time.Minute)
		require.ErrorIs(t, reserve(t, p, "b", mip.EUR(1_00)), mip.ErrUnfunded)
		now = now.Add(10 * time.Minute)
		require.NoError(t, reserve(t, p, "b", mip.EUR(1_00)))
	})
	t.Run("without limits nothing is refused", func(t *testing.T) {
		p := open(t, paypal.Config{})
		for i := range 10 {
			require.NoError(t, reserve(t, p, fmt.Sprint(i), mip.EUR(1_000_000_00)))
		}
	})
	t.Run("a limit of nought refuses everything", func(t *testing.T) {
		assert.ErrorIs(t, reserve(t, open(t, paypal.Config{MaxPerDay: mip.EUR(0)}), "a", mip.EUR(1)), mip.ErrUnfunded)
		assert.ErrorIs(t, reserve(t, open(t, paypal.Config{MaxPerOrder: mip.EUR(0)}), "a", mip.EUR(1)), mip.ErrUnfunded)
	})
	t.Run("a lower limit does not disown what was reserved", func(t *testing.T) {
		l := memstore.New()
		require.NoError(t, reserve(t, open(t, paypal.Config{Ledger: l}), "a", mip.EUR(80_00)))
		strict := open(t, paypal.Config{Ledger: l, MaxPerOrder: mip.EUR(10_00), MaxPerDay: mip.EUR(20_00)})
		require.NoError(t, reserve(t, strict, "a", mip.EUR(80_00)))
		require.ErrorIs(t, reserve(t, strict, "b", mip.EUR(80_00)), mip.ErrUnfunded)
	})
	t.Run("accounts have limits of their own, wallets included", func(t *testing.T) {
		l := memstore.New()
		require.NoError(t, l.Reserve(t.Context(), mip.Reservation{Key: "w", Account: "wallet", Amount: mip.EUR(9_00)}, mip.Balance{Amount: mip.EUR(9_00)}))
		for _, account := range []string{"one", "two"} {
			p := open(t, paypal.Config{Ledger: l, Account: account, MaxPerDay: mip.EUR(10_00)})
			require.NoError(t, reserve(t, p, account, mip.EUR(10_00)))
			require.ErrorIs(t, reserve(t, p, account+"2", mip.EUR(1)), mip.ErrUnfunded)
		}
	})
	t.Run("many at once stay below the day's limit", func(t *testing.T) {
		l := memstore.New()
		processes := []*paypal.SupplierCharge{
			open(t, paypal.Config{Ledger: l, MaxPerDay: mip.EUR(100_00)}), open(t, paypal.Config{Ledger: l, MaxPerDay: mip.EUR(100_00)}),
		}
		var got atomic.Int32
		var wg sync.WaitGroup
		for i := range 64 {
			wg.Go(func() {
				if reserve(t, processes[i%2], fmt.Sprint(i), mip.EUR(10_00)) == nil {
					got.Add(1)
				}
			})
		}
		wg.Wait()
		assert.EqualValues(t, 10, got.Load())
	})
}

func TestBooks(t *testing.T) {
	l := memstore.New()
	p := open(t, paypal.Config{Ledger: l})
	for name, amount := range map[string]mip.Money{
		"no amount": {}, "nought": mip.EUR(0), "less than nought": mip.EUR(-1), "another currency": mip.Minor(1, "PLN"),
	} {
		assert.ErrorIs(t, reserve(t, p, name, amount), mip.ErrInvalid, name)
	}
	assert.ErrorIs(t, reserve(t, p, "", mip.EUR(1)), mip.ErrInvalid, "no key")
	require.NoError(t, reserve(t, p, "a", mip.EUR(5_00)))
	assert.ErrorIs(t, reserve(t, p, "a", mip.EUR(6_00)), mip.ErrConflict)
	assert.ErrorIs(t, p.Settle(t.Context(), "a", mip.EUR(-1)), mip.ErrInvalid)
	assert.ErrorIs(t, p.Settle(t.Context(), "a", mip.Minor(1, "PLN")), mip.ErrInvalid)
	assert.ErrorIs(t, p.Settle(t.Context(), "z", mip.EUR(1)), mip.ErrNotFound)
	require.NoError(t, p.Settle(t.Context(), "a", mip.EUR(5_10)))
	assert.ErrorIs(t, p.Release(t.Context(), "a"), mip.ErrConflict)
	require.NoError(t, reserve(t, p, "b", mip.EUR(1_00)))
	require.NoError(t, p.Release(t.Context(), "b"))
	require.NoError(t, p.Release(t.Context(), "z"))

	rows, err := l.Reservations(t.Context(), "paypal", time.Time{})
	require.NoError(t, err)
	require.Len(t, rows, 2)
	states := map[string]mip.ReservationState{rows[0].Key: rows[0].State, rows[1].Key: rows[1].State}
	assert.Equal(t, map[string]mip.ReservationState{"a": mip.ReservationSettled, "b": mip.ReservationReleased}, states)
}

func TestFee(t *testing.T) {
	p := open(t, paypal.Config{})
	for _, c := range []struct{ amount, fee mip.Money }{
		{mip.EUR(100_00), mip.EUR(1_30)},
		{mip.EUR(34_90), mip.EUR(65)},      // 0.349 rounds to 0.35
		{mip.EUR(1), mip.EUR(30)},          // 0.0001
		{mip.EUR(50), mip.EUR(31)},         // 0.005 rounds away from zero
		{mip.EUR(1_49), mip.EUR(31)},       // 0.0149
		{mip.EUR(0), mip.Money{}},          // nothing to pay
		{mip.Money{}, mip.Money{}},         // nothing known
		{mip.EUR(-5), mip.Money{}},         // not a payment
		{mip.Minor(5, "PLN"), mip.Money{}}, // Reserve would not take it
	} {
		assert.True(t, p.Fee(c.amount).Equal(c.fee), "%s costs %s, want %s", c.amount, p.Fee(c.amount), c.fee)
	}
	free := open(t, paypal.Config{Tariff: &paypal.Tariff{}})
	assert.True(t, free.Fee(mip.EUR(100)).Equal(mip.EUR(0)))
	yen := open(t, paypal.Config{Currency: "JPY", Tariff: &paypal.Tariff{Rate: decimal.RequireFromString("0.029"), Fixed: mip.Minor(40, "JPY")}})
	assert.True(t, yen.Fee(mip.Minor(1000, "JPY")).Equal(mip.Minor(69, "JPY")))
}
