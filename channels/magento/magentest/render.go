package magentest

import (
	"encoding/json"
	"net/http"
	"strconv"
	"time"

	"github.com/shopspring/decimal"
)

type object = map[string]any

// num is a JSON number with these very digits, or text where it is none.
func num(s string) any {
	if s == "" {
		return json.Number("0")
	}
	if n := json.Number(s); json.Valid([]byte(n)) {
		return n
	}
	return s
}

func dec(s string) decimal.Decimal {
	d, err := decimal.NewFromString(s)
	if err != nil {
		return decimal.Zero
	}
	return d
}

// total is what the buyer pays.
func (o *Order) total() string {
	if o.GrandTotal != "" {
		return o.GrandTotal
	}
	sum := dec(o.ShippingAmount).Add(dec(o.ShippingTax)).Sub(dec(o.ShippingDiscount))
	for _, it := range o.Items {
		if it.Parent == 0 {
			sum = sum.Add(dec(it.RowTotal)).Add(dec(it.Tax))
		}
		sum = sum.Sub(dec(it.Discount)).Add(dec(it.Hidden)) // of a bundle that its parts price, they stand at the parts
	}
	return sum.String()
}

func stamp(t time.Time) string { return t.Format(time.DateTime) }

// render is an order as the API answers it. What has no value is left out.
func (s *Server) render(o *Order) object {
	items := []object{}
	for at := range o.Items {
		items = append(items, o.renderItem(at, true))
	}
	due := o.total()
	if o.Invoiced {
		due = "0"
	}
	virtual := 0
	if o.virtual() {
		virtual = 1
	}
	out := object{
		"entity_id": o.ID, "increment_id": o.Increment, "state": o.State, "status": o.Status, "store_id": o.Store,
		"order_currency_code": o.Currency, "base_currency_code": "USD", "global_currency_code": "USD", "base_grand_total": json.Number("1.0799999999999998"),
		"created_at": stamp(o.Created), "updated_at": stamp(o.Updated), "grand_total": num(o.total()), "total_due": num(due),
		"shipping_amount": num(o.ShippingAmount), "shipping_tax_amount": num(o.ShippingTax), "shipping_discount_amount": num(o.ShippingDiscount),
		"shipping_incl_tax": num(dec(o.ShippingAmount).Add(dec(o.ShippingTax)).String()),
		"is_virtual":        virtual, "items": items, "customer_is_guest": 1,
		"payment":          object{"method": "checkmo", "additional_information": []string{"Check / Money order"}, "entity_id": o.ID},
		"status_histories": renderComments(o.History, o.ID), "billing_address": o.renderBilling(),
	}
	put(out, "customer_email", o.Email)
	put(out, "customer_note", o.Note)
	if o.Service != "-" {
		put(out, "shipping_description", o.Service)
	}
	more := object{"payment_additional_info": []object{{"key": "method_title", "value": "Check / Money order"}}, "applied_taxes": []any{}}
	put(more, "pickup_location_code", o.Pickup)
	if virtual == 0 && o.Shipping != nil {
		more["shipping_assignments"] = []object{{
			"shipping": object{"address": o.Shipping.render("shipping", o.ID), "method": "flatrate_flatrate", "total": object{"shipping_amount": num(o.ShippingAmount)}},
			"items":    items,
		}}
	}
	out["extension_attributes"] = more
	if o.Edit != nil {
		o.Edit(out)
	}
	return out
}

// put sets what has a value.
func put(o object, key, value string) {
	if value != "" {
		o[key] = value
	}
}

func (o *Order) renderItem(at int, withParent bool) object {
	it := o.Items[at]
	out := object{
		"item_id": it.ID, "order_id": o.ID, "store_id": o.Store, "name": it.Name, "product_type": it.Type, "is_virtual": 0, "is_qty_decimal": 0,
		"qty_ordered": num(it.Ordered), "qty_shipped": it.Shipped, "qty_canceled": it.Canceled, "qty_refunded": it.Refunded, "qty_invoiced": 0,
		"row_total": num(it.RowTotal), "tax_amount": num(it.Tax), "discount_amount": num(it.Discount), "base_row_total": json.Number("0.99"),
		"row_total_incl_tax": num(dec(it.RowTotal).Add(dec(it.Tax)).String()), "created_at": stamp(o.Created), "updated_at": stamp(o.Updated),
	}
	if it.SKU != "-" {
		out["sku"] = it.SKU
	}
	if it.Virtual {
		out["is_virtual"] = 1
	}
	if it.Hidden != "" {
		out["discount_tax_compensation_amount"] = num(it.Hidden)
	}
	if o.Invoiced {
		out["qty_invoiced"] = num(it.Ordered)
	}
	if it.Parent > 0 && withParent {
		out["parent_item_id"] = o.Items[it.Parent-1].ID
		out["parent_item"] = o.renderItem(it.Parent-1, false)
	}
	return out
}

func (a Address) render(kind string, order int64) object {
	out := object{"address_type": kind, "entity_id": order*2 + 1, "parent_id": order}
	for key, value := range map[string]string{"firstname": a.First, "middlename": a.Middle, "lastname": a.Last, "company": a.Company,
		"city": a.City, "region": a.Region, "region_code": a.RegionCode, "postcode": a.Postcode, "country_id": a.Country,
		"telephone": a.Telephone, "email": a.Email, "vat_id": a.VATNumber} {
		put(out, key, value)
	}
	if len(a.Street) > 0 {
		out["street"] = a.Street
	}
	return out
}

// renderBilling is somebody else's address, as with presents.
func (o *Order) renderBilling() object {
	return Address{First: "Billing", Last: "Payer", Street: []string{"Billing Street 1"}, City: "Bern", Postcode: "3000", Country: "CH",
		Telephone: "+41000000000", Email: "payer@example.org"}.render("billing", o.ID)
}

func renderComments(all []Comment, parent int64) []object {
	out := []object{}
	for _, c := range all {
		visible := 0
		if c.Visible {
			visible = 1
		}
		one := object{"comment": c.Text, "entity_id": c.ID, "parent_id": parent, "is_customer_notified": 0, "is_visible_on_front": visible}
		put(one, "status", c.Status)
		out = append(out, one)
	}
	return out
}

// renderShipment is a shipment as the API answers it.
func (o *Order) renderShipment(s Shipment) object {
	items, tracks := []object{}, []object{}
	for _, it := range o.Items {
		if n := s.Items[it.ID]; n > 0 {
			items = append(items, object{"entity_id": s.ID*100 + it.ID, "parent_id": s.ID, "order_item_id": it.ID, "qty": n, "sku": it.SKU, "name": it.Name})
		}
	}
	for _, t := range s.Tracks {
		one := object{"entity_id": t.ID, "order_id": o.ID, "parent_id": s.ID, "track_number": t.Number, "title": t.Title, "carrier_code": t.CarrierCode,
			"created_at": stamp(s.Created)}
		put(one, "description", t.Description)
		tracks = append(tracks, one)
	}
	return object{"entity_id": s.ID, "increment_id": strconv.FormatInt(900000000+s.ID, 10), "order_id": o.ID, "store_id": o.Store,
		"created_at": stamp(s.Created), "items": items, "tracks": tracks, "comments": renderComments(s.Comments, s.ID), "packages": []any{}}
}

func (c *call) listOrders() {
	var rows []row
	for _, o := range c.orders {
		rows = append(rows, row{map[string]string{"entity_id": strconv.FormatInt(o.ID, 10), "increment_id": o.Increment, "state": o.State, "status": o.Status,
			"store_id": strconv.FormatInt(o.Store, 10), "created_at": stamp(o.Created), "updated_at": stamp(o.Updated)}, func() object { return c.render(o) }})
	}
	c.search(rows)
}

func (c *call) getOrder() {
	if o, ok := c.order(); ok {
		c.json(http.StatusOK, c.render(o))
	}
}
