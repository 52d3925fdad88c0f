package bigbuy_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy"
	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
)

// bought places n orders and returns their ids.
func bought(t *testing.T, s *bigbuy.Supplier, n int) []string {
	t.Helper()
	var ids []string
	for i := range n {
		p := purchase(bigbuytest.SKULamp)
		p.Reference = fmt.Sprint("shop-", i)
		placed, err := s.Place(t.Context(), p)
		require.NoError(t, err)
		ids = append(ids, placed.Placements[0].ID)
	}
	return ids
}

func byID(news []mip.Tracking) map[string]mip.Tracking {
	out := map[string]mip.Tracking{}
	for _, n := range news {
		out[n.ID] = n
	}
	return out
}

func TestTrack(t *testing.T) {
	type do = func(t *testing.T, srv *bigbuytest.Server, id string)
	ship := func(numbers ...string) do {
		return func(t *testing.T, srv *bigbuytest.Server, id string) {
			for _, n := range numbers {
				require.NoError(t, srv.Ship(id, "GLS", n))
			}
		}
	}
	tests := []struct {
		name    string
		do      do
		status  mip.PlacementStatus
		numbers []string
		calls   int // to order/{id}
	}{
		{"in process", func(*testing.T, *bigbuytest.Server, string) {}, mip.PlacementInProcess, nil, 1},
		{"shipped with a number needs no call of its own", ship("TRK1"), mip.PlacementShipped, []string{"TRK1"}, 0},
		{"shipped in two parcels", ship("TRK1", "TRK2"), mip.PlacementShipped, []string{"TRK1", "TRK2"}, 0},
		{"shipped without a number", ship(""), mip.PlacementShipped, nil, 1},
		{"delivered by the carrier's word needs no call of its own", func(t *testing.T, srv *bigbuytest.Server, id string) {
			ship("TRK1")(t, srv, id)
			require.NoError(t, srv.Deliver(id))
		}, mip.PlacementDelivered, []string{"TRK1"}, 0},
		{"delivered without a number", func(t *testing.T, srv *bigbuytest.Server, id string) {
			ship("")(t, srv, id)
			require.NoError(t, srv.Deliver(id))
		}, mip.PlacementDelivered, nil, 1},
		{"cancelled", func(t *testing.T, srv *bigbuytest.Server, id string) { require.NoError(t, srv.Cancel(id)) },
			mip.PlacementCancelled, nil, 1},
		{"export invoice missing", func(t *testing.T, srv *bigbuytest.Server, id string) {
			require.NoError(t, srv.ShowStatus(id, "PENDING INVOICE"))
		}, mip.PlacementInvoiceMissing, nil, 1},
		{"an unknown word is in process", func(t *testing.T, srv *bigbuytest.Server, id string) {
			require.NoError(t, srv.ShowStatus(id, "Preparándose"))
		}, mip.PlacementInProcess, nil, 1},
		{"a cancellation in another language", func(t *testing.T, srv *bigbuytest.Server, id string) {
			require.NoError(t, srv.ShowStatus(id, "Annullato"))
		}, mip.PlacementCancelled, nil, 1},
		{"a cancellation that is only asked for", func(t *testing.T, srv *bigbuytest.Server, id string) {
			require.NoError(t, srv.ShowStatus(id, "Cancelación solicitada"))
		}, mip.PlacementInProcess, nil, 1},
		{"the silence of a carrier is asked about", func(t *testing.T, srv *bigbuytest.Server, id string) {
			ship("TRK1")(t, srv, id)
			require.NoError(t, srv.ShowStatus(id, "Entregado"))
			time.Sleep(73 * time.Hour)
		}, mip.PlacementDelivered, []string{"TRK1"}, 1},
		{"a number means shipped whatever the order says", func(t *testing.T, srv *bigbuytest.Server, id string) {
			ship("TRK1")(t, srv, id)
			require.NoError(t, srv.ShowStatus(id, "En proceso"))
			time.Sleep(73 * time.Hour)
		}, mip.PlacementShipped, []string{"TRK1"}, 1},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in(t, bigbuytest.Config{}, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
				id := bought(t, s, 1)[0]
				tt.do(t, srv, id)
				news, err := s.Track(t.Context(), []string{id, id})
				require.NoError(t, err)
				require.Len(t, news, 1)
				assert.Equal(t, tt.status, news[0].Status)
				var numbers []string
				for i, p := range news[0].Parcels {
					numbers = append(numbers, p.Number)
					assert.Equal(t, "GLS", p.Carrier)
					assert.Equal(t, fmt.Sprintf("%s-%d", id, i+1), p.ID)
					assert.False(t, p.UpdatedAt.IsZero())
				}
				assert.Equal(t, tt.numbers, numbers)
				assert.Equal(t, tt.calls, srv.Requests(bigbuytest.RouteOrder))
				assert.Equal(t, 1, srv.Requests(bigbuytest.RouteTrackingOrders))
			})
		})
	}
	t.Run("a corrected number takes its predecessor's place", func(t *testing.T) {
		in(t, bigbuytest.Config{}, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
			id := bought(t, s, 1)[0]
			ship("TRK1", "TRK2")(t, srv, id)
			before, err := s.Track(t.Context(), []string{id})
			require.NoError(t, err)
			time.Sleep(time.Hour)
			require.NoError(t, srv.Renumber(id, "TRK1", "TRK9"))
			after, err := s.Track(t.Context(), []string{id})
			require.NoError(t, err)
			require.Len(t, after[0].Parcels, 2)
			assert.Equal(t, "TRK9", after[0].Parcels[0].Number)
			assert.Equal(t, before[0].Parcels[0].ID, after[0].Parcels[0].ID)
			assert.False(t, after[0].Parcels[1].UpdatedAt.Before(before[0].Parcels[1].UpdatedAt))
			assert.Equal(t, 1, srv.Requests(bigbuytest.RouteTrackingCarriers), "names are asked for once")
		})
	})
	t.Run("many ids cost a call for fifty and one for each open order", func(t *testing.T) {
		in(t, bigbuytest.Config{}, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
			ids := bought(t, s, 60)
			for _, id := range ids[:55] {
				ship("TRK"+id)(t, srv, id)
			}
			news, err := s.Track(t.Context(), append(ids, "999"))
			require.NoError(t, err)
			assert.Len(t, news, 61)
			assert.Equal(t, mip.Tracking{ID: "999", Missing: true}, byID(news)["999"], "there is no such order")
			assert.Equal(t, 2, srv.Requests(bigbuytest.RouteTrackingOrders))
			assert.Equal(t, 6, srv.Requests(bigbuytest.RouteOrder))
			assert.Zero(t, srv.Throttled())
		})
	})
	t.Run("a short list and empty entries lose nothing", func(t *testing.T) {
		for _, fault := range []bigbuytest.Fault{bigbuytest.ShortList, bigbuytest.NullEntry} {
			in(t, bigbuytest.Config{}, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
				ids := bought(t, s, 2)
				ship("TRK1")(t, srv, ids[0])
				ship("TRK2")(t, srv, ids[1])
				srv.Fail(bigbuytest.RouteTrackingOrders, fault, 1)
				news, err := s.Track(t.Context(), ids)
				require.NoError(t, err)
				assert.Equal(t, mip.PlacementShipped, byID(news)[ids[0]].Status)
				assert.Equal(t, mip.PlacementShipped, byID(news)[ids[1]].Status, "by its own status")
			})
		}
	})
	t.Run("an outage half-way keeps what was learnt", func(t *testing.T) {
		in(t, bigbuytest.Config{}, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
			ids := bought(t, s, 5)
			ship("TRK1")(t, srv, ids[0])
			srv.Fail(bigbuytest.RouteOrder, bigbuytest.ServerError, -1)
			news, err := s.Track(t.Context(), ids)
			require.NoError(t, err)
			require.Len(t, news, 1)
			assert.Equal(t, ids[0], news[0].ID)
			_, err = s.Track(t.Context(), ids[1:])
			assert.ErrorIs(t, err, mip.ErrUnavailable, "nothing was learnt")
		})
	})
	t.Run("the end of the context keeps what was learnt", func(t *testing.T) {
		in(t, bigbuytest.Config{}, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
			ids := bought(t, s, 10)
			ctx, cancel := context.WithTimeout(t.Context(), 4500*time.Millisecond)
			defer cancel()
			news, err := s.Track(ctx, ids)
			require.NoError(t, err)
			assert.Len(t, news, 5)
		})
	})
	t.Run("a passing failure of the names holds the news back", func(t *testing.T) {
		in(t, bigbuytest.Config{}, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
			id := bought(t, s, 1)[0]
			ship("TRK1")(t, srv, id)
			srv.Fail(bigbuytest.RouteTrackingCarriers, bigbuytest.ServerError, 3)
			_, err := s.Track(t.Context(), []string{id})
			assert.ErrorIs(t, err, mip.ErrUnavailable)
			news, err := s.Track(t.Context(), []string{id})
			require.NoError(t, err)
			assert.Equal(t, "GLS", news[0].Parcels[0].Carrier)
		})
	})
	t.Run("words of one's own are understood", func(t *testing.T) {
		s := supplier(t, routes{"GET order/1.json": `{"id":1,"status":" Wartet auf Zoll ","products":[]}`}, func(c *bigbuy.Config) {
			c.Statuses = map[string]mip.PlacementStatus{"Wartet auf Zoll": mip.PlacementShipped}
		})
		news, err := s.Track(t.Context(), []string{"1"})
		require.NoError(t, err)
		require.Len(t, news, 1)
		assert.Equal(t, mip.PlacementShipped, news[0].Status)
		assert.Equal(t, "Wartet auf Zoll", news[0].StatusText)
	})
	t.Run("a lasting failure of the names hides no tracking", func(t *testing.T) {
		in(t, bigbuytest.Config{}, func(t *testing.T, srv *bigbuytest.Server, s *bigbuy.Supplier) {
			id := bought(t, s, 1)[0]
			ship("TRK1")(t, srv, id)
			srv.Answer(bigbuytest.RouteTrackingCarriers, bigbuytest.Reply{Status: 400, Body: `{"code":400,"message":"Bad request"}`}, -1)
			news, err := s.Track(t.Context(), []string{id})
			require.NoError(t, err)
			assert.Equal(t, "TRK1", news[0].Parcels[0].Number)
			assert.Empty(t, news[0].Parcels[0].Carrier)
		})
	})
}

func TestCarriersWords(t *testing.T) {
	tests := []struct {
		words  string
		status mip.PlacementStatus
		asked  bool // order/{id}
	}{
		{"delivered", mip.PlacementDelivered, false},
		{"Entregado.", mip.PlacementDelivered, false},
		{"ZUGESTELLT", mip.PlacementDelivered, false},
		{"in transit", mip.PlacementShipped, false},
		{"not delivered", mip.PlacementShipped, true},
		{"will be delivered today", mip.PlacementShipped, true},
		{"no entregado: ausente", mip.PlacementShipped, true},
		{"", mip.PlacementShipped, false},
	}
	for _, tt := range tests {
		t.Run(tt.words, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				asked := false
				now := time.Now().UTC().Format(time.DateTime)
				w := routes{
					"POST tracking/orders.json": fmt.Sprintf(`[null,[],{"id":"15000001","trackings":[
						{"trackingNumber":"T1","statusDescription":"collected","statusDate":"2000-01-01 00:00:00","carrier":[]},
						{"trackingNumber":"T1","statusDescription":%q,"statusDate":%q,"carrier":{"id":7,"name":"GLS"}},
						{"trackingNumber":null}]}]`, tt.words, now),
					"GET order/15000001.json": `{"id":15000001,"status":"Expedido","products":{}}`,
				}
				s := supplier(t, counting{w, func(path string) { asked = asked || strings.Contains(path, "order/15000001") }})
				news, err := s.Track(t.Context(), []string{"15000001"})
				require.NoError(t, err)
				require.Len(t, news, 1)
				assert.Equal(t, tt.status, news[0].Status)
				assert.Equal(t, tt.asked, asked)
				require.Len(t, news[0].Parcels, 1, "events of one number are one parcel")
				assert.Equal(t, "GLS", news[0].Parcels[0].Carrier)
			})
		})
	}
}

// TestNewsListedNewestFirst: an old word listed last is not the last word.
func TestNewsListedNewestFirst(t *testing.T) {
	s := supplier(t, routes{"POST tracking/orders.json": `[{"id":1,"trackings":[
		{"trackingNumber":"T1","statusDescription":"delivered","statusDate":"2026-01-07 11:00:00","carrier":{"id":7,"name":"GLS"}},
		{"trackingNumber":"T1","statusDescription":"in transit","statusDate":"2026-01-05 11:00:00","carrier":{"id":7,"name":"GLS"}}]}]`,
		"GET order/1.json": `{"id":1,"status":"Expedido","products":{}}`})
	news, err := s.Track(t.Context(), []string{"1"})
	require.NoError(t, err)
	require.Len(t, news[0].Parcels, 1)
	assert.Equal(t, "delivered", news[0].Parcels[0].Status)
	assert.Equal(t, mip.PlacementDelivered, news[0].Status)
}
