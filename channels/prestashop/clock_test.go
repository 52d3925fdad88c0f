package prestashop_test

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/prestashop"
	"github.com/openmip/openmip/channels/prestashop/prestatest"
	"github.com/openmip/openmip/mip"
)

// Around both changes of the clock, with orders that change every few minutes
// and polls at any moment: what is read last is the newest by its own date, so
// that no news is taken for older than what it replaces.
func TestBothEdgesOfSummerTime(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Europe/Warsaw", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"} {
		for _, edge := range []time.Time{
			time.Date(2000, 3, 26, 1, 0, 0, 0, time.UTC), time.Date(2000, 10, 29, 1, 0, 0, 0, time.UTC), time.Date(2000, 10, 29, 6, 0, 0, 0, time.UTC),
			time.Date(2000, 4, 2, 7, 0, 0, 0, time.UTC), time.Date(2000, 8, 26, 15, 30, 0, 0, time.UTC),
		} {
			for seed := range uint64(nights) {
				t.Run(fmt.Sprint(name, edge.Format(" 2006-01-02 "), seed), func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) { night(t, name, edge, rand.New(rand.NewPCG(seed, 7))) }) //nolint:gosec // small
				})
			}
		}
	}
}

func night(t *testing.T, name string, edge time.Time, r *rand.Rand) {
	shop := prestatest.New(prestatest.Config{Zone: zone(t, name)})
	c := open(t, shop)
	time.Sleep(time.Until(edge.Add(-150 * time.Minute)))
	var ids []int
	for range 6 {
		ids = append(ids, shop.Buy(prestatest.Order{}))
	}
	var next mip.Cursor
	seen, cities := map[string]mip.Facts{}, map[int]string{}
	for step := range 60 { // five hours
		id := ids[r.IntN(len(ids))]
		a := prestatest.Madrid()
		a.City = fmt.Sprint("City ", step)
		shop.EditAddress(id, a)
		cities[id] = a.City
		if r.IntN(2) == 0 {
			got, to, err := read(t.Context(), c, next)
			require.NoError(t, err)
			next = to
			for key, f := range got {
				assert.False(t, f.UpdatedAt.Before(seen[key].UpdatedAt), "newer news has an older date")
				assert.False(t, f.UpdatedAt.After(time.Now()), "nothing comes from the future")
				seen[key] = f
			}
			for id, city := range cities {
				assert.Equal(t, city, seen[text(id)].ShipTo.City, "what changed last is seen at once")
			}
		}
		time.Sleep(time.Duration(1+r.IntN(600)) * time.Second)
	}
}

// The first second after the clock was put back shows what it showed an hour
// before.
func TestTheVerySecondOfTheChangeIsSeen(t *testing.T) {
	bubble(t, prestatest.Config{}, prestatest.Order{}, func(t *testing.T, shop *prestatest.Server, c *prestashop.Shop, _ int) {
		edge := time.Date(2000, 10, 29, 1, 0, 0, 0, time.UTC)
		time.Sleep(time.Until(edge))
		id := shop.Buy(prestatest.Order{})
		time.Sleep(15 * time.Minute)
		got, _, err := read(t.Context(), c, c.CursorAt(edge))
		require.NoError(t, err)
		require.Contains(t, got, text(id))
		assert.Equal(t, edge, got[text(id)].UpdatedAt)
	})
}

func TestWhatWasCommittedLateIsSeen(t *testing.T) {
	bubble(t, prestatest.Config{}, prestatest.Order{}, func(t *testing.T, shop *prestatest.Server, c *prestashop.Shop, id int) {
		_, next, err := read(t.Context(), c, "")
		require.NoError(t, err)
		late := shop.Buy(prestatest.Order{Late: 90 * time.Second})
		shop.Delete("addresses", 2) // so that it does not come by its address
		time.Sleep(10 * time.Second)
		got, _, err := read(t.Context(), c, next)
		require.NoError(t, err)
		assert.Contains(t, got, text(late))
		assert.NotContains(t, got, text(id))
	})
}
