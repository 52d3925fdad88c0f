package magento_test

import (
	"encoding/json"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/magento"
	"github.com/openmip/openmip/channels/magento/magentest"
	"github.com/openmip/openmip/mip"
)

func text(id int64) string { return strconv.FormatInt(id, 10) }

func ref(id int64) mip.Ref { return mip.Ref{Channel: "shop", ID: text(id)} }

// read buys an order in a shop of its own and reads it by its id.
func read(t *testing.T, o magentest.Order, change ...func(*magento.Config)) (mip.Facts, magentest.Order) {
	t.Helper()
	shop := magentest.New(magentest.Config{})
	id := shop.Buy(o)
	f, err := open(t, shop, change...).Order(t.Context(), text(id))
	require.NoError(t, err)
	kept, _ := shop.Order(id)
	return f, kept
}

func TestDemandGoesByTheState(t *testing.T) {
	sent := []magentest.Item{{Ordered: "2", Shipped: 2}}
	for _, c := range []struct {
		name     string
		order    magentest.Order
		statuses map[string]mip.Demand
		want     mip.Demand
		defect   string
	}{
		{name: "processing is to be shipped", order: magentest.Order{State: "processing"}, want: mip.DemandShip},
		{name: "whatever its status is called", order: magentest.Order{State: "processing", Status: "picking_in_lodz"}, want: mip.DemandShip},
		{name: "new is unpaid", order: magentest.Order{State: "new"}, want: mip.DemandUnpaid},
		{name: "new with nothing due is paid", order: magentest.Order{State: "new", GrandTotal: "0.0000"}, want: mip.DemandShip},
		{name: "cash on delivery is shipped where its status is named", order: magentest.Order{State: "new"},
			statuses: map[string]mip.Demand{"pending": mip.DemandShip}, want: mip.DemandShip},
		{name: "a status of the shop's own can wait", order: magentest.Order{State: "processing", Status: "fraud_check"},
			statuses: map[string]mip.Demand{"fraud_check": mip.DemandUnpaid}, want: mip.DemandUnpaid},
		{name: "a cancelled order stays so whatever its status says", order: magentest.Order{State: "canceled", Status: "processing"},
			statuses: map[string]mip.Demand{"processing": mip.DemandShip}, want: mip.DemandCancel},
		{name: "waiting for PayPal is unpaid", order: magentest.Order{State: "pending_payment", GrandTotal: "0"}, want: mip.DemandUnpaid},
		{name: "suspected fraud is unpaid", order: magentest.Order{State: "payment_review", GrandTotal: "0"}, want: mip.DemandUnpaid},
		{name: "on hold is not to be shipped yet", order: magentest.Order{State: "holded"}, want: mip.DemandUnpaid},
		{name: "complete is done", order: magentest.Order{State: "complete"}, want: mip.DemandClosed},
		{name: "closed is refunded", order: magentest.Order{State: "closed"}, want: mip.DemandCancel},
		{name: "all shipped is done, invoiced or not", order: magentest.Order{Items: sent}, want: mip.DemandClosed},
		{name: "all shipped that was wanted is done", order: magentest.Order{Items: []magentest.Item{{Ordered: "3", Shipped: 2, Canceled: 1}}}, want: mip.DemandClosed},
		{name: "partly shipped is not done", order: magentest.Order{Items: []magentest.Item{{Ordered: "3", Shipped: 2}}}, want: mip.DemandShip},
		{name: "a state that Magento does not have is never shipped", order: magentest.Order{State: "exported"}, want: mip.DemandUnpaid, defect: "state"},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, _ := read(t, c.order, func(config *magento.Config) { config.Statuses = c.statuses })
			assert.Equal(t, c.want, f.Demand)
			if c.defect == "" {
				assert.Empty(t, f.Defects)
			} else if assert.Len(t, f.Defects, 1) {
				assert.Equal(t, c.defect, f.Defects[0].Path)
			}
		})
	}
}

func TestTheAddressIsTheShippingAssignments(t *testing.T) {
	a := magentest.Madrid()
	a.Middle, a.Street, a.Email, a.VATNumber = "María", []string{" Calle 1 ", "", "puerta 2", "bloque 3"}, "", "ESX1"
	f, _ := read(t, magentest.Order{Shipping: &a, Email: "account@example.org", Pickup: "store_7"})
	assert.Equal(t, mip.Address{FirstName: "Lucía María", LastName: "Fernández Prueba", Line1: "Calle 1", Line2: "puerta 2, bloque 3",
		City: "Madrid", Province: "M", Postcode: "28001", Country: "ES", Phone: "+34600000001", Email: "account@example.org", VATNumber: "ESX1"}, f.ShipTo)
	assert.Equal(t, "store_7", f.PickupPoint)

	t.Run("a region without a code is taken by its name", func(t *testing.T) {
		a := magentest.Madrid()
		a.RegionCode = ""
		f, _ := read(t, magentest.Order{Shipping: &a})
		assert.Equal(t, "Madrid", f.ShipTo.Province)
	})
	t.Run("nobody delivers to the billing address", func(t *testing.T) {
		f, _ := read(t, magentest.Order{Edit: func(o map[string]any) { o["extension_attributes"] = []any{} }})
		assert.Zero(t, f.ShipTo)
		assert.Empty(t, f.Defects)
	})
	t.Run("several places are for a person to divide", func(t *testing.T) {
		f, _ := read(t, magentest.Order{Edit: func(o map[string]any) {
			more := o["extension_attributes"].(map[string]any)
			one := more["shipping_assignments"].([]map[string]any)[0]
			two := map[string]any{"shipping": map[string]any{"address": map[string]any{"city": "Toledo", "lastname": "Otro", "country_id": "ES"}}}
			more["shipping_assignments"] = []map[string]any{one, one, two}
		}})
		require.Len(t, f.Defects, 1)
		assert.Equal(t, "extension_attributes.shipping_assignments", f.Defects[0].Path)
		assert.Equal(t, "Madrid", f.ShipTo.City)
	})
}

func TestAmountsAreWhatTheBuyerPaid(t *testing.T) {
	f, _ := read(t, magentest.Order{GrandTotal: "117.8000", ShippingAmount: "7.0000", ShippingTax: "1.2600", ShippingDiscount: "1.0000",
		Items: []magentest.Item{{Ordered: "2.0000", RowTotal: "99.999999999999986", Tax: "18.9", Discount: "10.0000", Hidden: "0.5"}}})
	assert.True(t, mip.EUR(117_80).Equal(f.Total), "the total in the order's currency, not the shop's: %s", f.Total)
	assert.True(t, mip.EUR(7_26).Equal(f.Postage), "postage with its tax after discounts: %s", f.Postage)
	require.Len(t, f.Lines, 1)
	assert.True(t, mip.EUR(109_40).Equal(f.Lines[0].Total), "the row with its tax after discounts: %s", f.Lines[0].Total)
	assert.Equal(t, 2, f.Lines[0].Quantity)
}

func TestAnOrderThatIsNotShippedHasNoPostage(t *testing.T) {
	for _, none := range []any{nil, false, ""} {
		f, _ := read(t, magentest.Order{Edit: func(o map[string]any) { o["shipping_amount"], o["shipping_tax_amount"] = none, none }})
		assert.Zero(t, f.Postage)
		assert.Empty(t, f.Defects)
	}
}

// Numbers come with the noise of PHP's floats, and as text of any form.
func TestAmountsInOddDigits(t *testing.T) {
	for wire, want := range map[string]string{"10.100000000000001": "10.10 EUR", "1.01e1": "10.10 EUR", "10.1": "10.10 EUR", "10": "10.00 EUR", "0.005": "0.01 EUR",
		"-0.0000": "0.00 EUR", "10,10": "", "1.000,00": "", "0x10": "", "NaN": "", "∞": "", "1e99": "", "ten": "", "-": ""} {
		f, _ := read(t, magentest.Order{Items: []magentest.Item{{RowTotal: wire}}, GrandTotal: "1"})
		if want == "" {
			require.Len(t, f.Defects, 1, wire)
			assert.Equal(t, "items[0].row_total", f.Defects[0].Path)
			assert.Empty(t, f.Lines[0].Total.Currency(), wire)
			continue
		}
		assert.Empty(t, f.Defects, wire)
		assert.Equal(t, want, f.Lines[0].Total.String(), wire)
	}
}

func TestWhatIsTakenBackIsNotWanted(t *testing.T) {
	f, _ := read(t, magentest.Order{Items: []magentest.Item{{Ordered: "5", Canceled: 1, Refunded: 2, Shipped: 1}}})
	require.Len(t, f.Lines, 1)
	assert.Equal(t, 5, f.Lines[0].Quantity)
	assert.Equal(t, 3, f.Lines[0].Cancelled, "canceled and refunded, not what has left")
}

func TestUnreadableOrdersAreKept(t *testing.T) {
	for _, c := range []struct {
		name, path string
		edit       func(map[string]any)
	}{
		{"no item is whole", "items", func(o map[string]any) { o["items"] = "none" }},
		{"no item at all", "items", func(o map[string]any) { o["items"] = []any{} }},
		{"an item is none", "items[0]", func(o map[string]any) { o["items"] = []any{7} }},
		{"a negative number of pieces", "items[0].qty_ordered", func(o map[string]any) { item(o)["qty_ordered"] = -1 }},
		{"no number of pieces", "items[0].qty_ordered", func(o map[string]any) { delete(item(o), "qty_ordered") }},
		{"half a piece taken back", "items[0].qty_refunded", func(o map[string]any) { item(o)["qty_refunded"] = json.Number("0.5") }},
		{"an item without an id", "items[0].item_id", func(o map[string]any) { delete(item(o), "item_id") }},
		{"a price that explodes", "items[0].row_total", func(o map[string]any) { item(o)["row_total"] = json.Number("1e999999") }},
		{"a price that is missing", "items[0].row_total", func(o map[string]any) { delete(item(o), "row_total") }},
		{"no currency", "order_currency_code", func(o map[string]any) { o["order_currency_code"] = "€" }},
		{"a time of another form", "updated_at", func(o map[string]any) { o["updated_at"] = "23/11/2026" }},
		{"a total that is missing", "grand_total", func(o map[string]any) { delete(o, "grand_total") }},
		{"an address that is a list", "extension_attributes.shipping_assignments", func(o map[string]any) {
			o["extension_attributes"] = map[string]any{"shipping_assignments": map[string]any{"0": 1}}
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			shop := magentest.New(magentest.Config{})
			shop.Buy(magentest.Order{Edit: c.edit})
			other := shop.Buy(magentest.Order{})
			got := all(t, open(t, shop), "")
			require.Len(t, got, 2)
			odd := got[0]
			if odd.Ref == ref(other) {
				odd = got[1]
			}
			require.NotEmpty(t, odd.Defects)
			assert.Equal(t, c.path, odd.Defects[0].Path)
			assert.True(t, json.Valid(odd.Raw))
		})
	}
}

func item(o map[string]any) map[string]any { return o["items"].([]map[string]any)[0] }

// all reads everything from a cursor and expects no error.
func all(t *testing.T, c mip.Channel, since mip.Cursor) []mip.Facts {
	t.Helper()
	var out []mip.Facts
	for page, err := range c.Orders(t.Context(), since) {
		require.NoError(t, err)
		out = append(out, page.Orders...)
	}
	return out
}
