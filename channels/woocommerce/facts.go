package woocommerce

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/shopspring/decimal"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// maxNote is the longest customer note kept, in bytes; WooCommerce's own
// column takes 64 KiB.
const maxNote = 1 << 20

// maxRefunds of one order are read; WooCommerce gives at most 100 at once.
const maxRefunds = 100

// order is an order being read.
type order struct {
	mip.Facts
	wire wireOrder
	raw  json.RawMessage
	shop *Shop
}

// read reads one order and never fails: what cannot be read is a defect.
// An order without an id gets one made of its content, so that it is kept.
func (s *Shop) read(row rest.Row[wireOrder]) *order {
	o := &order{wire: row.V, raw: row.Raw, shop: s}
	w := &o.wire
	if row.Err != nil {
		o.defect("order", "")
	}
	o.Ref = mip.Ref{Channel: s.config.Name, ID: string(w.ID)}
	if s.owns(o.Ref) != nil {
		sum := sha256.Sum256(row.Raw)
		o.Ref.ID = "unreadable-" + hex.EncodeToString(sum[:8])
		o.defect("id", "")
	}
	o.Number, o.Demand = string(w.Number), s.demandOf(o)
	o.readTimes()
	o.readAddress()
	o.readLines()
	o.readSums()
	o.readNote()
	return o
}

func (o *order) defect(path, value string) {
	f := mip.Finding{Code: mip.CodeUnreadable, Path: path, Severity: mip.Blocking}
	if value != "" {
		f.Params = map[string]string{"value": cut(value, 64)}
		f.Value = mip.ValueHash(value)
	}
	o.Defects = append(o.Defects, f)
}

// finish adds the payload if there are defects, and what plugins know.
func (o *order) finish() mip.Facts {
	if o.shop.config.Extend != nil {
		o.shop.config.Extend(o.raw, &o.Facts)
	}
	if len(o.Defects) > 0 {
		o.Raw = rest.Shrink(o.raw)
	}
	return o.Facts
}

func (s *Shop) demandOf(o *order) mip.Demand {
	status := string(o.wire.Status)
	if d, ok := s.demands[status]; ok {
		return d
	}
	o.defect("status", status)
	return mip.DemandUnpaid
}

func (o *order) readTimes() {
	var ok bool
	if o.CreatedAt, ok = instant(o.wire.Created); !ok {
		o.defect("date_created_gmt", "")
	}
	if o.UpdatedAt, ok = instant(o.wire.Modified); !ok {
		o.defect("date_modified_gmt", "")
	}
}

func (o *order) readAddress() {
	bill, ship := o.wire.Billing, o.wire.Shipping
	if bill.Bad {
		o.defect("billing", "")
	}
	if ship.Bad {
		o.defect("shipping", "")
	}
	to := ship.V
	if to.nowhere() {
		to = bill.V
	}
	phone := ship.V.Phone
	if phone == "" {
		phone = bill.V.Phone
	}
	o.ShipTo = mip.Address{
		FirstName: string(to.FirstName), LastName: string(to.LastName), Company: string(to.Company),
		Line1: string(to.Address1), Line2: string(to.Address2), City: string(to.City), Province: string(to.State),
		Postcode: string(to.Postcode), Country: string(to.Country), Phone: string(phone), Email: string(bill.V.Email),
	}.Normal()
}

func (o *order) readLines() {
	if o.wire.Lines.Bad {
		o.defect("line_items", "")
	}
	for i, p := range o.wire.Lines.V {
		path := fmt.Sprintf("line_items[%d]", i)
		if p.Bad {
			o.defect(path, "")
			o.Lines = append(o.Lines, mip.Line{})
			continue
		}
		if p.V.ID == "" {
			o.defect(path+".id", "")
		}
		l := mip.Line{ID: string(p.V.ID), SKU: strings.TrimSpace(string(p.V.SKU)), Title: string(p.V.Name)}
		l.Foreign = l.SKU != "" && o.shop.config.Supplies != nil && !o.shop.config.Supplies(l.SKU)
		n, whole := pieces(p.V.Quantity)
		if l.Quantity = max(n, 0); (!whole || n < 0) && !l.Foreign {
			o.defect(path+".quantity", string(p.V.Quantity))
		}
		l.Total = o.money(true, path+".total", p.V.Total, path+".total_tax", p.V.TotalTax)
		o.Lines = append(o.Lines, l)
	}
}

func (o *order) readSums() {
	if _, ok := amount("0", string(o.wire.Currency)); !ok {
		o.defect("currency", string(o.wire.Currency))
	}
	o.Total = o.money(true, "total", o.wire.Total, "", "")
	if o.wire.ShippingTotal != "" {
		o.Postage = o.money(false, "shipping_total", o.wire.ShippingTotal, "shipping_tax", o.wire.ShippingTax)
	}
	var names []string
	for _, m := range o.wire.Methods.V {
		if m.V.Title != "" {
			names = append(names, string(m.V.Title))
		}
	}
	o.Service = strings.Join(names, ", ")
}

// money adds an amount and its tax before rounding; a missing tax is nought.
// Without a currency there is no amount, and one defect for all.
func (o *order) money(required bool, path string, net text, taxPath string, tax text) mip.Money {
	currency := string(o.wire.Currency)
	if _, ok := amount("0", currency); !ok {
		return mip.Money{}
	}
	sum, ok := decimal.Zero, true
	for _, p := range []struct {
		path     string
		value    text
		required bool
	}{{path, net, required}, {taxPath, tax, false}} {
		if p.value == "" && !p.required {
			continue
		}
		d, fine := amount(p.value, currency)
		if !fine {
			o.defect(p.path, string(p.value))
			ok = false
		}
		sum = sum.Add(d)
	}
	m, err := mip.MoneyOf(sum, currency)
	if !ok || err != nil {
		return mip.Money{}
	}
	return m
}

func (o *order) readNote() {
	o.Note = string(o.wire.Note)
	if len(o.Note) > maxNote {
		o.Note = cut(o.Note, maxNote) + "…"
		o.defect("customer_note", "")
	}
}

// readRefunds counts the pieces given back. Only money given back leaves the
// pieces wanted.
func (s *Shop) readRefunds(ctx context.Context, o *order) error {
	if o.wire.Refunds.Bad {
		o.defect("refunds", "")
	}
	if len(o.wire.Refunds.V) == 0 || o.Demand == mip.DemandCancel || s.owns(o.Ref) != nil {
		return nil
	}
	var refunds []wireRefund
	_, err := s.do(ctx, rest.Call{Path: "/wc/v3/orders/{id}/refunds", Vars: rest.Vars{"id": o.Ref.ID}, Out: &refunds,
		Query: map[string][]string{"per_page": {strconv.Itoa(maxRefunds)}}})
	if err != nil {
		return err
	}
	if len(refunds) >= maxRefunds {
		o.defect("refunds", "") // there may be more
	}
	for i, r := range refunds {
		path := fmt.Sprintf("refunds[%d].line_items", i)
		if r.Lines.Bad {
			o.defect(path, "")
		}
		for j, l := range r.Lines.V {
			n, whole := pieces(l.V.Quantity)
			line := o.refundedLine(l.V)
			switch {
			case n == 0 && whole:
			case line == nil || !whole || l.Bad:
				o.defect(fmt.Sprintf("%s[%d]", path, j), string(l.V.Quantity))
			default:
				line.Cancelled += max(n, -n)
			}
		}
	}
	return nil
}

// refundedLine finds the line that a refund's line is about: by its own word,
// else the only one with the same product.
func (o *order) refundedLine(l wireLine) *mip.Line {
	id := metaText(l.Meta, "_refunded_item_id")
	var found *mip.Line
	for i, have := range o.wire.Lines.V {
		switch {
		case id != "" && string(have.V.ID) == id:
			return &o.Lines[i]
		case id == "" && have.V.ProductID == l.ProductID && have.V.VariationID == l.VariationID:
			if found != nil {
				return nil
			}
			found = &o.Lines[i]
		}
	}
	return found
}

// cut shortens to at most n bytes, between characters.
func cut(s string, n int) string {
	if len(s) <= n {
		return s
	}
	for n > 0 && !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}
