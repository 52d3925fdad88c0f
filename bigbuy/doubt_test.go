package bigbuy_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/mip"
)

func TestSilentProductsAreADoubt(t *testing.T) {
	tests := []struct {
		name, body string
		kind       error
		finding    string
	}{
		{"a product in neither list", `{"orders":[{"id":"1","productReferences":["S0000001"]}],"errors":[]}`, nil, mip.CodeOutcomeUnknown},
		{"a lost entry", `{"orders":[{"id":"1","productReferences":["S0000001"]},null],"errors":[]}`, nil, mip.CodeOutcomeUnknown},
		{"a part that failed on their side", `{"orders":[{"id":"1","productReferences":["S0000001"]}],"errors":[{"status":500,"code":"500","message":"x","productReferences":["S0000002"]}]}`, nil, mip.CodeOutcomeUnknown},
		{"all parts failed on their side", `{"orders":[],"errors":[{"status":409,"code":"ER009","message":"x"}]}`, mip.ErrUnknown, ""},
		{"nothing bought and one product left out", `{"orders":[],"errors":[{"status":409,"code":"ER003","message":"x","productReferences":["S0000001"]}]}`, mip.ErrUnknown, ""},
		{"nothing said at all", `{"orders":[],"errors":[]}`, mip.ErrUnknown, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			placed, err := supplier(t, always(200, tt.body)).Place(t.Context(), purchase("S0000001", "S0000002"))
			assert.Equal(t, tt.kind, mip.KindOf(err), "%v", err)
			if tt.finding != "" {
				require.Len(t, placed.Placements, 1)
				require.Equal(t, []string{tt.finding}, codes(placed.Refusals))
				assert.False(t, placed.Refusals[0].AutoClear)
				assert.Equal(t, mip.Overridable, placed.Refusals[0].Severity, "a person decides")
				assert.Equal(t, "S0000002", placed.Refusals[0].Params["skus"])
			}
		})
	}
	t.Run("a check that leaves one out is not understood", func(t *testing.T) {
		_, err := supplier(t, always(200, `{"orders":[{"productReferences":["S0000001"],"total":1}],"errors":[]}`)).Check(t.Context(), purchase("S0000001", "S0000002"))
		assert.ErrorIs(t, err, mip.ErrContract)
	})
}

func TestOneProductFromTwoWarehouses(t *testing.T) {
	s := supplier(t, routes{
		"POST order/create/multishipping.json": `{"orders":[{"id":1,"warehouse":1,"productReferences":["S0000001"]},{"id":2,"warehouse":2,"productReferences":["S0000001"]}],"errors":[]}`,
		"GET order/1.json":                     `{"id":1,"products":[{"reference":"S0000001","quantity":3}],"totalPaidTaxIncl":1}`,
		"GET order/2.json":                     `{"id":2,"products":[{"reference":"S0000001","quantity":2}]}`,
	})
	p := purchase("S0000001")
	p.Items[0].Quantity = 5
	placed, err := s.Place(t.Context(), p)
	require.NoError(t, err)
	require.Len(t, placed.Placements, 2)
	for i, quantity := range []int{3, 2} {
		assert.Equal(t, []mip.Item{{SKU: "S0000001", Quantity: quantity}}, placed.Placements[i].Items)
	}
}

func TestMixedWithAnEarlierOrder(t *testing.T) {
	s := supplier(t, routes{
		"POST order/create/multishipping.json": `{"orders":[{"id":2,"productReferences":["S0000002"]}],"errors":[{"status":409,"code":"ER008","message":"{\"data\":{\"orderId\":1}}","productReferences":["S0000001"]}]}`,
	})
	placed, err := s.Place(t.Context(), purchase("S0000001", "S0000002"))
	require.NoError(t, err)
	assert.True(t, placed.Exists)
	var ids []string
	for _, p := range placed.Placements {
		ids = append(ids, p.ID)
	}
	assert.Contains(t, ids, "2", "what was bought just now is never lost")
	assert.Empty(t, placed.Refusals)
}

// TestMixedWithAnEarlierOrderThatCannotBeRead: what it holds is not known, so
// it is not the rest of the purchase.
func TestMixedWithAnEarlierOrderThatCannotBeRead(t *testing.T) {
	const created = `{"orders":[{"id":2,"productReferences":["S0000002"]}],"errors":[{"status":409,"code":"ER008","message":%q,"productReferences":["S0000001"]},` +
		`{"status":409,"code":"ER003","message":"x","productReferences":["S0000003"]}]}`
	for name, message := range map[string]string{"by its id": `{"data":{"orderId":1}}`, "whose id is not told": `x`} {
		w := routes{"POST order/create/multishipping.json": fmt.Sprintf(created, message)}
		s := supplier(t, always(500, `{"code":500,"message":"Internal server error"}`), func(c *bigbuy.Config) {
			c.Transport = except{w, c.Transport}
		})
		placed, err := s.Place(t.Context(), purchase("S0000001", "S0000002", "S0000003"))
		require.NoError(t, err, name)
		assert.False(t, placed.Exists, name)
		require.Len(t, placed.Placements, 1, name)
		assert.Equal(t, "2", placed.Placements[0].ID, "%s: what was bought just now is kept", name)
		assert.ElementsMatch(t, []string{"stock.out_of_stock", mip.CodeOutcomeUnknown}, codes(placed.Refusals), name)
	}
}

// except asks the first for what it has, and the other for the rest.
type except struct {
	routes
	other http.RoundTripper
}

func (e except) RoundTrip(r *http.Request) (*http.Response, error) {
	if _, ok := e.routes[r.Method+" "+strings.TrimPrefix(r.URL.Path, "/rest/")]; ok {
		return e.routes.RoundTrip(r)
	}
	return e.other.RoundTrip(r)
}

func TestAPartThatFailedHidesNoPieces(t *testing.T) {
	for name, orders := range map[string]string{
		"of a product that another warehouse has": `{"id":1,"productReferences":["S0000001","S0000002"]}`,
		"beside an order that names no product":   `{"id":1}`,
	} {
		s := supplier(t, routes{
			"POST order/create/multishipping.json": `{"orders":[` + orders + `],"errors":[{"status":409,"code":"ER003","message":"x","productReferences":["S0000001"]}]}`,
			"GET order/1.json":                     `{"id":1,"products":[{"reference":"S0000001","quantity":3},{"reference":"S0000002","quantity":1}]}`,
		})
		p := purchase("S0000001", "S0000002")
		p.Items[0].Quantity = 5
		placed, err := s.Place(t.Context(), p)
		require.NoError(t, err, name)
		require.Len(t, placed.Placements, 1, name)
		assert.Equal(t, []mip.Item{{SKU: "S0000001", Quantity: 3}, {SKU: "S0000002", Quantity: 1}}, placed.Placements[0].Items, "%s: three of five are bought", name)
		assert.Equal(t, []string{"stock.out_of_stock"}, codes(placed.Refusals), name)
	}
}

func TestPartsThatNameNoProductsAreAskedFor(t *testing.T) {
	s := supplier(t, routes{
		"POST order/create/multishipping.json": `{"orders":[{"id":1},{"id":2}],"errors":[]}`,
		"GET order/1.json":                     `{"id":1,"products":[{"reference":"S0000001","quantity":1}]}`,
	})
	placed, err := s.Place(t.Context(), purchase("S0000001", "S0000002"))
	require.NoError(t, err)
	require.Len(t, placed.Placements, 2)
	assert.Equal(t, []mip.Item{{SKU: "S0000001", Quantity: 1}}, placed.Placements[0].Items)
	assert.Empty(t, placed.Placements[1].Items, "what is not told is not guessed")
}

func TestMixedWithAStrangersOrder(t *testing.T) {
	for name, has := range map[string]string{
		"the same product again": `[{"reference":"S0000002","quantity":1},{"reference":"S0000001","quantity":1}]`,
		"another product":        `[{"reference":"S9","quantity":1}]`,
	} {
		s := supplier(t, routes{
			"POST order/create/multishipping.json": `{"orders":[{"id":2,"productReferences":["S0000002"]}],"errors":[{"status":409,"code":"ER008","message":"{\"data\":{\"orderId\":1}}","productReferences":["S0000001"]}]}`,
			"GET order/1.json":                     `{"id":1,"products":` + has + `}`,
		})
		placed, err := s.Place(t.Context(), purchase("S0000001", "S0000002"))
		require.NoError(t, err, name)
		assert.False(t, placed.Exists, name)
		require.Len(t, placed.Placements, 1, name)
		assert.Equal(t, "2", placed.Placements[0].ID, "%s: what was bought just now is ours", name)
		require.Equal(t, []string{mip.CodeAlreadyExists}, codes(placed.Refusals), name)
		assert.Equal(t, "1", placed.Refusals[0].Params["orderId"], name)
	}
}

// TestAnOrderThatCannotBeReadIsNotAllOfAPurchase: it may be one of two, and the
// other may not exist.
func TestAnOrderThatCannotBeReadIsNotAllOfAPurchase(t *testing.T) {
	slim := `{"id":"7","totalPaidTaxIncl":"9.81"}`
	_, err := supplier(t, routes{"GET order/reference/shop-1001.json": slim}).Find(t.Context(), "shop-1001")
	assert.Equal(t, mip.ErrUnavailable, mip.KindOf(err), "the order is not there yet: %v", err)
	for _, products := range []string{`[]`, `{}`, `null`} {
		s := supplier(t, routes{"GET order/reference/shop-1001.json": slim, "GET order/7.json": `{"id":"7","products":` + products + `}`})
		_, err = s.Find(t.Context(), "shop-1001")
		assert.Equal(t, mip.ErrContract, mip.KindOf(err), "%s: %v", products, err)
		_, err = s.Open(t.Context(), "7")
		assert.Equal(t, mip.ErrContract, mip.KindOf(err), "%s: %v", products, err)
	}
}
