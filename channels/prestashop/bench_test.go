package prestashop_test

import (
	"bytes"
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/prestashop"
	"github.com/openmip/openmip/mip/miptest/benchtest"
	"github.com/openmip/openmip/mip/rest"
)

// bodies are whole answers by resource, all rows in one page.
type bodies struct{ rows, served map[string][]byte }

func (a bodies) RoundTrip(r *http.Request) (*http.Response, error) {
	resource := path.Base(r.URL.Path)
	body := a.rows[resource]
	if body == nil || strings.HasPrefix(r.URL.Query().Get("filter[id]"), ">[1") {
		body = []byte("[]")
	} else {
		a.served[resource] = body
	}
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), Request: r}, nil
}

// BenchmarkPage reads a page of 100 orders of two lines each through the
// channel. The floor decodes every answer that one reading gets: the orders, the
// rows of other resources that belong to them, and the shop's settings, but no
// constants, which the channel keeps from the reading before.
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
	shown := bodies{map[string][]byte{}, map[string][]byte{}}
	for resource, rows := range whole {
		if len(bytes.TrimSpace(rows)) > len("[]") {
			body, err := json.Marshal(answers{resource: rows})
			require.NoError(b, err)
			shown.rows[resource] = body
		}
	}
	shop, err := prestashop.New(prestashop.Config{Name: "shop", URL: "https://presta.test", Key: rest.NewSecret("key"), Transport: shown})
	require.NoError(b, err)
	for range 2 {
		clear(shown.served)
		for _, err := range shop.Orders(b.Context(), "") {
			require.NoError(b, err)
		}
	}
	answers := slices.Collect(maps.Values(shown.served))
	all := prestashop.Bare(answers...)
	require.Greater(b, all, 300)
	b.SetBytes(int64(len(slices.Concat(answers...))))
	benchtest.Orders(b, shop, "", 100, func() {
		if prestashop.Bare(answers...) != all {
			b.Fatal("not all rows")
		}
	})
}
