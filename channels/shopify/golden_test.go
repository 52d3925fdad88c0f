package shopify_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/shopify"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// reader is a channel to which every request is answered the same.
func reader(t testing.TB, body []byte) *shopify.Shop {
	t.Helper()
	shop, err := shopify.New(shopify.Config{Name: "shop", URL: "https://shop.myshopify.com", Token: rest.NewSecret("shpat"),
		Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), Request: r}, nil
		})})
	require.NoError(t, err)
	return shop
}

// What real answers mean. Commit an update only if you understand the
// difference.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	require.NoError(t, err)
	tested := 0
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		if strings.HasSuffix(name, ".golden") {
			continue
		}
		tested++
		t.Run(name, func(t *testing.T) {
			answer, err := os.ReadFile(file)
			require.NoError(t, err)
			var in struct {
				Data struct{ Order json.RawMessage }
			}
			require.NoError(t, json.Unmarshal(answer, &in))
			var head struct{ ID string }
			require.NoError(t, json.Unmarshal(in.Data.Order, &head))
			f, err := reader(t, answer).Order(t.Context(), strings.TrimPrefix(head.ID, "gid://shopify/Order/"))
			require.NoError(t, err)
			if len(f.Defects) > 0 {
				require.JSONEq(t, string(in.Data.Order), string(f.Raw), "the payload is kept")
				f.Raw = nil
			}
			got, err := json.MarshalIndent(f, "", "  ")
			require.NoError(t, err)
			golden := "testdata/" + name + ".golden.json"
			if *update {
				require.NoError(t, os.WriteFile(golden, append(got, '\n'), 0o600))
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			assert.JSONEq(t, string(want), string(got))
		})
	}
	assert.Equal(t, 4, tested)
}

// Whatever a shop sends becomes an order with a usable ref, at most 64 KiB of
// valid payload if anything is wrong, and never a purchase of nonsense.
func FuzzOrder(f *testing.F) {
	files, err := filepath.Glob("testdata/*.json")
	require.NoError(f, err)
	for _, file := range files {
		b, err := os.ReadFile(file)
		require.NoError(f, err)
		var in struct {
			Data struct{ Order json.RawMessage }
		}
		if json.Unmarshal(b, &in) == nil && in.Data.Order != nil {
			f.Add([]byte(in.Data.Order))
		}
	}
	for _, s := range []string{"null", "[]", "{}", `{"id":-1}`, `{"id":"gid://shopify/Order/"}`, `{"lineItems":{"nodes":[{"quantity":1e18}]}}`,
		`{"lineItems":{"pageInfo":{"hasNextPage":true,"endCursor":"x"}}}`, `{"totalPriceSet":{"shopMoney":{"amount":"1e999999999","currencyCode":"EUR"}}}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !json.Valid(raw) || len(raw) > 1<<20 {
			return
		}
		list := []byte(`{"data":{"orders":{"pageInfo":{"hasNextPage":false},"nodes":[` + string(raw) + `]},"fulfillmentOrders":{"nodes":[]},` +
			`"currentAppInstallation":{"accessScopes":[{"handle":"read_merchant_managed_fulfillment_orders"}]}}}`)
		for page, err := range reader(t, list).Orders(t.Context(), "") {
			if err != nil {
				continue // lines that are promised and not there
			}
			for _, o := range page.Orders {
				require.NoError(t, o.Ref.Valid())
				require.LessOrEqual(t, len(o.Raw), 64<<10)
				if len(o.Defects) > 0 {
					require.True(t, json.Valid(o.Raw))
				} else if o.Demand == mip.DemandShip {
					require.NotEmpty(t, o.Total.Currency())
				}
				for _, l := range o.Lines {
					require.GreaterOrEqual(t, l.Quantity, 0)
					require.GreaterOrEqual(t, l.Cancelled, 0)
				}
			}
		}
	})
}
