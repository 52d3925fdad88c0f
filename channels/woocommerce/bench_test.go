package woocommerce_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/woocommerce"
	"github.com/openmip/openmip/mip/miptest/benchtest"
)

// BenchmarkPage reads a page of 100 orders through the channel, from the bytes
// to the facts; the floor is encoding/json alone, into the same structs.
func BenchmarkPage(b *testing.B) {
	order, err := os.ReadFile("testdata/ordinary.json")
	require.NoError(b, err)
	body := benchtest.Page(b, order, 100, func(i int, o map[string]json.RawMessage) {
		o["id"] = json.RawMessage(strconv.Itoa(1001 + i))
	})
	shop := reader(b, roundTrip(func(r *http.Request) (*http.Response, error) {
		answer, count := body, "100"
		if r.URL.Query().Get("status") == "trash" {
			answer, count = []byte("[]"), "0"
		}
		return &http.Response{StatusCode: 200, Header: http.Header{"X-Wp-Total": {count}}, Body: io.NopCloser(bytes.NewReader(answer)), Request: r}, nil
	}))
	since := shop.CursorAt(time.Date(2020, 1, 1, 0, 0, 0, 0, time.UTC))
	b.SetBytes(int64(len(body)))
	benchtest.Orders(b, shop, since, 100, func() {
		if woocommerce.Bare(body) != 100 {
			b.Fatal("not 100 orders")
		}
	})
}
