package magento_test

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

	"github.com/openmip/openmip/channels/magento"
	"github.com/openmip/openmip/channels/magento/magentest"
	"github.com/openmip/openmip/mip"
)

var seeds = flag.Int("seeds", usualSeeds, "how many shops to simulate")

// A shop in which customers buy, change their minds and get money back, while
// the network and the shop fail at random. Once it calms down, everything has
// been seen as it is, every number is shown once, and no piece left twice.
func TestSimulation(t *testing.T) {
	t.Parallel()
	for seed := range *seeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := &simulation{t: t, r: rand.New(rand.NewPCG(uint64(seed), 7)), seen: map[string]mip.Facts{}, told: map[int64]mip.Status{}} //nolint:gosec // small
				w.shop = magentest.New(magentest.Config{Seed: uint64(seed), Version: magentest.Version(seed % 2), TextIDs: seed%3 == 0})      //nolint:gosec // small
				w.channel = open(t, w.shop, func(c *magento.Config) { c.PageSize = 3 })
				w.shop.SetFault(w.fault)
				for range 80 {
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
	shop    *magentest.Server
	channel *magento.Shop
	next    mip.Cursor
	seen    map[string]mip.Facts
	told    map[int64]mip.Status // what was to be told, whether or not it arrived
}

func (w *simulation) fault(*http.Request) magentest.Fault {
	all := []magentest.Fault{magentest.LoseBefore(), magentest.LoseAfter(), magentest.HangAfter(), magentest.HTML(200), magentest.HTML(403),
		magentest.HTML(404), magentest.HTMLAfter(503), magentest.HTMLAfter(200), magentest.Crash(true), magentest.Crash(false),
		magentest.Throttle(429, "3"), magentest.Throttle(503, "2")}
	if w.r.IntN(5) > 0 {
		return magentest.Fault{}
	}
	return all[w.r.IntN(len(all))]
}

func (w *simulation) step() {
	all := w.shop.IDs()
	if len(all) == 0 || w.r.IntN(3) == 0 {
		w.shop.Buy(magentest.Order{Invoiced: w.r.IntN(2) == 0, Items: []magentest.Item{{Ordered: "3"}, {SKU: "S2", Ordered: "2"}}})
		return
	}
	id := all[w.r.IntN(len(all))]
	o, _ := w.shop.Order(id)
	_, busy := w.told[id]
	switch w.r.IntN(8) {
	case 0:
		if o.State == "processing" || o.State == "holded" {
			a := magentest.Madrid()
			a.City = fmt.Sprint("City ", w.r.IntN(1000))
			w.shop.EditAddress(id, a)
		}
	case 1:
		if o.State == "processing" && !busy {
			w.shop.SetState(id, []string{"holded", "canceled", "payment_review"}[w.r.IntN(3)])
		}
	case 2:
		if o.State == "processing" && !busy && o.Items[0].Refunded == 0 {
			w.shop.Refund(id, map[int64]int{o.Items[0].ID: 1})
		}
	case 3, 4, 5:
		w.read()
	default:
		if o.State == "processing" || busy {
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

// report tells something new or the same again.
func (w *simulation) report(id int64, o magentest.Order) {
	s := w.told[id]
	switch {
	case len(s.Parcels) == 0:
		s = shipped(box("p1", fmt.Sprintf("A%d", id), pieces(o.Items[0], 2)))
	case len(s.Parcels) == 1 && w.r.IntN(2) == 0:
		s.Parcels = append(s.Parcels[:1:1], box("p2", fmt.Sprintf("B%d", id), pieces(o.Items[1], 2)))
	case len(s.Parcels) == 2 && w.r.IntN(3) == 0:
		s.Parcels = append(s.Parcels[:2:2], box("p3", fmt.Sprintf("C%d", id)))
	case w.r.IntN(2) == 0:
		first := s.Parcels[0]
		first.Number += "x"
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
		for _, p := range (platform{w.shop}).Shown(text(id)).Parcels {
			got = append(got, p.Number)
		}
		assert.ElementsMatch(w.t, want, got, "every number is shown, once")
		o, _ := w.shop.Order(id)
		sent := 0
		for _, sh := range o.Shipments {
			sent += sh.Items[o.Items[0].ID]
		}
		if len(s.Parcels) < 3 {
			assert.Equal(w.t, 2, sent, "two lamps leave, however often it is told")
		}
	}
	assert.Len(w.t, w.shop.Writes(), writes, "told once more, nothing is written")
	time.Sleep(time.Hour) // after which open orders are read again
	w.read()
	for _, id := range w.shop.IDs() {
		fresh, err := w.channel.Order(w.t.Context(), text(id))
		require.NoError(w.t, err)
		assert.Equal(w.t, fresh, w.seen[text(id)], "order %d was seen as it is", id)
	}
}
