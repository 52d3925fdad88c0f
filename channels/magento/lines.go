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
		if parent := p.V.Parent; parent != "" && parent != p.V.ID {
			if _, there := f.items[parent]; there {
				f.children[parent] = append(f.children[parent], p.V)
			}
		}
	}
	return f
}

// parted reports whether an item is a bundle whose parts leave one by one.
func (f family) parted(it wireItem, s *Shop) bool {
	return it.Type == "bundle" && len(f.children[it.ID]) > 0 &&
		s.config.PartsShipAlone != nil && s.config.PartsShipAlone(strings.TrimSpace(string(it.SKU)))
}

// readLines makes a line of every item that is shipped by its own id: parents,
// or the parts of a bundle that leave one by one. An item whose parent is not
// in the order counts as a line of its own, so that nothing is lost.
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
		parent, isChild := f.items[p.V.Parent]
		isChild = isChild && p.V.Parent != p.V.ID && p.V.Parent != ""
		if isChild != (isChild && f.parted(parent, o.shop)) || f.parted(p.V, o.shop) {
			continue
		}
		o.Lines = append(o.Lines, o.line(path, p.V, parent, isChild, f))
	}
}

// line reads one item; parent is that of a part that leaves alone.
func (o *order) line(path string, it, parent wireItem, isPart bool, f family) mip.Line {
	o.read.Check(path+".item_id", isID(string(it.ID)))
	l := mip.Line{ID: string(it.ID), SKU: strings.TrimSpace(string(it.SKU)), Title: string(it.Name)}
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
	if n := count("qty_shipped", it.Shipped); n > 0 {
		o.shipped[l.ID] += n
	}
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
	l.Total = o.money(amount{path + ".row_total", paid.Total, '+'}, amount{path + ".tax_amount", paid.Tax, '+'},
		amount{path + ".discount_amount", paid.Off, '-'}, amount{path + ".discount_tax_compensation_amount", paid.Hidden, '+'},
		amount{path + ".weee_tax_applied_row_amount", paid.Levies, '+'})
	return l
}

// unpriced reports whether no part of a bundle has a price of its own.
func (f family) unpriced(bundle wireItem) bool {
	for _, c := range f.children[bundle.ID] {
		if strings.Trim(string(c.Total), "0.") != "" {
			return false
		}
	}
	return true
}

// virtual: downloads, services, gift cards by e-mail. They are never shipped.
func (it wireItem) virtual() bool { return it.Virtual == "1" || it.Virtual == "true" }
