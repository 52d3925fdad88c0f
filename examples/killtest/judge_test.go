//go:build unix

package killtest_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/bigbuy/bigbuytest"
	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/sqlite"
)

// lookUp is the person who is asked about purchases of which the program knows
// a part only, because BigBuy shows one order of several under a reference. On
// BigBuy's own pages are the others, and their ids.
func (o *outside) lookUp(t *testing.T, file string) {
	store, err := sqlite.Open(sqlite.Config{Path: file})
	require.NoError(t, err)
	defer store.Close()
	eng, err := join(store, o.shopURL, o.bigbuyURL, nil)
	require.NoError(t, err)
	doubtful := 0
	for _, s := range o.sales {
		ref := mip.Ref{Channel: "shop", ID: strconv.FormatInt(s.id, 10)}
		order, err := store.Order(t.Context(), ref)
		require.NoError(t, err)
		if !slices.Contains(mip.Codes(order.Holding()), mip.CodeOutcomeUnknown) {
			continue
		}
		doubtful++
		require.Equal(t, "split", s.kind, "order %s is in doubt without a reason", ref.ID)
		linked := 0
		for _, b := range o.books(s) {
			if !slices.ContainsFunc(order.Placements, func(p mip.Placement) bool { return p.ID == b.ID }) {
				_, err = eng.Link(t.Context(), ref, person, b.ID)
				require.NoError(t, err)
				linked++
			}
		}
		if linked == 0 { // there is no other: what was refused is bought again
			_, err = eng.Override(t.Context(), ref, person, mip.CodeOutcomeUnknown, "lines", "it is not on BigBuy's pages")
			require.NoError(t, err)
		}
	}
	t.Logf("purchases in doubt until a person looked: %d", doubtful)
}

// judge looks at the file, at BigBuy's books and at the shop, and compares.
func (o *outside) judge(t *testing.T, file string) {
	store, err := sqlite.Open(sqlite.Config{Path: file})
	require.NoError(t, err)
	defer store.Close()
	require.NoError(t, store.Check(t.Context()), "the file is sound")
	states := map[string]int{}
	for _, s := range o.sales {
		ref := mip.Ref{Channel: "shop", ID: strconv.FormatInt(s.id, 10)}
		order, err := store.Order(t.Context(), ref)
		require.NoError(t, err, "an order was lost")
		what := fmt.Sprintf("order %s (%s), %s for %v", ref.ID, s.kind, order.State, mip.Codes(order.Holding()))
		states[s.kind+" "+string(order.State)]++
		o.outcome(t, what, s, order)
		o.bought(t, what, s, order)
		o.told(t, what, s, order)
		history(t, what, store, ref)
	}
	o.money(t, store)
	t.Log(states)
}

// outcome: every order arrived, or says why not.
func (o *outside) outcome(t *testing.T, what string, s sale, order mip.Order) {
	if s.kind == "obsolete" {
		assert.Equal(t, mip.StatePendingReview, order.State, what)
		assert.Equal(t, []string{"product.inactive"}, mip.Codes(order.Holding()), what)
	} else {
		assert.Equal(t, mip.StateDelivered, order.State, what)
		assert.Empty(t, order.OpenItems(), what)
	}
	assert.False(t, order.InFlight(), "%s: an attempt is open", what)
}

// books are BigBuy's orders for a sale, under whatever reference.
func (o *outside) books(s sale) []bigbuytest.Order {
	own := mip.Reference(mip.Ref{Channel: "shop", ID: strconv.FormatInt(s.id, 10)}, 1)
	return slices.DeleteFunc(o.supplier.Orders(), func(b bigbuytest.Order) bool {
		return b.Reference != own && !strings.HasPrefix(b.Reference, own+"--")
	})
}

// bought: never more than was sold, and what is called delivered in full.
func (o *outside) bought(t *testing.T, what string, s sale, order mip.Order) {
	pieces := map[string]int{}
	known := map[string]bool{}
	for _, p := range order.Placements {
		known[p.ID] = true
	}
	for _, b := range o.books(s) {
		for _, it := range b.Items {
			pieces[it.SKU] += it.Quantity
		}
		assert.True(t, known[b.ID], "%s: BigBuy's order %s is followed by nobody", what, b.ID)
	}
	for sku, n := range pieces {
		assert.LessOrEqual(t, n, s.pieces[sku], "%s: %s was bought twice", what, sku)
	}
	if order.State == mip.StateDelivered {
		assert.Equal(t, s.pieces, pieces, what)
	}
}

// told: the shop shows every number once, was told of each once, and was
// completed once.
func (o *outside) told(t *testing.T, what string, s sale, order mip.Order) {
	shown, _ := o.shop.Order(s.id)
	var want, got []string
	for _, p := range order.Placements {
		for _, parcel := range p.Parcels {
			want = append(want, parcel.Number)
		}
	}
	for _, item := range shown.Trackings {
		got = append(got, item.Number)
	}
	assert.ElementsMatch(t, want, got, "%s: the numbers that the shop shows", what)
	completed, posted := 0, 0
	for _, c := range o.shop.Writes() {
		if strings.HasSuffix(c.Route, fmt.Sprintf("/orders/%d", s.id)) && strings.Contains(c.Body, "completed") {
			completed++
		}
		if strings.HasSuffix(c.Route, fmt.Sprintf("/orders/%d/shipment-trackings", s.id)) {
			posted++
		}
	}
	assert.Equal(t, len(want), posted, "%s: numbers written", what)
	if order.State == mip.StateDelivered {
		assert.NotEmpty(t, want, what)
		assert.Equal(t, "completed", shown.Status, what)
		assert.Equal(t, 1, completed, "%s: times completed", what)
	} else {
		assert.Equal(t, "processing", shown.Status, what)
	}
}

// money: nothing is set aside any more, and what was settled is what BigBuy
// took.
func (o *outside) money(t *testing.T, store *sqlite.Store) {
	all, err := store.Reservations(t.Context(), "wallet", time.Time{})
	require.NoError(t, err)
	for _, r := range all {
		assert.NotEqual(t, mip.ReservationOpen, r.State, "%s is still set aside for %s", r.Amount, r.Key)
	}
	for _, s := range o.sales {
		settled, paid := mip.EUR(0), mip.EUR(0)
		ref := mip.Ref{Channel: "shop", ID: strconv.FormatInt(s.id, 10)}
		for _, r := range all {
			if r.Ref == ref && r.State == mip.ReservationSettled {
				settled = add(t, settled, r.Actual)
			}
		}
		for _, b := range o.books(s) {
			paid = add(t, paid, b.Total)
		}
		order, err := store.Order(t.Context(), ref)
		require.NoError(t, err)
		h, err := store.History(t.Context(), ref)
		require.NoError(t, err)
		assert.True(t, settled.Equal(paid), "%s: settled were %s, BigBuy took %s\nattempts: %+v\nplacements: %+v\nquote: %+v\nhistory: %+v",
			ref, settled, paid, order.Attempts, order.Placements, order.Quote, h)
	}
}

func add(t *testing.T, a, b mip.Money) mip.Money {
	sum, err := a.Add(b)
	require.NoError(t, err)
	return sum
}

// history: every step is in the table, and none is missing.
func history(t *testing.T, what string, store *sqlite.Store, ref mip.Ref) {
	h, err := store.History(t.Context(), ref)
	require.NoError(t, err)
	require.NotEmpty(t, h, what)
	state := mip.State("")
	for _, c := range h {
		assert.Equal(t, state, c.From, "%s: a step is missing before %s", what, c.Event)
		assert.True(t, c.Ignored || c.From == c.To || slices.Contains(mip.Transitions(), mip.Transition{From: c.From, On: c.Event, To: c.To}),
			"%s: %q on %s became %q", what, c.From, c.Event, c.To)
		state = c.To
	}
}

// unrest fails with what does not come to rest.
func (o *outside) unrest(t *testing.T, file string) {
	store, err := sqlite.Open(sqlite.Config{Path: file})
	require.NoError(t, err)
	defer store.Close()
	for order, err := range store.Orders(t.Context(), mip.Query{}) {
		require.NoError(t, err)
		if rests(order) {
			continue
		}
		waiting, err := store.Waiting(t.Context(), order.Ref)
		require.NoError(t, err)
		h, err := store.History(t.Context(), order.Ref)
		require.NoError(t, err)
		t.Errorf("%s does not come to rest: %s for %v\nwaiting: %+v\nattempts: %+v\nplacements: %+v\nhistory: %+v",
			order.Ref, order.State, mip.Codes(order.Findings), waiting, order.Attempts, order.Placements, h)
	}
	require.FailNow(t, "not everything came to rest")
}
