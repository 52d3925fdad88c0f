package bigbuytest_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
)

// A world in three lines: a server, a client, a call.
func Example() {
	srv := bigbuytest.New(bigbuytest.Config{})
	res, err := srv.Client().Do(request("GET", bigbuytest.URL+"/rest/user/purse.json"))
	fmt.Println(text(res, err))
	// Output: 200 "10000.00"
}

// The answer is lost, but the order is made.
func ExampleServer_Fail() {
	srv := bigbuytest.New(bigbuytest.Config{})
	srv.Fail(bigbuytest.RouteCreate, bigbuytest.Reset|bigbuytest.AfterCommit, 1)

	req := request("POST", bigbuytest.URL+"/rest/order/create")
	req.Header.Set("Content-Type", "application/json")
	req.Body = io.NopCloser(strings.NewReader(`{"order":{"internalReference":"shop-1001",
		"shippingAddress":{"firstName":"Ana","lastName":"Prueba","country":"ES","postcode":"46005",
			"town":"Valencia","address":"Calle Falsa 1","phone":"600000000","email":"ana@example.test"},
		"products":[{"reference":"S0000001","quantity":1}]}}`))
	fmt.Println(text(srv.Client().Do(req)))
	for _, o := range srv.Orders() {
		fmt.Println(o.ID, o.Reference, o.Total, o.Status)
	}
	// Output:
	// Post "https://bigbuy.test/rest/order/create": read tcp: read: connection reset by peer
	// 15000001 shop-1001 9.81 EUR En proceso
}

// A person orders in the web shop and finds the purse too empty.
func ExampleServer_PlaceByHand() {
	srv := bigbuytest.New(bigbuytest.Config{Balance: mip.EUR(100_00)})
	orders, err := srv.PlaceByHand("shop-1001", anna(), mip.Item{SKU: bigbuytest.SKULamp, Quantity: 1})
	fmt.Println(orders[0].ID, orders[0].Total, err)
	_, err = srv.PlaceByHand("shop-1002", anna(), mip.Item{SKU: bigbuytest.SKUSofa, Quantity: 1})
	fmt.Println(err)
	fmt.Println(srv.Balance())
	// Output:
	// 15000001 9.81 EUR <nil>
	// bigbuytest: refused: ER005: There is not enough money in the money box.
	// 90.19 EUR
}

// On loopback, for clients in other processes.
func ExampleServer_Listen() {
	srv := bigbuytest.New(bigbuytest.Config{})
	url, stop, err := srv.Listen("")
	if err != nil {
		fmt.Println(err)
		return
	}
	res, err := http.DefaultClient.Do(request("GET", url+"/rest/user/moneybox.json"))
	fmt.Println(text(res, err))
	fmt.Println(stop())
	// Output:
	// 400 {"code":400,"message":"Bad request"}
	// <nil>
}

func request(method, url string) *http.Request {
	req, err := http.NewRequest(method, url, nil)
	if err != nil {
		panic(err)
	}
	req.Header.Set("Authorization", "Bearer "+bigbuytest.Token)
	return req
}

func text(res *http.Response, err error) string {
	if err != nil {
		return err.Error()
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return err.Error()
	}
	return fmt.Sprintf("%d %s", res.StatusCode, b)
}
