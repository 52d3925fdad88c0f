package rest_test

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/go-resty/resty/v2"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip/miptest/benchtest"
	"github.com/openmip/openmip/mip/rest"
)

const priced = `{"id":"1001","total":"19.99","currency":"EUR","status":"processing","lines":[{"sku":"S0000001","quantity":2}]}`

type pricedOrder struct {
	ID, Total, Currency, Status string
	Lines                       []struct {
		SKU      string
		Quantity int
	}
}

// BenchmarkCall is one authorized GET of a small JSON object, decoded. "loopback"
// is over a kept-alive connection to a server on this machine, "in-process"
// without any connection: what the code alone costs.
func BenchmarkCall(b *testing.B) {
	b.Run("loopback", func(b *testing.B) {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = io.WriteString(w, priced)
		}))
		b.Cleanup(server.Close)
		calls(b, server.URL, nil)
	})
	b.Run("in-process", func(b *testing.B) {
		calls(b, "https://acme.test", always(200, priced, "Content-Type", "application/json"))
	})
}

func calls(b *testing.B, base string, transport http.RoundTripper) {
	ctx := context.Background()
	c, err := rest.New(rest.Config{Name: "acme", BaseURL: base, Transport: transport, Auth: rest.Bearer(rest.NewSecret("key"))})
	require.NoError(b, err)
	bare := &http.Client{Transport: transport, Timeout: time.Minute}
	rested := resty.NewWithClient(&http.Client{Transport: transport, Timeout: time.Minute}).SetAuthToken("key")
	check := func(err error, o pricedOrder) {
		if err != nil || o.Total != "19.99" {
			b.Fatal(err, o)
		}
	}
	benchtest.Compare(b,
		func() {
			var o pricedOrder
			check(c.Do(ctx, rest.Call{Path: "/orders/{id}", Vars: rest.Vars{"id": "1001"}, Out: &o}), o)
		},
		benchtest.Peer{Name: "nethttp", Do: func() {
			var o pricedOrder
			check(get(ctx, bare, base+"/orders/1001", &o), o)
		}},
		benchtest.Peer{Name: "resty", Do: func() {
			var o pricedOrder
			_, err := rested.R().SetContext(ctx).SetHeader("Accept", "application/json").SetResult(&o).Get(base + "/orders/1001")
			check(err, o)
		}})
}

// get is the floor: what a careful program does with net/http alone.
func get(ctx context.Context, c *http.Client, address string, out any) error {
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return err
	}
	r.Header.Set("Accept", "application/json")
	r.Header.Set("Authorization", "Bearer key")
	answer, err := c.Do(r)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(io.LimitReader(answer.Body, 8<<20))
	if err != nil {
		return err
	}
	return json.Unmarshal(body, out)
}
