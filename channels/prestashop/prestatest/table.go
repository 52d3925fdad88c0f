package prestatest

import (
	"slices"
	"strconv"
	"strings"
)

// row is one row of a resource: a string for each field, or a word per
// language.
type row map[string]any

// words are a field's texts by language id.
type words map[string]string

func (r row) text(field string) string { s, _ := r[field].(string); return s }

func (r row) num(field string) int { n, _ := strconv.Atoi(r.text(field)); return n }

// table is one resource.
type table struct {
	name, node, list string
	fields           []string
	required         []string
	dynamic          []string // shown, but made up: cannot be filtered
	ints             []string // JSON numbers; all else is text
	dates            bool     // has date_add and date_upd
	rows             map[int]row
	ids              []int // ascending
	last             int
}

const (
	orderFields = "id_address_delivery id_address_invoice id_cart id_currency id_lang id_customer id_carrier current_state module " +
		"invoice_number invoice_date delivery_number delivery_date valid id_shop_group id_shop secure_key payment recyclable gift " +
		"gift_message total_discounts total_discounts_tax_incl total_discounts_tax_excl total_paid total_paid_tax_incl " +
		"total_paid_tax_excl total_paid_real total_products total_products_wt total_shipping total_shipping_tax_incl " +
		"total_shipping_tax_excl carrier_tax_rate total_wrapping total_wrapping_tax_incl total_wrapping_tax_excl round_mode round_type " +
		"conversion_rate reference shipping_number note"
	detailFields = "id_order product_id product_attribute_id product_quantity_reinjected id_order_invoice id_warehouse id_shop " +
		"id_customization product_name product_quantity product_quantity_in_stock product_quantity_return product_quantity_refunded " +
		"product_price reduction_percent reduction_amount product_ean13 product_isbn product_upc product_reference " +
		"product_supplier_reference product_weight unit_price_tax_incl unit_price_tax_excl total_price_tax_incl total_price_tax_excl"
)

func newTables() map[string]*table {
	out := map[string]*table{}
	add := func(name, node, fields, required string, dates bool) *table {
		t := &table{name: name, node: node, list: name, fields: strings.Fields(fields), required: strings.Fields(required), dates: dates, rows: map[int]row{}}
		if dates {
			t.fields = append(t.fields, "date_add", "date_upd")
		}
		out[name] = t
		return t
	}
	o := add("orders", "order", orderFields, "id_address_delivery id_address_invoice id_cart id_currency id_lang id_customer id_carrier module payment total_paid total_paid_real total_products total_products_wt conversion_rate", true)
	o.dynamic, o.ints = []string{"shipping_number"}, []string{"id_cart", "current_state"}
	add("order_details", "order_detail", detailFields, "id_order product_name product_quantity product_price", false).ints = []string{"product_quantity"}
	add("order_states", "order_state", "unremovable delivery hidden send_email module_name invoice color logable shipped paid pdf_delivery pdf_invoice deleted name template", "name", false)
	add("order_histories", "order_history", "id_employee id_order_state id_order date_add", "id_order_state id_order", false)
	add("order_carriers", "order_carrier", "id_order id_carrier id_order_invoice weight shipping_cost_tax_excl shipping_cost_tax_incl tracking_number date_add", "id_order id_carrier", false)
	add("order_slip", "order_slip", "id_customer id_order conversion_rate total_products_tax_incl amount partial", "id_customer id_order", true).list = "order_slips"
	add("addresses", "address", "id_customer id_manufacturer id_supplier id_warehouse id_country id_state alias company lastname firstname vat_number address1 address2 postcode city other phone phone_mobile dni deleted", "id_country alias lastname firstname address1 city", true)
	add("customers", "customer", "id_default_group id_lang email lastname firstname active deleted id_shop", "lastname firstname email", true)
	add("countries", "country", "id_zone id_currency call_prefix iso_code active contains_states name", "iso_code name", false)
	add("states", "state", "id_zone id_country iso_code name active", "id_country iso_code name", false)
	add("currencies", "currency", "name iso_code conversion_rate deleted active", "name iso_code", false)
	add("carriers", "carrier", "deleted is_module id_tax_rules_group id_reference name active is_free url delay", "name delay", false)
	add("messages", "message", "id_cart id_order id_employee id_customer message private date_add", "message", false)
	add("configurations", "configuration", "value name id_shop_group id_shop", "name", true)
	add("carts", "cart", "id_address_delivery id_address_invoice id_currency id_customer id_lang id_carrier", "id_currency id_lang", true)
	return out
}

// insert gives a row its id and blanks for what it lacks.
func (t *table) insert(id int, r row) row {
	if id == 0 {
		id = t.last + 1
	}
	t.last = max(t.last, id)
	if at, there := slices.BinarySearch(t.ids, id); !there {
		t.ids = slices.Insert(t.ids, at, id)
	}
	r["id"] = strconv.Itoa(id)
	for _, f := range t.fields {
		if _, ok := r[f]; !ok {
			r[f] = blank(f)
		}
	}
	t.rows[id] = r
	return r
}

// blank is what the database keeps where nothing was given.
func blank(field string) string {
	switch {
	case strings.HasPrefix(field, "date_"), strings.HasSuffix(field, "_date"):
		return "0000-00-00 00:00:00"
	case strings.HasPrefix(field, "total_"), strings.HasPrefix(field, "shipping_cost"), strings.HasPrefix(field, "reduction_"), field == "weight", field == "conversion_rate":
		return "0.000000"
	case strings.HasPrefix(field, "id_"), strings.HasPrefix(field, "product_quantity_"), field == "deleted", field == "private", field == "valid":
		return "0"
	}
	return ""
}

// sorted returns the rows by ascending id.
func (t *table) sorted() []row {
	out := make([]row, 0, len(t.ids))
	for _, id := range t.ids {
		out = append(out, t.rows[id])
	}
	return out
}

func (t *table) remove(id int) {
	delete(t.rows, id)
	if at, there := slices.BinarySearch(t.ids, id); there {
		t.ids = slices.Delete(t.ids, at, at+1)
	}
}

func (t *table) has(field string) bool { return field == "id" || slices.Contains(t.fields, field) }

func (t *table) where(field, value string) (out []row) {
	for _, id := range t.ids {
		if r := t.rows[id]; r.text(field) == value {
			out = append(out, r)
		}
	}
	return out
}
