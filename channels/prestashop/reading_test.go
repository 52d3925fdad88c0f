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

func TestDemandsComeFromTheShopsOwnStates(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := prestatest.New(prestatest.Config{})
		shop.AddState(77, "paid", "logable")
		shop.AddState(78, "shipped")
		shop.AddState(79, "paid", "deleted")
		want := map[int]mip.Demand{
			prestatest.Paid: mip.DemandShip, prestatest.RemotePaid: mip.DemandShip, prestatest.Preparing: mip.DemandShip, prestatest.Backorder: mip.DemandShip,
			prestatest.Cheque: mip.DemandUnpaid, prestatest.Transfer: mip.DemandUnpaid, prestatest.Failed: mip.DemandUnpaid,
			prestatest.Shipped: mip.DemandClosed, prestatest.Delivered: mip.DemandClosed, 78: mip.DemandClosed,
			prestatest.Cancelled: mip.DemandCancel, prestatest.Refunded: mip.DemandCancel, 77: mip.DemandShip, 79: mip.DemandShip,
			prestatest.OnDelivery: mip.DemandShip, // as configured below
		}
		ids := map[string]int{}
		for state := range want {
			ids[text(shop.Buy(prestatest.Order{State: state}))] = state
		}
		c := open(t, shop, func(c *prestashop.Config) { c.States = map[int]mip.Demand{prestatest.OnDelivery: mip.DemandShip} })
		got, _, err := read(t.Context(), c, "")
		require.NoError(t, err)
		for id, state := range ids {
			assert.Equal(t, want[state], got[id].Demand, "state %d", state)
			assert.Empty(t, got[id].Defects)
		}
	})
}

func TestAStateThatWasMadeLaterIsReadBeforeItIsCalledUnknown(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := prestatest.New(prestatest.Config{})
		c := open(t, shop)
		id := shop.Buy(prestatest.Order{State: 80})
		f, err := c.Order(t.Context(), text(id))
		require.NoError(t, err)
		assert.Equal(t, mip.DemandUnpaid, f.Demand)
		require.Len(t, f.Defects, 1)
		assert.Equal(t, "current_state", f.Defects[0].Path)
		shop.AddState(80, "paid")
		f, err = c.Order(t.Context(), text(id))
		require.NoError(t, err)
		assert.Equal(t, mip.DemandShip, f.Demand)
		assert.Empty(t, f.Defects)
	})
}

func TestLookUpsAreBatched(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := prestatest.New(prestatest.Config{})
		for range 150 {
			shop.Buy(prestatest.Order{Address: prestatest.Address{FirstName: "A", LastName: "B", Country: "IT", State: "TO", Mobile: "2", Phone: "1"}, Carrier: "My carrier"})
		}
		time.Sleep(time.Hour)
		c := open(t, shop)
		got, next, err := read(t.Context(), c, "")
		require.NoError(t, err)
		require.Len(t, got, 150)
		for _, f := range got {
			assert.Equal(t, mip.Address{FirstName: "A", LastName: "B", Country: "IT", Province: "TO", Phone: "2"}, f.ShipTo, "the mobile goes first")
			assert.Equal(t, "My carrier", f.Service)
		}
		count := map[string]int{}
		for _, call := range shop.Calls() {
			count[call.Path]++
			assert.Equal(t, "JSON", call.Query.Get("output_format"))
		}
		assert.Equal(t, map[string]int{"/configurations": 1, "/order_states": 1, "/orders": 3, "/order_details": 2, "/addresses": 2,
			"/customers": 2, "/messages": 2, "/carriers": 1, "/currencies": 1, "/countries": 1, "/states": 1}, count)

		before := len(shop.Calls())
		time.Sleep(time.Hour)
		_, _, err = read(t.Context(), c, next)
		require.NoError(t, err)
		assert.LessOrEqual(t, len(shop.Calls())-before, 5, "a poll of a quiet shop")
	})
}

func TestWhatMovesNoDateIsSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := prestatest.New(prestatest.Config{RawAddressEdits: true})
		refunded, moved, quiet := shop.Buy(prestatest.Order{Lines: []prestatest.Line{{Quantity: 3}}}), shop.Buy(prestatest.Order{}), shop.Buy(prestatest.Order{})
		for range 100 { // edited addresses fill a page exactly
			shop.Buy(prestatest.Order{})
		}
		time.Sleep(time.Hour)
		c := open(t, shop)
		_, next, err := read(t.Context(), c, "")
		require.NoError(t, err)
		time.Sleep(time.Hour)
		st, _ := shop.State(refunded)
		shop.Refund(refunded, map[string]int{st.LineIDs[0]: 2})
		for id := moved; id < moved+102; id++ {
			if id != quiet {
				a := prestatest.Madrid()
				a.City = "Getafe"
				shop.EditAddress(id, a)
			}
		}
		now, _ := shop.State(refunded)
		require.Equal(t, st.Updated, now.Updated, "a credit slip leaves the order's date alone")
		got, _, err := read(t.Context(), c, next)
		require.NoError(t, err)
		require.Contains(t, got, text(refunded))
		assert.Equal(t, 1, got[text(refunded)].Lines[0].Wanted())
		for id := moved; id < moved+102; id++ {
			if id != quiet {
				require.Contains(t, got, text(id))
				assert.Equal(t, "Getafe", got[text(id)].ShipTo.City)
				assert.Equal(t, time.Now().UTC().Truncate(time.Second), got[text(id)].UpdatedAt)
			}
		}
		assert.NotContains(t, got, text(quiet))
	})
}

func TestAHundredRefundsAreSeen(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := prestatest.New(prestatest.Config{})
		for range 100 {
			shop.Buy(prestatest.Order{})
		}
		time.Sleep(time.Hour)
		c := open(t, shop)
		for _, id := range shop.IDs() {
			st, _ := shop.State(id)
			shop.Refund(id, map[string]int{st.LineIDs[0]: 1})
		}
		got, _, err := read(t.Context(), c, c.CursorAt(time.Now()))
		require.NoError(t, err)
		assert.Len(t, got, 100)
	})
}

func TestSplitOrdersShareAReferenceAndAMessage(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := prestatest.New(prestatest.Config{})
		one := shop.Buy(prestatest.Order{Reference: "XKBKNABJK", Cart: 500})
		two := shop.Buy(prestatest.Order{Reference: "XKBKNABJK", Cart: 500, Message: "Ring twice"})
		got, _, err := read(t.Context(), open(t, shop), "")
		require.NoError(t, err)
		require.Len(t, got, 2)
		for _, id := range []int{one, two} {
			assert.Equal(t, ref(id), got[text(id)].Ref)
			assert.Equal(t, "XKBKNABJK", got[text(id)].Number)
			assert.Equal(t, "Ring twice", got[text(id)].Note)
		}
	})
}

func TestDiscountsAreSpreadExactly(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := prestatest.New(prestatest.Config{})
		id := shop.Buy(prestatest.Order{Discount: "10.00", Shipping: "4.99", Lines: []prestatest.Line{{Total: "9.99"}, {Total: "9.99"}, {Total: "9.99"}, {Total: "0"}}})
		f, err := open(t, shop).Order(t.Context(), text(id))
		require.NoError(t, err)
		sum := f.Postage
		for _, l := range f.Lines {
			sum, err = sum.Add(l.Total)
			require.NoError(t, err)
		}
		assert.Equal(t, "24.96 EUR", f.Total.String())
		assert.True(t, sum.Equal(f.Total), "%s", sum)
		assert.Equal(t, "6.66 EUR", f.Lines[0].Total.String())
		assert.True(t, f.Lines[3].Total.IsZero())

		all := shop.Buy(prestatest.Order{Discount: "15.00"}) // the postage too
		f, err = open(t, shop).Order(t.Context(), text(all))
		require.NoError(t, err)
		assert.Equal(t, "0.00 EUR", f.Lines[0].Total.String())
		assert.Equal(t, "0.00 EUR", f.Total.String())
	})
}

func TestWhatIsMissingIsADefect(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := prestatest.New(prestatest.Config{})
		for _, c := range []struct {
			path  string
			spoil func(resource string, row map[string]any)
		}{
			{"id_address_delivery", func(r string, row map[string]any) { set(r == "orders", row, "id_address_delivery", "999999") }},
			{"address.id_country", func(r string, row map[string]any) { set(r == "addresses", row, "id_country", "999999") }},
			{"id_currency", func(r string, row map[string]any) { set(r == "orders", row, "id_currency", "0") }},
			{"order_details", func(r string, row map[string]any) {
				set(r == "orders", row, "associations", map[string]any{"order_rows": []any{map[string]any{"id": "1"}, map[string]any{"id": "2"}}})
			}},
			{"order_details[0].product_quantity", func(r string, row map[string]any) { set(r == "order_details", row, "product_quantity", "-1") }},
			{"order_details[0].total_price_tax_incl", func(r string, row map[string]any) { set(r == "order_details", row, "total_price_tax_incl", "dear") }},
			{"order_details[0].id", func(r string, row map[string]any) { set(r == "order_details", row, "id", "0") }},
			{"date_upd", func(r string, row map[string]any) { set(r == "orders", row, "date_upd", "yesterday") }},
			{"total_paid_tax_incl", func(r string, row map[string]any) { set(r == "orders", row, "total_paid_tax_incl", "1e999") }},
			{"total_discounts_tax_incl", func(r string, row map[string]any) { set(r == "orders", row, "total_discounts_tax_incl", "x") }},
		} {
			id := shop.Buy(prestatest.Order{Edit: c.spoil})
			f, err := open(t, shop).Order(t.Context(), text(id))
			require.NoError(t, err, c.path)
			if assert.Len(t, f.Defects, 1, c.path) {
				assert.Equal(t, c.path, f.Defects[0].Path)
			}
			assert.Contains(t, string(f.Raw), `"order_details"`)
		}
	})
}

func set(when bool, row map[string]any, field string, value any) {
	if when {
		row[field] = value
	}
}

func TestMultistore(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := prestatest.New(prestatest.Config{Groups: map[int]int{1: 1, 2: 1, 3: 2}, SharesOrders: true,
			Keys: []prestatest.Key{{Key: prestatest.DefaultKey, Shops: []int{1, 2}}}})
		for id := range 20 {
			shop.Delete("configurations", id)
		}
		shop.SetConfig("PS_TIMEZONE", "Asia/Tokyo", 1, 0)
		shop.SetConfig("PS_TIMEZONE", "Europe/Warsaw", 0, 0)
		shop.SetConfig("PS_OS_CANCELED", text(prestatest.Cancelled), 0, 0)
		shop.SetConfig("PS_OS_REFUND", text(prestatest.Refunded), 0, 0)
		ids := []string{"", text(shop.Buy(prestatest.Order{})), text(shop.Buy(prestatest.Order{Shop: 2}))}
		for want := 1; want <= 2; want++ {
			c := open(t, shop, func(c *prestashop.Config) { c.ShopID = want })
			got, _, err := read(t.Context(), c, "")
			require.NoError(t, err)
			require.Len(t, got, 1)
			require.Contains(t, got, ids[want])
			_, err = c.Order(t.Context(), ids[3-want])
			assert.ErrorIs(t, err, mip.ErrNotFound)
			zoneOff := time.Since(got[ids[want]].CreatedAt)
			if want == 2 {
				assert.Zero(t, zoneOff, "the setting of another shop is not ours")
			} else {
				assert.Equal(t, 8*time.Hour, zoneOff, "the shop's own setting goes first")
			}
		}
		_, _, err := read(t.Context(), open(t, shop, func(c *prestashop.Config) { c.ShopID = 3 }), "")
		require.ErrorIs(t, err, mip.ErrUnauthorized)
		assert.Equal(t, "132", code(err))
		group, _, err := read(t.Context(), open(t, shop, func(c *prestashop.Config) { c.ShopGroup = 1 }), "")
		require.NoError(t, err)
		assert.Len(t, group, 2)
	})
}

func TestLinesKnowTheirSupplier(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := prestatest.New(prestatest.Config{Name: "Sklep"})
		id := shop.Buy(prestatest.Order{Lines: []prestatest.Line{{Reference: " S1 "}, {Reference: "X1"}, {Reference: "-"}}})
		c := open(t, shop, func(c *prestashop.Config) { c.Supplies = func(sku string) bool { return strings.HasPrefix(sku, "S") } })
		f, err := c.Order(t.Context(), text(id))
		require.NoError(t, err)
		assert.Equal(t, []string{"S1", "X1", ""}, []string{f.Lines[0].SKU, f.Lines[1].SKU, f.Lines[2].SKU})
		assert.Equal(t, []bool{false, true, false}, []bool{f.Lines[0].Foreign, f.Lines[1].Foreign, f.Lines[2].Foreign})
		assert.Equal(t, "Sklep", f.Service, "a carrier called 0 is the shop itself")
	})
}

func TestLookBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		shop := prestatest.New(prestatest.Config{})
		old := text(shop.Buy(prestatest.Order{}))
		time.Sleep(31 * 24 * time.Hour)
		fresh := text(shop.Buy(prestatest.Order{}))
		got, _, err := read(t.Context(), open(t, shop), "")
		require.NoError(t, err)
		assert.NotContains(t, got, old)
		assert.Contains(t, got, fresh)
		got, _, err = read(t.Context(), open(t, shop, func(c *prestashop.Config) { c.LookBack = 40 * 24 * time.Hour }), "")
		require.NoError(t, err)
		assert.Contains(t, got, old)
	})
}
