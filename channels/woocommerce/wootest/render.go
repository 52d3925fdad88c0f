package wootest

import (
	"strconv"
	"time"

	"github.com/shopspring/decimal"

	"github.com/openmip/openmip/mip"
)

const wireTime = "2006-01-02T15:04:05"

type object = map[string]any

// render is the order as the API shows it. dp is the number of decimals, −1
// = the shop's.
func (s *Server) render(o *Order, dp int) object {
	m := money{o.Currency, dp}
	out := object{
		"id": o.ID, "parent_id": 0, "number": o.Number, "order_key": "wc_order_" + strconv.FormatInt(o.ID, 36),
		"created_via": "checkout", "version": "10.0.2", "status": o.Status, "currency": o.Currency,
		"prices_include_tax": false, "customer_id": o.CustomerID, "customer_ip_address": "", "customer_user_agent": "",
		"customer_note": o.CustomerNote, "billing": billing(o.Billing), "shipping": shipping(o.Shipping),
		"payment_method": o.PaymentMethod, "payment_method_title": o.PaymentMethod, "transaction_id": "",
		"cart_hash": "", "is_editable": o.Status == "pending" || o.Status == "on-hold",
		"needs_payment":    o.Status == "pending" || o.Status == "failed",
		"needs_processing": true, "currency_symbol": o.Currency,
	}
	s.renderTime(out, "date_created", o.Created)
	s.renderTime(out, "date_modified", o.Modified)
	s.renderTime(out, "date_paid", o.Paid)
	s.renderTime(out, "date_completed", o.Completed)
	o.renderParts(out, m)
	o.renderSums(out, m)
	refunds := []object{}
	for i := len(o.Refunds) - 1; i >= 0; i-- {
		r := o.Refunds[i]
		refunds = append(refunds, object{"id": r.ID, "reason": r.Reason, "total": "-" + m.text(r.Amount)})
	}
	out["refunds"] = refunds
	if o.Edit != nil {
		o.Edit(out)
	}
	return out
}

// renderTime writes a date twice: in the shop's zone and in UTC.
func (s *Server) renderTime(out object, name string, t time.Time) {
	out[name], out[name+"_gmt"] = nil, nil
	if !t.IsZero() {
		out[name], out[name+"_gmt"] = t.In(s.cfg.Zone).Format(wireTime), t.UTC().Format(wireTime)
	}
}

func billing(a Address) object {
	o := shipping(a)
	o["email"] = a.Email
	return o
}

func shipping(a Address) object {
	return object{
		"first_name": a.FirstName, "last_name": a.LastName, "company": a.Company, "address_1": a.Address1,
		"address_2": a.Address2, "city": a.City, "state": a.State, "postcode": a.Postcode, "country": a.Country,
		"phone": a.Phone,
	}
}

func (o *Order) renderParts(out object, m money) {
	lines := []object{}
	for _, l := range o.Lines {
		// The one amount that is a JSON number, with all of binary's noise.
		price, _ := number(l.Total).Float64()
		var sku any = l.SKU
		if l.Deleted {
			sku = nil
		}
		lines = append(lines, object{
			"id": l.ID, "name": l.Name, "product_id": l.ProductID, "variation_id": l.VariationID, "quantity": l.Quantity,
			"tax_class": "", "subtotal": m.text(l.Total), "subtotal_tax": m.text(l.TotalTax), "total": m.text(l.Total),
			"total_tax": m.text(l.TotalTax), "taxes": []object{}, "meta_data": []object{}, "sku": sku,
			"price": price / l.Quantity, "image": object{"id": "", "src": ""}, "parent_name": nil,
		})
	}
	ships := []object{}
	for _, l := range o.ShippingLines {
		ships = append(ships, object{"id": l.ID, "method_title": l.Title, "method_id": l.MethodID, "instance_id": "1",
			"total": m.text(l.Total), "total_tax": m.text(l.TotalTax), "taxes": []object{}, "tax_status": "taxable", "meta_data": []object{}})
	}
	fees := []object{}
	for _, f := range o.Fees {
		fees = append(fees, object{"id": f.ID, "name": f.Name, "tax_class": "", "tax_status": "taxable", "amount": m.text(f.Total),
			"total": m.text(f.Total), "total_tax": m.text(f.TotalTax), "taxes": []object{}, "meta_data": []object{}})
	}
	out["line_items"], out["shipping_lines"], out["fee_lines"] = lines, ships, fees
	out["tax_lines"], out["coupon_lines"] = []object{}, []object{}
	out["meta_data"] = o.renderMeta()
}

func (o *Order) renderMeta() []Meta {
	meta := append([]Meta{}, o.Meta...)
	if len(o.Trackings) > 0 {
		meta = append(meta, Meta{ID: o.ID*1000 + 1, Key: trackingMeta, Value: o.Trackings})
	}
	return meta
}

func (o *Order) renderSums(out object, m money) {
	ship, shipTax, lineTax := decimal.Zero, decimal.Zero, decimal.Zero
	for _, l := range o.ShippingLines {
		ship, shipTax = ship.Add(number(l.Total)), shipTax.Add(number(l.TotalTax))
	}
	for _, l := range o.Lines {
		lineTax = lineTax.Add(number(l.TotalTax))
	}
	for _, f := range o.Fees {
		lineTax = lineTax.Add(number(f.TotalTax))
	}
	out["shipping_total"], out["shipping_tax"] = m.fixed(ship), m.fixed(shipTax)
	out["cart_tax"], out["total_tax"] = m.fixed(lineTax), m.fixed(lineTax.Add(shipTax))
	out["discount_total"], out["discount_tax"] = m.fixed(decimal.Zero), m.fixed(decimal.Zero)
	out["total"] = m.fixed(o.total())
	if o.Total != "" {
		out["total"] = m.text(o.Total)
	}
}

// money prints amounts the way the shop is set to.
type money struct {
	currency string
	dp       int
}

func (m money) fixed(d decimal.Decimal) string {
	if m.dp >= 0 {
		return d.StringFixed(int32(m.dp)) //nolint:gosec // at most 8
	}
	return d.StringFixed(mip.Exponent(m.currency))
}

// text prints an amount, and what is none as it is.
func (m money) text(s string) string {
	d, err := decimal.NewFromString(s)
	if err != nil {
		return s
	}
	return m.fixed(d)
}
