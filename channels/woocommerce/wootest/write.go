package wootest

import (
	"encoding/json"
	"net/http"
	"reflect"
	"slices"
)

const trackingMeta = "_wc_shipment_tracking_items"

// orderWrite is what a client may change. date_completed_gmt and the like are
// ignored, as everything else it may send.
type orderWrite struct {
	ID           int64    `json:"id"`
	Status       *string  `json:"status"`
	Billing      *Address `json:"billing"`
	Shipping     *Address `json:"shipping"`
	CustomerNote *string  `json:"customer_note"`
	Currency     string   `json:"currency"`
	Meta         []Meta   `json:"meta_data"`
	Lines        []struct {
		SKU      string  `json:"sku"`
		Name     string  `json:"name"`
		Quantity float64 `json:"quantity"`
		Total    string  `json:"total"`
	} `json:"line_items"`
}

func invalidID() *apiError {
	return fail(http.StatusNotFound, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.")
}

// order finds the order of the route; nil after having refused.
func (c *call) order() *Order {
	o, ok := c.orders[c.id]
	if !ok {
		c.refuse(invalidID())
		return nil
	}
	return o
}

func (c *call) getOrder() {
	if o := c.order(); o != nil {
		c.json(http.StatusOK, c.fields(c.render(o, -1)))
	}
}

func (c *call) updateOrder() {
	o := c.order()
	var w orderWrite
	if o == nil || !c.decode(&w) {
		return
	}
	if e := c.update(o, w); e != nil {
		c.refuse(e)
		return
	}
	c.json(http.StatusOK, c.render(o, -1))
}

// update applies w and moves the modified date if anything changed.
func (c *call) update(o *Order, w orderWrite) *apiError {
	if w.Status != nil && !slices.Contains(c.statuses(), *w.Status) {
		return invalidParam("status")
	}
	changed := false
	if w.Status != nil {
		changed = c.setStatus(o, *w.Status, c.now)
	}
	if w.Billing != nil && *w.Billing != o.Billing {
		o.Billing, changed = *w.Billing, true
	}
	if w.Shipping != nil {
		w.Shipping.Email = ""
		if *w.Shipping != o.Shipping {
			o.Shipping, changed = *w.Shipping, true
		}
	}
	if w.CustomerNote != nil && *w.CustomerNote != o.CustomerNote {
		o.CustomerNote, changed = *w.CustomerNote, true
	}
	for _, m := range w.Meta {
		changed = c.setMeta(o, m) || changed
	}
	if changed {
		c.saved(o, c.now)
	}
	return nil
}

// setMeta replaces by key, adds, or with null removes. It reports a change.
func (c *call) setMeta(o *Order, m Meta) bool {
	if m.Key == trackingMeta {
		var items []TrackingItem
		b, _ := json.Marshal(m.Value)
		if json.Unmarshal(b, &items) != nil || reflect.DeepEqual(items, o.Trackings) {
			return false
		}
		o.Trackings = items
		return true
	}
	i := slices.IndexFunc(o.Meta, func(have Meta) bool { return m.ID != 0 && have.ID == m.ID || m.ID == 0 && have.Key == m.Key })
	switch {
	case m.Value == nil && i >= 0:
		o.Meta = slices.Delete(o.Meta, i, i+1)
		return true
	case m.Value == nil || i >= 0 && reflect.DeepEqual(o.Meta[i].Value, m.Value):
		return false
	case i >= 0:
		o.Meta[i].Value = m.Value
	default:
		m.ID = c.newID()
		o.Meta = append(o.Meta, m)
	}
	return true
}

func (c *call) createOrder() {
	var w orderWrite
	if !c.decode(&w) {
		return
	}
	o, e := c.create(w)
	if e != nil {
		c.refuse(e)
		return
	}
	c.json(http.StatusCreated, c.render(o, -1))
}

// create makes a new order, however often it is asked.
func (c *call) create(w orderWrite) (*Order, *apiError) {
	status := "pending"
	if w.Status != nil {
		status = *w.Status
	}
	if !slices.Contains(c.statuses(), status) {
		return nil, invalidParam("status")
	}
	o := Order{Status: status, Currency: w.Currency, Lines: []Line{}, ShippingLines: []ShippingLine{}, NoAddress: true}
	if w.Billing != nil {
		o.Billing = *w.Billing
	}
	if w.Shipping != nil {
		o.Shipping = *w.Shipping
	}
	if w.CustomerNote != nil {
		o.CustomerNote = *w.CustomerNote
	}
	for _, l := range w.Lines {
		o.Lines = append(o.Lines, Line{SKU: l.SKU, Name: l.Name, Quantity: l.Quantity, Total: l.Total})
	}
	for _, m := range w.Meta {
		c.setMeta(&o, m)
	}
	return c.insert(o), nil
}

func (c *call) deleteOrder() {
	o := c.order()
	if o == nil {
		return
	}
	body := c.render(o, -1)
	if c.query.Get("force") == "true" || c.query.Get("force") == "1" {
		delete(c.orders, o.ID)
		c.emit(o.ID, "deleted")
	} else {
		if o.Status == "trash" {
			c.refuse(fail(http.StatusGone, "woocommerce_rest_already_trashed", "The shop_order has already been deleted."))
			return
		}
		c.trash(o, c.now)
	}
	c.json(http.StatusOK, body)
}

// batchOrders does up to 100 things; what fails, fails alone.
func (c *call) batchOrders() {
	var b struct {
		Create []orderWrite `json:"create"`
		Update []orderWrite `json:"update"`
		Delete []int64      `json:"delete"`
	}
	if !c.decode(&b) {
		return
	}
	if len(b.Create)+len(b.Update)+len(b.Delete) > 100 {
		c.refuse(fail(http.StatusRequestEntityTooLarge, "woocommerce_rest_request_entity_too_large", "Unable to accept more than 100 items for this request."))
		return
	}
	out := object{}
	add := func(list string, id int64, o *Order, e *apiError) {
		rows, _ := out[list].([]any)
		if e != nil {
			out[list] = append(rows, object{"id": id, "error": c.localized(e)})
			return
		}
		out[list] = append(rows, c.render(o, -1))
	}
	for _, w := range b.Create {
		o, e := c.create(w)
		add("create", 0, o, e)
	}
	for _, w := range b.Update {
		o, e := c.orders[w.ID], invalidID()
		if o != nil {
			e = c.update(o, w)
		}
		add("update", w.ID, o, e)
	}
	for _, id := range b.Delete {
		o, e := c.orders[id], invalidID()
		if o != nil {
			e = nil
			c.trash(o, c.now)
		}
		add("delete", id, o, e)
	}
	c.json(http.StatusOK, out)
}
