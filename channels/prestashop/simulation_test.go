package prestashop_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/prestashop"
	"github.com/openmip/openmip/channels/prestashop/prestatest"
	"github.com/openmip/openmip/mip"
)

// A shop in which customers buy, change their minds and get money back, while
// the network and the shop fail at random. Once it calms down, everything has
// been seen as it is, every parcel is shown once, and every state was posted
// once.
func TestSimulation(t *testing.T) {
	t.Parallel()
	for seed := range uint64(shops) {
		t.Run(fmt.Sprint("seed ", seed), func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				r := rand.New(rand.NewPCG(seed, 1)) //nolint:gosec // small
				w := &simulation{t: t, r: r, seen: map[string]mip.Facts{}, told: map[int]mip.Status{},
					shop: prestatest.New(prestatest.Config{RawAddressEdits: seed%2 == 0, Language: "pl", Carriers: []string{"0", "Correos"}[:1+seed%2]})}
				if seed%3 == 0 { // into the night in which the clock is put back
					time.Sleep(time.Until(time.Date(2000, 10, 28, 23, 50, 0, 0, time.UTC)))
				}
				w.channel = open(t, w.shop)
				w.shop.FailAll(w.fault)
				for range 60 {
					w.step()
					time.Sleep(time.Duration(r.IntN(120)) * time.Second)
				}
				w.shop.FailAll(nil)
				time.Sleep(3 * time.Hour)
				w.settle()
			})
		})
	}
}

type simulation struct {
	t       *testing.T
	r       *rand.Rand
	shop    *prestatest.Server
	channel *prestashop.Shop
	ids     []int
	next    mip.Cursor
	seen    map[string]mip.Facts
	told    map[int]mip.Status // what was to be told, whether or not it arrived
}

func (w *simulation) fault(*http.Request) prestatest.Fault {
	all := []prestatest.Fault{{Lost: prestatest.Before}, {Lost: prestatest.After}, {Lost: prestatest.After, Hang: true}, prestatest.HTML(200),
		prestatest.HTML(403), prestatest.HTML(404), prestatest.HTML(500), prestatest.HTMLAfter(500), prestatest.HTMLAfter(200), prestatest.Notice(), prestatest.Throttle("3"),
		{Delay: 5 * time.Second}}
	if w.r.IntN(8) > 0 {
		return prestatest.Fault{}
	}
	return all[w.r.IntN(len(all))]
}

func (w *simulation) step() {
	if len(w.ids) == 0 || w.r.IntN(3) == 0 {
		w.ids = append(w.ids, w.shop.Buy(prestatest.Order{Slots: w.r.IntN(3) - 1, Lines: []prestatest.Line{{Quantity: 3}, {Reference: "S2", Quantity: 2}}}))
	}
	id := w.ids[w.r.IntN(len(w.ids))]
	st, _ := w.shop.State(id)
	_, busy := w.told[id]
	switch w.r.IntN(8) {
	case 0:
		a := prestatest.Madrid()
		a.City = fmt.Sprint("City ", w.r.IntN(1000))
		w.shop.EditAddress(id, a)
	case 1:
		if st.State == prestatest.Paid && !busy {
			w.shop.SetState(id, []int{prestatest.Transfer, prestatest.Cancelled, prestatest.Failed}[w.r.IntN(3)])
		}
	case 2:
		if st.State == prestatest.Paid && !busy && st.Refunded[0] == 0 {
			w.shop.Refund(id, map[string]int{st.LineIDs[0]: 1})
		}
	case 3, 4, 5:
		w.read()
	default:
		if st.State == prestatest.Paid || busy {
			w.report(id)
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
func (w *simulation) report(id int) {
	s := w.told[id]
	switch {
	case len(s.Parcels) == 0:
		s = shipped(box("p1", fmt.Sprint("A", id)))
	case len(s.Parcels) == 1 && w.r.IntN(2) == 0:
		s.Parcels = append(s.Parcels[:1:1], box("p2", fmt.Sprint("B", id)))
	case w.r.IntN(2) == 0:
		first := s.Parcels[0]
		first.Number += "C"
		s.Parcels = append([]mip.Parcel{first}, s.Parcels[1:]...)
	default:
		s.State = mip.StateDelivered
	}
	w.told[id] = s
	_ = w.channel.Report(w.t.Context(), ref(id), s)
}

func (w *simulation) settle() {
	for range 2 {
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
		st, _ := w.shop.State(id)
		posts := map[int]int{}
		for _, state := range st.History {
			posts[state]++
		}
		assert.LessOrEqual(w.t, posts[prestatest.Shipped], 1, "every state is posted once")
		assert.LessOrEqual(w.t, posts[prestatest.Delivered], 1, "every state is posted once")
	}
	assert.Len(w.t, w.shop.Writes(), writes, "told once more, nothing is written")
	w.read()
	for _, id := range w.ids {
		fresh, err := w.channel.Order(w.t.Context(), text(id))
		require.NoError(w.t, err)
		seen := w.seen[text(id)]
		fresh.UpdatedAt, fresh.CreatedAt, seen.UpdatedAt, seen.CreatedAt = time.Time{}, time.Time{}, time.Time{}, time.Time{}
		assert.Equal(w.t, fresh, seen, "order %d was seen as it is", id)
	}
}
