package woocommerce_test

import (
	"encoding/json"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/woocommerce"
	"github.com/openmip/openmip/channels/woocommerce/wootest"
	"github.com/openmip/openmip/mip"
)

func TestCursor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := wootest.New(wootest.Config{})
		c := open(t, shop)
		for _, foreign := range []mip.Cursor{"x", "woo2|2026-11-23T00:00:00", "woo2|2026-11-23T00:00:00|now", "woo1|yesterday", "2026-11-23T00:00:00", "woo3|2026-11-23T00:00:00"} {
			_, _, err := read(t.Context(), c, foreign)
			require.ErrorIs(t, err, mip.ErrInvalid, foreign)
		}
		assert.Empty(t, shop.Calls(), "nobody is asked")
		_, next, err := read(t.Context(), c, "woo1|2090-01-01T00:00:00")
		require.NoError(t, err)
		assert.Equal(t, mip.Cursor("woo1|2090-01-01T00:00:00"), next, "who asks for what comes later waits for it")
		assert.Zero(t, shop.Count("POST", "/wc/v3/orders"))
	})
}

// What was read by a clock that was ahead, and what it still dated so when
// nobody had read it, comes once that clock is right; and not only when it comes
// to that time again.
func TestWhatAClockDatedAheadIsNotWaitedFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := wootest.New(wootest.Config{})
		c := open(t, shop)
		shop.Skew(26 * time.Hour)
		shop.Buy(wootest.Order{})
		time.Sleep(10 * time.Minute)
		_, next, err := read(t.Context(), c, "")
		require.NoError(t, err)
		ahead := shop.Buy(wootest.Order{})
		shop.Skew(0)
		right := shop.Buy(wootest.Order{})
		time.Sleep(10 * time.Minute)
		got, next, err := read(t.Context(), c, next)
		require.NoError(t, err)
		assert.Contains(t, got, text(right))
		assert.Contains(t, got, text(ahead))
		time.Sleep(10 * time.Minute)
		fresh := shop.Buy(wootest.Order{})
		time.Sleep(10 * time.Minute)
		got, _, err = read(t.Context(), c, next)
		require.NoError(t, err)
		assert.Contains(t, got, text(fresh))
		assert.NotContains(t, got, text(ahead), "not again with each poll")
	})
}

// What was seen while the list kept changing is no proof of what lies before it:
// the cursor goes no further than the window that was read in peace.
func TestTheCursorOfAWindowThatWasCutOff(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := wootest.New(wootest.Config{})
		time.Sleep(10 * time.Minute)
		fillers := []int64{shop.Buy(wootest.Order{}), shop.Buy(wootest.Order{}), shop.Buy(wootest.Order{})}
		time.Sleep(40 * time.Minute)
		overtaken := shop.Buy(wootest.Order{})
		time.Sleep(5 * time.Minute)
		shop.Buy(wootest.Order{})
		time.Sleep(5 * time.Minute)
		round := 0
		c := open(t, shop, func(c *woocommerce.Config) {
			c.LookBack = time.Hour
			c.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
				resp, err := shop.Transport().RoundTrip(r)
				if q := r.URL.Query(); err != nil || q.Get("status") != "any" || q.Get("page") != "1" || round >= len(fillers) {
					return resp, err
				}
				resp.Body = bodyOf(without(t, readAll(resp), overtaken, fillers[round]))
				resp.Header.Set("X-WP-Total", "99")
				round++
				return resp, nil
			})
		})
		got, next, err := read(t.Context(), c, "")
		require.NoError(t, err)
		require.NotContains(t, got, text(overtaken))
		require.Len(t, got, 4)
		got, _, err = read(t.Context(), c, next)
		require.NoError(t, err)
		assert.Contains(t, got, text(overtaken))
	})
}

// without takes orders out of a list.
func without(t *testing.T, list []byte, ids ...int64) []byte {
	t.Helper()
	var rows []map[string]any
	require.NoError(t, json.Unmarshal(list, &rows))
	rows = slices.DeleteFunc(rows, func(row map[string]any) bool {
		id, _ := row["id"].(float64)
		return slices.Contains(ids, int64(id))
	})
	out, err := json.Marshal(rows)
	require.NoError(t, err)
	return out
}

// The Date of answers may be that of a proxy, whose clock is never the shop's.
func TestTheClockOfAProxy(t *testing.T) {
	for _, off := range []time.Duration{10 * time.Second, 50 * time.Minute, -50 * time.Minute} {
		synctest.Test(t, func(t *testing.T) {
			shop := wootest.New(wootest.Config{})
			c := open(t, shop, func(c *woocommerce.Config) {
				c.Transport = roundTrip(func(r *http.Request) (*http.Response, error) {
					resp, err := shop.Transport().RoundTrip(r)
					if err == nil {
						resp.Header.Set("Date", time.Now().Add(off).UTC().Format(http.TimeFormat))
					}
					return resp, err
				})
			})
			seen, since := map[string]mip.Facts{}, mip.Cursor("")
			for i := range 200 {
				if i < 150 {
					shop.Buy(wootest.Order{})
				}
				time.Sleep(31 * time.Second)
				got, next, err := read(t.Context(), c, since)
				require.NoError(t, err)
				for id, f := range got {
					seen[id] = f
				}
				since = next
			}
			time.Sleep(3 * time.Hour)
			got, since, err := read(t.Context(), c, since)
			require.NoError(t, err)
			for id, f := range got {
				seen[id] = f
			}
			assert.Len(t, seen, 150, "off by %s", off)
			got, _, err = read(t.Context(), c, since)
			require.NoError(t, err)
			assert.Empty(t, got, "what came is behind us")
		})
	}
}
