package shopify_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/shopify"
	"github.com/openmip/openmip/channels/shopify/shopifytest"
	"github.com/openmip/openmip/mip"
)

func TestCancellingWaitsForTheShopsDecision(t *testing.T) {
	for _, c := range []struct {
		name string
		job  time.Duration
		want error
	}{{"at once", time.Second, nil}, {"after twenty seconds", 20 * time.Second, nil}, {"after ten minutes", 10 * time.Minute, mip.ErrPending}} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				shop := world(t, shopifytest.Config{Job: c.job})
				channel := open(t, shop)
				n := shop.Buy(shopifytest.Order{})
				require.ErrorIs(t, channel.Cancel(t.Context(), ref(n), strings.Repeat("ñ", 300)), c.want)
				time.Sleep(time.Hour)
				require.NoError(t, channel.Cancel(t.Context(), ref(n), ""))
				o, _ := shop.Order(n)
				assert.False(t, o.Cancelled.IsZero())
				assert.Equal(t, strings.Repeat("ñ", 255), o.StaffNote)
				assert.Equal(t, 1, shop.Count("Cancel"))
				f, err := channel.Order(t.Context(), id(n))
				require.NoError(t, err)
				assert.Equal(t, mip.DemandCancel, f.Demand)
			})
		})
	}
}

func TestASecondCancellationMeetsTheFirst(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := world(t, shopifytest.Config{Job: 20 * time.Second})
		n := shop.Buy(shopifytest.Order{})
		shop.Fail(shopifytest.Fault{}, shopifytest.LoseAfter())
		require.ErrorIs(t, open(t, shop).Cancel(t.Context(), ref(n), ""), mip.ErrUnknown)
		require.NoError(t, open(t, shop).Cancel(t.Context(), ref(n), ""), "refused, because it is under way")
	})
}

func TestARefusalThatBlamesTheShopItselfSettlesNothing(t *testing.T) {
	shop := world(t, shopifytest.Config{})
	n := shop.Buy(shopifytest.Order{})
	shop.Fail(shopifytest.Fault{}, shopifytest.Fault{Status: 200, Body: `{"data":{"orderCancel":{"job":null,"orderCancelUserErrors":[{"code":"INTERNAL_ERROR","field":null}]}}}`})
	require.ErrorIs(t, open(t, shop).Cancel(t.Context(), ref(n), ""), mip.ErrUnknown)
}

func TestMoneyGoesBackOnlyWhereThatIsWanted(t *testing.T) {
	for _, refund := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			shop := world(t, shopifytest.Config{})
			channel := open(t, shop, func(c *shopify.Config) { c.Refund = refund })
			n := shop.Buy(shopifytest.Order{})
			require.NoError(t, channel.Cancel(t.Context(), ref(n), "out of stock"))
			o, _ := shop.Order(n)
			assert.Equal(t, refund, o.Refunded)
		})
	}
}

func TestAShippedOrderIsNotCancelled(t *testing.T) {
	shop := world(t, shopifytest.Config{})
	n := shop.Buy(shopifytest.Order{})
	shop.Fulfil(n)
	require.ErrorIs(t, open(t, shop).Cancel(t.Context(), ref(n), ""), mip.ErrRefused)
	assert.Empty(t, shop.Writes(), "it is not even tried")
}
