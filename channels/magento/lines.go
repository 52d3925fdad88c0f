package magento

import (
	"fmt"
	"strings"

	"github.com/openmip/openmip/mip"
)

// family is the lines of an order by how they belong together: Magento keeps
// a configurable product and its variant, or a bundle and its parts, as one
// parent and its children.
type family struct {
	items    map[text]wireItem
	children map[text][]wireItem
}

func (o *order) family() family {
	f := family{map[text]wireItem{}, map[text][]wireItem{}}
	for _, p := range o.wire.Items.V {
		f.items[p.V.ID] = p.V
	}
	for _, p := range o.wire.Items.V {
		if parent, isChild := f.parent(p.V); isChild {
			f.children[parent.ID] = append(f.children[parent.ID], p.V)
		}
	}
	return f
}

// parent returns the item that a child belongs to. There are two generations
// and no more: whose parent is missing or a child itself is no child.
func (f family) parent(it wireItem) (parent wireItem, isChild bool) {
	parent, there := f.items[it.Parent]
	_, grand := f.items[parent.Parent]
	return parent, there && it.Parent != "" && !(grand && parent.Parent != "")
}

// parted reports whether an item is a bundle whose parts leave one by one.
func (f family) parted(it wireItem, s *Shop) bool {
	return it.Type == "bundle" && len(f.children[it.ID]) > 0 &&
		s.config.PartsShipAlone != nil && s.config.PartsShipAlone(strings.TrimSpace(string(it.SKU)))
}

// readLines makes a line of every item that is shipped by its own id: parents,
// or the parts of a bundle that leave one by one. What is no child counts as a
// line of its own, so that nothing is lost.
func (o *order) readLines() {
	o.read.Check("items", !o.wire.Items.Bad && len(o.wire.Items.V) > 0)
	f := o.family()
	for i, p := range o.wire.Items.V {
		path := fmt.Sprintf("items[%d]", i)
		if p.Bad {
			o.read.Check(path, false)
			o.Lines = append(o.Lines, mip.Line{})
			continue
		}
		parent, isChild := f.parent(p.V)
		if isChild != (isChild && f.parted(parent, o.shop)) || f.parted(p.V, o.shop) {
			continue
		}
		o.Lines = append(o.Lines, o.line(path, p.V, parent, isChild, f))
	}
}

// line reads one item; parent is that of a part that leaves alone.
func (o *order) line(path string, it, parent wireItem, isPart bool, f family) mip.Line {
	o.read.Check(path+".item_id", isID(string(it.ID)))
	l := mip.Line{ID: string(it.ID), SKU: f.sku(it), Title: string(it.Name)}
	supplies := o.shop.config.Supplies
	l.Foreign = it.virtual() || l.SKU != "" && supplies != nil && !supplies(l.SKU)
	count := func(field string, t text) int {
		n, whole := pieces(t)
		o.read.Check(path+"."+field, whole || l.Foreign)
		return n
	}
	l.Quantity = count("qty_ordered", it.Ordered)
	o.read.Check(path+".qty_ordered", it.Ordered != "")
	l.Cancelled = count("qty_canceled", it.Canceled) + count("qty_refunded", it.Refunded)
	l.Shipped = min(count("qty_shipped", it.Shipped), l.Quantity)
	paid := it
	if isPart { // what is taken back is sometimes counted at the bundle only
		bundles, _ := pieces(parent.Ordered)
		gone, _ := pieces(parent.Canceled)
		back, _ := pieces(parent.Refunded)
		if bundles > 0 {
			l.Cancelled = max(l.Cancelled, (gone+back)*l.Quantity/bundles)
		}
		if f.unpriced(parent) { // a fixed price stands at the bundle: the first part has it
			if paid = parent; f.children[parent.ID][0].ID != it.ID {
				paid = wireItem{Total: "0"}
			}
		}
	}
	l.Total = o.money(f.costs(path+".", paid, !isPart)...)
	return l
}

// sku is what is bought. A configurable product's is its variant's: the
// parent's own has the customer's options at its end.
func (f family) sku(it wireItem) string {
	if parts := f.children[it.ID]; it.Type == "configurable" && len(parts) == 1 && parts[0].SKU != "" {
		it = parts[0]
	}
	return strings.TrimSpace(string(it.SKU))
}

// costs are what a line's total is made of. Where the prices of a whole bundle
// are its parts', so are the discounts: at the bundle they are nought.
func (f family) costs(path string, it wireItem, whole bool) []amount {
	out := []amount{{path + "row_total", it.Total, '+'}}
	for _, c := range []struct {
		field string
		sign  rune
		of    func(wireItem) text
	}{
		{"tax_amount", '+', func(i wireItem) text { return i.Tax }},
		{"discount_amount", '-', func(i wireItem) text { return i.Off }},
		{"discount_tax_compensation_amount", '+', func(i wireItem) text { return i.Hidden }},
		{"weee_tax_applied_row_amount", '+', func(i wireItem) text { return i.Levies }},
	} {
		out = append(out, amount{path + c.field, c.of(it), c.sign})
		if !whole || !nought(c.of(it)) {
			continue
		}
		for _, p := range f.children[it.ID] {
			out = append(out, amount{path + c.field, c.of(p), c.sign})
		}
	}
	return out
}

// unpriced reports whether no part of a bundle has a price of its own.
func (f family) unpriced(bundle wireItem) bool {
	for _, c := range f.children[bundle.ID] {
		if !nought(c.Total) {
			return false
		}
	}
	return true
}

// virtual: downloads, services, gift cards by e-mail. They are never shipped.
func (it wireItem) virtual() bool { return it.Virtual == "1" || it.Virtual == "true" }
