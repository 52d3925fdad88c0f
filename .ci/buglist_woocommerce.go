//go:build ignore

package main

// The adapter's for WooCommerce, besides those of the first list.
func init() {
	const at = "channels/woocommerce/"
	bugs = append(bugs, []bug{
		{"WooCommerce: what is not shown is asked for all the same", at + "report.go", "return st.State != mip.StateCancelled && s.writes", "return false && s.writes", wooTests},
		{"WooCommerce: a cancellation without a status is silent", at + "report.go", "return st.State != mip.StateCancelled && s.writes", "return s.writes", wooTests},
		{"WooCommerce: another carrier for a number is not told", at + "extension.go", "shows(items[ours]) && sameWay(items[ours], item)", "shows(items[ours])", wooTests},
		{"WooCommerce: a corrected number stands beside the old one", at + "extension.go", "!current[old] && slices.Contains(told[p.ID], old)", "false && slices.Contains(told[p.ID], old)", wooTests},
		{"WooCommerce: what was told is not remembered", at + "extension.go", "note != metaText(o.wire.Meta, toldKey)", "note == \"\"", wooTests},
		{"WooCommerce: pieces named by SKU are of every line", at + "fulfilments.go", "named[i].Quantity -= some", "_ = i", wooTests},
		{"WooCommerce: more pieces than are left are fulfilled", at + "fulfilments.go", "left[string(it.LineID)] -= n", "_ = n", wooTests},
		{"WooCommerce: a corrected fulfillment loses its pieces", at + "fulfilments.go", "if _, ours := wanted[string(m.V.Key)]; !ours {", "if false {", wooTests},
		{"WooCommerce: a fulfillment is not known again", at + "fulfilments.go", "return metaText(f.Meta, parcelKey) == p.ID", "return false", wooTests},
		{"WooCommerce: a note is added though it is there", at + "tracking.go", "if n.Customer == customer && names(string(n.Note), mark) {", "if false && n.Customer == customer {", wooTests},
		{"WooCommerce: a number that is part of another one counts as told", at + "tracking.go", "if !inWord(lastRune(before)) && !inWord(firstRune(after)) {", "if before != mark || after != mark {", wooTests},
		{"WooCommerce: an empty answer to a write is success", at + "api.go", "c.Writes() && done == (receipt{})", "false && done == (receipt{})", wooTests},
		{"WooCommerce: what PHP prints before the JSON hides it", "mip/rest/loose.go", "for range 100 {", "for range 1 {", wooTests},
		{"WooCommerce: the shop's clock is not read", at + "api.go", "\ts.clock.Read(r.Header)\n", "", wooTests},
		{"WooCommerce: a clock that is set back leaves orders behind", at + "orders.go", "if !w.Again(overlap) && ", "if ", wooTests},
		{"WooCommerce: what a clock dated ahead is waited for", at + "orders.go", "w.open = w.Back()", "w.open = false", wooTests},
		{"WooCommerce: the cursor follows a proxy's clock", at + "orders.go", "return later(r.newest, r.to.Add(-stillness))", "return r.to", wooTests},
		{"WooCommerce: the cursor leaves a window that was cut off", at + "orders.go", "if r.newest.After(r.to) {", "if false {", wooTests},
		{"WooCommerce: a shop that is still is read again for ever", at + "orders.go", "return later(r.newest, r.to.Add(-stillness))", "return r.newest", wooTests},
		{"WooCommerce: fractional pieces are cut", at + "facts.go", "(!whole || n < 0) && !l.Foreign", "whole && n < 0 && !l.Foreign", wooTests},
		{"WooCommerce: a refund of a line that nobody knows is passed over", at + "facts.go", "case n == 0 && whole:", "case n == 0 && whole || line == nil:", wooTests},
		{"WooCommerce: refunds behind the last one read are dropped", at + "facts.go", "if len(refunds) >= maxRefunds {", "if false {", wooTests},
		{"WooCommerce: amounts are without tax", at + "facts.go", "{taxPath, tax, false}", "{taxPath, \"\", false}", wooTests},
		{"WooCommerce: an unknown status is shipped", at + "facts.go", "\to.defect(\"status\", status)\n\treturn mip.DemandUnpaid", "\treturn mip.DemandShip", wooTests},
		{"WooCommerce: a completed order goes back", at + "report.go", "if o.Demand != mip.DemandClosed {", "if true {", wooTests},
		{"WooCommerce: a completed order counts as cancelled", at + "report.go", "return refused(\"the shop has completed it\")", "return nil", wooTests},
		{"WooCommerce: a product's delivery names an order", at + "webhook.go", "if d.Topic != \"\" && !strings.HasPrefix(d.Topic, \"order.\") {", "if false {", wooTests},
		{"WooCommerce: anything that looks like a ping is one", at + "webhook.go", "if given == \"\" && ping.Match(body) {", "if ping.Match(body) {", wooTests},
		{"WooCommerce: a key goes over plain HTTP", at + "auth.go", "case r.URL.Scheme != \"https\":", "case false:", wooTests},
	}...)
}
