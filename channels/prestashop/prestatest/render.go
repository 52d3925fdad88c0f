package prestatest

import (
	"encoding/json"
	"maps"
	"slices"
)

// render makes of a row what is sent: ids and some more fields as numbers, all
// else as text, words per language as one or as a list.
func (c *call) render(t *table, r row, only []string) map[string]any {
	out := map[string]any{}
	show := func(field string) bool { return only == nil || slices.Contains(only, field) }
	for field, v := range r {
		if !show(field) || field == "note" && t.name == "orders" && !c.cfg.modern() {
			continue
		}
		switch v := v.(type) {
		case words:
			out[field] = c.words(v)
		case string:
			out[field] = v
			if c.json && (field == "id" || slices.Contains(t.ints, field)) {
				out[field] = json.Number(or(v, "0"))
			}
		}
	}
	if t.name == "orders" && only == nil {
		c.complete(r, out)
	}
	c.edit(t, r, out)
	return out
}

// complete adds what an order does not have itself.
func (c *call) complete(r row, out map[string]any) {
	id := r.text("id")
	out["shipping_number"] = ""
	if slots := c.tables["order_carriers"].where("id_order", id); len(slots) > 0 {
		out["shipping_number"] = slots[0].text("tracking_number")
	}
	var lines []map[string]any
	for _, d := range c.tables["order_details"].where("id_order", id) {
		line := map[string]any{}
		for _, f := range []string{"id", "product_id", "product_attribute_id", "product_quantity", "product_name", "product_reference", "product_ean13",
			"product_isbn", "product_upc", "product_price", "id_customization", "unit_price_tax_incl", "unit_price_tax_excl"} {
			line[f] = d.text(f)
		}
		lines = append(lines, line)
	}
	if len(lines) > 0 {
		out["associations"] = map[string]any{"order_rows": lines}
	}
}

// words shows texts in one language as such, in several as a list.
func (c *call) words(w words) any {
	if l := c.query.Get("language"); l != "" {
		return w[l]
	}
	var out []map[string]any
	for _, id := range slices.Sorted(maps.Keys(w)) {
		out = append(out, map[string]any{"id": id, "value": w[id]})
	}
	return out
}

// edit lets the test have its say.
func (c *call) edit(t *table, r row, out map[string]any) {
	switch t.name {
	case "orders":
		if f := c.edits[r.num("id")]; f != nil {
			f(t.name, out)
		}
	case "order_details", "order_carriers":
		if f := c.edits[r.num("id_order")]; f != nil {
			f(t.name, out)
		}
	case "addresses":
		for _, o := range c.tables["orders"].where("id_address_delivery", r.text("id")) {
			if f := c.edits[o.num("id")]; f != nil {
				f(t.name, out)
			}
		}
	}
}
