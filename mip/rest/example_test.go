package rest_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// shop stands for a vendor's server.
type shop struct{}

func (shop) RoundTrip(r *http.Request) (*http.Response, error) {
	reply := func(status int, body string) (*http.Response, error) {
		return &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body))}, nil
	}
	switch page := r.URL.Query().Get("page"); {
	case r.Method == http.MethodPost:
		return reply(502, "Bad Gateway")
	case page == "1":
		return reply(200, `{"orders":[{"id":"1001"},{"id":"1002"}],"more":true}`)
	case page == "2":
		return reply(200, `{"orders":[{"id":"1003"}],"more":false}`)
	}
	return reply(404, `{}`)
}

func exampleClient() *rest.Client {
	client, err := rest.New(rest.Config{
		Name:    "acme",
		BaseURL: "https://api.acme.example/v1",
		Auth:    rest.Bearer(rest.NewSecret("key")),
		Limiter: rest.NewBudgets(map[string]rest.Budget{"": {Calls: 100, Per: time.Second}}),

		Transport: shop{}, // tests and examples only
	})
	if err != nil {
		panic(err)
	}
	return client
}

func ExampleClient_Do() {
	client, ctx := exampleClient(), context.Background()

	err := client.Do(ctx, rest.Call{Path: "/orders/{id}", Vars: rest.Vars{"id": "7"}})
	fmt.Println(err)

	err = client.Do(ctx, rest.Call{Method: "POST", Path: "/orders", Body: map[string]string{"sku": "S0000001"}})
	fmt.Println("look before repeating:", errors.Is(err, mip.ErrUnknown))
	// Output:
	// acme: GET /orders/{id}: not found: status 404
	// look before repeating: true
}

func ExamplePages() {
	client, ctx := exampleClient(), context.Background()
	type order struct{ ID string }

	orders := rest.Pages(ctx, 1, func(ctx context.Context, page int) ([]order, int, bool, error) {
		var out struct {
			Orders []order
			More   bool
		}
		err := client.Do(ctx, rest.Call{Path: "/orders", Query: url.Values{"page": {strconv.Itoa(page)}}, Out: &out})
		return out.Orders, page + 1, out.More, err
	})
	for o, err := range orders {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(o.ID)
	}
	// Output:
	// 1001
	// 1002
	// 1003
}

func ExampleTokens() {
	tokens := rest.NewTokens(func(context.Context) (rest.Token, error) {
		return rest.Token{Value: rest.NewSecret("short-lived"), Expires: time.Now().Add(time.Hour)}, nil
	})
	_, err := rest.New(rest.Config{Name: "acme", BaseURL: "https://api.acme.example",
		Auth: tokens.Authorize, Rejected: tokens.Rejected})
	fmt.Println(err)
	// Output: <nil>
}
