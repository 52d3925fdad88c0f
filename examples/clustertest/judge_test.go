//go:build unix

package clustertest_test

import (
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/mip"
)

func (s sale) ref() mip.Ref { return mip.Ref{Channel: "shop", ID: strconv.FormatInt(s.id, 10)} }

// open returns how many sales of now have not been delivered.
func (c *cluster) open(t *testing.T) int {
	counts, err := c.store.Counts(t.Context())
	if err != nil {
		return len(c.sales) // the database is away
	}
	return len(c.sales) - counts[mip.StateDelivered]
}

// rest reports whether nothing will happen any more, unless a person decides.
func (c *cluster) rest(t *testing.T) bool {
	held := 0
	for _, s := range c.sales {
		if s.held {
			held++
		}
	}
	if counts, err := c.store.Counts(t.Context()); err != nil || counts[mip.StateDelivered]+counts[mip.StatePendingReview] < len(c.sales) || counts[mip.StatePendingReview] < held {
		return false
	}
	for o, err := range c.store.Orders(t.Context(), mip.Query{}) {
		if err != nil || !rests(o) {
			return false
		}
	}
	return true
}

func rests(o mip.Order) bool {
	unsettled := slices.ContainsFunc(o.Attempts, func(a mip.Attempt) bool { return !a.InFlight() && !a.Settled && !a.SentAt.IsZero() })
	told := o.Status().State == "" || o.Status().Equal(o.Reported)
	checking := slices.ContainsFunc(o.Findings, func(f mip.Finding) bool { return f.Code == mip.CodeChecking })
	return told && !unsettled && !checking && (o.State == mip.StateDelivered || o.State == mip.StatePendingReview)
}

// unrest fails with what does not come to rest.
func (c *cluster) unrest(t *testing.T) {
	for o, err := range c.store.Orders(t.Context(), mip.Query{}) {
		require.NoError(t, err)
		if !rests(o) {
			waiting, err := c.store.Waiting(t.Context(), o.Ref)
			t.Errorf("%s does not come to rest: %s for %v\nwaiting: %+v %v\nattempts: %+v", o.Ref, o.State, mip.Codes(o.Findings), waiting, err, o.Attempts)
		}
	}
	require.FailNow(t, "not everything came to rest in time", "%d orders are open", c.open(t))
}

// judge compares the database, BigBuy's books and the shop.
func (c *cluster) judge(t *testing.T) {
	bought := map[string]map[string]int{} // pieces by attempt's reference without its generation
	known := map[string]bool{}
	refs := map[string]string{}
	for _, s := range c.sales {
		refs[mip.Reference(s.ref(), 1)] = s.ref().ID
	}
	var paid mip.Money
	for _, b := range c.supplier.Orders() {
		first, _, _ := strings.Cut(b.Reference, "--")
		id := refs[first]
		require.NotEmpty(t, id, "BigBuy has an order for nobody: %s", b.Reference)
		if bought[id] == nil {
			bought[id] = map[string]int{}
		}
		for _, it := range b.Items {
			bought[id][it.SKU] += it.Quantity
		}
		paid = add(t, paid, b.Total)
	}
	shipped := map[string]int{}
	completed := map[string]int{}
	for _, w := range c.shop.Writes() {
		id, posted := strings.CutSuffix(w.Route, "/shipment-trackings")
		id = id[strings.LastIndex(id, "/")+1:]
		if posted {
			shipped[id]++
		} else if strings.Contains(w.Body, "completed") {
			completed[id]++
		}
	}
	for _, s := range c.sales {
		o, err := c.store.Order(t.Context(), s.ref())
		require.NoError(t, err, "an order was lost")
		what := fmt.Sprintf("order %s, %s for %v", o.Ref.ID, o.State, mip.Codes(o.Holding()))
		if s.held {
			assert.Equal(t, []string{"product.inactive"}, mip.Codes(o.Holding()), what)
			assert.Empty(t, bought[o.Ref.ID], what)
			continue
		}
		assert.Equal(t, mip.StateDelivered, o.State, what)
		assert.Equal(t, s.pieces, bought[o.Ref.ID], "%s: bought", what)
		assert.Equal(t, 1, completed[o.Ref.ID], "%s: times completed", what)
		numbers := 0
		for _, p := range o.Placements {
			known[p.ID] = true
			numbers += len(p.Parcels)
		}
		shown, _ := c.shop.Order(s.id)
		assert.Equal(t, "completed", shown.Status, what)
		assert.Positive(t, numbers, what)
		assert.Len(t, shown.Trackings, numbers, what)
		assert.Equal(t, numbers, shipped[o.Ref.ID], "%s: numbers written", what)
	}
	for _, b := range c.supplier.Orders() {
		assert.True(t, known[b.ID], "BigBuy's order %s is followed by nobody", b.ID)
	}
	c.money(t, paid)
	c.budget(t)
}

// money: nothing is set aside any more, and what was settled is what BigBuy
// took.
func (c *cluster) money(t *testing.T, paid mip.Money) {
	all, err := c.store.Reservations(t.Context(), "wallet", time.Time{})
	require.NoError(t, err)
	var settled mip.Money
	for _, r := range all {
		assert.NotEqual(t, mip.ReservationOpen, r.State, "%s is still set aside for %s", r.Amount, r.Key)
		if r.State == mip.ReservationSettled {
			settled = add(t, settled, r.Actual)
		}
	}
	assert.True(t, settled.Equal(paid), "settled were %s, BigBuy took %s", settled, paid)
}

func add(t *testing.T, a, b mip.Money) mip.Money {
	sum, err := a.Add(b)
	require.NoError(t, err)
	return sum
}

// budget: BigBuy refused no call. Only a process that was frozen between its
// turn and its call may come at the wrong time, right after it thaws.
func (c *cluster) budget(t *testing.T) {
	for _, call := range c.supplier.Calls() {
		thawing := slices.ContainsFunc(c.thaws, func(at time.Time) bool { return call.At.After(at) && call.At.Sub(at) < time.Second })
		if call.Status == http.StatusTooManyRequests && !thawing {
			assert.NoError(t, errors.New("a call too many"), "%s at %s", call.Route, call.At)
		}
	}
}
