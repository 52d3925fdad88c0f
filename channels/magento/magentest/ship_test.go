package magentest_test

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/openmip/openmip/channels/magento/magentest"
)

func TestShipmentsAreMadeAgainAndAgain(t *testing.T) {
	c := open(t, magentest.Config{TextIDs: true})
	id := c.shop.Buy(magentest.Order{Invoiced: true, Items: []magentest.Item{{Ordered: "5"}}})
	o, _ := c.shop.Order(id)
	body := `{"items":[{"order_item_id":` + num(o.Items[0].ID) + `,"qty":2}],"notify":true,"comment":{"comment":"x","is_visible_on_front":0},
		"tracks":[{"track_number":"N1","title":"DHL","carrier_code":"custom"}]}`
	for range 3 {
		status, answer := c.call("POST", "/order/"+num(id)+"/ship", body)
		require.Equal(t, 200, status, answer)
		assert.Regexp(t, `^"[0-9]+"$`, answer, "an id as text")
	}
	o, _ = c.shop.Order(id)
	require.Len(t, o.Shipments, 3)
	assert.Equal(t, map[int64]int{o.Items[0].ID: 1}, o.Shipments[2].Items, "what is not left is cut")
	assert.Equal(t, "complete", o.State)
	status, answer := c.call("POST", "/order/"+num(id)+"/ship", body)
	assert.Equal(t, 400, status)
	assert.Contains(t, answer, "does not allow a shipment")
}

func TestWhatIsNotShipped(t *testing.T) {
	for _, q := range []struct {
		name  string
		order magentest.Order
		body  string
		says  string
	}{
		{"on hold", magentest.Order{State: "holded"}, `{}`, "status of holded"},
		{"another order's item", magentest.Order{}, `{"items":[{"order_item_id":1,"qty":1}]}`, "not part of the original order"},
		{"no number", magentest.Order{}, `{"tracks":[{"track_number":"","title":"DHL","carrier_code":"custom"}]}`, "enter a tracking number"},
		{"no title", magentest.Order{}, `{"tracks":[{"track_number":"1","carrier_code":"custom"}]}`, "is required"},
		{"an id that is none", magentest.Order{}, `{"items":[{"order_item_id":"x","qty":1}]}`, "Decoding error"},
	} {
		c := open(t, magentest.Config{})
		id := c.shop.Buy(q.order)
		status, answer := c.call("POST", "/order/"+num(id)+"/ship", q.body)
		assert.Equal(t, 400, status, q.name)
		assert.Contains(t, answer, q.says, q.name)
		o, _ := c.shop.Order(id)
		assert.Empty(t, o.Shipments, q.name)
	}
}

func TestTracks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := open(t, magentest.Config{})
		id := c.shop.Buy(magentest.Order{})
		_, shipment := c.call("POST", "/order/"+num(id)+"/ship", `{}`)
		before, _ := c.shop.Order(id)
		time.Sleep(time.Minute)
		body := `{"entity":{"order_id":` + num(id) + `,"parent_id":` + shipment + `,"track_number":"N1","title":"DHL","carrier_code":"dhl","description":"d"}}`
		for range 2 {
			status, answer := c.call("POST", "/shipment/track", body)
			require.Equal(t, 200, status, answer)
		}
		o, _ := c.shop.Order(id)
		require.Len(t, o.Shipments[0].Tracks, 2)
		assert.Equal(t, before.Updated, o.Updated, "a track does not move the order's time of change")
		status, _ := c.call("POST", "/shipment/track", strings.Replace(body, shipment, "1", 1))
		assert.Equal(t, 400, status, "there is no such shipment")
		for range 2 {
			_, answer := c.call("DELETE", "/shipment/track/"+num(o.Shipments[0].Tracks[0].ID), "")
			assert.Equal(t, "true", answer, "also what is gone already")
		}
		_, answer := c.call("GET", "/shipment/"+shipment, "")
		assert.Contains(t, answer, `"track_number":"N1"`)
		assert.Equal(t, 1, strings.Count(answer, "track_number"))
	})
}

func TestCommentsAndStatuses(t *testing.T) {
	for version, want := range map[magentest.Version]string{magentest.V23: "", magentest.V24: "processing"} {
		c := open(t, magentest.Config{Version: version})
		id := c.shop.Buy(magentest.Order{})
		_, answer := c.call("POST", "/orders/"+num(id)+"/comments", `{"statusHistory":{"comment":"x"}}`)
		assert.Equal(t, "true", answer)
		o, _ := c.shop.Order(id)
		assert.Equal(t, want, o.Status, "a comment without a status")
	}
}

func TestFaults(t *testing.T) {
	c := open(t, magentest.Config{})
	id := c.shop.Buy(magentest.Order{})
	send := func() error {
		r := c.request("POST", "/rest/all/V1/orders/"+num(id)+"/cancel", "")
		require.NoError(t, c.sign.Authorize(r))
		ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
		defer cancel()
		resp, err := (&http.Client{Transport: c.shop.Transport()}).Do(r.WithContext(ctx))
		if err == nil {
			err = resp.Body.Close()
		}
		return err
	}
	c.shop.Fail(magentest.LoseBefore(), magentest.HangAfter(), magentest.HTML(503))
	require.Error(t, send())
	o, _ := c.shop.Order(id)
	assert.Equal(t, "processing", o.State, "lost before")
	assert.True(t, errors.Is(send(), context.DeadlineExceeded))
	o, _ = c.shop.Order(id)
	assert.Equal(t, "canceled", o.State, "lost after")
	require.NoError(t, send())
	require.NoError(t, send())
	assert.Equal(t, 2, c.shop.Count("POST", "/orders/{id}/cancel"))
}

func TestListen(t *testing.T) {
	defer goleak.VerifyNone(t)
	shop := magentest.New(magentest.Config{})
	id := shop.Buy(magentest.Order{})
	address, stop, err := shop.Listen()
	require.NoError(t, err)
	defer stop()
	assert.Equal(t, address, shop.URL())
	c := client{t: t, shop: shop, sign: open(t, magentest.Config{}).sign}
	r := c.request("GET", "/rest/default/V1/orders/"+num(id), "")
	require.NoError(t, c.sign.Authorize(r))
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	resp, err := (&http.Client{Transport: transport}).Do(r)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	assert.Equal(t, 200, resp.StatusCode)
}
