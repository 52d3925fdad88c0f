package shopify_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/shopify"
	"github.com/openmip/openmip/mip/miptest/benchtest"
	"github.com/openmip/openmip/mip/rest"
)

// BenchmarkPage reads a page of 100 orders through the channel, from the bytes
// to the facts; the floor is encoding/json alone, into the same structs.
func BenchmarkPage(b *testing.B) {
	answer, err := os.ReadFile("testdata/ordinary.json")
	require.NoError(b, err)
	var one struct {
		Data struct{ Order json.RawMessage }
	}
	require.NoError(b, json.Unmarshal(answer, &one))
	rows := benchtest.Page(b, one.Data.Order, 100, func(i int, o map[string]json.RawMessage) {
		o["id"] = json.RawMessage(fmt.Sprintf(`"gid://shopify/Order/%d"`, 1001+i))
	})
	body := []byte(`{"data":{"orders":{"pageInfo":{"hasNextPage":false},"nodes":` + string(rows) + `}}}`)
	others := []byte(`{"data":{"fulfillmentOrders":{"pageInfo":{"hasNextPage":false},"nodes":[]},"currentAppInstallation":{"accessScopes":` +
		`[{"handle":"read_all_orders"},{"handle":"read_merchant_managed_fulfillment_orders"}]}}}`)
	shop, err := shopify.New(shopify.Config{Name: "shop", URL: "https://shop.myshopify.com", Token: rest.NewSecret("shpat"),
		Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			asked, err := io.ReadAll(r.Body)
			answer := others
			if bytes.Contains(asked, []byte("lineItems")) {
				answer = body
			}
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(answer)), Request: r}, err
		})})
	require.NoError(b, err)
	since := shop.CursorAt(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC))
	b.SetBytes(int64(len(body)))
	benchtest.Orders(b, shop, since, 100, func() {
		if shopify.Bare(body) != 100 {
			b.Fatal("not 100 orders")
		}
	})
}
