package rules_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rules"
)

func TestLines(t *testing.T) {
	t.Run("foreign lines are pointed out and hold nothing", func(t *testing.T) {
		s := changed(func(s *mip.Snapshot) { s.Order.Lines[1].Foreign = true })
		f := one(t, s, rules.ForeignLines())
		assert.Equal(t, mip.Notice, f.Severity)
		assert.Equal(t, map[string]string{"lines": "1"}, f.Params)
		assert.Empty(t, check(s, rules.NothingToBuy()))
	})
	t.Run("nothing of ours is to be bought", func(t *testing.T) {
		for name, change := range map[string]func(o *mip.Order){
			"all is another supplier's": func(o *mip.Order) { o.Lines[0].Foreign, o.Lines[1].Foreign = true, true },
			"all is cancelled":          func(o *mip.Order) { o.Lines[0].Cancelled, o.Lines[1].Cancelled = 2, 3 },
			"all is bought": func(o *mip.Order) {
				o.Placements = []mip.Placement{{Status: mip.PlacementShipped, Items: []mip.Item{
					{LineID: "1", SKU: "S0000001", Quantity: 2}, {LineID: "2", SKU: "S0000002", Quantity: 1}}}}
			},
		} {
			s := changed(func(s *mip.Snapshot) { change(&s.Order) })
			assert.Equal(t, []string{"order.nothing_to_buy lines"}, at(check(s, rules.NothingToBuy())), name)
			assert.Empty(t, check(s, rules.ForeignLines()), name)
		}
	})
	t.Run("an order without lines is reported once", func(t *testing.T) {
		s := changed(func(s *mip.Snapshot) { s.Order.Lines = nil })
		assert.Equal(t, []string{"order.lines_missing lines"}, at(mip.Evaluate(s, rules.Default())))
	})
	t.Run("an own line needs a SKU, others do not", func(t *testing.T) {
		s := changed(func(s *mip.Snapshot) {
			s.Order.Lines = []mip.Line{{ID: "1", Quantity: 1, Foreign: true}, {ID: "2", SKU: " ", Title: "Chair", Quantity: 1},
				{ID: "3", Quantity: 1, Cancelled: 1}}
		})
		f := one(t, s, rules.Mapped())
		assert.Equal(t, "product.not_mapped lines[1].sku", at([]mip.Finding{f})[0])
		assert.Equal(t, map[string]string{"title": "Chair"}, f.Params)
	})
}

func TestProducts(t *testing.T) {
	product := func(p mip.Product) mip.Snapshot {
		return changed(func(s *mip.Snapshot) { s.Catalogue["S0000002"] = p })
	}
	cases := map[string]struct {
		rule    mip.Rule
		product mip.Product
		want    []string
	}{
		"an unknown SKU":                   {rules.ProductKnown(), mip.Product{}, []string{"product.not_found lines[1].sku"}},
		"a product with variations":        {rules.Variation(), mip.Product{Known: true, Variants: true}, []string{"product.variation_required lines[1].sku"}},
		"a product that has left":          {rules.ProductActive(), mip.Product{Known: true}, []string{"product.inactive lines[1].sku"}},
		"no stock":                         {rules.Stock(), mip.Product{Known: true, Active: true}, []string{"stock.out_of_stock lines[1].quantity"}},
		"stock not known passes":           {rules.Stock(), mip.Product{Known: true, Stock: -1}, nil},
		"an unknown SKU has no other flaw": {rules.Stock(), mip.Product{}, nil},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) { assert.Equal(t, c.want, at(check(product(c.product), c.rule))) })
	}
	set := []mip.Rule{rules.ProductKnown(), rules.Variation(), rules.ProductActive(), rules.Stock()}
	t.Run("without a catalogue, or an answer about the SKU, nothing is judged", func(t *testing.T) {
		s := clean()
		s.Catalogue = nil
		assert.Empty(t, mip.Evaluate(s, set))
		s.Catalogue = map[string]mip.Product{}
		assert.Empty(t, mip.Evaluate(s, set))
	})
	t.Run("all lines of a SKU share its stock", func(t *testing.T) {
		s := changed(func(s *mip.Snapshot) {
			s.Order.Lines[1].SKU = "S0000001"
			s.Catalogue["S0000001"] = mip.Product{Known: true, Active: true, Stock: 2}
		})
		f := one(t, s, rules.Stock())
		assert.Equal(t, map[string]string{"skus": "S0000001", "stock": "2", "quantity": "3"}, f.Params)
		assert.Equal(t, "lines[0].quantity", f.Path)
		assert.True(t, f.AutoClear)
		s.Catalogue["S0000001"] = mip.Product{Known: true, Active: true, Stock: 3}
		assert.Empty(t, check(s, rules.Stock()))
	})
	t.Run("what is bought already needs no stock", func(t *testing.T) {
		s := changed(func(s *mip.Snapshot) {
			s.Catalogue["S0000001"] = mip.Product{Known: true, Active: true, Stock: 1}
			s.Order.Placements = []mip.Placement{{Status: mip.PlacementInProcess, Items: []mip.Item{{LineID: "1", SKU: "S0000001", Quantity: 1}}}}
		})
		assert.Empty(t, check(s, rules.Stock()))
		s.Order.Placements[0].Status = mip.PlacementCancelled
		assert.Len(t, check(s, rules.Stock()), 1)
	})
	t.Run("what the supplier refused itself is not said twice", func(t *testing.T) {
		s := changed(func(s *mip.Snapshot) {
			s.Catalogue["S0000001"] = mip.Product{Known: true, Active: true}
			s.Quote.Refusals = []mip.Finding{{Code: "stock.out_of_stock", Severity: mip.Blocking}}
		})
		assert.Len(t, mip.Evaluate(s, set), 1)
	})
}
