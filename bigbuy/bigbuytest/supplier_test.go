package bigbuytest_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
)

// purchase asks for a piece of each product.
func purchase(reference string, skus ...string) mip.Purchase {
	p := mip.Purchase{Ref: mip.Ref{Channel: "shop", ID: reference}, Reference: reference, ShipTo: anna(), Payment: "wallet"}
	for _, sku := range skus {
		p.Items = append(p.Items, mip.Item{LineID: sku, SKU: sku, Quantity: 1})
	}
	return p
}

// The real supplier over a world in memory.
func ExampleServer_Supplier() {
	srv := bigbuytest.New(bigbuytest.Config{})
	supplier := srv.Supplier(bigbuy.Config{})
	balance, err := supplier.Balance(context.Background())
	fmt.Println(balance, err)
	// Output: 10000.00 EUR <nil>
}

func TestSupplier(t *testing.T) {
	t.Run("buys from two warehouses in a bubble, within the limits", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			srv := bigbuytest.New(bigbuytest.Config{})
			supplier := srv.Supplier(bigbuy.Config{})
			for i := range 3 {
				placed, err := supplier.Place(t.Context(), purchase(fmt.Sprintf("shop-%d", i), lamp, kettle))
				require.NoError(t, err)
				require.Len(t, placed.Placements, 2)
				assert.Empty(t, placed.Refusals)
			}
			assert.Len(t, srv.Orders(), 6)
			assert.Zero(t, srv.Throttled())
		})
	})
	t.Run("a lost answer is unknown, and is found", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			srv := bigbuytest.New(bigbuytest.Config{})
			srv.Fail(bigbuytest.RouteCreateMulti, bigbuytest.Timeout|bigbuytest.AfterCommit, 1)
			supplier := srv.Supplier(bigbuy.Config{})
			_, err := supplier.Place(t.Context(), purchase("shop-1", lamp))
			require.ErrorIs(t, err, mip.ErrUnknown)
			found, err := supplier.Find(t.Context(), "shop-1")
			require.NoError(t, err)
			require.Len(t, found.Placements, 1)
			assert.Equal(t, srv.Orders()[0].ID, found.Placements[0].ID)
		})
	})
	t.Run("whatever goes wrong, only what was not bought is called refused", func(t *testing.T) {
		for _, fault := range bigbuytest.Faults() {
			for _, flag := range []bigbuytest.Fault{0, bigbuytest.AfterCommit} {
				synctest.Test(t, func(t *testing.T) {
					srv := bigbuytest.New(bigbuytest.Config{})
					srv.Fail(bigbuytest.RouteCreateMulti, fault|flag, 1)
					placed, err := srv.Supplier(bigbuy.Config{}).Place(t.Context(), purchase("shop-1", lamp, kettle))
					name := (fault | flag).String()
					switch {
					case err == nil:
						unsure := slices.Contains(mip.Codes(placed.Refusals), mip.CodeOutcomeUnknown)
						if !unsure {
							assert.Len(t, placed.Placements, len(srv.Orders()), name)
						}
					case !errors.Is(err, mip.ErrUnknown):
						assert.Empty(t, srv.Orders(), name)
					}
				})
			}
		}
	})
	t.Run("a config that cannot work is a panic", func(t *testing.T) {
		assert.Panics(t, func() { bigbuytest.New(bigbuytest.Config{}).Supplier(bigbuy.Config{BaseURL: "nowhere"}) })
	})
}
