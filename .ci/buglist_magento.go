//go:build ignore

package main

const (
	magTests     = "./channels/magento"
	magFakeTests = "./channels/magento/magentest"
)

// The adapter's for Magento.
func init() {
	const at = "channels/magento/"
	bugs = append(bugs, []bug{
		{"Magento: the cursor is not asked for", at + "orders.go", "\treturn from, nil\n", "\treturn s.now().Add(-s.config.LookBack - 0*time.Since(from)), nil\n", magTests},
		{"Magento: no overlap with the last reading", at + "orders.go", "from.Add(-overlap).Format", "from.Format", magTests},
		{"Magento: ties are not told apart", at + "orders.go", "sort: []string{\"updated_at\", \"entity_id\"}", "sort: []string{\"updated_at\"}", magTests},
		{"Magento: the rest of a second is skipped", at + "orders.go", "{\"updated_at\", \"gt\", p.at}, {\"entity_id\", \"gt\", p.id}", "{\"updated_at\", \"gt\", p.at}", magTests},
		{"Magento: only the first page is read", at + "orders.go", "total > len(rows), nil", "total > len(rows)+1000, nil", magTests},
		{"Magento: every store view's orders are taken", at + "orders.go", "if len(s.config.Stores) > 0 {", "if false {", magTests},
		{"Magento: the cursor follows the clock of the shop's answers", at + "orders.go", "page.Next = s.cursor(at, from)", "page.Next = s.cursor(s.now().Add(0*time.Since(at)), from)", magTests},
		{"Magento: the cursor moves back", at + "orders.go", "if at.Before(from) {", "if false {", magTests},
		{"Magento: pages are counted", at + "api.go", "\"searchCriteria[currentPage]\": {\"1\"}", "\"searchCriteria[currentPage]\": {\"2\"}", magTests},
		{"Magento: a page size is not sent", at + "api.go", "{\"searchCriteria[pageSize]\": {fmt.Sprint(q.size)}, ", "{", magTests},
		{"Magento: a list without items is an empty shop", at + "api.go", "if answer.Items == nil || answer.Total == \"\"", "if answer.Items == nil {\n\t\tanswer.Items = &[]json.RawMessage{}\n\t}\n\tif answer.Total == \"-\"", magTests},
		{"Magento: a count without items is an end", at + "api.go", " || total > 0 && len(*answer.Items) == 0", "", magTests},
		{"Magento: HTML counts as done", at + "api.go", "\t\treturn inDoubt(call, r)\n\t}\n\tvar e struct", "\t\treturn nil\n\t}\n\tvar e struct", magTests},
		{"Magento: any 404 is a missing order", at + "api.go", "\t\treturn because(mip.ErrContract, r)\n", "\t\treturn because(mip.ErrNotFound, r)\n", magTests},
		{"Magento: a shipment that broke while saving counts as refused", at + "api.go", "strings.Contains(e.Message, \"error log\")", "strings.Contains(e.Message, \"no such words\")", magTests},
		{"Magento: what is in no other list is gone", at + "shop.go", "case len(rows)+count == 0:", "case len(rows)+count >= 0:", magTests},
		{"Magento: an order of another store view is told", at + "shop.go", "len(s.config.Stores) > 0 && !slices", "false && !slices", magTests},
		{"Magento: the clock of a refusal is not believed", at + "auth.go", "return !sent.IsZero() && s.now()", "return sent.IsZero() && s.now()", magTests},
		{"Magento: an administrator's token is kept for ever", at + "auth.go", "rest.Token{Value: token, Expires: began.Add(tokenLife)}", "rest.Token{Value: token, Expires: began.Add(99 * tokenLife)}", magTests},
		{"Magento: only the first street line is kept", at + "facts.go", "out.Line1, out.Line2 = street[0], strings.Join(street[1:], \", \")", "out.Line1 = street[0]", magTests},
		{"Magento: the first of several addresses is taken", at + "facts.go", "\t\to.read.Check(path, false) // to several places: somebody must divide it\n", "", magTests},
		{"Magento: an unpaid order is shipped", at + "facts.go", "\"new\": mip.DemandUnpaid, \"pending_payment\"", "\"new\": mip.DemandShip, \"pending_payment\"", magTests},
		{"Magento: a status revives what is cancelled", at + "facts.go", "if o.Demand == mip.DemandCancel || o.Demand == mip.DemandClosed {", "if o.Demand == mip.DemandClosed {", magTests},
		{"Magento: what has left in whole is shipped again", at + "facts.go", "&& len(o.left()) == 0 && len(o.shipped) > 0 {", "&& false {", magTests},
		{"Magento: discounts are not taken off", at + "facts.go", "if t.sign == '-' {", "if t.sign == '~' {", magTests},
		{"Magento: each term is rounded", at + "facts.go", "\t\tsum = sum.Add(d)\n", "\t\tsum = sum.Add(d.Round(2))\n", magTests},
		{"Magento: a child is bought beside its parent", at + "lines.go", "if isChild != (isChild && f.parted(parent, o.shop)) || f.parted(p.V, o.shop) {", "if f.parted(p.V, o.shop) {", magTests},
		{"Magento: a bundle is bought beside its parts", at + "lines.go", " || f.parted(p.V, o.shop) {", " {", magTests},
		{"Magento: the price of a bundle is lost", at + "lines.go", "if paid = parent; f.children", "if paid = it; f.children", magTests},
		{"Magento: refunds are forgotten", at + "lines.go", " + count(\"qty_refunded\", it.Refunded)", "", magTests},
		{"Magento: what has left counts as taken back", at + "lines.go", "count(\"qty_canceled\", it.Canceled) +", "count(\"qty_canceled\", it.Canceled) + count(\"qty_shipped\", it.Shipped) +", magTests},
		{"Magento: downloads are bought", at + "lines.go", "l.Foreign = it.virtual() || ", "l.Foreign = ", magTests},
		{"Magento: fractions are cut", at + "wire.go", "!d.IsInteger() || d.IsNegative()", "d.IsNegative()", magTests},
		{"Magento: nothing is read before shipping", at + "ship.go", "\tall, err := s.shipments(ctx, o.Ref.ID)\n\tif err != nil {\n\t\treturn err\n\t}\n\tleft := o.left()", "\tvar all []shipment\n\tvar err error\n\tleft := o.left()", magTests},
		{"Magento: parcels of unknown content come first", at + "ship.go", "parcels = append(parcels, open...)", "parcels = append(open, parcels...)", magTests},
		{"Magento: every parcel holds everything", at + "ship.go", "\t\titems := o.take(left, p)\n\t\tswitch {", "\t\titems := o.take(left, mip.Parcel{})\n\t\tswitch {", magTests},
		{"Magento: a corrected number stands beside the old one", at + "ship.go", "for _, t := range old {", "for _, t := range old[:0] {", magTests},
		{"Magento: numbers that somebody typed in are removed", at + "ship.go", "\t\t\tcase ours:\n\t\t\t\told", "\t\t\tdefault:\n\t\t\t\told", magTests},
		{"Magento: a cancelled order is shipped", at + "ship.go", "if o.Demand == mip.DemandCancel {", "if false {", magTests},
		{"Magento: an order on hold is refused for good", at + "ship.go", "fail(\"report\", mip.ErrUnavailable, \"the shop keeps", "fail(\"report\", mip.ErrRefused, \"the shop keeps", magTests},
		{"Magento: a refusal is not read back", at + "ship.go", "if err != nil && mip.KindOf(err) != mip.ErrInvalid {", "if err != nil {", magTests},
		{"Magento: the parcel's mark is shown to customers", at + "ship.go", "\"is_visible_on_front\": 0}", "\"is_visible_on_front\": 1}", magTests},
		{"Magento: the inventory source is not named", at + "ship.go", "if s.config.Source != \"\" {", "if false {", magTests},
		{"Magento: tracking waits for no number", at + "ship.go", "\t\tcase p.Number == \"\":\n", "", magTests},
		{"Magento: two lines of one SKU take a parcel twice", at + "shipments.go", "named[i].Quantity -= some", "named[i].Quantity -= 0 * some", magTests},
		{"Magento: a parcel is not known again", at + "shipments.go", "return in.holds(p) && t.Note == \"\"", "return false", magTests},
		{"Magento: a false answer counts as cancelled", at + "report.go", "case mip.KindOf(err) == mip.ErrInvalid || err == nil && done != nil && !*done:", "case mip.KindOf(err) == mip.ErrInvalid:", magTests},
		{"Magento: a comment empties the status", at + "report.go", "\"comment\": words, \"status\": string(o.wire.Status), ", "\"comment\": words, ", magTests},
		{"Magento: a comment is written each time", at + "report.go", "if words == \"\" || there {", "if words == \"\" || there && false {", magTests},
		{"Magento: reports on one order do not wait for each other", at + "shop.go", "s.turns[h.Sum32()%uint32(len(s.turns))]", "make(chan struct{}, 1+h.Sum32()*0)", magTests},
		{"the fake Magento: 2.3 ends after its last page", at + "magentest/search.go", "v == V23 && page > last", "false && page > last", magFakeTests},
		{"the fake Magento: a shipment is made once", at + "magentest/ship.go", "n := min(asked[it.ID], it.toShip())", "n := min(asked[it.ID], it.toShip())\n\t\tif it.Shipped > 0 {\n\t\t\tn = 0\n\t\t}", magFakeTests},
		{"OAuth: names are sorted with their values", "mip/rest/oauth1.go", "return cmp.Or(cmp.Compare(a.name, b.name), cmp.Compare(a.value, b.value))", "return cmp.Compare(a.name+\"=\"+a.value, b.name+\"=\"+b.value)", restTests},
		{"OAuth: a default port is signed", "mip/rest/oauth1.go", "strings.TrimSuffix(host, port)", "strings.TrimSuffix(host, port+\"x\")", restTests},
	}...)
}
