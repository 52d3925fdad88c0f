package prestashop

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// parts is everything beside the orders themselves that a page of them needs.
type parts struct {
	set                                     *settings
	now                                     time.Time // the shop's clock when the orders were asked for
	details, addresses, customers, messages found
	carriers, countries, states, currencies map[text]row
}

// facts reads what belongs to orders, each resource once for all, and makes
// facts of them. now is the shop's clock before they were asked for.
func (s *Shop) facts(ctx context.Context, rows rest.Rows[row], now time.Time) ([]mip.Facts, error) {
	if len(rows) == 0 {
		return nil, nil
	}
	orders := make([]row, len(rows))
	for i, r := range rows {
		orders[i] = r.V
	}
	p, err := s.gather(ctx, orders, now)
	if err != nil {
		return nil, err
	}
	out := make([]mip.Facts, len(rows))
	for i, r := range rows {
		o := &order{row: r.V, raw: r.Raw, shop: s, parts: p}
		out[i] = o.read()
	}
	return out, nil
}

func (s *Shop) gather(ctx context.Context, orders []row, now time.Time) (*parts, error) {
	p := &parts{now: now}
	var err error
	if p.set, err = s.known(ctx); err != nil {
		return nil, err
	}
	unknown := func(o row) bool { _, known := s.demand(p.set, string(o["current_state"])); return !known }
	if slices.ContainsFunc(orders, unknown) {
		if p.set, err = s.learn(ctx); err != nil {
			return nil, err
		}
	}
	for _, l := range []struct {
		to              *found
		resource, field string
		values          []text
	}{
		{&p.details, "order_details", "id_order", column(orders, "id")},
		{&p.addresses, "addresses", "id", column(orders, "id_address_delivery")},
		{&p.customers, "customers", "id", column(orders, "id_customer")},
		{&p.messages, "messages", "id_cart", column(orders, "id_cart")},
	} {
		if *l.to, err = s.lookup(ctx, l.resource, l.field, l.values); err != nil {
			return nil, err
		}
	}
	var to []row
	for id := range p.addresses {
		to = append(to, p.addresses.row(text(id)))
	}
	for _, c := range []struct {
		to       *map[text]row
		resource string
		values   []text
	}{
		{&p.carriers, "carriers", column(orders, "id_carrier")},
		{&p.currencies, "currencies", column(orders, "id_currency")},
		{&p.countries, "countries", column(to, "id_country")},
		{&p.states, "states", column(to, "id_state")},
	} {
		if *c.to, err = s.constants(ctx, c.resource, c.values); err != nil {
			return nil, err
		}
	}
	return p, nil
}

// order is an order being read.
type order struct {
	*parts
	mip.Facts
	row      row
	raw      json.RawMessage
	shop     *Shop
	currency string
}

// read never fails: what cannot be read is a defect. An order without an id
// gets one made of its content, so that it is kept.
func (o *order) read() mip.Facts {
	if o.row == nil {
		o.defect("order", "")
	}
	o.Ref = mip.Ref{Channel: o.shop.config.Name, ID: string(o.row["id"])}
	if o.shop.owns(o.Ref) != nil {
		sum := sha256.Sum256(o.raw)
		o.Ref.ID = "unreadable-" + hex.EncodeToString(sum[:8])
		o.defect("id", "")
	}
	state := string(o.row["current_state"])
	var known bool
	if o.Demand, known = o.shop.demand(o.set, state); !known {
		o.defect("current_state", state)
	}
	o.Number = string(o.row["reference"])
	o.CreatedAt, o.UpdatedAt = o.instant("date_add"), o.instant("date_upd")
	o.readAddress()
	o.readSums()
	o.readLines()
	o.readNote()
	return o.finish()
}

func (o *order) defect(path, value string) {
	f := mip.Finding{Code: mip.CodeUnreadable, Path: path, Severity: mip.Blocking}
	if value != "" {
		f.Params = map[string]string{"value": strings.ToValidUTF8(value[:min(len(value), 64)], "")}
		f.Value = mip.ValueHash(value)
	}
	o.Defects = append(o.Defects, f)
}

// finish adds what modules know, and the payload if there are defects.
func (o *order) finish() mip.Facts {
	if o.shop.config.Extend == nil && len(o.Defects) == 0 {
		return o.Facts
	}
	payload, err := json.Marshal(map[string]any{"order": o.raw, "order_details": o.details[string(o.row["id"])],
		"address": o.addresses[string(o.row["id_address_delivery"])]})
	if err != nil {
		payload = o.raw
	}
	if o.shop.config.Extend != nil {
		o.shop.config.Extend(payload, &o.Facts)
	}
	if len(o.Defects) > 0 {
		o.Raw = rest.Shrink(payload)
	}
	return o.Facts
}

func (o *order) instant(field string) time.Time {
	at, ok := instant(o.row[field], o.set.zone, o.now)
	if !ok {
		o.defect(field, "")
	}
	return at
}

func (o *order) readAddress() {
	id := o.row["id_address_delivery"]
	a := o.addresses.row(id)
	if a == nil {
		if isID(string(id)) {
			o.defect("id_address_delivery", string(id))
		}
		return
	}
	country := o.countries[a["id_country"]]["iso_code"]
	if country == "" && a["id_country"] != "" {
		o.defect("address.id_country", string(a["id_country"]))
	}
	_, province := o.states[a["id_state"]].first("iso_code", "name")
	_, phone := a.first("phone_mobile", "phone")
	o.ShipTo = mip.Address{
		FirstName: string(a["firstname"]), LastName: string(a["lastname"]), Company: string(a["company"]),
		Line1: string(a["address1"]), Line2: string(a["address2"]), City: string(a["city"]), Province: string(province),
		Postcode: string(a["postcode"]), Country: string(country), Phone: string(phone),
		Email: string(o.customers.row(o.row["id_customer"])["email"]), VATNumber: string(a["vat_number"]),
	}.Normal()
	// Only some versions move the order's own date when its address is edited.
	if at, ok := instant(a["date_upd"], o.set.zone, o.now); ok && at.After(o.UpdatedAt) {
		o.UpdatedAt = at
	}
}

func (o *order) readSums() {
	o.currency = string(o.currencies[o.row["id_currency"]]["iso_code"])
	if _, ok := amount("0", o.currency); !ok {
		o.defect("id_currency", string(o.row["id_currency"]))
		o.currency = ""
	}
	o.Total = o.money(o.row.first("total_paid_tax_incl", "total_paid"))
	if path, value := o.row.first("total_shipping_tax_incl", "total_shipping"); value != "" {
		o.Postage = o.money(path, value)
	}
	if name := o.carriers[o.row["id_carrier"]]["name"]; name == "0" {
		o.Service = o.set.values["PS_SHOP_NAME"] // by PrestaShop's own rule
	} else {
		o.Service = string(name)
	}
}

// money reads an amount with tax; without a currency there is none, and one
// defect for all.
func (o *order) money(path string, value text) mip.Money {
	if o.currency == "" {
		return mip.Money{}
	}
	m, err := mip.RoundMoney(string(value), o.currency)
	if err != nil {
		o.defect(path, string(value))
	}
	return m
}

// readNote takes what the buyer wrote: messages of nobody's in the shop.
func (o *order) readNote() {
	var words []string
	for _, r := range o.messages[string(o.row["id_cart"])] {
		if m := r.V; !m.flag("private") && cmp.Or(m["id_employee"], "0") == "0" && m["message"] != "" {
			words = append(words, string(m["message"]))
		}
	}
	o.Note = strings.Join(words, "\n")
}

// linePath names a line's field as a person finds it.
func linePath(i int, field string) string { return fmt.Sprintf("order_details[%d].%s", i, field) }
