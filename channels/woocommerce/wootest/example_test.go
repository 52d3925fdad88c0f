package wootest_test

import (
	"fmt"
	"io"
	"net/http"

	"github.com/openmip/openmip/channels/woocommerce/wootest"
)

// A customer buys, a client reads, and the shop loses the next answer.
func Example() {
	shop := wootest.New(wootest.Config{})
	id := shop.Buy(wootest.Order{Lines: []wootest.Line{{SKU: "S0000042", Quantity: 2}}})

	client := &http.Client{Transport: shop.Transport()}
	get := func() (*http.Response, error) {
		return client.Get(shop.URL() + "/wp-json/wc/v3/orders?_fields=id,total&consumer_key=" + wootest.DefaultKey + "&consumer_secret=" + wootest.DefaultSecret)
	}
	resp, err := get()
	if err != nil {
		fmt.Println(err)
		return
	}
	body, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	fmt.Println(resp.StatusCode, string(body))

	shop.Fail(wootest.LoseAfter())
	_, err = get() //nolint:bodyclose // there is none
	fmt.Println("lost:", err != nil)

	shop.SetStatus(id, "cancelled")
	order, _ := shop.Order(id)
	fmt.Println(order.Status, order.Lines[0].SKU)
	// Output:
	// 200 [{"id":101,"total":"30.25"}]
	// lost: true
	// cancelled S0000042
}

// For examples and demonstrations the shop can listen on a loopback port.
func ExampleServer_Listen() {
	shop := wootest.New(wootest.Config{})
	url, stop, err := shop.Listen()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stop()
	resp, err := http.Get(url + "/wp-json/wc/v3/orders") //nolint:noctx // an example
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = resp.Body.Close()
	fmt.Println(resp.StatusCode, "without a signature")
	// Output:
	// 401 without a signature
}
