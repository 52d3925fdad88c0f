package mip

// Line is one line of an order as the channel keeps it.
type Line struct {
	ID        string `json:"id"`                  // the channel's line id; tracking is told back by it
	SKU       string `json:"sku,omitempty"`       // the supplier's SKU; empty = not mapped
	Title     string `json:"title,omitempty"`     // the channel's words
	Quantity  int    `json:"quantity"`            // pieces ordered
	Cancelled int    `json:"cancelled,omitempty"` // pieces refunded or cancelled since
	Shipped   int    `json:"shipped,omitempty"`   // pieces that left by the channel's account, by whomever: 0 … Quantity; 0 where it does not say
	Total     Money  `json:"total"`               // what the buyer paid for the line, after discounts, tax included
	Foreign   bool   `json:"foreign,omitempty"`   // another supplier's; never bought here
}

// Wanted returns the pieces that are still to be shipped: ordered − cancelled,
// never negative, and 0 for a foreign line.
func (l Line) Wanted() int {
	if l.Foreign {
		return 0
	}
	return max(0, l.Quantity-l.Cancelled)
}

// Item is a number of pieces of one order line: what an attempt covers, what
// a placement holds, what a parcel carries.
type Item struct {
	LineID   string `json:"line,omitempty"`
	SKU      string `json:"sku"`
	Quantity int    `json:"quantity"`
}

// Within reports whether placements hold nothing but pieces that were asked for,
// by SKU. A placement that does not show what it holds is believed.
func Within(placements []Placement, asked []Item) bool {
	left := map[string]int{}
	for _, it := range asked {
		left[it.SKU] += it.Quantity
	}
	for _, p := range placements {
		for _, it := range p.Items {
			if _, known := left[it.SKU]; !known {
				return false
			}
			if left[it.SKU] -= it.Quantity; left[it.SKU] < 0 {
				return false
			}
		}
	}
	return true
}

// bySKU sums pieces per SKU in order of first appearance.
func bySKU(items []Item) []Item {
	var out []Item
next:
	for _, it := range items {
		for i := range out {
			if out[i].SKU == it.SKU {
				out[i].Quantity += it.Quantity
				continue next
			}
		}
		out = append(out, Item{SKU: it.SKU, Quantity: it.Quantity})
	}
	return out
}
