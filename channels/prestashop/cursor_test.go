package prestashop_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/prestashop"
	"github.com/openmip/openmip/channels/prestashop/prestatest"
	"github.com/openmip/openmip/mip"
)

func TestCursor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := prestatest.New(prestatest.Config{})
		c := open(t, shop)
		const at = "2026-11-23T00:00:00Z"
		for _, foreign := range []mip.Cursor{"x", "presta2|" + at, "presta2|" + at + "|" + at, "presta2|" + at + "|" + at + "|", "presta2|" + at + "|" + at + "|east",
			"presta2|" + at + "|" + at + "|99999", "presta2|" + at + "|" + at + "|0|0", "presta1|yesterday", "presta1|" + at + "|0", at} {
			_, _, err := read(t.Context(), c, foreign)
			require.ErrorIs(t, err, mip.ErrInvalid, foreign)
		}
		assert.Empty(t, shop.Calls(), "nobody is asked")
		_, next, err := read(t.Context(), c, "presta1|2090-01-01T00:00:00Z")
		require.NoError(t, err)
		assert.Equal(t, mip.Cursor("presta1|2090-01-01T00:00:00Z"), next, "who asks for what comes later waits for it")
	})
}

// The cursor is the shop's time, whatever this machine thinks, with ours beside it.
func TestTheShopsClockCounts(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := prestatest.New(prestatest.Config{})
		shop.Skew(-5 * time.Hour)
		_, next, err := read(t.Context(), open(t, shop), "")
		require.NoError(t, err)
		assert.Equal(t, mip.Cursor("presta2|1999-12-31T19:00:00Z|2000-01-01T00:00:00Z|3600"), next)
	})
}

// Dates are written in the zone that the shop was in, so that one which moves
// east leaves what it wrote last behind the cursor.
func TestAShopThatMovesToAnotherTimeZone(t *testing.T) {
	for _, zones := range [][2]string{{"Europe/Warsaw", "Europe/Athens"}, {"Europe/Warsaw", "America/New_York"}, {"America/New_York", "Asia/Kolkata"}, {"Asia/Tokyo", "Pacific/Honolulu"}} {
		synctest.Test(t, func(t *testing.T) {
			shop := prestatest.New(prestatest.Config{Zone: zone(t, zones[0])})
			open := func() *prestashop.Shop { return open(t, shop) }
			seen, since := map[string]mip.Facts{}, mip.Cursor("")
			var bought []int
			step := func() {
				bought = append(bought, shop.Buy(prestatest.Order{}))
				time.Sleep(5 * time.Minute)
				got, next, err := read(t.Context(), open(), since)
				require.NoError(t, err)
				for id, f := range got {
					seen[id] = f
				}
				since = next
			}
			time.Sleep(24 * time.Hour)
			step()
			bought = append(bought, shop.Buy(prestatest.Order{}))
			time.Sleep(5 * time.Minute)
			shop.SetZone(zone(t, zones[1]))
			step()
			step()
			for _, id := range bought {
				assert.Contains(t, seen, text(id), strings.Join(zones[:], " to "))
			}
			time.Sleep(24 * time.Hour)
			_, since, err := read(t.Context(), open(), since)
			require.NoError(t, err)
			got, _, err := read(t.Context(), open(), since)
			require.NoError(t, err)
			assert.Empty(t, got, "and nothing is read for ever")
		})
	}
}

// A cursor is refused, or means the same once it was written again.
func FuzzCursor(f *testing.F) {
	for _, c := range []string{"", "presta1|2026-11-23T08:00:00Z", "presta2|2026-11-23T08:00:00Z|2026-11-23T07:59:58Z|-18000", "presta2|a|b|c", "presta2|||", "presta1|||"} {
		f.Add(c)
	}
	f.Fuzz(func(t *testing.T, c string) {
		again, err := prestashop.Rewritten(mip.Cursor(c))
		if err != nil {
			require.ErrorIs(t, err, mip.ErrInvalid)
			return
		}
		twice, err := prestashop.Rewritten(again)
		if err == nil { // a zone can carry a year beyond those that can be written
			assert.Equal(t, again, twice)
		}
	})
}
