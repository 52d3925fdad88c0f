package main

import (
	"context"
	"fmt"
	"time"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
)

// hurry is how many times shorter BigBuy's windows are here.
const hurry = 10

// outside is the world around the workers: a shop and BigBuy, each an HTTP
// server that speaks the real wire format.
type outside struct {
	shop               *wootest.Server
	supplier           *bigbuytest.Server
	shopURL, bigbuyURL string
	sold               []int64
	stop               []func()
}

// newOutside listens on free ports of loopback.
func newOutside() (*outside, error) {
	o := &outside{
		shop: wootest.New(wootest.Config{Tracking: wootest.ShipmentTracking}),
		supplier: bigbuytest.New(bigbuytest.Config{Balance: mip.EUR(10_000_00), Switches: bigbuytest.Switches{
			Hurry: hurry, ShipAfter: 2 * time.Second, DeliverAfter: 2 * time.Second}}),
	}
	o.supplier.SetStock(bigbuytest.SKULamp, 1, 10_000)
	url, stop, err := o.shop.Listen()
	if err != nil {
		return nil, err
	}
	o.shopURL, o.stop = url, append(o.stop, stop)
	url, halt, err := o.supplier.Listen("")
	if err != nil {
		o.close()
		return nil, err
	}
	o.bigbuyURL, o.stop = url, append(o.stop, func() { _ = halt() })
	return o, nil
}

func (o *outside) close() {
	for _, stop := range o.stop {
		stop()
	}
}

// buy lets the next customer order a lamp.
func (o *outside) buy() {
	a := wootest.Address{FirstName: "Ana", LastName: "Prueba", Address1: fmt.Sprintf("Calle Falsa %d", len(o.sold)+1), City: "Valencia",
		Postcode: "46005", Country: "ES", Email: "ana@example.test", Phone: "600123123"}
	o.sold = append(o.sold, o.shop.Buy(wootest.Order{Billing: a, Shipping: a,
		Lines: []wootest.Line{{SKU: bigbuytest.SKULamp, Name: "Lamp", Quantity: 1, Total: "199.00", TotalTax: "0.00"}}}))
}

// told counts the orders that the shop knows to be delivered, each with one
// tracking number.
func (o *outside) told() (n int) {
	for _, id := range o.sold {
		if shown, ok := o.shop.Order(id); ok && shown.Status == "completed" && len(shown.Trackings) == 1 {
			n++
		}
	}
	return n
}

// sell runs the world in a terminal of its own, an order each second, and says
// what came of it when it is stopped.
func sell(ctx context.Context, orders int) error {
	o, err := newOutside()
	if err != nil {
		return err
	}
	defer o.close()
	fmt.Printf("export SHOP_URL=%s BIGBUY_URL=%s\n", o.shopURL, o.bigbuyURL)
	for range orders {
		o.buy()
		if !pause(ctx, time.Second) {
			break
		}
	}
	<-ctx.Done()
	o.sum()
	return nil
}

// sum prints the books of the world outside.
func (o *outside) sum() {
	bought := map[string]int{}
	for _, b := range o.supplier.Orders() {
		bought[b.Reference]++
	}
	twice := 0
	for _, n := range bought {
		if n > 1 {
			twice++
		}
	}
	fmt.Printf("%d orders in the shop, %d bought at BigBuy, %d of them twice, %d told back with a tracking number; BigBuy refused %d calls\n",
		len(o.sold), len(bought), twice, o.told(), o.supplier.Throttled())
}

// pause waits, and reports whether ctx goes on.
func pause(ctx context.Context, d time.Duration) bool {
	select {
	case <-ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}
