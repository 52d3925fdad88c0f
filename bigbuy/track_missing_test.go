package bigbuy_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

// answers is a BigBuy that answers one path in its own way.
type answers struct {
	routes
	path   string
	status int
	body   string
}

func (a answers) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, a.path) {
		return always(a.status, a.body).RoundTrip(r)
	}
	return a.routes.RoundTrip(r)
}

func TestAnOrderThatBigBuyDoesNotShow(t *testing.T) {
	const inProcess = `,"status":"En proceso","products":[]}`
	world := func() routes {
		return routes{"POST tracking/orders.json": `[]`, "GET order/2.json": `{"id":2` + inProcess, "GET order/3.json": `{"id":3` + inProcess}
	}
	for name, a := range map[string]answers{
		"deleted":                 {status: 404, body: `{"code":404,"message":"No order found with id: 1"}`},
		"of another account":      {status: 403, body: `{"code":403,"message":"Access Denied."}`},
		"in a form of its own":    {status: 200, body: `{"code":404,"message":"Not found"}`},
		"holding what is no text": {status: 200, body: `{"id":1,"status":{"a":[{}]},"products":[]}`},
		"never loading":           {status: 500, body: `{"code":500,"message":"Internal server error"}`},
		"refused":                 {status: 400, body: `{"code":400,"message":"Bad request"}`},
	} {
		t.Run(name+": it is missing, and the others are told of", func(t *testing.T) {
			a.routes, a.path = world(), "/order/1.json"
			news, err := supplier(t, a).Track(t.Context(), []string{"1", "2", "3"})
			require.NoError(t, err)
			assert.Equal(t, mip.Tracking{ID: "1", Missing: true}, byID(news)["1"])
			assert.Equal(t, mip.PlacementInProcess, byID(news)["2"].Status)
			assert.Equal(t, mip.PlacementInProcess, byID(news)["3"].Status)
		})
		t.Run(name+": what its carrier told is told", func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				a.routes, a.path = world(), "/order/1.json"
				a.routes["POST tracking/orders.json"] = `[{"id":1,"trackings":[{"trackingNumber":"T1","statusDescription":"will be delivered today","statusDate":"` +
					time.Now().UTC().Format(time.DateTime) + `","carrier":{"id":7,"name":"GLS"}}]}]`
				news, err := supplier(t, a).Track(t.Context(), []string{"1", "2"})
				require.NoError(t, err)
				got := byID(news)["1"]
				assert.False(t, got.Missing)
				assert.Equal(t, mip.PlacementShipped, got.Status)
				require.Len(t, got.Parcels, 1)
				assert.Equal(t, "T1", got.Parcels[0].Number)
			})
		})
	}
	t.Run("those that cannot be shown hide nothing that a carrier told of another", func(t *testing.T) {
		synctest.Test(t, func(t *testing.T) {
			told := `[{"id":9,"trackings":[{"trackingNumber":"T9","statusDescription":"in transit","statusDate":"` +
				time.Now().UTC().Format(time.DateTime) + `","carrier":{"id":7,"name":"GLS"}}]}]`
			a := answersAll{answers{routes{"POST tracking/orders.json": told}, ".json", 403, `{"code":403,"message":"Access Denied."}`}}
			news, err := supplier(t, a).Track(t.Context(), []string{"1", "2", "3", "4", "9"})
			require.NoError(t, err)
			assert.Equal(t, mip.PlacementShipped, byID(news)["9"].Status)
			for _, id := range []string{"1", "2", "3", "4"} {
				assert.True(t, byID(news)[id].Missing, id)
			}
		})
	})
	for name, a := range map[string]answers{
		"down":             {status: 500, body: `{"code":500,"message":"Internal server error"}`},
		"closed to us":     {status: 403, body: `{"code":403,"message":"Access Denied."}`},
		"gone":             {status: 404, body: `{"code":404,"message":"No route found for \"GET /rest/order/1.json\""}`},
		"speaking another": {status: 200, body: `{"id":{"a":[{}]}}`},
	} {
		t.Run(name+" for all of them, BigBuy has lost none", func(t *testing.T) {
			a.routes, a.path = routes{"POST tracking/orders.json": `[]`}, ".json"
			asked := 0
			s := supplier(t, counting{answersAll{a}, func(path string) {
				if strings.Contains(path, "/order/") {
					asked++
				}
			}})
			news, err := s.Track(t.Context(), []string{"1", "2", "3", "4", "5", "6"})
			require.Error(t, err)
			assert.Empty(t, news)
			assert.Equal(t, 3, asked, "and is not asked for all")
			news, err = s.Track(t.Context(), []string{"1", "2"})
			require.Error(t, err, "of a few")
			assert.Empty(t, news)
		})
	}
}

// TestACancellationThatWasDeniedIsNone: what is called cancelled may be bought
// again, and would be there twice.
func TestACancellationThatWasDeniedIsNone(t *testing.T) {
	for status, want := range map[string]mip.PlacementStatus{
		"Cancelación rechazada":      mip.PlacementInProcess,
		"Cancelación denegada":       mip.PlacementInProcess,
		"Anulación no aceptada":      mip.PlacementInProcess,
		"Cancellation refused":       mip.PlacementInProcess,
		"Cancellation not possible":  mip.PlacementInProcess,
		"Stornierung abgelehnt":      mip.PlacementInProcess,
		"Annulation refusée":         mip.PlacementInProcess,
		"Annullamento rifiutato":     mip.PlacementInProcess,
		"No cancelado":               mip.PlacementInProcess,
		"Not cancelled":              mip.PlacementInProcess,
		"Cancelado, pago rechazado":  mip.PlacementCancelled,
		"Pago rechazado. Cancelado":  mip.PlacementCancelled,
		"Cancelación confirmada":     mip.PlacementCancelled,
		"Cancellation":               mip.PlacementCancelled,
		"Storniert":                  mip.PlacementCancelled,
		"Cancelado por el proveedor": mip.PlacementCancelled,
	} {
		s := supplier(t, routes{"POST tracking/orders.json": `[]`, "GET order/1.json": `{"id":1,"status":"` + status + `","products":[]}`})
		news, err := s.Track(t.Context(), []string{"1"})
		require.NoError(t, err)
		assert.Equal(t, want, news[0].Status, status)
	}
}

// TestABatchThatBigBuyDoesNotTake: of what has left, each order is asked for
// its numbers alone.
func TestABatchThatBigBuyDoesNotTake(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := routes{
			"GET order/1.json": `{"id":1,"status":"Expedido","products":[]}`,
			"GET order/2.json": `{"id":2,"status":"En proceso","products":[]}`,
			"GET tracking/order/1.json": `[{"id":1,"trackings":[{"trackingNumber":"T1","statusDescription":"in transit","statusDate":"` +
				time.Now().UTC().Format(time.DateTime) + `","carrier":{"id":7,"name":"GLS"}}]}]`,
		}
		for name, refusal := range map[string]answers{
			"one has none":    {w, "/tracking/orders.json", 404, `{"code":404,"message":"No tracking found"}`},
			"one is not read": {w, "/tracking/orders.json", 400, `{"code":400,"message":"Bad request"}`},
			"one is not ours": {w, "/tracking/orders.json", 403, `{"code":403,"message":"Access Denied."}`},
		} {
			var alone []string
			s := supplier(t, counting{refusal, func(path string) {
				if strings.Contains(path, "tracking/order/") {
					alone = append(alone, path)
				}
			}})
			news, err := s.Track(t.Context(), []string{"1", "2"})
			require.NoError(t, err, name)
			got := byID(news)
			assert.Equal(t, mip.PlacementInProcess, got["2"].Status, name)
			assert.Equal(t, mip.PlacementShipped, got["1"].Status, name)
			if assert.Len(t, got["1"].Parcels, 1, name) {
				assert.Equal(t, "T1", got["1"].Parcels[0].Number, name)
				assert.Equal(t, "GLS", got["1"].Parcels[0].Carrier, name)
			}
			assert.Len(t, alone, 1, "%s: what has not left has no number", name)
		}
		delete(w, "GET tracking/order/1.json")
		news, err := supplier(t, answers{w, "tracking/order/1.json", 404, `{"code":404,"message":"No tracking found"}`}).Track(t.Context(), []string{"1", "2"})
		require.NoError(t, err, "none yet")
		assert.Len(t, news, 2)
		closed := answers{w, "s.json", 403, `{"code":403,"message":"Access Denied."}`} // tracking/orders
		_, err = supplier(t, answersOf{closed, "tracking/order/1.json"}).Track(t.Context(), []string{"1", "2"})
		require.ErrorIs(t, err, mip.ErrUnauthorized, "a key that may not read numbers says so")
		gone := answers{w, "s.json", 404, `{"code":404,"message":"No route found for \"POST /rest/tracking/orders.json\""}`}
		_, err = supplier(t, answersOf{gone, "tracking/order/1.json"}).Track(t.Context(), []string{"1", "2"})
		require.ErrorIs(t, err, mip.ErrContract, "an endpoint that is gone does not pass for numbers that are not there yet")
	})
}

// answersOf answers one path more in that way.
type answersOf struct {
	answers
	also string
}

func (a answersOf) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Path, a.also) {
		return always(a.status, a.body).RoundTrip(r)
	}
	return a.answers.RoundTrip(r)
}

// answersAll answers every order in that way, and nothing else.
type answersAll struct{ answers }

func (a answersAll) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.Contains(r.URL.Path, "/tracking/") {
		return a.routes.RoundTrip(r)
	}
	return a.answers.RoundTrip(r)
}
