package magento_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/magento"
	"github.com/openmip/openmip/channels/magento/magentest"
	"github.com/openmip/openmip/mip"
)

// What an older version wrote is read on from, and rewritten.
func TestCursorsOfBothVersions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := magentest.New(magentest.Config{})
		c := open(t, shop)
		shop.Buy(magentest.Order{})
		time.Sleep(time.Hour)
		id := shop.Buy(magentest.Order{})
		for _, old := range []mip.Cursor{"mag1|2000-01-01 00:30:00", "mag1|2000-01-01 00:30:00|2000-01-01 00:30:00", "mag2|2000-01-01 00:30:00|2000-01-01 00:30:00|2000-01-01 00:30:00"} {
			got, next := poll(t, c, old)
			assert.Len(t, got, 1)
			assert.Contains(t, got, text(id))
			assert.Contains(t, next, "mag2|2000-01-01 01:00:00|2000-01-01 01:00:00|2000-01-01 0", old)
		}
	})
}

// The clock is set back while pages are read, by orders that change meanwhile.
func TestTheClockIsSetBackBetweenTwoPages(t *testing.T) {
	for after := range 6 {
		synctest.Test(t, func(t *testing.T) {
			shop := magentest.New(magentest.Config{})
			shop.Skew(2 * time.Hour)
			c := open(t, shop, func(c *magento.Config) { c.PageSize = 2 })
			for range 10 {
				shop.Buy(magentest.Order{})
				time.Sleep(3 * time.Minute)
			}
			since, n := mip.Cursor(""), 0
			var fresh []int64
			seen := map[string]int{}
			for page, err := range c.Orders(t.Context(), since) {
				require.NoError(t, err)
				if page.Next != "" {
					since = page.Next
				}
				if n == after {
					shop.Skew(0)
				}
				if n >= after {
					fresh = append(fresh, shop.Buy(magentest.Order{}))
				}
				n++
				time.Sleep(time.Minute)
			}
			for range 2 {
				got, next := poll(t, c, since)
				for id := range got {
					seen[id]++
				}
				since = next
			}
			for _, id := range fresh {
				assert.Contains(t, seen, text(id), "after page %d", after)
			}
		})
	}
}

// A cursor is refused, or means the same once it was written again.
func FuzzCursor(f *testing.F) {
	for _, c := range []string{"", "mag1|2026-11-23 08:00:00", "mag1|2026-11-23 08:00:00|2026-11-23 07:00:00", "mag2|2026-11-23 08:00:00|2026-11-23 07:59:58",
		"mag2|2026-11-23 08:00:00|2026-11-23 07:59:58|2026-11-23 07:00:00", "mag2|||", "mag1||", "mag2|a|b|c|d"} {
		f.Add(c)
	}
	f.Fuzz(func(t *testing.T, c string) {
		again, err := magento.Rewritten(mip.Cursor(c))
		if err != nil {
			require.ErrorIs(t, err, mip.ErrInvalid)
			return
		}
		twice, err := magento.Rewritten(again)
		require.NoError(t, err)
		assert.Equal(t, again, twice)
	})
}
