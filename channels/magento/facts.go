package magento

import (
	"slices"
	"strings"

	"github.com/shopspring/decimal"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// order is an order being read.
type order struct {
	mip.Facts
	read *rest.Reading
	wire wireOrder
	shop *Shop
}

// states says what Magento's states ask for. A state is fixed; the status
// beside it is a label that shops make up.
var states = map[string]mip.Demand{
	"processing": mip.DemandShip, "complete": mip.DemandClosed,
	"new": mip.DemandUnpaid, "pending_payment": mip.DemandUnpaid, "payment_review": mip.DemandUnpaid, "holded": mip.DemandUnpaid,
	"canceled": mip.DemandCancel, "closed": mip.DemandCancel,
}

// read reads one order and never fails: what cannot be read is a defect.
// An order without an id gets one made of its content, so that it is kept.
func (s *Shop) read(row rest.Row[wireOrder]) *order {
	o := &order{shop: s, wire: row.V, read: row.Order()}
	w := &o.wire
	o.Ref = mip.Ref{Channel: s.config.Name, ID: string(w.ID)}
	if !isID(o.Ref.ID) {
		o.Ref.ID = "" // Reading.Facts makes one
	}
	o.Number, o.Service, o.Note = string(w.Number), string(w.ShippingService), string(w.Note)
	o.PickupPoint = string(w.More.V.Pickup)
	o.CreatedAt = o.read.Time("created_at", wireTime, string(w.Created))
	o.UpdatedAt = o.read.Time("updated_at", wireTime, string(w.Updated))
	o.Total = o.money(amount{"grand_total", w.Total, '+'})
	if w.Shipping != "" { // orders of what is never shipped have none
		o.Postage = o.money(amount{"shipping_amount", w.Shipping, '+'}, amount{"shipping_tax_amount", w.ShippingTax, '+'},
			amount{"shipping_discount_amount", w.ShippingOff, '-'}, amount{"shipping_discount_tax_compensation_amount", w.ShippingHidden, '+'})
	}
	o.readAddress()
	o.readLines()
	o.readDemand()
	o.Facts = o.read.Facts(o.Facts)
	return o
}

// readDemand goes by the state, and by the status where [Config.Statuses]
// names it. Magento leaves an order in processing until it is invoiced, so
// one whose pieces have all left is closed whatever it says.
func (o *order) readDemand() {
	state, status := string(o.wire.State), string(o.wire.Status)
	o.Demand = o.read.Demand("state", state, states)
	if o.Demand == mip.DemandCancel || o.Demand == mip.DemandClosed {
		return
	}
	if state == "new" && o.wire.Due != "" {
		if due := o.money(amount{"total_due", o.wire.Due, '+'}); due.Currency() != "" && (due.IsZero() || due.IsNegative()) {
			o.Demand = mip.DemandShip
		}
	}
	if d, ok := o.shop.config.Statuses[status]; ok {
		o.Demand = d
	}
	ours := func(l mip.Line) bool { return !l.Foreign }
	shipped := func(l mip.Line) bool { return l.Shipped > 0 }
	if o.Demand == mip.DemandShip && slices.ContainsFunc(o.Lines, ours) && len(o.left()) == 0 && slices.ContainsFunc(o.Lines, shipped) {
		o.Demand = mip.DemandClosed
	}
}

// left counts, by line, the pieces of ours that are wanted and have not left.
func (o *order) left() map[string]int {
	out := map[string]int{}
	for _, l := range o.Lines {
		if n := l.Wanted() - l.Shipped; n > 0 {
			out[l.ID] = n
		}
	}
	return out
}

// readAddress finds the delivery address. There is no other: billing is never
// delivered to.
func (o *order) readAddress() {
	const path = "extension_attributes.shipping_assignments"
	all := o.wire.More.V.Assignments
	o.read.Check(path, !o.wire.More.Bad && !all.Bad)
	o.ShipTo.Email = strings.TrimSpace(string(o.wire.Email))
	var found []mip.Address
	for _, a := range all.V {
		at := a.V.Shipping.V.Address
		o.read.Check(path, !a.Bad && !a.V.Shipping.Bad && !at.Bad && !at.V.Street.Bad)
		to := at.V.address(o.ShipTo.Email)
		if at.V.Country+at.V.City+at.V.Last != "" && !slices.Contains(found, to) {
			found = append(found, to)
		}
	}
	switch len(found) {
	case 0:
		o.ShipTo = mip.Address{} // an e-mail alone is no address
	case 1:
		o.ShipTo = found[0]
	default:
		o.ShipTo = found[0]
		o.read.Check(path, false) // to several places: somebody must divide it
	}
}

func (a wireAddress) address(email string) mip.Address {
	var street []string
	for _, line := range a.Street.V {
		if l := strings.TrimSpace(string(line)); l != "" {
			street = append(street, l)
		}
	}
	out := mip.Address{
		FirstName: strings.TrimSpace(string(a.First) + " " + string(a.Middle)), LastName: string(a.Last), Company: string(a.Company),
		City: string(a.City), Province: string(a.RegionCode), Postcode: string(a.Postcode), Country: string(a.Country),
		Phone: string(a.Phone), Email: string(a.Email), VATNumber: string(a.VAT),
	}
	if len(street) > 0 {
		out.Line1, out.Line2 = street[0], strings.Join(street[1:], ", ")
	}
	if out.Province == "" {
		out.Province = string(a.Region)
	}
	if out.Email == "" {
		out.Email = email
	}
	return out.Normal()
}

// amount is one number of a sum; one to be subtracted has the sign '-'.
type amount struct {
	path  string
	value text
	sign  rune
}

// money adds amounts exactly and rounds once: they come with four decimals or
// binary noise. The first must be there, the others are nought if missing.
// Without a currency there is no amount, and one defect for all.
func (o *order) money(terms ...amount) mip.Money {
	currency := string(o.wire.Currency)
	if _, err := mip.RoundMoney("0", currency); err != nil {
		o.read.Check("order_currency_code", false)
		return mip.Money{}
	}
	sum, whole := decimal.Zero, true
	for i, t := range terms {
		if i > 0 && t.value == "" {
			continue
		}
		if _, err := mip.RoundMoney(string(t.value), currency); err != nil { // its bounds
			o.read.Check(t.path, false)
			whole = false
			continue
		}
		d, err := decimal.NewFromString(strings.TrimSpace(string(t.value)))
		if err != nil {
			whole = false
		}
		if t.sign == '-' {
			d = d.Neg()
		}
		sum = sum.Add(d)
	}
	m, err := mip.MoneyOf(sum, currency)
	if err != nil || !whole {
		return mip.Money{}
	}
	return m
}
