package wootest_test

import (
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/woocommerce/wootest"
)

func TestListing(t *testing.T) {
	in(t, wootest.Config{}, func(t *testing.T, r raw) {
		var all []int64
		for range 25 {
			all = append(all, r.shop.Buy(wootest.Order{}))
			time.Sleep(time.Minute)
		}
		newest := slices.Clone(all)
		slices.Reverse(newest)

		first := r.get("/wc/v3/orders")
		assert.Equal(t, newest[:10], first.ids(t), "newest created first, ten a page")
		assert.Equal(t, "25", first.header.Get("X-WP-Total"))
		assert.Equal(t, "3", first.header.Get("X-WP-TotalPages"))
		assert.Contains(t, first.header.Get("Link"), `page=2>; rel="next"`)
		assert.Equal(t, all, r.get("/wc/v3/orders?orderby=id&order=asc&per_page=100").ids(t))
		assert.Equal(t, newest[20:], r.get("/wc/v3/orders?page=3").ids(t), "the last page is short")
		assert.Contains(t, r.get("/wc/v3/orders?page=3").header.Get("Link"), `rel="prev"`)
		assert.Equal(t, newest[7:17], r.get("/wc/v3/orders?offset=7").ids(t))
		assert.Equal(t, all[1:3], r.get(fmt.Sprintf("/wc/v3/orders?orderby=id&order=asc&include=%d,%d", all[1], all[2])).ids(t))
		assert.Len(t, r.get(fmt.Sprintf("/wc/v3/orders?per_page=100&exclude=%d", all[0])).ids(t), 24)

		past := r.get("/wc/v3/orders?page=4")
		assert.Empty(t, past.ids(t), "past the end is an empty list, not an error")
		assert.Equal(t, "0", past.header.Get("X-WP-TotalPages"))

		for _, bad := range []string{"per_page=101", "per_page=0", "page=0", "orderby=price", "order=up", "status=weird", "status=processing,weird", "dates_are_gmt=perhaps", "include=x"} {
			got := r.get("/wc/v3/orders?" + bad)
			assert.Equal(t, 400, got.status, bad)
			assert.Equal(t, "rest_invalid_param", got.code(t), bad)
		}
		assert.Len(t, r.get("/wc/v3/orders?per_page=100&number=4711&anything=else").ids(t), 25, "a filter it does not know returns everything")
		assert.Equal(t, []string{"id", "number"}, keys(r.get("/wc/v3/orders?_fields=id,number").list(t)[0]))
	})
}

func keys(m map[string]any) []string {
	var out []string
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func TestStatusFilter(t *testing.T) {
	in(t, wootest.Config{Statuses: []string{"packing"}}, func(t *testing.T, r raw) {
		ids := map[string]int64{}
		for _, s := range []string{"pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed", "packing", "checkout-draft"} {
			ids[s] = r.shop.Buy(wootest.Order{Status: s})
		}
		trashed := r.shop.Buy(wootest.Order{})
		r.shop.Trash(trashed)
		assert.Len(t, r.get("/wc/v3/orders?per_page=100").ids(t), 8, "any is all but trash and drafts")
		assert.ElementsMatch(t, []int64{ids["processing"], ids["packing"]}, r.get("/wc/v3/orders?status=processing,packing").ids(t))
		assert.ElementsMatch(t, []int64{ids["failed"], ids["packing"]}, r.get("/wc/v3/orders?status[]=failed&status[]=packing").ids(t))
		assert.Equal(t, []int64{trashed}, r.get("/wc/v3/orders?status=trash").ids(t))
	})
}

func TestTiesOfModified(t *testing.T) {
	in(t, wootest.Config{Seed: 7}, func(t *testing.T, r raw) {
		for range 104 {
			r.shop.Buy(wootest.Order{})
		}
		walk := func(orderBy string) (distinct int, first []int64) {
			seen := map[int64]bool{}
			for page := 1; ; page++ {
				ids := r.get("/wc/v3/orders?order=asc&per_page=7&orderby=" + orderBy + "&page=" + strconv.Itoa(page)).ids(t)
				if page == 1 {
					first = ids
				}
				for _, id := range ids {
					seen[id] = true
				}
				if len(ids) < 7 {
					return len(seen), first
				}
			}
		}
		got, first := walk("modified")
		assert.Less(t, got, 104, "ties are shuffled anew for every page, so some never come")
		_, again := walk("modified")
		assert.NotEqual(t, first, again, "the order is another one on every request")
		for _, stable := range []string{"id", "date"} {
			got, _ := walk(stable)
			assert.Equal(t, 104, got, stable)
		}
	})
}

func TestZones(t *testing.T) {
	for _, zone := range []struct {
		name  string
		zone  *time.Location
		local int // orders found when a UTC value is read as local time
	}{
		{"east of UTC", time.FixedZone("", 2*60*60), 2},
		{"west of UTC", time.FixedZone("", -5*60*60), 0},
	} {
		in(t, wootest.Config{Zone: zone.zone}, func(t *testing.T, r raw) {
			r.shop.Buy(wootest.Order{}) // at 00:00:00 UTC
			time.Sleep(time.Hour)
			cursor := time.Now().UTC().Format("2006-01-02T15:04:05")
			time.Sleep(time.Minute)
			want := r.shop.Buy(wootest.Order{})
			find := func(value, flag string) []int64 {
				q := url.Values{"modified_after": {value}, "per_page": {"100"}}
				if flag != "" {
					q.Set("dates_are_gmt", flag)
				}
				return r.get("/wc/v3/orders?" + q.Encode()).ids(t)
			}
			assert.Equal(t, []int64{want}, find(cursor, "true"), "%s: no suffix, flag true: right", zone.name)
			assert.Len(t, find(cursor, ""), zone.local, "%s: no suffix, no flag: shop-local", zone.name)
			assert.Len(t, find(cursor, "false"), zone.local, "%s: no suffix, flag false: shop-local", zone.name)
			assert.Equal(t, []int64{want}, find(cursor+"Z", ""), "%s: Z, no flag: right", zone.name)
			assert.Empty(t, find(cursor+"Z", "true"), "%s: Z and flag true: nothing at all", zone.name)
			assert.Equal(t, []int64{want}, find(cursor+".900", "true"), "%s: fractions are dropped", zone.name)
			assert.Equal(t, 400, r.get("/wc/v3/orders?modified_after=2026-11-23").status, "%s: a date alone", zone.name)

			order := r.get(orderRoute(want)).object(t)
			assert.NotEqual(t, order["date_modified"], order["date_modified_gmt"], "%s", zone.name)
		})
	}
}

func TestStrictSeconds(t *testing.T) {
	in(t, wootest.Config{}, func(t *testing.T, r raw) {
		id := r.shop.Buy(wootest.Order{})
		at := time.Now().UTC()
		find := func(name string, at time.Time) int {
			return len(r.get("/wc/v3/orders?dates_are_gmt=true&" + name + "=" + at.Format("2006-01-02T15:04:05")).ids(t))
		}
		for _, name := range []string{"modified", "created"} {
			after, before := "modified_after", "modified_before"
			if name == "created" {
				after, before = "after", "before"
			}
			assert.Zero(t, find(after, at), "%s: equal is not after", name)
			assert.Zero(t, find(before, at), "%s: equal is not before", name)
			assert.Equal(t, 1, find(after, at.Add(-time.Second)), name)
			assert.Equal(t, 1, find(before, at.Add(time.Second)), name)
		}
		time.Sleep(1900 * time.Millisecond)
		r.shop.SetStatus(id, "on-hold")
		assert.Equal(t, 1, find("modified_before", at.Add(2*time.Second)), "the database keeps whole seconds")
	})
	in(t, wootest.Config{Before58: true}, func(t *testing.T, r raw) {
		r.shop.Buy(wootest.Order{})
		got := r.get("/wc/v3/orders?modified_after=2199-01-01T00:00:00")
		require.Len(t, got.ids(t), 1, "before 5.8 the filter is ignored without an error")
		assert.Empty(t, r.get("/wc/v3/orders?after=2199-01-01T00:00:00").ids(t))
	})
}
