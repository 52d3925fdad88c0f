package woocommerce_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
)

var seeds = flag.Int("seeds", usualSeeds, "how many shops to simulate")

// A shop in which customers buy, change their minds and get money back, while
// the network and the shop fail at random. Once it calms down, everything has
// been seen as it is, and every parcel is shown once.
func TestSimulation(t *testing.T) {
	t.Parallel()
	features := []wootest.Tracking{0, wootest.Fulfillments, wootest.ShipmentTracking, wootest.AdvancedShipmentTracking}
	for seed := range *seeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := &simulation{t: t, r: rand.New(rand.NewPCG(uint64(seed), 1)), seen: map[string]mip.Facts{}, told: map[int64]mip.Status{}} //nolint:gosec // small
				w.shop = wootest.New(wootest.Config{Seed: uint64(seed), Tracking: features[seed%len(features)]})                              //nolint:gosec // small
				w.notes = features[seed%len(features)] == 0
				w.channel = open(t, w.shop)
				w.shop.SetFault(w.fault)
				for range 60 {
					w.step()
					time.Sleep(time.Duration(w.r.IntN(4000)) * time.Millisecond)
				}
				w.shop.SetFault(nil)
				time.Sleep(time.Hour)
				w.settle()
			})
		})
	}
}

type simulation struct {
	t       *testing.T
	r       *rand.Rand
	shop    *wootest.Server
	channel interface {
		mip.Channel
		mip.Getter
	}
	notes bool
	ids   []int64
	next  mip.Cursor
	seen  map[string]mip.Facts
	told  map[int64]mip.Status // what was to be told, whether or not it arrived
}

func (w *simulation) fault(*http.Request) wootest.Fault {
	all := []wootest.Fault{wootest.LoseBefore(), wootest.LoseAfter(), wootest.HangAfter(), wootest.HTML(200), wootest.HTML(403), wootest.HTML(500),
		wootest.HTMLAfter(500), wootest.HTMLAfter(200), wootest.BOM(), wootest.Notice(), wootest.Throttle(429, "3"), wootest.Throttle(503, "2"), wootest.Slow(5 * time.Second)}
	if w.r.IntN(5) > 0 {
		return wootest.Fault{}
	}
	return all[w.r.IntN(len(all))]
}

func (w *simulation) step() {
	if len(w.ids) == 0 || w.r.IntN(3) == 0 {
		w.ids = append(w.ids, w.shop.Buy(wootest.Order{Lines: []wootest.Line{{Quantity: 3}, {SKU: "S2", Quantity: 2}}}))
	}
	id := w.ids[w.r.IntN(len(w.ids))]
	o, _ := w.shop.Order(id)
	_, busy := w.told[id]
	switch w.r.IntN(8) {
	case 0:
		a := wootest.Madrid()
		a.City = fmt.Sprint("City ", w.r.IntN(1000))
		w.shop.EditAddress(id, a)
	case 1:
		if o.Status == "processing" && !busy {
			w.shop.SetStatus(id, []string{"on-hold", "cancelled", "failed"}[w.r.IntN(3)])
		}
	case 2:
		if o.Status == "processing" && !busy && len(o.Refunds) == 0 {
			w.shop.Refund(id, map[int64]int{o.Lines[0].ID: 1})
		}
	case 3:
		if !busy && w.r.IntN(4) == 0 {
			w.shop.Trash(id)
		}
	case 4, 5:
		w.read()
	default:
		if o.Status == "processing" || busy {
			w.report(id, o)
		}
	}
}

// read keeps the cursor only as an engine does: with the page it came with.
func (w *simulation) read() {
	for page, err := range w.channel.Orders(w.t.Context(), w.next) {
		if err != nil {
			return
		}
		for _, f := range page.Orders {
			if old, ok := w.seen[f.Ref.ID]; !ok || !f.UpdatedAt.Before(old.UpdatedAt) {
				w.seen[f.Ref.ID] = f
			}
		}
		if page.Next != "" {
			w.next = page.Next
		}
	}
}

// report tells something new or the same again; with notes, numbers are not
// corrected, since those that were mailed stay.
func (w *simulation) report(id int64, o wootest.Order) {
	s := w.told[id]
	switch {
	case len(s.Parcels) == 0:
		s = shipped(box("p1", fmt.Sprintf("A%d", id), mip.Item{LineID: text(o.Lines[0].ID), Quantity: 2}))
	case len(s.Parcels) == 1 && w.r.IntN(2) == 0:
		s.Parcels = append(s.Parcels[:1:1], box("p2", fmt.Sprintf("B%d", id), mip.Item{LineID: text(o.Lines[1].ID), Quantity: 2}))
	case !w.notes && w.r.IntN(2) == 0:
		first := s.Parcels[0]
		first.Number += "C"
		s.Parcels = append([]mip.Parcel{first}, s.Parcels[1:]...)
	}
	w.told[id] = s
	_ = w.channel.Report(w.t.Context(), ref(id), s)
}

func (w *simulation) settle() {
	for range 3 {
		w.read()
		for id, s := range w.told {
			require.NoError(w.t, w.channel.Report(w.t.Context(), ref(id), s))
		}
		time.Sleep(time.Minute)
	}
	writes := len(w.shop.Writes())
	for id, s := range w.told {
		require.NoError(w.t, w.channel.Report(w.t.Context(), ref(id), s))
		var want, got []string
		for _, p := range s.Parcels {
			want = append(want, p.Number)
		}
		for _, p := range (&platform{Server: w.shop}).Shown(text(id)).Parcels {
			got = append(got, p.Number)
		}
		assert.ElementsMatch(w.t, want, got, "every parcel is shown, once")
	}
	assert.Len(w.t, w.shop.Writes(), writes, "told once more, nothing is written")
	w.read()
	for _, id := range w.ids {
		fresh, err := w.channel.Order(w.t.Context(), text(id))
		require.NoError(w.t, err)
		assert.Equal(w.t, fresh, w.seen[text(id)], "order %d was seen as it is", id)
	}
}
