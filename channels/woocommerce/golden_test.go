package woocommerce_test

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

	"github.com/openmip/openmip/channels/woocommerce"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// serve answers a GET of an order and of its refunds, and nothing else.
func serve(order, refunds []byte) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) {
		body := order
		if strings.HasSuffix(r.URL.Path, "/refunds") {
			body = refunds
		}
		return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), Request: r}, nil
	})
}

func reader(t testing.TB, transport http.RoundTripper) *woocommerce.Shop {
	t.Helper()
	shop, err := woocommerce.New(woocommerce.Config{Name: "shop", URL: "https://woo.test", Key: rest.NewSecret("ck"), Secret: rest.NewSecret("cs"),
		Supplies: func(sku string) bool { return strings.HasPrefix(sku, "S") }, Transport: transport})
	require.NoError(t, err)
	return shop
}

// What real payloads mean. Commit an update only if you understand the
// difference.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/*.json")
	require.NoError(t, err)
	tested := 0
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".json")
		if strings.Contains(name, ".") {
			continue
		}
		tested++
		t.Run(name, func(t *testing.T) {
			order, err := os.ReadFile(file)
			require.NoError(t, err)
			refunds, _ := os.ReadFile("testdata/" + name + ".refunds.json")
			var head struct{ ID json.RawMessage }
			require.NoError(t, json.Unmarshal(order, &head))
			f, err := reader(t, serve(order, refunds)).Order(t.Context(), strings.Trim(string(head.ID), `"`))
			require.NoError(t, err)
			if len(f.Defects) > 0 {
				require.JSONEq(t, string(order), string(f.Raw), "the payload is kept")
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
		f.Add(b)
	}
	for _, s := range []string{"null", "[]", "{}", `{"id":-1}`, `{"id":1e400}`, `{"id":1,"total":"1e999999999","currency":"EUR"}`,
		`{"id":1,"line_items":[{"id":1,"quantity":1e18}]}`, `{"id":1,"line_items":[{"quantity":99999999999999999999}]}`, "{\"id\":1,\"customer_note\":\"\xff\"}"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !json.Valid(raw) || len(raw) > 1<<20 {
			return
		}
		list := append(append([]byte("["), raw...), ']')
		for page, err := range reader(t, serve(list, list)).Orders(t.Context(), "") {
			if err != nil {
				continue // refunds that cannot be read
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
