//go:build ignore

package main

const (
	shopTests     = "./channels/shopify"
	shopFakeTests = "./channels/shopify/shopifytest"
)

// The adapter's for Shopify.
func init() {
	const at = "channels/shopify/"
	bugs = append(bugs, []bug{
		{"Shopify: the time of a search is not quoted", at + "search.go", `"updated_at:>='" + s.from.UTC().Format(time.RFC3339) + "'"`, `"updated_at:>=" + s.from.UTC().Format(time.RFC3339)`, shopTests},
		{"Shopify: no overlap", at + "orders.go", "overlap = 2 * time.Minute", "overlap = -1 * time.Second", shopTests},
		{"Shopify: the cursor runs ahead of a lagging index", at + "orders.go", "clock.Add(-stillness)", "clock.Add(+stillness)", shopTests},
		{"Shopify: fulfillment orders that changed are not looked at", at + "orders.go", "if r.changed() && r.routed() && len", "if r.changed() && len", shopTests},
		{"Shopify: the newer time of routing is not told", at + "facts.go", "at = later(at, o.Time(fmt.Sprintf", "_ = later(at, o.Time(fmt.Sprintf", shopTests},
		{"Shopify: a page that cannot be read is the last one", at + "orders.go", "case out.Orders == nil || ", "case out.Orders == nil:\n\t\t\treturn true\n\t\tcase ", shopTests},
		{"Shopify: only the first page of lines", at + "wire.go", "for l.Page.More {", "for false {", shopTests},
		{"Shopify: a page that leads to itself is asked for ever", at + "orders.go", "out.Orders.Page.More && out.Orders.Page.End == find.after:", "false && out.Orders.Page.End == find.after:", shopTests},
		{"Shopify: a search is followed deeper than Shopify gives", at + "search.go", "s.depth >= s.deep && ", "s.depth >= 100*s.deep && ", shopTests},
		{"Shopify: a search that begins anew leaves a day out", at + "search.go", "s.from, s.after, s.depth = newest, nil, 0", "s.from, s.after, s.depth = newest.Add(24*time.Hour), nil, 0", shopTests},
		{"Shopify: an order on hold is bought", at + "wire.go", "if status != \"OPEN\" && status != \"IN_PROGRESS\" {", "if status == \"CLOSED\" {", shopTests},
		{"Shopify: another service's order is bought", at + "wire.go", "\t\tif a.Action == \"CREATE_FULFILLMENT\" {", "\t\tif a.Action != \"\" {", shopTests},
		{"Shopify: an unpaid order is bought", at + "facts.go", "\tif !paid {\n", "\tif !paid && o.Financial == \"\" {\n", shopTests},
		{"Shopify: an unknown financial status is no defect", at + "facts.go", "o.Check(\"displayFinancialStatus\", slices.Contains(known, o.Financial))", "_ = known", shopTests},
		{"Shopify: a refunded order is bought", at + "facts.go", `o.Financial == "REFUNDED" || o.Financial == "VOIDED"`, `o.Financial == "VOIDED"`, shopTests},
		{"Shopify: a test order is bought", at + "facts.go", "case o.Test && !o.shop.config.TestOrders:", "case false:", shopTests},
		{"Shopify: an archived order is bought", at + "facts.go", `|| o.Closed != "" || !o.RequiresShipping`, `|| !o.RequiresShipping`, shopTests},
		{"Shopify: a missing scope looks like routing", at + "scopes.go", "if strings.HasSuffix(scope, suffix) {", "if strings.HasSuffix(scope, suffix) || scope != \"\" {", shopTests},
		{"Shopify: pieces taken out are still wanted", at + "facts.go", "Cancelled: w.Quantity - w.Current}", "Cancelled: 0 * w.Current}", shopTests},
		{"Shopify: discounts are left out", at + "facts.go", "o.amount(path+\".discountAllocations\", d.Amount).Times(-1)", "o.amount(path+\".discountAllocations\", d.Amount).Times(0)", shopTests},
		{"Shopify: tax is added to gross prices", at + "facts.go", "if !o.TaxesIncluded {", "if true {", shopTests},
		{"Shopify: a shipping line that was removed costs", at + "facts.go", "if w.Removed {", "if false {", shopTests},
		{"Shopify: a gift card is bought", at + "facts.go", "l.Foreign = !w.RequiresShipping || l.SKU", "l.Foreign = l.SKU", shopTests},
		{"Shopify: a hidden address is no defect", at + "facts.go", "o.Check(\"shippingAddress\", !o.RequiresShipping)", "_ = a", shopTests},
		{"Shopify: an answer without an order is a missing order", at + "orders.go", "case raw == nil:\n\t\treturn contract(op)\n", "case raw == nil:\n\t\treturn fail(op, mip.ErrNotFound, \"no\")\n", shopTests},
		{"Shopify: errors beside data are passed over", at + "api.go", "json.Unmarshal(body.Errors, &errs) != nil || len(errs) > 0)", "json.Unmarshal(body.Errors, &errs) != nil)", shopTests},
		{"Shopify: userErrors are passed over", at + "api.go", "case len(refusals) > 0:", "case len(refusals) > 9:", shopTests},
		{"Shopify: a refusal that blames the shop itself is a verdict", at + "api.go", "refusals[0].Code == \"INTERNAL_ERROR\":", "refusals[0].Code == \"\":", shopTests},
		{"Shopify: an empty answer to a write is success", at + "api.go", "case p.Fulfillment != nil || p.Job != nil || len(p.Metafields) > 0:", "case true:", shopTests},
		{"Shopify: an internal error after a write counts as not done", at + "api.go", "\t\t\tif call.Writes() {\n\t\t\t\tkind = mip.ErrUnknown", "\t\t\tif false {\n\t\t\t\tkind = mip.ErrUnknown", shopTests},
		{"Shopify: a frozen shop counts as no money", at + "api.go", "case r.Status == http.StatusPaymentRequired:", "case false:", shopTests},
		{"Shopify: any 404 is a missing order", at + "api.go", "return coded(mip.ErrUnavailable, \"\", r) // no such shop", "return nil // no such shop", shopTests},
		{"Shopify: a proxy's refusal of a write proves that nothing was done", at + "api.go", "case r.Status >= 400 && (!call.Writes() || ", "case r.Status >= 400 && (true || ", shopTests},
		{"Shopify: a costly query is not halved", at + "api.go", "if codeOf(err) != tooCostly || ", "if err == nil || err != nil || ", shopTests},
		{"Shopify: a halved size is forgotten", at + "api.go", "n := s.sizes.Load()\n", "n := s.sizes.Load()\n\t\tdefer s.sizes.Store(&sizes{first: 25, inner: 50})\n", shopTests},
		{"Shopify: points are not waited for", at + "throttle.go", "if b.available >= cost {", "if b.available >= 0 {", shopTests},
		{"Shopify: the bucket never fills", at + "throttle.go", "b.available+b.rate*now.Sub(b.at).Milliseconds()/1000", "b.available+0*b.rate*now.Sub(b.at).Milliseconds()", shopTests},
		{"Shopify: a refused token is used again", at + "auth.go", "s.tokens.Forget(r.Header.Get(tokenHeader))", "_ = tokenHeader", shopTests},
		{"Shopify: a token's end is not noted", at + "auth.go", "t.Expires = began.Add(time.Duration(seconds) * time.Second)", "_ = began", shopTests},
		{"Shopify: the old secret is never accepted", at + "webhook.go", "s.config.ClientSecret, s.config.OldSecret)", "s.config.ClientSecret)", shopTests},
		{"Shopify: signatures are not compared", at + "webhook.go", "if !rest.Signed(body, h.Get(\"X-Shopify-Hmac-Sha256\"), ", "if h.Get(\"X-Shopify-Hmac-Sha256\") == \"\" || false && rest.Signed(body, \"\", ", shopTests},
		{"Shopify: an edit names no order", at + "webhook.go", "case d.Topic == \"orders/edited\":", "case false:", shopTests},
		{"Shopify: a refund names no order", at + "webhook.go", " || kind == \"refunds\" || ", " || ", shopTests},
		{"Shopify: any shop's delivery counts", at + "webhook.go", "from != \"\" && !strings.EqualFold(from, s.host())", "from == \"\" && !strings.EqualFold(from, s.host())", shopTests},
		{"Shopify: a fulfillment is created though it is there", at + "plan.go", "\t\t\t\tn -= there\n", "", shopTests},
		{"Shopify: more is shipped than is left", at + "plan.go", "if n = min(n, left[line]); n > 0 {", "if n > 0 {", shopTests},
		{"Shopify: a corrected number stands beside the old one", at + "plan.go", "return t.Number != \"\" && (t.Number == st.Number || slices.Contains(st.known, t.Number))", "return t.Number != \"\" && t.Number == st.Number", shopTests},
		{"Shopify: parcels are not remembered", at + "report.go", "!reflect.DeepEqual(before, memory)", "false && reflect.DeepEqual(before, memory)", shopTests},
		{"Shopify: what is remembered comes after what it is about", at + "report.go", "if len(steps) > 0 && !reflect.DeepEqual(before, memory) {", "defer func() { _ = s.remember(ctx, w, memory) }()\n\tif len(steps) > 99 && !reflect.DeepEqual(before, memory) {", shopTests},
		{"Shopify: only numbers are compared", at + "ship.go", "return have.Number == want.Number && strings.EqualFold(have.Company, want.Company) && (want.URL == \"\" || have.URL == want.URL)", "return have.Number == want.Number || strings.EqualFold(\"a\", \"b\")", shopTests},
		{"Shopify: two carriers of one shipment are told for ever", at + "report.go", "tracks := alike(s.retrack(sh, i, steps));", "tracks := s.retrack(sh, i, steps);", shopTests},
		{"Shopify: a link that cannot be shown is told for ever", at + "ship.go", "tracks[i].URL = \"\"", "_ = linked", shopTests},
		{"Shopify: pieces named by SKU are of the first line alone", at + "work.go", "put(id, some)\n\t\t\t\t\tn -= some", "put(id, n)\n\t\t\t\t\tn = 0", shopTests},
		{"Shopify: numbers behind the last one read are dropped", at + "work.go", "return len(sh.Tracks) >= maxTracks", "return false", shopTests},
		{"Shopify: shipping lines behind the last one read are dropped", at + "facts.go", "o.Check(\"shippingLines\", !o.Shipping.Page.More)", "_ = o.Shipping.Page.More", shopTests},
		{"Shopify: an answer without fulfillment orders is an order that is not routed", at + "facts.go", "o.Check(\"fulfillmentOrders\", false)", "_ = o", shopTests},
		{"Shopify: a cancelled order is shipped", at + "report.go", "\t\treturn false, refused(\"the shop has cancelled it\")", "\t\treturn false, nil", shopTests},
		{"Shopify: locations are mixed", at + "ship.go", "place = t.Assigned.Location.ID", "place = \"\"", shopTests},
		{"Shopify: a hold ends the repeating", at + "report.go", "if t.Status == \"ON_HOLD\" || t.Status == \"SCHEDULED\" {", "if t.Status == \"\" {", shopTests},
		{"Shopify: cancelling does not wait for the decision", at + "cancel.go", "\treturn fail(docCancel.name, mip.ErrPending, \"the shop has not decided yet\")", "\treturn nil", shopTests},
		{"Shopify: cancelling gives the money back", at + "cancel.go", "\"originalPaymentMethodsRefund\": s.config.Refund", "\"originalPaymentMethodsRefund\": true || s.config.Refund", shopTests},
		{"Shopify: a shipped order is cancelled", at + "cancel.go", "case len(w.Shipments) > 0:", "case len(w.Shipments) > 99:", shopTests},
		{"Shopify's fake: it ships more than remains", at + "shopifytest/fulfil.go", "if at < 0 || n < 1 || n > r.Lines[at].Remaining {", "if at < 0 || n < 1 {", shopTests + " " + shopFakeTests},
		{"Shopify's fake: an unquoted time counts", at + "shopifytest/search.go", "exact := strings.HasPrefix(value, \"'\") || strings.HasPrefix(value, `\"`)", "exact := true", shopFakeTests},
	}...)
}
