package bigbuy_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
)

func TestThePriceOfWhatTheWalletCannotPay(t *testing.T) {
	poor := bigbuytest.Config{Balance: mip.EUR(1_00)}
	t.Run("from one warehouse it is exact, and the balance is told", func(t *testing.T) {
		in(t, poor, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
			q, err := s.Check(t.Context(), purchase(bigbuytest.SKULamp))
			require.NoError(t, err)
			require.Equal(t, []string{mip.CodeInsufficientFunds}, codes(q.Refusals))
			assert.Equal(t, mip.EUR(9_81), q.Total)
			assert.Equal(t, "1.00", q.Refusals[0].Params["moneyBoxAmount"])
			assert.Equal(t, "9.81", q.Refusals[0].Params["totalOrder"])
			assert.True(t, q.Refusals[0].AutoClear)
		})
	})
	t.Run("from several warehouses nobody tells it, which is no failure", func(t *testing.T) {
		in(t, poor, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
			q, err := s.Check(t.Context(), purchase(bigbuytest.SKULamp, bigbuytest.SKUChair))
			require.NoError(t, err)
			assert.Equal(t, []string{mip.CodeInsufficientFunds}, codes(q.Refusals))
			assert.Empty(t, q.Total.Currency())
		})
	})
	t.Run("what is refused for more than money is asked once", func(t *testing.T) {
		in(t, poor, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
			p := purchase(bigbuytest.SKULamp)
			p.ShipTo.Postcode = "no"
			q, err := s.Check(t.Context(), p)
			require.NoError(t, err)
			assert.NotContains(t, codes(q.Refusals), mip.CodeInsufficientFunds)
			assert.Len(t, srv.Calls(), 1)
		})
	})
}
