package wootest

import "net/http"

func (c *call) listNotes() {
	o := c.order()
	if o == nil {
		return
	}
	out := []object{}
	for i := len(o.Notes) - 1; i >= 0; i-- {
		kind := c.query.Get("type")
		if kind == "customer" && !o.Notes[i].Customer || kind == "internal" && o.Notes[i].Customer {
			continue
		}
		out = append(out, c.renderNote(o.Notes[i]))
	}
	c.json(http.StatusOK, out)
}

// createNote adds a note, again and again if asked; the order's modified date
// stays.
func (c *call) createNote() {
	o := c.order()
	var w struct {
		Note     string `json:"note"`
		Customer bool   `json:"customer_note"`
	}
	if o == nil || !c.decode(&w) {
		return
	}
	if w.Note == "" {
		c.refuse(fail(http.StatusBadRequest, "rest_missing_callback_param", "Missing parameter(s): note"))
		return
	}
	o.Notes = append(o.Notes, Note{ID: c.newID(), Created: c.now, Text: w.Note, Customer: w.Customer})
	c.json(http.StatusCreated, c.renderNote(o.Notes[len(o.Notes)-1]))
}

func (c *call) renderNote(n Note) object {
	author := "WooCommerce"
	if !n.System {
		author = "shop manager"
	}
	out := object{"id": n.ID, "author": author, "note": n.Text, "customer_note": n.Customer}
	c.renderTime(out, "date_created", n.Created)
	return out
}

func (c *call) listRefunds() {
	o := c.order()
	if o == nil {
		return
	}
	out := []object{}
	for i := len(o.Refunds) - 1; i >= 0; i-- {
		out = append(out, c.renderRefund(o, o.Refunds[i]))
	}
	c.json(http.StatusOK, out)
}

func (c *call) renderRefund(o *Order, r Refund) object {
	m := money{o.Currency, -1}
	lines := []object{}
	for _, rl := range r.Lines {
		row := object{"id": rl.ID, "quantity": -rl.Quantity,
			"meta_data": []Meta{{ID: rl.ID*1000 + 1, Key: "_refunded_item_id", Value: itoa(rl.LineID)}}}
		for _, l := range o.Lines {
			if l.ID == rl.LineID {
				row["name"], row["product_id"], row["variation_id"], row["sku"] = l.Name, l.ProductID, l.VariationID, l.SKU
				row["total"] = "-" + m.fixed(l.share(rl.Quantity))
			}
		}
		lines = append(lines, row)
	}
	out := object{"id": r.ID, "amount": m.text(r.Amount), "reason": r.Reason, "refunded_by": 1, "refunded_payment": false,
		"line_items": lines, "shipping_lines": []object{}, "tax_lines": []object{}, "fee_lines": []object{}, "meta_data": []object{}}
	c.renderTime(out, "date_created", r.Created)
	return out
}

// createRefund takes {"amount", "line_items": [{"id", "quantity"}]}.
func (c *call) createRefund() {
	o := c.order()
	var w struct {
		Amount string `json:"amount"`
		Reason string `json:"reason"`
		Lines  []struct {
			ID       int64 `json:"id"`
			Quantity int   `json:"quantity"`
		} `json:"line_items"`
	}
	if o == nil || !c.decode(&w) {
		return
	}
	r := Refund{Amount: w.Amount, Reason: w.Reason}
	for _, l := range w.Lines {
		r.Lines = append(r.Lines, RefundLine{LineID: l.ID, Quantity: l.Quantity})
	}
	if left := o.total().Sub(o.refunded()); number(w.Amount).Cmp(left) > 0 || number(w.Amount).Sign() <= 0 {
		c.refuse(fail(http.StatusBadRequest, "woocommerce_rest_invalid_order_refund", "Refund amount must be between 0 and what is left."))
		return
	}
	done := c.refund(o, r, c.now)
	c.saved(o, c.now)
	c.json(http.StatusCreated, c.renderRefund(o, *done))
}
