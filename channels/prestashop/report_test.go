package prestashop_test

import (
	"slices"
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

func box(id, number string) mip.Parcel { return mip.Parcel{ID: id, Carrier: "Correos", Number: number} }

func shipped(parcels ...mip.Parcel) mip.Status {
	return mip.Status{State: mip.StateShipped, Parcels: parcels}
}

// bubble runs a test with a shop, one paid order in it, and a channel.
func bubble(t *testing.T, config prestatest.Config, o prestatest.Order, test func(t *testing.T, shop *prestatest.Server, c *prestashop.Shop, id int)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		shop := prestatest.New(config)
		id := shop.Buy(o)
		time.Sleep(time.Hour)
		test(t, shop, open(t, shop), id)
	})
}

func trackings(shop *prestatest.Server, id int) (out []string) {
	st, _ := shop.State(id)
	for _, slot := range st.Slots {
		out = append(out, slot.Tracking)
	}
	return out
}

func TestWritesAreWholeAndInOrder(t *testing.T) {
	bubble(t, prestatest.Config{}, prestatest.Order{}, func(t *testing.T, shop *prestatest.Server, c *prestashop.Shop, id int) {
		before, _ := shop.State(id)
		require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("p1", "N1"))))
		after, _ := shop.State(id)
		require.Len(t, after.Slots, 1)
		assert.Equal(t, prestatest.Slot{ID: before.Slots[0].ID, Carrier: before.Slots[0].Carrier, Tracking: "N1", Weight: before.Slots[0].Weight, Added: before.Slots[0].Added},
			after.Slots[0], "nothing but the number is changed")
		var paths []string
		for _, w := range shop.Writes() {
			paths = append(paths, w.Method+" "+strings.TrimRight(w.Path, "0123456789"))
			assert.True(t, strings.HasPrefix(w.Body, "<?xml"), "writes are XML")
			assert.Empty(t, w.Query.Get("output_format"))
		}
		assert.Equal(t, []string{"POST /messages", "PUT /order_carriers/", "POST /order_histories"}, paths)
		assert.Equal(t, []prestatest.Mail{{Order: id, What: "state 31", Text: "N1"}}, shop.Mails(), "one mail, and it has the number")
	})
}

func TestStatesArePostedOnce(t *testing.T) {
	bubble(t, prestatest.Config{}, prestatest.Order{}, func(t *testing.T, shop *prestatest.Server, c *prestashop.Shop, id int) {
		for range 3 {
			require.NoError(t, c.Report(t.Context(), ref(id), mip.Status{State: mip.StateSubmitted}))
			require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("p1", "N1"))))
		}
		for range 2 {
			require.NoError(t, c.Report(t.Context(), ref(id), mip.Status{State: mip.StateDelivered, Parcels: []mip.Parcel{box("p1", "N1")}}))
			require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("p1", "N1"))), "late news moves nothing back")
		}
		st, _ := shop.State(id)
		assert.Equal(t, []int{prestatest.Paid, prestatest.Shipped, prestatest.Delivered}, st.History)
	})
}

func TestALostAnswerAddsNoSecondState(t *testing.T) {
	for name, f := range map[string]prestatest.Fault{"lost": {Lost: prestatest.After}, "silence": {Lost: prestatest.After, Hang: true},
		"a page after it": prestatest.HTMLAfter(200), "an error after it": prestatest.HTMLAfter(500),
		"a page not found after it": prestatest.HTMLAfter(404), "a firewall after it": prestatest.HTMLAfter(403)} {
		for _, part := range []string{"order_histories", "order_carriers", "messages"} {
			bubble(t, prestatest.Config{}, prestatest.Order{Slots: -1}, func(t *testing.T, shop *prestatest.Server, c *prestashop.Shop, id int) {
				shop.FailOn("POST", part, f)
				require.ErrorIs(t, c.Report(t.Context(), ref(id), shipped(box("p1", "N1"))), mip.ErrUnknown, name)
				require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("p1", "N1"))))
				st, _ := shop.State(id)
				assert.Equal(t, []int{prestatest.Paid, prestatest.Shipped}, st.History, "%s at %s", name, part)
				assert.Equal(t, []string{"N1"}, trackings(shop, id), "%s at %s", name, part)
				assert.Len(t, st.Private, 1)
			})
		}
	}
}

func TestTheShopGoesItsOwnWay(t *testing.T) {
	for _, c := range []struct {
		name   string
		state  int
		told   mip.Status
		want   error
		stands int
	}{
		{"a cancelled order is not shipped", prestatest.Cancelled, shipped(box("p", "N")), mip.ErrRefused, prestatest.Cancelled},
		{"a refunded order is not shipped", prestatest.Refunded, shipped(), mip.ErrRefused, prestatest.Refunded},
		{"a delivered order stays delivered", prestatest.Delivered, shipped(box("p", "N")), nil, prestatest.Delivered},
		{"a shipped order is not cancelled", prestatest.Shipped, mip.Status{State: mip.StateCancelled}, mip.ErrRefused, prestatest.Shipped},
		{"a cancelled order is cancelled", prestatest.Refunded, mip.Status{State: mip.StateCancelled}, nil, prestatest.Refunded},
		{"an order in a shipped state of the shop's own stays there", 78, shipped(box("p", "N")), nil, 78},
	} {
		bubble(t, prestatest.Config{}, prestatest.Order{}, func(t *testing.T, shop *prestatest.Server, channel *prestashop.Shop, id int) {
			shop.AddState(78, "shipped")
			shop.SetState(id, c.state)
			require.ErrorIs(t, channel.Report(t.Context(), ref(id), c.told), c.want, c.name)
			st, _ := shop.State(id)
			assert.Equal(t, c.stands, st.State, c.name)
			assert.Len(t, st.History, 2, c.name)
		})
	}
}

func TestCancelLeavesWord(t *testing.T) {
	bubble(t, prestatest.Config{}, prestatest.Order{Message: "hello"}, func(t *testing.T, shop *prestatest.Server, c *prestashop.Shop, id int) {
		shop.FailOn("POST", "order_histories", prestatest.Fault{Lost: prestatest.Before})
		require.ErrorIs(t, c.Cancel(t.Context(), ref(id), "out of <b>stock"), mip.ErrUnknown)
		require.NoError(t, c.Cancel(t.Context(), ref(id), "out of <b>stock"))
		require.NoError(t, c.Cancel(t.Context(), ref(id), "out of <b>stock"))
		st, _ := shop.State(id)
		assert.Equal(t, []string{"out of bstock"}, st.Private)
		assert.Equal(t, []int{prestatest.Paid, prestatest.Cancelled}, st.History)
		f, err := c.Order(t.Context(), text(id))
		require.NoError(t, err)
		assert.Equal(t, "hello", f.Note, "our words are not the buyer's")
	})
}

func TestWhichStateIsWritten(t *testing.T) {
	bubble(t, prestatest.Config{}, prestatest.Order{}, func(t *testing.T, shop *prestatest.Server, _ *prestashop.Shop, id int) {
		c := open(t, shop, func(c *prestashop.Config) {
			c.Write = map[mip.State]int{mip.StateSubmitted: prestatest.Preparing, mip.StateShipped: 0, mip.StateDelivered: 4711}
			c.Quiet = true
		})
		for range 2 {
			require.NoError(t, c.Report(t.Context(), ref(id), mip.Status{State: mip.StateSubmitted}))
		}
		require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("p", "N"))))
		st, _ := shop.State(id)
		assert.Equal(t, []int{prestatest.Paid, prestatest.Preparing}, st.History)
		assert.Equal(t, []string{"N"}, trackings(shop, id))
		require.ErrorIs(t, c.Report(t.Context(), ref(id), mip.Status{State: mip.StateDelivered}), mip.ErrInvalid, "a state that the shop does not have")
		assert.Empty(t, shop.Mails())
	})
}

func TestLaterParcelsAreMailed(t *testing.T) {
	bubble(t, prestatest.Config{}, prestatest.Order{}, func(t *testing.T, shop *prestatest.Server, c *prestashop.Shop, id int) {
		require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("p1", "N1"))))
		require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("p1", "N1"), box("p2", "N2"))))
		require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("p1", "N1"), box("p2", "N2"))))
		mails := shop.Mails()
		require.Len(t, mails, 2)
		assert.Equal(t, prestatest.Mail{Order: id, What: "in transit", Text: "N1, N2"}, mails[1])
		assert.False(t, slices.ContainsFunc(shop.Writes(), func(w prestatest.Call) bool { return w.Method == "PATCH" }))
	})
}

// A state that was made after the shop's were read is read before anything is
// written over it: the shop's people may have shipped the order by it.
func TestAStateThatWasMadeLaterIsNotWrittenOver(t *testing.T) {
	bubble(t, prestatest.Config{}, prestatest.Order{}, func(t *testing.T, shop *prestatest.Server, c *prestashop.Shop, id int) {
		_, err := c.Order(t.Context(), text(id)) // the shop's states are known from now on
		require.NoError(t, err)
		shop.AddState(80, "paid", "shipped")
		shop.SetState(id, 80)
		require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("1", "N1"))))
		st, _ := shop.State(id)
		assert.Equal(t, 80, st.State)
		assert.Equal(t, []string{"N1"}, trackings(shop, id), "its number is shown")
	})
}
