package wootest

import (
	"crypto/md5" //nolint:gosec // ids, as the extensions make them
	"encoding/hex"
	"encoding/json"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func (c *call) listTrackings() {
	if o := c.order(); o != nil {
		out := []object{}
		for _, t := range o.Trackings {
			out = append(out, c.renderTracking(t))
		}
		c.json(http.StatusOK, out)
	}
}

func (c *call) renderTracking(t TrackingItem) object {
	link := strings.ReplaceAll(c.cfg.Providers[t.Provider], "%1$s", t.Number)
	provider := t.Provider
	if provider == "" {
		provider, link = t.CustomProvider, strings.ReplaceAll(t.CustomLink, "%1$s", t.Number)
	}
	return object{"tracking_id": t.ID, "tracking_provider": provider, "tracking_link": link, "tracking_number": t.Number,
		"date_shipped": time.Unix(t.Shipped, 0).UTC().Format(time.DateOnly)}
}

// createTracking adds an entry; the same number twice makes two. With the
// advanced extension an unknown provider comes back empty, and so do custom
// ones, which the free edition lacks.
func (c *call) createTracking() {
	o := c.order()
	var w struct {
		Provider       string `json:"tracking_provider"`
		CustomProvider string `json:"custom_tracking_provider"`
		CustomLink     string `json:"custom_tracking_link"`
		Number         string `json:"tracking_number"`
		Shipped        string `json:"date_shipped"`
		StatusShipped  int    `json:"status_shipped"`
		Replace        int    `json:"replace_tracking"`
	}
	if o == nil || !c.decode(&w) {
		return
	}
	if w.Number == "" {
		c.refuse(fail(http.StatusBadRequest, "rest_missing_callback_param", "Missing parameter(s): tracking_number"))
		return
	}
	advanced := c.cfg.Tracking&AdvancedShipmentTracking != 0
	if _, known := c.cfg.Providers[w.Provider]; !known {
		w.Provider = ""
	}
	if advanced {
		w.CustomProvider, w.CustomLink = "", ""
	}
	day, err := time.ParseInLocation(time.DateOnly, w.Shipped, time.UTC)
	if err != nil {
		day = c.now
	}
	id := md5.Sum([]byte(w.Number + itoa(c.newID()))) //nolint:gosec // as above
	t := TrackingItem{Provider: w.Provider, CustomProvider: w.CustomProvider, CustomLink: w.CustomLink,
		Number: w.Number, Shipped: day.Unix(), ID: hex.EncodeToString(id[:])}
	if advanced && w.Replace == 1 {
		o.Trackings = nil
	}
	o.Trackings = append(o.Trackings, t)
	if advanced && w.StatusShipped == 1 {
		c.setStatus(o, "completed", c.now)
	}
	c.saved(o, c.now)
	c.json(http.StatusCreated, c.renderTracking(t))
}

// tracking finds the entry of the route; −1 after having refused.
func (c *call) tracking(o *Order) int {
	i := slices.IndexFunc(o.Trackings, func(t TrackingItem) bool { return t.ID == c.item })
	if i < 0 {
		c.refuse(fail(http.StatusNotFound, "woocommerce_rest_shipment_tracking_invalid_id", "Invalid shipment tracking ID."))
	}
	return i
}

func (c *call) getTracking() {
	if o := c.order(); o != nil {
		if i := c.tracking(o); i >= 0 {
			c.json(http.StatusOK, c.renderTracking(o.Trackings[i]))
		}
	}
}

func (c *call) deleteTracking() {
	if o := c.order(); o != nil {
		if i := c.tracking(o); i >= 0 {
			gone := o.Trackings[i]
			o.Trackings = slices.Delete(o.Trackings, i, i+1)
			c.saved(o, c.now)
			c.json(http.StatusOK, c.renderTracking(gone))
		}
	}
}

// listProviders groups all carriers under one country.
func (c *call) listProviders() { c.json(http.StatusOK, object{"Global": c.cfg.Providers}) }

// mayFulfil: the route needs a shop manager.
func (c *call) mayFulfil() *Order {
	if !c.manager {
		c.refuse(fail(http.StatusUnauthorized, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources."))
		return nil
	}
	return c.order()
}

func (c *call) listFulfillments() {
	if o := c.mayFulfil(); o != nil {
		out := []object{}
		for _, f := range o.Fulfillments {
			out = append(out, renderFulfillment(o, f))
		}
		c.json(http.StatusOK, out)
	}
}

func renderFulfillment(o *Order, f Fulfillment) object {
	return object{"id": f.ID, "entity_type": "WC_Order", "entity_id": itoa(o.ID), "status": f.Status, "is_fulfilled": f.Fulfilled,
		"date_updated": f.Updated.UTC().Format("2006-01-02 15:04:05"), "date_deleted": nil, "meta_data": f.Meta}
}

type fulfillmentWrite struct {
	Status    string `json:"status"`
	Fulfilled bool   `json:"is_fulfilled"`
	Meta      []Meta `json:"meta_data"`
}

// check is strict about items as JSON numbers, and blind to quantities beyond
// the order's.
func (w fulfillmentWrite) check() *apiError {
	bad := func(message string) *apiError {
		return fail(http.StatusBadRequest, "woocommerce_rest_fulfillment_error", message)
	}
	b, _ := json.Marshal(MetaValue(w.Meta, "_items"))
	var items []map[string]any
	if json.Unmarshal(b, &items) != nil || len(items) == 0 {
		return bad("The fulfillment should contain at least one item.")
	}
	for _, it := range items {
		id, okID := it["item_id"].(float64)
		qty, okQty := it["qty"].(float64)
		if !okID || !okQty || id <= 0 || id != math.Trunc(id) || qty <= 0 {
			return bad("Invalid item.")
		}
	}
	return nil
}

func (c *call) createFulfillment() {
	o := c.mayFulfil()
	if o == nil {
		return
	}
	o.Fulfillments = append(o.Fulfillments, Fulfillment{ID: c.newID()})
	if !c.writeFulfillment(o, len(o.Fulfillments)-1, http.StatusCreated) {
		o.Fulfillments = o.Fulfillments[:len(o.Fulfillments)-1]
	}
}

func (c *call) updateFulfillment() {
	if o, i := c.fulfillment(); o != nil {
		c.writeFulfillment(o, i, http.StatusOK)
	}
}

// writeFulfillment replaces a record whole: meta not in the request is gone.
func (c *call) writeFulfillment(o *Order, i, status int) bool {
	var w fulfillmentWrite
	if !c.decode(&w) {
		return false
	}
	if e := w.check(); e != nil {
		c.refuse(e)
		return false
	}
	for j := range w.Meta {
		w.Meta[j].ID = c.newID()
	}
	if w.Status != "fulfilled" && w.Status != "unfulfilled" {
		w.Status = map[bool]string{true: "fulfilled", false: "unfulfilled"}[w.Fulfilled]
	}
	f := &o.Fulfillments[i]
	f.Status, f.Fulfilled, f.Updated, f.Meta = w.Status, w.Fulfilled, c.now, w.Meta
	c.saved(o, c.now)
	c.json(status, renderFulfillment(o, *f))
	return true
}

func (c *call) fulfillment() (*Order, int) {
	o := c.mayFulfil()
	if o == nil {
		return nil, 0
	}
	i := slices.IndexFunc(o.Fulfillments, func(f Fulfillment) bool { return itoa(f.ID) == c.item })
	if i < 0 {
		c.refuse(fail(http.StatusBadRequest, "woocommerce_rest_fulfillment_error", "Fulfillment not found."))
		return nil, 0
	}
	return o, i
}

func (c *call) getFulfillment() {
	if o, i := c.fulfillment(); o != nil {
		c.json(http.StatusOK, renderFulfillment(o, o.Fulfillments[i]))
	}
}

func (c *call) deleteFulfillment() {
	if o, i := c.fulfillment(); o != nil {
		o.Fulfillments = slices.Delete(o.Fulfillments, i, i+1)
		c.saved(o, c.now)
		c.json(http.StatusOK, object{"message": "Fulfillment deleted successfully."})
	}
}
