package magento_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/magento"
	"github.com/openmip/openmip/channels/magento/magentest"
	"github.com/openmip/openmip/mip"
)

func ids(orders []mip.Facts) map[string]int {
	out := map[string]int{}
	for _, f := range orders {
		out[f.Ref.ID]++
	}
	return out
}

// Orders of one second come in another order with every query, and 2.3 gives
// its last page again to whoever asks for more.
func TestPagesEndAndMissNothing(t *testing.T) {
	for name, version := range map[string]magentest.Version{"2.3": magentest.V23, "2.4": magentest.V24} {
		for _, n := range []int{0, 1, 9, 10, 11, 20, 30, 57} {
			shop := magentest.New(magentest.Config{Version: version})
			for i := range n {
				shop.Buy(magentest.Order{Updated: time.Now().UTC().Truncate(time.Second).Add(-time.Duration(i%3) * time.Second)})
			}
			got := ids(all(t, open(t, shop, func(c *magento.Config) { c.PageSize = 10 }), ""))
			assert.Len(t, got, n, "%s with %d orders", name, n)
			for id, times := range got {
				assert.Equal(t, 1, times, "order %s in %s with %d", id, name, n)
			}
			assert.Equal(t, max(1, (n+9)/10), shop.Count("GET", "/orders"), "%s: requests for %d orders", name, n)
			for _, c := range shop.Calls() {
				assert.Contains(t, c.Query, "searchCriteria[currentPage]=1 ", "later pages are never asked for")
				assert.Contains(t, c.Query, "searchCriteria[pageSize]=10")
			}
		}
	}
}

func TestOnlyTheAccountsStoreViewsAreRead(t *testing.T) {
	shop := magentest.New(magentest.Config{Views: map[string]int64{"es": 1, "pl": 2, "de": 3}})
	var bought []int64
	for i := range 30 {
		bought = append(bought, shop.Buy(magentest.Order{Store: int64(1 + i%3)}))
	}
	c := open(t, shop, func(c *magento.Config) { c.StoreView, c.Stores, c.PageSize = "pl", []int64{2, 3}, 7 })
	assert.Len(t, ids(all(t, c, "")), 20)
	_, err := c.Order(t.Context(), text(bought[1]))
	require.NoError(t, err)
	_, err = c.Order(t.Context(), text(bought[0]))
	assert.Equal(t, mip.ErrNotFound, mip.KindOf(err), "another account's")
	assert.Equal(t, mip.ErrNotFound, mip.KindOf(c.Report(t.Context(), ref(bought[0]), shipped(box("1", "N1")))))
	for _, call := range shop.Calls() {
		assert.Equal(t, "pl", call.View)
	}
}

// A database whose zone is set wrong writes times hours before or after UTC.
func TestTheDatabasesClockCounts(t *testing.T) {
	for _, shift := range []time.Duration{-5 * time.Hour, 2 * time.Hour} {
		synctest.Test(t, func(t *testing.T) {
			shop := magentest.New(magentest.Config{Shift: shift})
			c := open(t, shop)
			seen, since := map[string]int{}, mip.Cursor("")
			for range 8 {
				shop.Buy(magentest.Order{})
				for page, err := range c.Orders(t.Context(), since) {
					require.NoError(t, err)
					for id := range ids(page.Orders) {
						seen[id]++
					}
					if page.Next != "" {
						since = page.Next
					}
				}
				shop.Buy(magentest.Order{}) // in the second of the reading
				time.Sleep(10 * time.Minute)
			}
			all(t, c, since)
			assert.Len(t, shop.IDs(), 16)
			for page, err := range c.Orders(t.Context(), since) {
				require.NoError(t, err)
				for id := range ids(page.Orders) {
					seen[id]++
				}
			}
			assert.Len(t, seen, 16, "shifted by %s", shift)
		})
	}
}

// A module that writes its own zone's time dates one order hours ahead.
func TestAnOrderDatedAheadHidesNoOtherChange(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := magentest.New(magentest.Config{})
		c := open(t, shop)
		id := shop.Buy(magentest.Order{})
		shop.Buy(magentest.Order{Updated: time.Now().Add(3 * time.Hour)})
		_, next := poll(t, c, "")
		time.Sleep(30 * time.Minute)
		shop.SetState(id, "canceled")
		for range 5 {
			got, then := poll(t, c, next)
			if f, ok := got[text(id)]; ok && f.Demand == mip.DemandCancel {
				return
			}
			next = then
			time.Sleep(time.Hour)
		}
		t.Error("a cancellation that is never heard of")
	})
}

func TestCursors(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := magentest.New(magentest.Config{})
		old := shop.Buy(magentest.Order{})
		time.Sleep(40 * 24 * time.Hour)
		mid := shop.Buy(magentest.Order{})
		time.Sleep(20 * 24 * time.Hour)
		late := shop.Buy(magentest.Order{})
		c := open(t, shop)
		assert.Equal(t, map[string]int{text(mid): 1, text(late): 1}, ids(all(t, c, "")), "the first reading looks back 30 days")
		assert.Len(t, all(t, open(t, shop, func(c *magento.Config) { c.LookBack = time.Hour }), ""), 1)
		assert.Contains(t, ids(all(t, c, c.CursorAt(time.Now().AddDate(-1, 0, 0)))), text(old))

		at := c.CursorAt(time.Date(2000, 1, 2, 3, 4, 5, 999, time.FixedZone("", 3600)))
		assert.Equal(t, mip.Cursor("mag1|2000-01-02 02:04:05"), at)
		all(t, c, at)
		calls := shop.Calls()
		assert.Contains(t, calls[len(calls)-1].Query, "[value]=2000-01-02 02:02:05", "two minutes before, in UTC")

		for _, foreign := range []mip.Cursor{"x", "mag2|2000-01-02 02:04:05", "mag1|today", "mag1|2000-01-02 02:04:05|today", "2000-01-02 02:04:05",
			"mag2|2000-01-02 02:04:05|today", "mag2|2000-01-02 02:04:05|2000-01-02 02:04:05|today", "mag1|2000-01-02 02:04:05|2000-01-02 02:04:05|2000-01-02 02:04:05"} {
			for _, err := range c.Orders(t.Context(), foreign) {
				assert.ErrorIs(t, err, mip.ErrInvalid, foreign)
			}
		}

		for page, err := range c.Orders(t.Context(), c.CursorAt(time.Now().Add(time.Minute))) {
			require.NoError(t, err)
			if page.Next != "" {
				assert.True(t, strings.HasPrefix(string(page.Next), string(c.CursorAt(time.Now().Add(time.Minute)))), "who asks for what comes later waits for it: %s", page.Next)
			}
		}
	})
}

func TestListsThatAreNone(t *testing.T) {
	order := `{"entity_id":7,"increment_id":"7","state":"processing","order_currency_code":"EUR","grand_total":1,"shipping_amount":0,"updated_at":"UPDATED","created_at":"2026-11-23 08:00:00","items":[{"item_id":1,"qty_ordered":1,"row_total":1}]}`
	good := strings.Replace(order, "UPDATED", "2026-11-23 08:00:00", 1)
	for _, c := range []struct {
		name, body string
		kind       error
		orders     int
	}{
		{"a list", `{"items":[` + good + `],"total_count":1}`, nil, 1},
		{"a count as text behind a byte order mark", "\ufeff" + `{"items":[` + good + `],"total_count":"1"}`, nil, 1},
		{"no items", `{"items":null,"total_count":0}`, mip.ErrContract, 0},
		{"no count", `{"items":[` + good + `]}`, mip.ErrContract, 0},
		{"fewer than there are", `{"items":[` + good + `,` + good + `],"total_count":1}`, mip.ErrContract, 0},
		{"nought for some", `{"items":[` + good + `],"total_count":0}`, mip.ErrContract, 0},
		{"a count without items", `{"items":[],"total_count":9}`, mip.ErrContract, 0},
		{"a page that leads to itself", `{"items":[` + good + `],"total_count":9}`, mip.ErrContract, 2},
		{"a page without a time", `{"items":[` + order + `],"total_count":9}`, mip.ErrContract, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			shop := reader(t, answers(200, c.body))
			var last error
			n := 0
			for page, err := range shop.Orders(t.Context(), "") {
				last = err
				n += len(page.Orders)
			}
			assert.Equal(t, c.kind, mip.KindOf(last))
			assert.Equal(t, c.orders, n)
		})
	}
}

// answers is a shop that always says the same.
func answers(status int, body string) http.RoundTripper {
	return roundTrip(func(r *http.Request) (*http.Response, error) { return answer(r, status, body), nil })
}
