package prestashop_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/prestashop"
	"github.com/openmip/openmip/channels/prestashop/prestatest"
	"github.com/openmip/openmip/mip"
)

func TestSeveralRowsOfTracking(t *testing.T) {
	t.Run("the newest row is taken", func(t *testing.T) {
		bubble(t, prestatest.Config{}, prestatest.Order{Slots: 3}, func(t *testing.T, shop *prestatest.Server, c *prestashop.Shop, id int) {
			require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("p", "N"))))
			assert.Equal(t, []string{"", "", "N"}, trackings(shop, id))
		})
	})
	t.Run("without a row one is made", func(t *testing.T) {
		bubble(t, prestatest.Config{}, prestatest.Order{Slots: -1, Carrier: "My carrier"}, func(t *testing.T, shop *prestatest.Server, c *prestashop.Shop, id int) {
			require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("p", "N"))))
			st, _ := shop.State(id)
			require.Len(t, st.Slots, 1)
			assert.Equal(t, "My carrier", st.Slots[0].Carrier)
		})
	})
	t.Run("without a carrier there is no place", func(t *testing.T) {
		o := prestatest.Order{Slots: -1, Edit: func(r string, row map[string]any) { set(r == "orders", row, "id_carrier", "0") }}
		bubble(t, prestatest.Config{}, o, func(t *testing.T, shop *prestatest.Server, c *prestashop.Shop, id int) {
			require.ErrorIs(t, c.Report(t.Context(), ref(id), shipped(box("p", "N"))), mip.ErrRefused)
		})
	})
	t.Run("what does not fit goes into another row", func(t *testing.T) {
		bubble(t, prestatest.Config{}, prestatest.Order{}, func(t *testing.T, shop *prestatest.Server, c *prestashop.Shop, id int) {
			a, b, d := strings.Repeat("A", 31), strings.Repeat("B", 31), strings.Repeat("D", 64)
			told := shipped(box("1", a), box("2", b), box("3", d))
			require.NoError(t, c.Report(t.Context(), ref(id), told))
			require.NoError(t, c.Report(t.Context(), ref(id), told))
			assert.Equal(t, []string{a + ", " + b, d}, trackings(shop, id))
		})
	})
	t.Run("each carrier has its row", func(t *testing.T) {
		bubble(t, prestatest.Config{Carriers: []string{"Standard", "correos"}}, prestatest.Order{}, func(t *testing.T, shop *prestatest.Server, c *prestashop.Shop, id int) {
			dhl := box("p2", "N2")
			dhl.Carrier = "DHL"
			require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("p1", "N1"), dhl)))
			st, _ := shop.State(id)
			require.Len(t, st.Slots, 2)
			assert.Equal(t, []string{"Standard", "N2", "correos", "N1"}, []string{st.Slots[0].Carrier, st.Slots[0].Tracking, st.Slots[1].Carrier, st.Slots[1].Tracking})

			shop.EditCarrier("correos", "DHL") // a new id, and another name
			require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("p1", "N1"), dhl)))
			assert.Equal(t, []string{"N1", "", "N2"}, trackings(shop, id), "each number moves to where its carrier is now")
		})
	})
	t.Run("the shop's name for a carrier may be another", func(t *testing.T) {
		bubble(t, prestatest.Config{Carriers: []string{"Standard", "Spanish post"}}, prestatest.Order{}, func(t *testing.T, shop *prestatest.Server, _ *prestashop.Shop, id int) {
			c := open(t, shop, func(c *prestashop.Config) { c.Carrier = func(string) string { return "Spanish post" } })
			require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("p1", "N1"))))
			assert.Equal(t, []string{"", "N1"}, trackings(shop, id))
		})
	})
}

func TestCorrections(t *testing.T) {
	bubble(t, prestatest.Config{}, prestatest.Order{}, func(t *testing.T, shop *prestatest.Server, c *prestashop.Shop, id int) {
		shop.Type(id, "TYPED")
		require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("p1", "N1"), box("p2", "N2"))))
		assert.Equal(t, []string{"TYPED, N1, N2"}, trackings(shop, id), "what people typed stays")
		fresh := open(t, shop) // another process
		require.NoError(t, fresh.Report(t.Context(), ref(id), shipped(box("p1", "N1-right"), box("p2", "N2"))))
		assert.Equal(t, []string{"TYPED, N2, N1-right"}, trackings(shop, id))
		require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("p2", "N2"))))
		assert.Equal(t, []string{"TYPED, N2, N1-right"}, trackings(shop, id), "a parcel that is not named stays")
		st, _ := shop.State(id)
		assert.Len(t, st.Private, 1, "one note to ourselves")
		assert.Len(t, st.History, 2)
	})
}

func TestTrackingNumbersThatAreNotTaken(t *testing.T) {
	bubble(t, prestatest.Config{}, prestatest.Order{}, func(t *testing.T, shop *prestatest.Server, c *prestashop.Shop, id int) {
		for _, bad := range []string{"Nº1", "a;b", "<b>", strings.Repeat("1", 65), ",", "a\nb"} {
			require.ErrorIs(t, c.Report(t.Context(), ref(id), shipped(box("p", bad))), mip.ErrInvalid, bad)
		}
		assert.Empty(t, shop.Writes(), "nothing is half done")
		require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("p", "~:#%&_=()[].? +-@/aZ9"), box("q", "1, 2"), box("r", " "))))
		require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("p", "~:#%&_=()[].? +-@/aZ9"), box("q", "1, 2"))))
		assert.Equal(t, []string{"~:#%&_=()[].? +-@/aZ9, 1, 2"}, trackings(shop, id))
	})
}

func TestManyParcelsAreRemembered(t *testing.T) {
	bubble(t, prestatest.Config{}, prestatest.Order{}, func(t *testing.T, shop *prestatest.Server, c *prestashop.Shop, id int) {
		var all []mip.Parcel
		for i := range 60 {
			all = append(all, box("parcel-with-a-long-id-"+text(i), "NUMBER"+text(1000+i)))
			require.NoError(t, c.Report(t.Context(), ref(id), shipped(all[max(0, len(all)-5):]...)))
		}
		st, _ := shop.State(id)
		require.Len(t, st.Private, 1)
		assert.Less(t, len(st.Private[0]), 1600)
		require.NoError(t, c.Report(t.Context(), ref(id), shipped(all[55:]...)))
		assert.Contains(t, strings.Join(trackings(shop, id), ", "), "NUMBER1059")
	})
}

func TestNoTracking(t *testing.T) {
	bubble(t, prestatest.Config{}, prestatest.Order{}, func(t *testing.T, shop *prestatest.Server, _ *prestashop.Shop, id int) {
		c := open(t, shop, func(c *prestashop.Config) { c.NoTracking = true })
		require.NoError(t, c.Report(t.Context(), ref(id), shipped(box("p", "N"))))
		assert.Equal(t, []string{""}, trackings(shop, id))
		assert.Len(t, shop.Writes(), 1)
	})
}
