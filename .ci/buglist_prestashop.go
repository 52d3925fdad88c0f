//go:build ignore

package main

const (
	prestaTests     = "./channels/prestashop"
	prestaFakeTests = "./channels/prestashop/prestatest"
)

// The adapter's for PrestaShop, and its fake shop's.
func init() {
	const at = "channels/prestashop/"
	bugs = append(bugs, []bug{
		{"PrestaShop: the cursor is not asked for", at + "orders.go", "\t\tif since == \"\" {\n", "\t\tif true {\n", prestaTests},
		{"PrestaShop: no overlap with the last reading", at + "orders.go", "overlap = 2 * time.Minute", "overlap = 0 * time.Minute", prestaTests},
		{"PrestaShop: dates are asked for in UTC", at + "orders.go", "set.zone, was)", "time.FixedZone(set.zone.String(), 0), was)", prestaTests},
		{"PrestaShop: a shop that moves east leaves its last orders behind", at + "clock.go", "if was != nil && wall(", "if false && wall(", prestaTests},
		{"PrestaShop: a clock that is set back leaves orders behind", at + "orders.go", "s.clock.Pass(mark)", "s.clock.Pass(rest.Mark{At: mark.At})", prestaTests},
		{"PrestaShop: the hour that comes twice is skipped", at + "clock.go", "if w := wall(at); w.Before(low) {", "if w := wall(at); w.Before(low) && false {", prestaTests},
		{"PrestaShop: the first second after the clock was put back is left out", at + "clock.go", "low.Add(-time.Second).Format", "low.Format", prestaTests},
		{"PrestaShop: what the clock shows twice is always the first time", at + "clock.go", "one.After(at) && !one.After(now)", "one.Before(at)", prestaTests},
		{"PrestaShop: what the clock shows twice is always the second time", at + "clock.go", "one.After(at) && !one.After(now)", "one.After(at)", prestaTests},
		{"PrestaShop: pages are taken by the clock of this machine", at + "api.go", "s.clock.See(time.Unix(unix, 0))", "s.clock.See(time.Unix(0*unix, 0))", prestaTests},
		{"PrestaShop: only the first page is read", at + "orders.go", "if err != nil || named || len(rows) == 0 {", "if err != nil || named || len(rows) >= 0 {", prestaTests},
		{"PrestaShop: orders named by their ids are asked for again and again", at + "orders.go", "if err != nil || named || len(rows) == 0 {", "if err != nil || len(rows) == 0 {", prestaTests},
		{"PrestaShop: refunds are never heard of", at + "orders.go", " || !r.walkBy(\"order_slip\", \"id_order\", refunded, \"id\")", " || len(refunded) == 0", prestaTests},
		{"PrestaShop: edited addresses are never heard of", at + "orders.go", "!r.walkBy(\"addresses\", \"id\", edited, \"id_address_delivery\") || ", "len(edited) == 0 || ", prestaTests},
		{"PrestaShop: anything without rows is an empty shop", at + "api.go", "case *rows == nil || refusals != nil:", "case false:", prestaTests},
		{"PrestaShop: any 404 is a missing order", at + "api.go", "\tcase code == \"\":\n\t\treturn coded(mip.ErrUnavailable, \"\", r)\n", "\tcase code == \"\":\n\t\treturn coded(rest.KindOfStatus(r.Status, false), \"\", r)\n", prestaTests},
		{"PrestaShop: a permission that lacks is a wrong request", at + "api.go", "r.Status == http.StatusMethodNotAllowed && code == \"25\"", "false", prestaTests},
		{"PrestaShop: an answer that shows nothing written is success", at + "api.go", "if !shows(answer.Body, node) {", "if len(answer.Body) < 0 {", prestaTests},
		{"PrestaShop: another shop's order is ours", at + "shop.go", "return s.config.ShopID != 0 && isID", "return s.config.ShopID < 0 && isID", prestaTests},
		{"PrestaShop: another shop's settings are ours", at + "settings.go", "case shop == \"\" && group == \"\":\n", "case true:\n", prestaTests},
		{"PrestaShop: states have the numbers of a default installation", at + "settings.go", "case r.flag(\"paid\"):", "case state == \"2\" || state == \"11\":", prestaTests},
		{"PrestaShop: a state is called unknown before the shop is asked again", at + "facts.go", "if slices.ContainsFunc(orders, unknown) {", "if false && slices.ContainsFunc(orders, unknown) {", prestaTests},
		{"PrestaShop: refunded pieces are still wanted", at + "lines.go", "\t\tif r[\"product_quantity_refunded\"] != \"\" {", "\t\tif r[\"product_quantity_refunded\"] == \"\" {", prestaTests},
		{"PrestaShop: a discount leaves the lines as they are", at + "lines.go", "if !off.IsPositive() {", "if true {", prestaTests},
		{"PrestaShop: lines that are missing are not missed", at + "lines.go", "shown >= 0 && shown != len(rows)", "shown < -1", prestaTests},
		{"PrestaShop: the staff's messages are the buyer's", at + "facts.go", "!m.flag(\"private\") && ", "", prestaTests},
		{"PrestaShop: messages of split orders are lost", at + "facts.go", "\"messages\", \"id_cart\", column(orders, \"id_cart\")", "\"messages\", \"id_order\", column(orders, \"id\")", prestaTests},
		{"PrestaShop: a tracking row is written in part", at + "tracking.go", "\"order_carrier\", sl.row, mail", "\"order_carrier\", row{\"id\": sl.row[\"id\"], \"id_order\": o.row[\"id\"], \"id_carrier\": sl.row[\"id_carrier\"], \"tracking_number\": sl.row[\"tracking_number\"]}, mail", prestaTests},
		{"PrestaShop: a wrong number stays beside the right one", at + "tracking.go", "(!current[n] || elsewhere", "(elsewhere", prestaTests},
		{"PrestaShop: what people typed is replaced", at + "tracking.go", "slices.Contains(m.told[p.ID], n) && (!current[n]", "(!current[n]", prestaTests},
		{"PrestaShop: a number stays with the wrong carrier", at + "tracking.go", "elsewhere := carrier != \"\" && ", "elsewhere := carrier == \"none\" && ", prestaTests},
		{"PrestaShop: numbers are told before they are remembered", at + "tracking.go", "if err := s.remember(ctx, o, m, missing); err != nil {", "if err := error(nil); err != nil {", prestaTests},
		{"PrestaShop: reports on one order do not wait for each other", at + "report.go", "s.turns.Take(ctx, ref.ID)", "make(rest.Slots, 1).Take(ctx)", prestaTests},
		{"PrestaShop: a state that was made later is written over", at + "report.go", "\t\tif o.set, err = s.learn(ctx); err != nil {\n\t\t\treturn rest.About(ref, err)\n\t\t}\n", "", prestaTests},
		{"PrestaShop: a state is posted whatever the order is in", at + "report.go", "to == \"\" || to == from {", "to == \"\" {", prestaTests},
		{"PrestaShop: the state is posted before the tracking", at + "report.go", "\t\tif err := s.show(ctx, o, parcels, !forward); err != nil || !forward {\n\t\t\treturn err\n\t\t}\n\t\treturn s.post(ctx, o, to)", "\t\tif forward {\n\t\t\tif err := s.post(ctx, o, to); err != nil {\n\t\t\t\treturn err\n\t\t\t}\n\t\t}\n\t\treturn s.show(ctx, o, parcels, !forward)", prestaTests},
		{"PrestaShop: a report ships a cancelled order", at + "report.go", "if o.demand == mip.DemandCancel && (forward || len(parcels) > 0) {", "if false {", prestaTests},
		{"PrestaShop: late news moves a state back", at + "report.go", "if o.demand != mip.DemandClosed {", "if true {", prestaTests},
		{"PrestaShop: a short page is the last one", at + "orders.go", "if err != nil || named || len(rows) == 0 {", "if err != nil || named || len(rows) < batch {", prestaTests},
		{"PrestaShop: an address that its buyer replaced brings old orders", at + "orders.go", ", \"filter[deleted]\": \"[0]\"}", "}", prestaTests},
		{"PrestaShop: an unreadable order ends the reading", at + "orders.go", "range slices.Backward(rows) {", "range slices.Backward(rows[len(rows)-1:]) {", prestaTests},
		{"PrestaShop: of two unreadable orders one is left out", at + "orders.go", "(!isID(id) || !r.seen[id])", "(id == \"\" || !r.seen[id])", prestaTests},
		{"PrestaShop: a shop without a state for cancelled has no cancelled orders", at + "settings.go", "if !s.knowsCancelled(set) {", "if false && !s.knowsCancelled(set) {", prestaTests},
		{"PrestaShop: a state that the shop does not name is told by silence", at + "settings.go", "return cmp.Or(set.values[name], \"0\")", "return cmp.Or(set.values[name], \"\")", prestaTests},
		{"PrestaShop: an order without a state is one that is being made", at + "settings.go", "case state == \"0\":", "case state == \"0\" || state == \"\":", prestaTests},
		{"PrestaShop: an hour that the clock skips is none", at + "clock.go", "if at.IsZero() { // never shown", "if false { // never shown", prestaTests},
		{"PrestaShop: an hour that the clock skips lies an hour earlier", at + "clock.go", "_, offset := wall.Add(-24 * time.Hour).In(zone).Zone()", "_, offset := wall.Add(24 * time.Hour).In(zone).Zone()", prestaTests},
		{"PrestaShop: a date that is none is written", at + "api.go", " || value == noDate {", " {", prestaTests},
		{"PrestaShop: words that the shop refuses stop a cancellation", at + "report.go", "err != nil && mip.KindOf(err) != mip.ErrInvalid {", "err != nil {", prestaTests},
		{"PrestaShop: a page not found says that nothing was written", at + "api.go", "case code == \"\" && call.Writes():", "case code == \"\" && call.Writes() && r.Status == http.StatusNotFound:\n\t\treturn coded(mip.ErrUnavailable, code, r)\n\tcase code == \"\" && call.Writes():", prestaTests},
		{"PrestaShop: each order is looked up alone", at + "lookup.go", "range slices.Chunk(ids(values), batch) {", "range slices.Chunk(ids(values), 1) {", prestaTests},
		{"PrestaShop: what never changes is asked for again", at + "lookup.go", "if out[v] = r; !ok {", "if out[v] = r; !ok || true {", prestaTests},
		{"PrestaShop: one empty list is an error", at + "api.go", " && len(none) == 0:", " && len(none) == 1:", prestaTests},
		{"PrestaShop: writes are JSON", at + "api.go", "Body: document(node, fields), Repeat", "Body: map[string]row{node: fields}, Repeat", prestaTests},
		{"PrestaShop: the order is known by its reference", at + "facts.go", "ID: string(o.row[\"id\"])}", "ID: string(o.row[\"reference\"])}", prestaTests},
		{"PrestaShop: errors quote the shop's words", at + "api.go", "Err: fmt.Errorf(\"status %d\", r.Status)}", "Err: fmt.Errorf(\"status %d: %s\", r.Status, r.Body)}", prestaTests},
		{"the fake PrestaShop makes a resource with an id of the caller's", at + "prestatest/write.go", "if c.r.Method == http.MethodPost && given.text(\"id\") != \"\" {", "if false {", prestaFakeTests},
		{"the fake PrestaShop takes a date that is none", at + "prestatest/write.go", " || strings.HasPrefix(r.text(\"date_add\"), \"0000\") ||", " ||", prestaFakeTests},
		{"the fake PrestaShop keeps what a write leaves out", at + "prestatest/write.go", "if c.r.Method == http.MethodPatch {", "if true {", prestaFakeTests},
		{"the fake PrestaShop filters dates without being asked to", at + "prestatest/query.go", "return t.has(field) && c.query.Get(\"date\") == \"1\"", "return t.has(field)", prestaFakeTests},
	}...)
}
