package bigbuytest_test

import (
	"encoding/json"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
)

// FuzzForms sends any body to every route that reads one: the answer is JSON,
// and what left the purse is what the orders cost.
func FuzzForms(f *testing.F) {
	for _, seed := range []string{
		``, `{}`, `[]`, `null`, `{"order":null}`, `{"order":[]}`, `{"order":{"products":[null,1,{"reference":[]}]}}`,
		`{"order":{"internalReference":"r","shippingAddress":{"firstName":"A","lastName":"P","country":"ES","postcode":"46005",` +
			`"town":"V","address":"C 1","phone":"6","email":"a@example.test"},"products":[{"reference":"S0000001","quantity":"3"},{"reference":"S0000003","quantity":1}]}}`,
		`{"order":{"internalReference":"\\\/","shippingAddress":{"firstName":"\ud800","x":{}},"carriers":[{"id":1e400}],"products":{"a":1}}}`,
		`{"track":{"orders":[{"id":15000001},{}]}}`, `{"invoice":{"id_order":1,"amount":"x"}}`,
		`{"product_country":{"reference":"S0000001","countryIsoCode":"ES"}}`, `{"order":{"delivery":{"isoCountry":"ES"},"products":[]}}`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		srv := world(bigbuytest.Switches{DumpErrors: len(body)%2 == 0, TypeFlips: len(body)%3 == 0})
		for _, path := range []string{"order/check", "order/check/multishipping", "order/create", "order/create/multishipping",
			"order/upload_invoice", "shipping/orders", "shipping/lowest-shipping-cost-by-country", "tracking/orders"} {
			a, err := send(t, srv.Client(), bigbuytest.URL, http.MethodPost, path, body)
			require.NoError(t, err)
			require.True(t, json.Valid([]byte(a.body)), "%s: %s", path, a.body)
			require.Contains(t, []int{200, 201, 400, 404, 409}, a.status)
		}
		left := srv.Balance()
		for _, o := range srv.Orders() {
			if o.Payment != "moneybox" {
				continue
			}
			sum, err := left.Add(o.Total)
			require.NoError(t, err)
			left = sum
		}
		require.True(t, left.Equal(mip.EUR(10_000_00)), "%s", left)
	})
}
