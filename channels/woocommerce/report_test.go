package woocommerce_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/woocommerce"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
)

func ref(id int64) mip.Ref { return mip.Ref{Channel: "shop", ID: text(id)} }

func shipped(parcels ...mip.Parcel) mip.Status {
	return mip.Status{State: mip.StateShipped, Parcels: parcels}
}

func box(id, number string, items ...mip.Item) mip.Parcel {
	return mip.Parcel{ID: id, Carrier: "DHL", Number: number, URL: "https://track.test/" + number, Items: items,
		ShippedAt: time.Date(2026, 11, 23, 22, 0, 0, 0, time.UTC)}
}

func status(shop *wootest.Server, id int64) string { o, _ := shop.Order(id); return o.Status }

func TestAStatusThatTheShopDoesNotShowCostsNoCall(t *testing.T) {
	shop := wootest.New(wootest.Config{})
	id := shop.Buy(wootest.Order{})
	channel := open(t, shop)
	for _, st := range []mip.Status{{State: mip.StateSubmitted}, {State: mip.StateSubmitted, Parcels: []mip.Parcel{{ID: "1"}}}} {
		require.NoError(t, channel.Report(t.Context(), ref(id), st))
		assert.Empty(t, shop.Calls())
	}
	require.NoError(t, channel.Report(t.Context(), ref(id), mip.Status{State: mip.StateSubmitted, Parcels: []mip.Parcel{box("1", "T1")}}))
	assert.NotEmpty(t, shop.Writes(), "a number is shown at once")
}

// What a report does to the status, by the status the shop is in.
func TestStatusOnlyGoesForward(t *testing.T) {
	ladder := func(c *woocommerce.Config) {
		c.Statuses = map[string]mip.Demand{"at-supplier": mip.DemandShip, "sent": mip.DemandClosed, "archived": mip.DemandClosed}
		c.Write = map[mip.State]string{mip.StateSubmitted: "at-supplier", mip.StateShipped: "sent"}
	}
	for _, c := range []struct {
		name   string
		config func(*woocommerce.Config)
		from   string
		state  mip.State
		want   string
		kind   error
	}{
		{"shipped completes", nil, "processing", mip.StateShipped, "completed", nil},
		{"delivered completes", nil, "processing", mip.StateDelivered, "completed", nil},
		{"submitted leaves it processing", nil, "processing", mip.StateSubmitted, "processing", nil},
		{"cancelled cancels", nil, "processing", mip.StateCancelled, "cancelled", nil},
		{"shipped completes what was put on hold meanwhile", nil, "on-hold", mip.StateShipped, "completed", nil},
		{"completed stays completed", nil, "completed", mip.StateDelivered, "completed", nil},
		{"submitted does not reopen", nil, "completed", mip.StateSubmitted, "completed", nil},
		{"a cancelled order is not completed", nil, "cancelled", mip.StateShipped, "cancelled", mip.ErrRefused},
		{"a refunded order is not completed", nil, "refunded", mip.StateDelivered, "refunded", mip.ErrRefused},
		{"a trashed order is not completed", nil, "trash", mip.StateShipped, "trash", mip.ErrRefused},
		{"a completed order is not cancelled", nil, "completed", mip.StateCancelled, "completed", mip.ErrRefused},
		{"a cancelled order is cancelled", nil, "refunded", mip.StateCancelled, "refunded", nil},
		{"own statuses are written", ladder, "processing", mip.StateSubmitted, "at-supplier", nil},
		{"own statuses lead on", ladder, "at-supplier", mip.StateShipped, "sent", nil},
		{"from a status of ours that is closed too", ladder, "sent", mip.StateDelivered, "completed", nil},
		{"but never back", ladder, "completed", mip.StateShipped, "completed", nil},
		{"nor out of a status that the shop calls done", ladder, "archived", mip.StateDelivered, "archived", nil},
		{"no status at all, if so configured", func(c *woocommerce.Config) { c.Write = map[mip.State]string{mip.StateShipped: ""} },
			"processing", mip.StateShipped, "processing", nil},
		{"no status to cancel with", func(c *woocommerce.Config) { c.Write = map[mip.State]string{mip.StateCancelled: ""} },
			"processing", mip.StateCancelled, "processing", mip.ErrRefused},
	} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				shop := wootest.New(wootest.Config{Statuses: []string{"at-supplier", "sent", "archived"}})
				id := shop.Buy(wootest.Order{Status: c.from})
				if c.from == "trash" {
					shop.SetStatus(id, "processing")
					shop.Trash(id)
				}
				channel := open(t, shop)
				if c.config != nil {
					channel = open(t, shop, c.config)
				}
				for range 2 {
					err := channel.Report(t.Context(), ref(id), mip.Status{State: c.state})
					if c.kind != nil {
						require.ErrorIs(t, err, c.kind)
						assert.Contains(t, err.Error(), ref(id).String())
						assert.Empty(t, shop.Writes(), "refused before anything is written")
					} else {
						require.NoError(t, err)
					}
					assert.Equal(t, c.want, status(shop, id))
				}
				if c.want == c.from {
					assert.Empty(t, shop.Writes(), "what is there already is not written")
				} else {
					assert.Len(t, shop.Writes(), 1)
				}
			})
		})
	}
}

func TestCancel(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := wootest.New(wootest.Config{})
		c := open(t, shop)
		id := shop.Buy(wootest.Order{})
		shop.FailOn("PUT", "/orders/", wootest.LoseAfter())
		require.ErrorIs(t, c.Cancel(t.Context(), ref(id), "sold out"), mip.ErrUnknown)
		require.NoError(t, c.Cancel(t.Context(), ref(id), "sold out"))
		o, _ := shop.Order(id)
		assert.Equal(t, "cancelled", o.Status)
		assert.Equal(t, 1, shop.Count("POST", "/wc/v3/orders/{id}/notes"), "the reason is noted once")
		assert.Equal(t, "sold out", o.Notes[0].Text)
		assert.False(t, o.Notes[0].Customer, "for the staff only")

		done := shop.Buy(wootest.Order{Status: "completed"})
		require.ErrorIs(t, c.Cancel(t.Context(), ref(done), ""), mip.ErrRefused)
		require.ErrorIs(t, c.Cancel(t.Context(), mip.Ref{Channel: "other", ID: text(done)}, ""), mip.ErrInvalid)
		require.ErrorIs(t, c.Cancel(t.Context(), mip.Ref{Channel: "shop", ID: "x"}, ""), mip.ErrInvalid)
	})
}
