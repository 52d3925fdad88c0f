package bigbuytest_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
)

func TestRefusals(t *testing.T) {
	for _, c := range []struct {
		name string
		form form
		sw   bigbuytest.Switches
		code string // as in JSON
		data string
	}{
		{"an unknown product", order("r", "X1", 1, lamp, 1), bigbuytest.Switches{}, `"ER001"`, `{"skus":["X1"]}`},
		{"a product with attributes", order("r", bigbuytest.SKUShirt, 1), bigbuytest.Switches{}, `"ER002"`, `{"skus":["S0000007"]}`},
		{"an inactive product", order("r", bigbuytest.SKUInactive, 1), bigbuytest.Switches{}, `409`, `[{"sku":"S0000006","message":"Inactive product."}]`},
		{"no stock", order("r", bigbuytest.SKUSoldOut, 1), bigbuytest.Switches{}, `"ER003"`, `{"skus":["H0000009"]}`},
		{"a wrong postcode", order("r", lamp, 1).with("shippingAddress.postcode", "4600"), bigbuytest.Switches{}, `"ER004"`, `{"zipExample":"46005"}`},
		{"too little money", order("r", bigbuytest.SKUSofa, 9), bigbuytest.Switches{}, `"ER005"`, `{"moneyBoxAmount":10000,"totalOrder":14483.7}`},
		{"a minimum", order("r", lamp, 1), bigbuytest.Switches{MinimumOrder: mip.EUR(20_00)}, `"ER007"`, `{"minimunPurchase":20,"totalOrder":9.81}`},
		{"a country that is not served", order("r", lamp, 1).with("shippingAddress.country", "US"), bigbuytest.Switches{}, `"ER010"`, `[]`},
		{"no carrier of the list", order("r", lamp, 1).with("carriers", []any{form{"name": "nobody"}}), bigbuytest.Switches{}, `"ER010"`, `[]`},
		{"a destination for exporters only", order("r", lamp, 1).with("shippingAddress.postcode", "35001"), bigbuytest.Switches{}, `"ER013"`, `[]`},
		{"a pack that is too small", order("r", lamp, 1), bigbuytest.Switches{PackMissing: true}, `"ER014"`, `[]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			srv := world(c.sw)
			for _, path := range []string{"order/check", "order/create"} {
				a := post(t, srv, path, c.form.body(t))
				assert.Equal(t, 409, a.status)
				var outer struct {
					Code    json.RawMessage `json:"code"`
					Message string          `json:"message"`
				}
				require.NoError(t, json.Unmarshal([]byte(a.body), &outer))
				assert.Equal(t, c.code, string(outer.Code))
				var inner struct {
					Info string          `json:"info"`
					Data json.RawMessage `json:"data"`
				}
				require.NoError(t, json.Unmarshal([]byte(outer.Message), &inner))
				assert.NotEmpty(t, inner.Info)
				assert.Equal(t, c.data, string(inner.Data))
			}
			assert.Empty(t, srv.Orders())
			assert.Equal(t, "10000.00", srv.Balance().Text())
		})
	}
	t.Run("the nested bodies are exactly so", func(t *testing.T) {
		srv := world(bigbuytest.Switches{})
		assert.Equal(t, `{"code":"ER003","message":"{\"info\":\"Products have no stock.\",\"data\":{\"skus\":[\"H0000009\"]}}"}`,
			post(t, srv, "order/check", order("", bigbuytest.SKUSoldOut, 1).body(t)).body)
		assert.Equal(t, `{"code":409,"message":"{\"info\":\"Products error.\",\"data\":[{\"sku\":\"S0000006\",\"message\":\"Inactive product.\"}]}"}`,
			post(t, srv, "order/check", order("", bigbuytest.SKUInactive, 1).body(t)).body)
	})
	t.Run("several warehouses are told on the plain pair", func(t *testing.T) {
		for _, path := range []string{"order/check", "order/create"} {
			a := post(t, world(bigbuytest.Switches{}), path, order("r", kettle, 1, lamp, 1, bigbuytest.SKUShirtSmall, 1).body(t))
			assert.Equal(t, 409, a.status)
			assert.True(t, strings.HasPrefix(a.body, `{"code":409,"message":"This cart contains products from different warehouses`))
			assert.Contains(t, a.body, `"error_detail":{"warehouses":[{"id":1,"references":["S0000001","V0000071"]},{"id":3,"references":["S0000004"]}]}`)
		}
	})
	t.Run("404 in the place of ER001 and ER010, by switch", func(t *testing.T) {
		srv := world(bigbuytest.Switches{PlainNotFound: true})
		a := post(t, srv, "order/check", order("", "X1", 1).body(t))
		assert.Equal(t, 404, a.status)
		assert.Equal(t, `{"code":404,"message":"No products found"}`, a.body)
		assert.Equal(t, 404, post(t, srv, "order/check", order("", lamp, 1).with("shippingAddress.country", "US").body(t)).status)
	})
}

// TestEvaluationOrder mends one order step by step, and sees the next reason
// each time.
func TestEvaluationOrder(t *testing.T) {
	srv := world(bigbuytest.Switches{PackMissing: true, MinimumOrder: mip.EUR(25_000_00)})
	require.NoError(t, func() error {
		srv.Switch(func(w *bigbuytest.Switches) { w.PackMissing, w.MinimumOrder = false, mip.Money{} })
		_, err := srv.PlaceByHand("used", anna(), mip.Item{SKU: lamp, Quantity: 1})
		srv.Switch(func(w *bigbuytest.Switches) { w.PackMissing, w.MinimumOrder = true, mip.EUR(25_000_00) })
		return err
	}())
	sofas := []any{
		form{"reference": bigbuytest.SKUSofa, "quantity": 10}, form{"reference": bigbuytest.SKUInactive, "quantity": 1},
		form{"reference": bigbuytest.SKUShirt, "quantity": 1}, form{"reference": "X1", "quantity": 1},
		form{"reference": kettle, "quantity": 1},
	}
	srv.SetStock(bigbuytest.SKUSofa, 1, 5)
	f := order("used").with("products", sofas).with("shippingAddress.address", strings.Repeat("x", 71)).
		with("shippingAddress.postcode", "350").with("carriers", []any{form{"name": "nobody"}}).with("paymentMethod", "bankwire")
	see := func(want string) {
		t.Helper()
		assert.Contains(t, post(t, srv, "order/create", f.body(t)).body, want)
	}
	drop := func(i int) {
		f["products"] = append(append([]any{}, sofas[:i]...), sofas[i+1:]...)
		sofas = f["products"].([]any)
	}

	see("Validation Failed")
	f.with("shippingAddress.address", strings.Repeat("x", 70))
	see("ER001")
	drop(3)
	see("ER002")
	drop(2)
	see("Inactive product.")
	drop(1)
	see("different warehouses")
	drop(1)
	see("ER003")
	srv.SetStock(bigbuytest.SKUSofa, 1, 50)
	see("ER004")
	f.with("shippingAddress.postcode", "35001")
	see("ER010")
	f.without("carriers")
	see("ER013")
	f.with("shippingAddress.postcode", "46005")
	see("ER007")
	srv.Switch(func(w *bigbuytest.Switches) { w.MinimumOrder, w.BankwireMinimum = mip.Money{}, mip.EUR(20_000_00) })
	see("ER012")
	f.with("paymentMethod", "creditcard")
	see("ER011")
	f.with("paymentMethod", "moneybox")
	see("ER014")
	srv.Switch(func(w *bigbuytest.Switches) { w.PackMissing = false })
	see("ER008")
	f.with("internalReference", "new")
	see("ER005")
	assert.Contains(t, post(t, srv, "order/check", f.body(t)).body, "ER005", "the check tests the purse too")
	srv.TopUp(mip.EUR(10_000_00))
	see("order_id")
}
