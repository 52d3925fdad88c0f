package prestashop_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/prestashop"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/miptest/benchtest"
	"github.com/openmip/openmip/mip/rest"
)

var page mip.Page

// bodies are whole answers by resource. There is no second page.
type bodies map[string][]byte

func (a bodies) RoundTrip(r *http.Request) (*http.Response, error) {
	body := a[r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]]
	if body == nil || strings.HasPrefix(r.URL.Query().Get("filter[id]"), ">[1") {
		body = []byte("[]")
	}
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), Request: r}, nil
}

// BenchmarkPage reads a page of 100 orders through the channel, with the rows
// of other resources that belong to them, from the bytes to the facts; the
// floor is encoding/json alone, into the same rows.
func BenchmarkPage(b *testing.B) {
	whole := load(b, "testdata/ordinary.json")
	number := func(i int) json.RawMessage { return json.RawMessage(strconv.Itoa(1001 + i)) }
	rows := func(resource string, n int, change func(i int, o map[string]json.RawMessage)) json.RawMessage {
		var some []json.RawMessage
		require.NoError(b, json.Unmarshal(whole[resource], &some))
		return benchtest.Page(b, some[0], n, change)
	}
	whole["orders"] = rows("orders", 100, func(i int, o map[string]json.RawMessage) { o["id"] = number(i) })
	whole["order_details"] = rows("order_details", 200, func(i int, o map[string]json.RawMessage) { // two lines each
		o["id"], o["id_order"] = json.RawMessage(strconv.Itoa(21+i%2)), json.RawMessage(`"`+string(number(i/2))+`"`)
	})
	listed := bodies{}
	for resource, rows := range whole {
		if len(bytes.TrimSpace(rows)) > len("[]") {
			body, err := json.Marshal(answers{resource: rows})
			require.NoError(b, err)
			listed[resource] = body
		}
	}
	orders, details := listed["orders"], listed["order_details"]
	shop, err := prestashop.New(prestashop.Config{Name: "shop", URL: "https://presta.test", Key: rest.NewSecret("key"), Transport: listed})
	require.NoError(b, err)
	b.SetBytes(int64(len(orders) + len(details)))
	benchtest.Compare(b,
		func() {
			n := 0
			for p, err := range shop.Orders(b.Context(), "") {
				if page = p; err != nil {
					b.Fatal(err)
				}
				for _, o := range p.Orders {
					n += 1 - len(o.Defects)
				}
			}
			require.Equal(b, 100, n)
		},
		benchtest.Peer{Name: "json", Do: func() {
			if prestashop.Bare(orders)+prestashop.Bare(details) != 300 {
				b.Fatal("not 100 orders")
			}
		}})
}
