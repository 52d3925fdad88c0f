package prestatest_test

import (
	"fmt"
	"io"
	"net/http"

	"github.com/openmip/openmip/channels/prestashop/prestatest"
)

// A customer buys, a client reads, and a person cancels.
func Example() {
	shop := prestatest.New(prestatest.Config{})
	id := shop.Buy(prestatest.Order{Reference: "OHSATSERP"})

	client := &http.Client{Transport: shop.Transport()}
	resp, err := client.Get(shop.URL() + "/api/orders?output_format=JSON&display=[id,reference,total_paid]&ws_key=" + prestatest.DefaultKey)
	if err != nil {
		fmt.Println(err)
		return
	}
	body, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	fmt.Println(resp.StatusCode, string(body))

	shop.SetState(id, prestatest.Cancelled)
	st, _ := shop.State(id)
	fmt.Println(st.State == prestatest.Cancelled, len(st.History))
	// Output:
	// 200 {"orders":[{"id":1,"reference":"OHSATSERP","total_paid":"15.000000"}]}
	// true 2
}

// For examples and demonstrations the shop can listen on a loopback port.
func ExampleServer_Listen() {
	shop := prestatest.New(prestatest.Config{})
	address, stop, err := shop.Listen()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer stop()
	resp, err := http.Get(address + "/api/orders") //nolint:noctx // an example
	if err != nil {
		fmt.Println(err)
		return
	}
	_ = resp.Body.Close()
	fmt.Println(resp.StatusCode, "without a key")
	// Output:
	// 401 without a key
}
