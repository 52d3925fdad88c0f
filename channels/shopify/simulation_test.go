package shopify_test

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/shopify/shopifytest"
	"github.com/openmip/openmip/mip"
)

var seeds = flag.Int("seeds", usualSeeds, "how many shops to simulate")

// A shop in which buyers buy and get money back, merchants hold, release and
// cancel, and suppliers correct their numbers, while the network and the shop
// fail at random. Once it calms down, everything has been seen as it is, and
// every number is shown where its parcel is.
func TestSimulation(t *testing.T) {
	t.Parallel()
	for seed := range *seeds {
		t.Run(fmt.Sprintf("seed %d", seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w := &simulation{t: t, r: rand.New(rand.NewPCG(uint64(seed), 7)), seen: map[string]mip.Facts{}, told: map[int64]mip.Status{}} //nolint:gosec // small
				w.shop = world(t, shopifytest.Config{Lag: 5 * time.Second, Routing: time.Duration(seed%3) * 20 * time.Second, TokenLife: 5 * time.Minute})
				w.channel = open(t, w.shop, withClient)
				w.shop.SetFault(w.fault)
				for range 80 {
					w.step()
					time.Sleep(time.Duration(w.r.IntN(20_000)) * time.Millisecond)
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
	shop    *shopifytest.Server
	channel interface {
		mip.Channel
		mip.Getter
		mip.Canceller
	}
	ids  []int64
	next mip.Cursor
	seen map[string]mip.Facts
	told map[int64]mip.Status // what was to be told, whether or not it arrived
}

func (w *simulation) fault(*http.Request) shopifytest.Fault {
	all := []shopifytest.Fault{shopifytest.LoseBefore(), shopifytest.LoseAfter(), shopifytest.HangAfter(), shopifytest.HTML(200), shopifytest.HTML(502),
		{Status: 502, Applied: true}, {Status: 200, Body: `{"data":{}}`, Applied: true}, shopifytest.Errors("THROTTLED"), shopifytest.Errors("INTERNAL_SERVER_ERROR"),
		shopifytest.Refuse(429), shopifytest.Refuse(423), {Delay: 5 * time.Second}}
	if w.r.IntN(5) > 0 {
		return shopifytest.Fault{}
	}
	return all[w.r.IntN(len(all))]
}

func (w *simulation) step() {
	if len(w.ids) == 0 || w.r.IntN(4) == 0 {
		o := shopifytest.Order{Lines: []shopifytest.Line{{Quantity: 3, Places: map[int64]int{1: 1, 2: 2}}, {SKU: "S2", Quantity: 2}}}
		if w.r.IntN(3) == 0 {
			o.Hold = "ON_HOLD"
		}
		w.ids = append(w.ids, w.shop.Buy(o))
	}
	n := w.ids[w.r.IntN(len(w.ids))]
	o, _ := w.shop.Order(n)
	switch w.r.IntN(10) {
	case 0:
		w.shop.Edit(n, func(o *shopifytest.Order) { o.Note = fmt.Sprint("note ", w.r.IntN(100)) })
	case 1:
		w.shop.Refund(n, map[int64]int{o.Lines[w.r.IntN(2)].ID: 1})
	case 2:
		w.shop.Hold(n, []string{"ON_HOLD", "OPEN"}[w.r.IntN(2)])
	case 3:
		if w.r.IntN(4) == 0 {
			w.shop.Cancel(n)
		}
	case 4, 5, 6:
		w.news(n, o)
		_ = w.channel.Report(w.t.Context(), ref(n), w.told[n])
	default:
		w.poll()
	}
}

// news adds a parcel, or corrects a number.
func (w *simulation) news(n int64, o shopifytest.Order) {
	s := w.told[n]
	s.State, s.Parcels = mip.StateShipped, slices.Clone(s.Parcels)
	if k := len(s.Parcels); k == 0 || k < 3 && w.r.IntN(2) == 0 {
		p := box(fmt.Sprint("box", k), fmt.Sprintf("N%d-%d", n, k))
		if w.r.IntN(3) > 0 {
			p.Items = []mip.Item{{LineID: id(o.Lines[k%2].ID), Quantity: 1 + w.r.IntN(2)}}
		}
		s.Parcels = append(s.Parcels, p)
	} else if w.r.IntN(2) == 0 {
		s.Parcels[0].Number += "+"
	}
	w.told[n] = s
}

func (w *simulation) poll() {
	for page, err := range w.channel.Orders(w.t.Context(), w.next) {
		if err != nil {
			return
		}
		for _, f := range page.Orders {
			if old, known := w.seen[f.Ref.ID]; !known || !f.UpdatedAt.Before(old.UpdatedAt) {
				w.seen[f.Ref.ID] = f
			}
		}
		if page.Next != "" {
			w.next = page.Next
		}
	}
}

func (w *simulation) settle() {
	refusals := map[int64]bool{}
	for n, s := range w.told {
		w.shop.Hold(n, "OPEN")
		if err := w.channel.Report(w.t.Context(), ref(n), s); err != nil {
			require.ErrorIs(w.t, err, mip.ErrRefused)
			refusals[n] = true
		}
	}
	writes := len(w.shop.Writes())
	for n, s := range w.told {
		if !refusals[n] {
			require.NoError(w.t, w.channel.Report(w.t.Context(), ref(n), s))
		}
	}
	assert.Len(w.t, w.shop.Writes(), writes, "what is there is not written again")
	time.Sleep(time.Hour)
	w.poll()
	for _, n := range w.ids {
		f, err := w.channel.Order(w.t.Context(), id(n))
		require.NoError(w.t, err)
		assert.Equal(w.t, f, w.seen[id(n)])
		w.shows(n, refusals[n])
	}
}

// shows looks at what the buyer of one order sees.
func (w *simulation) shows(n int64, refused bool) {
	o, _ := w.shop.Order(n)
	shown, pieces := map[string]bool{}, map[int64]int{}
	for _, sh := range o.Shipments {
		for _, t := range sh.Tracks {
			shown[t.Number] = true
		}
		for _, l := range sh.Lines {
			pieces[l.LineID] += l.Quantity
		}
	}
	for _, l := range o.Lines {
		assert.LessOrEqual(w.t, pieces[l.ID], l.Quantity)
	}
	told := map[string]bool{}
	for _, p := range w.told[n].Parcels {
		told[p.Number] = true
	}
	if !refused {
		assert.Equal(w.t, told, shown, "order %d", n)
	}
}
