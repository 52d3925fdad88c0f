package bigbuy_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

func lamp() mip.Purchase {
	return mip.Purchase{
		Ref: mip.Ref{Channel: "shop", ID: "1001"}, Reference: "shop-1001", Payment: "wallet",
		ShipTo: mip.Address{FirstName: "Ana", LastName: "Prueba", Line1: "Calle Falsa 1", City: "Valencia",
			Postcode: "46005", Country: "ES", Phone: "600000000", Email: "ana@example.test"},
		Items: []mip.Item{{LineID: "1", SKU: "S0000001", Quantity: 1}},
	}
}

// Ask the price, buy, look at the balance.
func ExampleSupplier() {
	server := bigbuytest.New(bigbuytest.Config{})
	supplier, err := bigbuy.New(bigbuy.Config{
		Key:       rest.NewSecret(bigbuytest.Token),
		Transport: server.Transport(), // without this line it is the real BigBuy
	})
	if err != nil {
		panic(err)
	}
	ctx := context.Background()

	quote, _ := supplier.Check(ctx, lamp())
	fmt.Println("costs", quote.Total)
	placed, _ := supplier.Place(ctx, lamp())
	fmt.Println("order", placed.Placements[0].ID)
	balance, _ := supplier.Balance(ctx)
	fmt.Println("left", balance)
	// Output:
	// costs 9.81 EUR
	// order 15000001
	// left 9990.19 EUR
}

// A lost answer is unknown: look before anything else.
func ExampleSupplier_Find() {
	server := bigbuytest.New(bigbuytest.Config{})
	server.Fail(bigbuytest.RouteCreateMulti, bigbuytest.Timeout|bigbuytest.AfterCommit, 1)
	supplier, err := bigbuy.New(bigbuy.Config{Key: rest.NewSecret(bigbuytest.Token), Transport: server.Transport()})
	if err != nil {
		panic(err)
	}
	ctx := context.Background()

	_, err = supplier.Place(ctx, lamp())
	fmt.Println("unknown:", errors.Is(err, mip.ErrUnknown))
	found, _ := supplier.Find(ctx, "shop-1001")
	fmt.Println("bought as", found.Placements[0].ID)
	// Output:
	// unknown: true
	// bought as 15000001
}

// What a refusal says, for code that uses the endpoints directly.
func ExampleError() {
	server := bigbuytest.New(bigbuytest.Config{})
	client, err := bigbuy.NewClient(bigbuy.Config{Key: rest.NewSecret(bigbuytest.Token), Transport: server.Transport()})
	if err != nil {
		panic(err)
	}
	_, err = client.Check(context.Background(), bigbuy.OrderRequest{
		PaymentMethod: "moneybox",
		ShippingAddress: bigbuy.Address{FirstName: "Ana", LastName: "Prueba", Country: "ES", Postcode: "46005",
			Town: "Valencia", Address: "Calle Falsa 1", Phone: "600000000", Email: "ana@example.test"},
		Products: []bigbuy.OrderLine{{Reference: bigbuytest.SKUSoldOut, Quantity: 1}},
	})
	if e, ok := errors.AsType[*bigbuy.Error](err); ok {
		fmt.Println(e.Code, e.SKUs, errors.Is(err, mip.ErrRefused))
	}
	// Output: ER003 [H0000009] true
}
