package magentest

import (
	"cmp"
	"net/http"
	"slices"
)

// cancel answers false for what cannot be cancelled: invoiced, on hold, done.
func (c *call) cancel() {
	o, ok := c.order()
	if !ok {
		return
	}
	fixed := slices.Contains([]string{"holded", "payment_review", "canceled", "complete", "closed"}, o.State)
	if fixed || o.Invoiced || !o.canShip() && !o.virtual() {
		c.json(http.StatusOK, false)
		return
	}
	for i := range o.Items {
		o.Items[i].Canceled += o.Items[i].toShip()
	}
	o.State, o.Status, o.Updated = "canceled", "canceled", c.now
	c.json(http.StatusOK, true)
}

// comment is POST /orders/{id}/comments. In 2.3 one without a status empties
// the order's; in 2.4 one with another status is refused.
func (c *call) comment() {
	o, ok := c.order()
	var in struct {
		History struct {
			Comment string  `json:"comment"`
			Status  string  `json:"status"`
			Visible integer `json:"is_visible_on_front"`
		} `json:"statusHistory"`
	}
	if !ok || !c.decode(&in) {
		return
	}
	h := in.History
	switch {
	case c.cfg.Version == V23:
		o.Status = h.Status
	case h.Status != "" && h.Status != o.Status:
		c.refuse(refusal(http.StatusBadRequest, `Unable to add comment: The status "%1" is not part of the order status history.`, []string{h.Status}))
		return
	}
	o.History = append(o.History, Comment{ID: c.newID(), Text: h.Comment, Status: cmp.Or(h.Status, o.Status), Visible: h.Visible != 0})
	o.Updated = c.now
	c.json(http.StatusOK, true)
}

func (c *call) hold() {
	if o, ok := c.order(); ok {
		o.State, o.Status, o.Updated = "holded", "holded", c.now
		c.json(http.StatusOK, true)
	}
}

func (c *call) unhold() {
	if o, ok := c.order(); ok {
		o.State, o.Status, o.Updated = "processing", "processing", c.now
		c.json(http.StatusOK, true)
	}
}

func (c *call) invoice() {
	if o, ok := c.order(); ok {
		o.invoice()
		o.Updated = c.now
		c.json(http.StatusOK, c.newID())
	}
}
