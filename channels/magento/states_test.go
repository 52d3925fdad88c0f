package magento_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/magento"
	"github.com/openmip/openmip/channels/magento/magentest"
	"github.com/openmip/openmip/mip"
)

func TestReportsInEveryState(t *testing.T) {
	one := shipped(box("1", "N1"))
	arrived := mip.Status{State: mip.StateDelivered}
	for _, c := range []struct {
		name  string
		order magentest.Order
		tell  mip.Status
		kind  error
		sent  int
	}{
		{"submitted writes nothing", magentest.Order{}, mip.Status{State: mip.StateSubmitted}, nil, 0},
		{"submitted ships what has left", magentest.Order{}, mip.Status{State: mip.StateSubmitted, Parcels: one.Parcels}, nil, 1},
		{"submitted without a number waits", magentest.Order{}, mip.Status{State: mip.StateSubmitted, Parcels: []mip.Parcel{box("1", "")}}, nil, 0},
		{"shipped without a number waits", magentest.Order{}, shipped(box("1", "")), nil, 0},
		{"delivered without a number ever is shipped", magentest.Order{}, arrived, nil, 1},
		{"delivered with a number is shipped with it", magentest.Order{}, mip.Status{State: mip.StateDelivered, Parcels: one.Parcels}, nil, 1},
		{"an order on hold waits", magentest.Order{State: "holded"}, one, mip.ErrUnavailable, 0},
		{"a payment under review waits", magentest.Order{State: "payment_review"}, one, mip.ErrUnavailable, 0},
		{"a cancelled order is never shipped", magentest.Order{State: "canceled"}, one, mip.ErrRefused, 0},
		{"a refunded order is never shipped", magentest.Order{State: "closed"}, one, mip.ErrRefused, 0},
		{"cash on delivery is shipped unpaid", magentest.Order{State: "new"}, one, nil, 1},
		{"what has nothing to ship is refused", magentest.Order{Items: []magentest.Item{{Virtual: true}}}, one, mip.ErrRefused, 0},
		{"what was taken back is refused", magentest.Order{Items: []magentest.Item{{Refunded: 1}}}, one, mip.ErrRefused, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			shop, ch, o := sold(t, c.order)
			for range 2 {
				err := ch.Report(t.Context(), ref(o.ID), c.tell)
				if c.kind == nil {
					require.NoError(t, err)
				} else {
					assert.Equal(t, c.kind, mip.KindOf(err))
				}
			}
			now, _ := shop.Order(o.ID)
			assert.Len(t, now.Shipments, c.sent)
			assert.LessOrEqual(t, len(shop.Writes()), c.sent, "nothing is tried that cannot be")
		})
	}
}

func TestShipmentsAsConfigured(t *testing.T) {
	shop := magentest.New(magentest.Config{Sources: []string{"default", "bigbuy"}})
	id := shop.Buy(magentest.Order{})
	config := func(source string) func(*magento.Config) {
		return func(c *magento.Config) {
			c.Source, c.Quiet = source, true
			c.CarrierCode = func(carrier string) string { return map[string]string{"DHL": "dhl"}[carrier] }
		}
	}
	err := open(t, shop, config("")).Report(t.Context(), ref(id), shipped(box("1", "N1")))
	assert.Equal(t, mip.ErrRefused, mip.KindOf(err), "a shop with several sources wants one named")
	unknown := mip.Parcel{ID: "2", Number: "N2"}
	require.NoError(t, open(t, shop, config("bigbuy")).Report(t.Context(), ref(id), shipped(box("1", "N1"), unknown)))
	o, _ := shop.Order(id)
	require.Len(t, o.Shipments, 1)
	s := o.Shipments[0]
	assert.Equal(t, "bigbuy", s.Source)
	assert.False(t, s.Notified)
	require.Len(t, s.Tracks, 2)
	assert.Equal(t, "dhl", s.Tracks[0].CarrierCode)
	assert.Equal(t, magentest.Track{ID: s.Tracks[1].ID, Number: "N2", Title: "Parcel", CarrierCode: "custom", Description: "OpenMIP parcel 2"}, s.Tracks[1])
}

func TestCancel(t *testing.T) {
	const why = "no longer made"
	for _, c := range []struct {
		name     string
		version  magentest.Version
		order    magentest.Order
		kind     error
		comments int
		status   string
	}{
		{"an authorised order is cancelled", magentest.V24, magentest.Order{}, nil, 1, "canceled"},
		{"also in 2.3, whose comments set the status", magentest.V23, magentest.Order{}, nil, 1, "canceled"},
		{"an invoiced order is refused, with a word to the staff", magentest.V23, magentest.Order{Invoiced: true}, mip.ErrRefused, 1, "processing"},
		{"an order on hold is refused", magentest.V24, magentest.Order{State: "holded"}, mip.ErrRefused, 1, "holded"},
		{"a shipped order is refused without a word", magentest.V24, magentest.Order{Items: []magentest.Item{{Shipped: 1}}}, mip.ErrRefused, 0, "processing"},
		{"a cancelled order is content", magentest.V24, magentest.Order{State: "canceled"}, nil, 0, "canceled"},
	} {
		t.Run(c.name, func(t *testing.T) {
			shop := magentest.New(magentest.Config{Version: c.version})
			id := shop.Buy(c.order)
			ch := open(t, shop)
			for range 2 {
				err := ch.Cancel(t.Context(), ref(id), why)
				if c.kind == nil {
					require.NoError(t, err)
				} else {
					assert.Equal(t, c.kind, mip.KindOf(err))
				}
			}
			o, _ := shop.Order(id)
			assert.Len(t, o.History, c.comments)
			assert.Equal(t, c.status, o.Status)
			for _, h := range o.History {
				assert.Equal(t, why, h.Text)
				assert.False(t, h.Visible)
			}
		})
	}
	t.Run("words that the shop refuses stop no cancellation", func(t *testing.T) {
		shop, ch, o := sold(t, magentest.Order{})
		shop.Fail(magentest.Fault{}, magentest.Fault{Status: 400, Body: `{"message":"Unable to add comment: %1","parameters":["no"]}`})
		require.NoError(t, ch.Cancel(t.Context(), ref(o.ID), why))
		now, _ := shop.Order(o.ID)
		assert.Equal(t, "canceled", now.State)
		assert.Empty(t, now.History)
	})
	t.Run("words whose answer was lost are said once", func(t *testing.T) {
		shop, ch, o := sold(t, magentest.Order{})
		shop.Fail(magentest.Fault{}, magentest.LoseAfter())
		require.ErrorIs(t, ch.Cancel(t.Context(), ref(o.ID), why), mip.ErrUnknown)
		require.NoError(t, ch.Cancel(t.Context(), ref(o.ID), why))
		now, _ := shop.Order(o.ID)
		assert.Len(t, now.History, 1)
	})
	t.Run("a report of a cancellation says nothing but that", func(t *testing.T) {
		shop, ch, o := sold(t, magentest.Order{})
		require.NoError(t, ch.Report(t.Context(), ref(o.ID), mip.Status{State: mip.StateCancelled}))
		require.Len(t, shop.Writes(), 1)
		now, _ := shop.Order(o.ID)
		assert.Equal(t, "canceled", now.State)
	})
}
