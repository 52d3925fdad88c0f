package miptest_test

import (
	"fmt"
	"testing"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/miptest"
)

// A supplier, something to buy, and a look into the books are enough to begin
// with; every hook that the vendor gets brings more checks.
func ExampleTestSupplier() {
	var t *testing.T // of func TestSupplier(t *testing.T)

	miptest.TestSupplier(t, func(testing.TB) miptest.Vendor {
		world := bigbuytest.New(bigbuytest.Config{})
		return miptest.Vendor{
			Supplier: world.Supplier(bigbuy.Config{}),
			Purchase: func(n int) mip.Purchase {
				return mip.Purchase{
					Reference: fmt.Sprintf("shop-%d", n), Payment: "wallet",
					Items: []mip.Item{{LineID: "1", SKU: bigbuytest.SKULamp, Quantity: 2}},
					ShipTo: mip.Address{FirstName: "Aurelia", LastName: "Quintanar", Line1: "Callejón Ficticio 77",
						City: "Alcorcón", Postcode: "28922", Country: "ES", Phone: "600123987", Email: "aurelia@example.test"},
				}
			},
			Sold: func(reference string) (out []miptest.Sold) {
				for _, o := range world.Orders() {
					if o.Reference == reference {
						out = append(out, miptest.Sold{ID: o.ID, Items: o.Items, ShipTo: o.ShipTo, Paid: o.Total})
					}
				}
				return out
			},
		}
	})
}
