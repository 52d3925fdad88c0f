package magento_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

var update = flag.Bool("update", false, "rewrite the golden files")

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
			var head struct {
				ID json.Number `json:"entity_id"`
			}
			require.NoError(t, json.Unmarshal(order, &head))
			f, err := reader(t, answers(200, string(order))).Order(t.Context(), head.ID.String())
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
	assert.Equal(t, 5, tested)
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
	for _, s := range []string{"null", "[]", "{}", `{"entity_id":-1}`, `{"entity_id":1e400}`, `{"entity_id":1,"grand_total":1e999999999,"order_currency_code":"EUR"}`,
		`{"entity_id":1,"items":[{"item_id":1,"parent_item_id":1,"qty_ordered":1e18}]}`, `{"entity_id":1,"items":[{"item_id":1,"parent_item_id":2},{"item_id":2,"parent_item_id":1}]}`,
		`{"entity_id":1,"items":[{"product_type":"bundle","sku":"SET","item_id":1,"qty_ordered":0},{"item_id":2,"parent_item_id":1,"qty_ordered":5}]}`} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		if !json.Valid(raw) || len(raw) > 1<<20 {
			return
		}
		list, came := `{"items":[`+string(raw)+`],"total_count":1}`, 0
		for page, err := range reader(t, answers(200, list)).Orders(t.Context(), "") {
			require.NoError(t, err)
			came += len(page.Orders)
			for _, o := range page.Orders {
				require.NoError(t, o.Ref.Valid())
				require.LessOrEqual(t, len(o.Raw), 64<<10)
				if len(o.Defects) > 0 {
					require.True(t, json.Valid(o.Raw))
				} else {
					require.NotEmpty(t, o.Total.Currency())
					require.NotEmpty(t, o.Lines)
				}
				require.NotEqual(t, mip.Demand(""), o.Demand)
				for _, l := range o.Lines {
					require.GreaterOrEqual(t, l.Quantity, 0)
					require.GreaterOrEqual(t, l.Cancelled, 0)
				}
			}
		}
		require.Equal(t, 1, came)
	})
}
