package prestashop_test

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

	"github.com/openmip/openmip/channels/prestashop"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// answers are the rows that a shop gives for each resource.
type answers map[string]json.RawMessage

// RoundTrip answers every list of a resource with its rows, [] if there are
// none.
func (a answers) RoundTrip(r *http.Request) (*http.Response, error) {
	resource := r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:]
	body := []byte("[]")
	if rows := bytes.TrimSpace(a[resource]); len(rows) > 0 && string(rows) != "[]" {
		body, _ = json.Marshal(map[string]json.RawMessage{resource: rows})
	}
	return &http.Response{StatusCode: 200, Header: http.Header{}, Body: io.NopCloser(bytes.NewReader(body)), Request: r}, nil
}

func reader(t testing.TB, a answers) *prestashop.Shop {
	t.Helper()
	shop, err := prestashop.New(prestashop.Config{Name: "shop", URL: "https://presta.test", Key: rest.NewSecret("key"), Transport: a,
		Supplies: func(sku string) bool { return strings.HasPrefix(sku, "S") }})
	require.NoError(t, err)
	return shop
}

func load(t testing.TB, file string) answers {
	t.Helper()
	b, err := os.ReadFile(file)
	require.NoError(t, err)
	var a answers
	require.NoError(t, json.Unmarshal(b, &a))
	return a
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
			f, err := reader(t, load(t, file)).Order(t.Context(), "7")
			require.NoError(t, err)
			if len(f.Defects) > 0 {
				require.Contains(t, string(f.Raw), `"order"`, "the payload is kept")
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
	whole := load(f, "testdata/ordinary.json")
	files, err := filepath.Glob("testdata/*.json")
	require.NoError(f, err)
	for _, file := range files {
		if strings.Count(file, ".") == 1 {
			a := load(f, file)
			f.Add([]byte(a["orders"]), []byte(a["order_details"]), []byte(a["addresses"]))
		}
	}
	for _, s := range []string{`[null]`, `[[]]`, `[{}]`, `[{"id":-1}]`, `[{"id":1e400}]`, `[{"id":"7","current_state":"2","id_currency":"1","total_paid":"1e999999999"}]`} {
		f.Add([]byte(s), []byte(`[{"id":1,"id_order":"7","product_quantity":1e18}]`), []byte(`[{"id":9,"id_country":{}}]`))
	}
	f.Fuzz(func(t *testing.T, orders, details, addresses []byte) {
		a := answers{}
		for k, v := range whole {
			a[k] = v
		}
		for resource, raw := range map[string][]byte{"orders": orders, "order_details": details, "addresses": addresses} {
			var rows []json.RawMessage
			if json.Unmarshal(raw, &rows) != nil || len(rows) > 20 || len(raw) > 1<<20 {
				return
			}
			a[resource] = raw
		}
		for page, err := range reader(t, a).Orders(t.Context(), "") {
			require.NoError(t, err)
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
