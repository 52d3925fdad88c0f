package magento_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/openmip/openmip/channels/magento"
	"github.com/openmip/openmip/channels/magento/magentest"
	"github.com/openmip/openmip/mip"
)

func configurable() []magentest.Item {
	return []magentest.Item{
		{SKU: "S1-RED-M", Name: "Shirt", Type: "configurable", Ordered: "2", RowTotal: "40.0000", Tax: "8.4"},
		{SKU: "S1-RED-M", Name: "Shirt-RED-M", Parent: 1, Ordered: "2", RowTotal: "0.0000"},
	}
}

func bundle(separately bool, prices ...string) []magentest.Item {
	return []magentest.Item{
		{SKU: "KIT", Name: "Kit", Type: "bundle", Ordered: "2", RowTotal: "60.0000", Separately: separately},
		{SKU: "S0000001", Name: "Lamp", Parent: 1, Ordered: "2", RowTotal: prices[0]},
		{SKU: "S0000002", Name: "Mug", Parent: 1, Ordered: "6", RowTotal: prices[1]},
	}
}

func alone(sku string) func(*magento.Config) {
	return func(c *magento.Config) { c.PartsShipAlone = func(bundle string) bool { return bundle == sku } }
}

func TestParentsAndChildren(t *testing.T) {
	line := func(sku, title string, pieces int, cents int64) mip.Line {
		return mip.Line{SKU: sku, Title: title, Quantity: pieces, Total: mip.EUR(cents)}
	}
	for _, c := range []struct {
		name   string
		items  []magentest.Item
		change []func(*magento.Config)
		at     []int // which items are lines
		want   []mip.Line
	}{
		{name: "a configurable product is one line, with the variant's SKU and the parent's price", items: configurable(),
			at: []int{0}, want: []mip.Line{line("S1-RED-M", "Shirt", 2, 48_40)}},
		{name: "the variant's SKU has no options at its end", items: []magentest.Item{
			{SKU: "S1-RED-M-engraved", Name: "Shirt", Type: "configurable", RowTotal: "40.0000"}, {SKU: " S1-RED-M ", Parent: 1, RowTotal: "0"}},
			at: []int{0}, want: []mip.Line{line("S1-RED-M", "Shirt", 1, 40_00)}},
		{name: "a variant that lost its SKU leaves the parent's", items: []magentest.Item{
			{SKU: "S1", Name: "Shirt", Type: "configurable", RowTotal: "40.0000"}, {SKU: "-", Parent: 1, RowTotal: "0"}},
			at: []int{0}, want: []mip.Line{line("S1", "Shirt", 1, 40_00)}},
		{name: "a bundle is less the discounts on its parts", items: discounted(bundle(false, "24.0000", "36.0000")),
			at: []int{0}, want: []mip.Line{line("KIT", "Kit", 2, 67_10)}},
		{name: "and each part less its own, if they ship alone", items: discounted(bundle(true, "24.0000", "36.0000")), change: []func(*magento.Config){alone("KIT")},
			at: []int{1, 2}, want: []mip.Line{line("S0000001", "Lamp", 2, 27_04), line("S0000002", "Mug", 6, 40_06)}},
		{name: "a bundle is one line", items: bundle(false, "24.0000", "36.0000"), at: []int{0}, want: []mip.Line{line("KIT", "Kit", 2, 60_00)}},
		{name: "unless its parts ship alone", items: bundle(true, "24.0000", "36.0000"), change: []func(*magento.Config){alone("KIT")},
			at: []int{1, 2}, want: []mip.Line{line("S0000001", "Lamp", 2, 24_00), line("S0000002", "Mug", 6, 36_00)}},
		{name: "a bundle's fixed price goes to the first part", items: bundle(true, "0.0000", "0"), change: []func(*magento.Config){alone("KIT")},
			at: []int{1, 2}, want: []mip.Line{line("S0000001", "Lamp", 2, 60_00), line("S0000002", "Mug", 6, 0)}},
		{name: "another bundle stays whole", items: bundle(false, "0", "0"), change: []func(*magento.Config){alone("OTHER")},
			at: []int{0}, want: []mip.Line{line("KIT", "Kit", 2, 60_00)}},
		{name: "a bundle without parts is not lost", items: bundle(true, "0", "0")[:1], change: []func(*magento.Config){alone("KIT")},
			at: []int{0}, want: []mip.Line{line("KIT", "Kit", 2, 60_00)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, kept := read(t, magentest.Order{Items: c.items}, c.change...)
			for i, at := range c.at {
				c.want[i].ID = text(kept.Items[at].ID)
			}
			assert.Empty(t, f.Defects)
			require.Len(t, f.Lines, len(c.want))
			for i, l := range f.Lines {
				assert.True(t, c.want[i].Total.Equal(l.Total), "%s, want %s", l.Total, c.want[i].Total)
				l.Total = c.want[i].Total
				assert.Equal(t, c.want[i], l)
			}
		})
	}
}

// discounted is a bundle as Magento discounts it where its parts have prices:
// tax at both, the rest at the parts.
func discounted(items []magentest.Item) []magentest.Item {
	items[0].Discount, items[0].Hidden, items[0].Tax = "0.0000", "0", "12.6000"
	items[1].Discount, items[1].Tax = "2.0000", "5.0400"
	items[2].Discount, items[2].Tax, items[2].Hidden = "4.0000", "7.5600", "0.5000"
	return items
}

func TestWhatAddsUpAtTheShopAddsUpHere(t *testing.T) {
	for _, items := range [][]magentest.Item{configurable(), bundle(false, "24", "36"), discounted(bundle(false, "24", "36"))} {
		f, _ := read(t, magentest.Order{Items: items, ShippingAmount: "5"})
		sum, err := f.Postage.Add(f.Lines[0].Total)
		require.NoError(t, err)
		assert.True(t, sum.Equal(f.Total), "%s, want %s", sum, f.Total)
	}
}

// Magento knows two generations. Anything else is broken, and nothing of it is
// lost.
func TestFamiliesThatCannotBe(t *testing.T) {
	three := []magentest.Item{{SKU: "A"}, {SKU: "B"}, {SKU: "C"}}
	for name, parents := range map[string][]int{"its own parent": {1, 0, 0}, "each other's parents": {2, 1, 0}, "a ring": {2, 3, 1}} {
		f, _ := read(t, magentest.Order{Items: three, Edit: func(o map[string]any) {
			items, _ := o["items"].([]map[string]any)
			for i, p := range parents {
				if p > 0 {
					items[i]["parent_item_id"] = items[p-1]["item_id"]
				}
			}
		}})
		assert.Len(t, f.Lines, 3, name)
	}
}

func TestAChildWhoseParentIsMissingIsALine(t *testing.T) {
	f, kept := read(t, magentest.Order{Edit: func(o map[string]any) { item(o)["parent_item_id"] = 4711 }})
	require.Len(t, f.Lines, 1)
	assert.Equal(t, text(kept.Items[0].ID), f.Lines[0].ID)
}

func TestPartsAreTakenBackWithTheirBundle(t *testing.T) {
	items := bundle(true, "0", "0")
	items[0].Refunded, items[2].Refunded = 1, 1
	f, _ := read(t, magentest.Order{Items: items}, alone("KIT"))
	require.Len(t, f.Lines, 2)
	assert.Equal(t, 1, f.Lines[0].Cancelled, "one of two bundles has one of two lamps")
	assert.Equal(t, 3, f.Lines[1].Cancelled, "and three of six mugs, of which one was counted itself")
}

func TestForeignLines(t *testing.T) {
	f, _ := read(t, magentest.Order{Items: []magentest.Item{{SKU: "S1"}, {SKU: "X1", Ordered: "1.5"}, {SKU: "EBOOK", Virtual: true}, {SKU: "-"}}},
		func(c *magento.Config) { c.Supplies = func(sku string) bool { return sku != "X1" } })
	var got []bool
	for _, l := range f.Lines {
		got = append(got, l.Foreign)
	}
	assert.Equal(t, []bool{false, true, true, false}, got, "another supplier's and what is no thing; not what has no SKU")
	assert.Empty(t, f.Defects, "half a metre of somebody else's cloth is not ours to count")
}

// ships tells which items a report ships, by SKU.
func ships(t *testing.T, items []magentest.Item, change ...func(*magento.Config)) (map[string]int, magentest.Order) {
	t.Helper()
	shop := magentest.New(magentest.Config{})
	id := shop.Buy(magentest.Order{Items: items, Invoiced: true})
	require.NoError(t, open(t, shop, change...).Report(t.Context(), ref(id), shipped(box("1", "N1"))))
	o, _ := shop.Order(id)
	require.Len(t, o.Shipments, 1)
	out := map[string]int{}
	for _, it := range o.Items {
		if n := o.Shipments[0].Items[it.ID]; n > 0 {
			out[it.Type+" "+it.SKU] += n
		}
	}
	return out, o
}

func TestWhatIsShippedIsWhatShipsByItself(t *testing.T) {
	got, o := ships(t, configurable())
	assert.Equal(t, map[string]int{"configurable S1-RED-M": 2}, got)
	assert.Equal(t, "complete", o.State)

	got, o = ships(t, bundle(false, "24", "36"))
	assert.Equal(t, map[string]int{"bundle KIT": 2}, got)
	assert.Equal(t, 6, o.Items[2].Shipped, "the parts leave with it")

	got, o = ships(t, bundle(true, "24", "36"), alone("KIT"))
	assert.Equal(t, map[string]int{"simple S0000001": 2, "simple S0000002": 6}, got)
	assert.Equal(t, "complete", o.State)

	got, _ = ships(t, []magentest.Item{{SKU: "S1"}, {SKU: "X1"}, {SKU: "EBOOK", Virtual: true}},
		func(c *magento.Config) { c.Supplies = func(sku string) bool { return sku == "S1" } })
	assert.Equal(t, map[string]int{"simple S1": 1}, got, "never what is another supplier's, nor what is no thing")
}
