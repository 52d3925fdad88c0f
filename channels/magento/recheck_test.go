package magento_test

import (
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

// poll reads on from a cursor to the end.
func poll(t *testing.T, c mip.Channel, since mip.Cursor) (got map[string]mip.Facts, next mip.Cursor) {
	t.Helper()
	got, next = map[string]mip.Facts{}, since
	for page, err := range c.Orders(t.Context(), since) {
		require.NoError(t, err)
		for _, f := range page.Orders {
			got[f.Ref.ID] = f
		}
		if page.Next != "" {
			next = page.Next
		}
	}
	return got, next
}

// Magento saves an edited address beside its order, whose time of change stays.
func TestAnAddressEditedInTheBackOfficeIsSeen(t *testing.T) {
	for _, version := range []magentest.Version{magentest.V23, magentest.V24} {
		synctest.Test(t, func(t *testing.T) {
			shop := magentest.New(magentest.Config{Version: version, Views: map[string]int64{"default": 1, "other": 2}})
			ancient := shop.Buy(magentest.Order{})
			time.Sleep(40 * 24 * time.Hour)
			var ids []int64
			for _, state := range []string{"processing", "holded", "new", "pending_payment", "payment_review"} {
				for range 4 {
					ids = append(ids, shop.Buy(magentest.Order{State: state}))
				}
			}
			done := []int64{shop.Buy(magentest.Order{State: "complete"}), shop.Buy(magentest.Order{State: "canceled"}), shop.Buy(magentest.Order{State: "closed"})}
			foreign := shop.Buy(magentest.Order{Store: 2})
			time.Sleep(time.Hour)
			last := shop.Buy(magentest.Order{}) // which comes again, since a reading begins a little before its cursor
			c := open(t, shop, func(c *magento.Config) { c.PageSize, c.Stores = 7, []int64{1} })
			_, next := poll(t, c, "")
			a := magentest.Madrid()
			a.City = "Getafe"
			for _, id := range append(append([]int64{ancient, foreign}, ids...), done...) {
				shop.EditAddress(id, a)
			}
			time.Sleep(50 * time.Minute)
			got, next := poll(t, c, next)
			assert.Len(t, got, 1, "not every poll reads everything")
			time.Sleep(15 * time.Minute)
			got, next = poll(t, c, next)
			for _, id := range ids {
				assert.Equal(t, "Getafe", got[text(id)].ShipTo.City)
			}
			assert.Len(t, got, len(ids)+1, "what is done, somebody else's or from before the first reading stays where it is")
			before := shop.Count("GET", "/orders")
			time.Sleep(30 * time.Minute)
			got, _ = poll(t, c, next)
			assert.Contains(t, got, text(last))
			assert.Len(t, got, 1)
			assert.Equal(t, 1, shop.Count("GET", "/orders")-before)
		})
	}
}

// A cursor that says nothing of the open orders, as CursorAt makes them, brings
// what changed, and them from an hour later on.
func TestACursorMadeOfATimeIsRecheckedAnHourLater(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := magentest.New(magentest.Config{})
		id := shop.Buy(magentest.Order{})
		time.Sleep(24 * time.Hour)
		c := open(t, shop)
		got, next := poll(t, c, c.CursorAt(time.Now()))
		assert.Empty(t, got)
		require.NotEqual(t, c.CursorAt(time.Now()), next)
		time.Sleep(time.Hour)
		got, _ = poll(t, c, next)
		assert.Contains(t, got, text(id))
	})
}

// What breaks while the open orders are read is repeated with the next poll,
// and a reader who leaves is asked nothing more.
func TestARecheckThatBreaksIsRepeated(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := magentest.New(magentest.Config{})
		for range 9 {
			shop.Buy(magentest.Order{})
		}
		time.Sleep(time.Hour)
		shop.Buy(magentest.Order{})
		c := open(t, shop, func(c *magento.Config) { c.PageSize = 2 })
		_, next := poll(t, c, "")
		time.Sleep(2 * time.Hour)
		shop.Fail(magentest.Fault{}, magentest.Fault{}, magentest.Fault{Status: 400, Body: `{"message":"no"}`})
		var last error
		for page, err := range c.Orders(t.Context(), next) {
			if last = err; page.Next != "" {
				next = page.Next
			}
		}
		require.ErrorIs(t, last, mip.ErrInvalid)
		got, next := poll(t, c, next)
		assert.Len(t, got, 10)
		assert.Equal(t, 3, strings.Count(string(next), "|"))

		time.Sleep(2 * time.Hour)
		before := shop.Count("GET", "/orders")
		pages := 0
		for range c.Orders(t.Context(), next) {
			if pages++; pages == 2 {
				break
			}
		}
		assert.Equal(t, 2, shop.Count("GET", "/orders")-before)
	})
}
