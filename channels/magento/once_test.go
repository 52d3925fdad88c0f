package magento_test

import (
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/magento"
	"github.com/openmip/openmip/channels/magento/magentest"
	"github.com/openmip/openmip/mip"
)

// Magento makes a shipment for every request, so two workers with the same
// news must not both read before either writes.
func TestReportsOnOneOrderWaitForEachOther(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := magentest.New(magentest.Config{})
		id := shop.Buy(magentest.Order{Items: []magentest.Item{{Ordered: "9"}}})
		o, _ := shop.Order(id)
		slow := roundTrip(func(r *http.Request) (*http.Response, error) {
			time.Sleep(time.Second)
			return shop.Transport().RoundTrip(r)
		})
		c := open(t, shop, func(c *magento.Config) { c.Transport, c.Parallel = slow, 16 })
		var all sync.WaitGroup
		for range 5 {
			all.Go(func() {
				assert.NoError(t, c.Report(t.Context(), ref(id), shipped(box("1", "N1", pieces(o.Items[0], 1)))))
			})
		}
		all.Wait()
		o, _ = shop.Order(id)
		assert.Len(t, o.Shipments, 1)
	})
}

func TestShipmentsThatCannotBeReadStopAReport(t *testing.T) {
	for name, list := range map[string]string{
		"a count without shipments": `{"items":[],"total_count":3}`,
		"another order's":           `{"items":[{"entity_id":1,"order_id":1}],"total_count":1}`,
		"one without an id":         `{"items":[{"order_id":ORDER}],"total_count":1}`,
		"tracks that are no list":   `{"items":[{"entity_id":1,"order_id":ORDER,"tracks":7}],"total_count":1}`,
		"a page that leads nowhere": `{"items":[{"entity_id":1,"order_id":ORDER}],"total_count":200}`,
	} {
		t.Run(name, func(t *testing.T) {
			shop := magentest.New(magentest.Config{})
			id := shop.Buy(magentest.Order{})
			c := open(t, shop, func(c *magento.Config) {
				c.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
					if strings.HasSuffix(r.URL.Path, "/shipments") {
						return answer(r, 200, strings.ReplaceAll(list, "ORDER", text(id))), nil
					}
					return shop.Transport().RoundTrip(r)
				})
			})
			assert.Equal(t, mip.ErrContract, mip.KindOf(c.Report(t.Context(), ref(id), shipped(box("1", "N1")))))
			assert.Empty(t, shop.Writes())
		})
	}
}

func TestManyShipmentsAreReadToTheEnd(t *testing.T) {
	shop := magentest.New(magentest.Config{Version: magentest.V23})
	id := shop.Buy(magentest.Order{Items: []magentest.Item{{Ordered: "200"}}})
	o, _ := shop.Order(id)
	for range 100 {
		shop.ShipByHand(id, map[int64]int{o.Items[0].ID: 1})
	}
	c := open(t, shop)
	for range 2 {
		require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("1", "N1", pieces(o.Items[0], 1)))))
	}
	now, _ := shop.Order(id)
	assert.Len(t, now.Shipments, 101)
}

func TestAPageOfACacheIsReadAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := magentest.New(magentest.Config{})
		id := shop.Buy(magentest.Order{})
		for _, f := range []magentest.Fault{magentest.HTML(200), magentest.HTML(403), magentest.HTML(404)} {
			shop.Fail(f)
			_, err := open(t, shop).Order(t.Context(), text(id))
			require.NoError(t, err, "%+v", f.Status)
		}
	})
}
