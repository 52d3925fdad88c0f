package bigbuy_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/mip"
)

func TestPartialAnswers(t *testing.T) {
	const p = `{"orders":[{"productReferences":["S0000001"],"id":15000001,"warehouse":1,"url":"\/rest\/order\/15000001"}],
 "errors":[{"status":409,"code":"ER003","message":"Products have no stock.","productReferences":["H0000009"],"warehouse":2},"odd",{"status":"x"}]}`
	for _, status := range []int{200, 201, 400, 404, 409, 500} {
		t.Run(fmt.Sprintf("P: orders and errors count with status %d", status), func(t *testing.T) {
			got, err := client(t, always(status, p)).CreateMulti(t.Context(), bigbuy.OrderRequest{})
			require.NoError(t, err)
			require.Len(t, got.Orders, 1)
			assert.Equal(t, "15000001", got.Orders[0].Number())
			require.Len(t, got.Errors, 3)
			assert.Equal(t, "ER003", got.Errors[0].Code)
			assert.Equal(t, []string{"H0000009"}, got.Errors[0].SKUs)
			assert.Equal(t, "2", got.Errors[0].WarehouseID)
			assert.ErrorIs(t, got.Errors[0], mip.ErrRefused)
			assert.ErrorIs(t, got.Errors[1], mip.ErrUnknown, "what is not understood is not a proof")
		})
	}
	t.Run("an id may be in the address alone", func(t *testing.T) {
		got, err := client(t, always(201, `{"orders":{"3":{"url":"/rest/order/15000009"}},"errors":null}`)).CreateMulti(t.Context(), bigbuy.OrderRequest{})
		require.NoError(t, err)
		assert.Equal(t, "15000009", got.Orders[0].Number())
	})
	t.Run("an order counts although an error stands beside it", func(t *testing.T) {
		got, err := client(t, always(200, `{"code":409,"message":"Something went wrong","orders":[{"id":1}]}`)).CreateMulti(t.Context(), bigbuy.OrderRequest{})
		require.NoError(t, err)
		assert.Equal(t, "1", got.Orders[0].Number())
		id, err := client(t, always(201, `{"code":409,"error":"x","order_id":7}`)).Create(t.Context(), bigbuy.OrderRequest{})
		require.NoError(t, err)
		assert.Equal(t, "7", id)
	})
	t.Run("an order without an id is unknown", func(t *testing.T) {
		_, err := client(t, always(201, `{"orders":[{"warehouse":1}],"errors":[]}`)).CreateMulti(t.Context(), bigbuy.OrderRequest{})
		assert.ErrorIs(t, err, mip.ErrUnknown)
	})
}

func TestCreateFindsItsID(t *testing.T) {
	tests := []struct{ name, body, location, want string }{
		{"order_id as number", `{"order_id":15000001}`, "", "15000001"},
		{"order_id as text", `{"order_id":"15000001"}`, "", "15000001"},
		{"id", `{"id":15000001}`, "", "15000001"},
		{"only the Location", ``, "/rest/order/15000001", "15000001"},
		{"an absolute Location", `[]`, "https://api.bigbuy.eu/rest/order/15000001.json", "15000001"},
		{"nothing", ``, "", ""},
		{"a Location that is none", `{}`, "/rest/order/new", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			w := location{always(201, tt.body), tt.location}
			id, err := client(t, w).Create(t.Context(), bigbuy.OrderRequest{})
			assert.Equal(t, tt.want, id)
			if tt.want == "" {
				assert.ErrorIs(t, err, mip.ErrUnknown)
			} else {
				assert.NoError(t, err)
			}
		})
	}
}

type location struct {
	http.RoundTripper
	at string
}

func (l location) RoundTrip(r *http.Request) (*http.Response, error) {
	resp, err := l.RoundTripper.RoundTrip(r)
	if l.at != "" {
		resp.Header.Set("Location", l.at)
	}
	return resp, err
}
