package newchannel_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/channeltest"
	"github.com/openmip/openmip/examples/newchannel"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// Whatever the shop sends as an order comes out whole or with defects; an error
// only says that the list itself is none. Nothing is dropped, nothing panics.
func FuzzOrder(f *testing.F) {
	f.Add(`{"id":"1","status":"paid","currency":"EUR","total":"1.00","postage":"0.00","created":"2026-01-02T03:04:05Z","updated":"2026-01-02T03:04:05Z","lines":[{"id":"a","pieces":2,"total":"1.00"}]}`)
	f.Add(`{"id":"1","status":7,"updated":"2026-01-02T03:04:05+02:00","lines":[{"pieces":1e99,"total":"1e999999"}],"shipTo":[]}`)
	f.Add(`{"id":null}`)
	f.Add(`null`)
	f.Fuzz(func(t *testing.T, order string) {
		net := channeltest.Serve(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			_, _ = w.Write([]byte(`{"orders":[` + order + `]}`))
		}))
		shop, err := newchannel.New(newchannel.Config{Name: "demo", Key: rest.NewSecret("the-right-key"),
			API: rest.Config{BaseURL: "https://shop.test", Transport: net}})
		require.NoError(t, err)
		for page, err := range shop.Orders(t.Context(), "") {
			if err != nil {
				assert.Contains(t, []error{mip.ErrContract, mip.ErrUnavailable}, mip.KindOf(err))
				break
			}
			for _, o := range page.Orders {
				require.NoError(t, o.Ref.Valid())
				assert.Equal(t, time.UTC, o.UpdatedAt.Location())
				assert.NotEmpty(t, o.Demand)
				for _, l := range o.Lines {
					assert.True(t, len(o.Defects) > 0 || l.Total.Currency() != "")
				}
			}
		}
	})
}
