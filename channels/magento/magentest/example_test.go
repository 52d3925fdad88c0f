package magentest_test

import (
	"fmt"

	"github.com/openmip/openmip/channels/magento/magentest"
)

// A customer buys, somebody ships half of it by hand, and the next answer is
// going to be lost.
func Example() {
	shop := magentest.New(magentest.Config{Version: magentest.V23})
	id := shop.Buy(magentest.Order{Items: []magentest.Item{{SKU: "S0000001", Ordered: "2"}}})
	order, _ := shop.Order(id)
	shop.ShipByHand(id, map[int64]int{order.Items[0].ID: 1}, magentest.Track{Number: "N1", Title: "DHL", CarrierCode: "dhl"})
	shop.Fail(magentest.LoseAfter())

	order, _ = shop.Order(id)
	fmt.Println(order.Increment, order.State, order.Items[0].Shipped, order.Shipments[0].Tracks[0].Number)
	// Output: 000000101 processing 1 N1
}
