//go:build ignore

package main

const (
	engineTests = "./mip/engine"
	coreTests   = "./mip"
	wooTests    = "./channels/woocommerce"
	walletTests = "./wallet"
	restTests   = "./mip/rest"
	bigTests    = "./bigbuy ./bigbuy/bigbuytest"
	storeTests  = "./mip/sqlite"
	memTests    = "./mip/memstore"
	simTests    = "./mip/miptest/simtest"
)

var bugs = []bug{
	// The engine's safeguards.
	{"the call leaves before \"sending\" is committed", "mip/engine/submit.go",
		"if errors.Is(err, mip.ErrIgnored) {\n\t\treturn e.abandon(ctx, o.Ref, a)\n\t}", "if errors.Is(err, mip.ErrIgnored) {\n\t\terr = nil\n\t}", engineTests},
	{"an unknown outcome counts as refused", "mip/engine/submit.go",
		"return e.refuse(ctx, o, a.Number, refusal(cause))\n\t}\n\treturn e.lost(ctx, o.Ref, a.Number)", "return e.refuse(ctx, o, a.Number, refusal(cause))\n\t}\n\treturn e.refuse(ctx, o, a.Number, refusal(cause))", engineTests},
	{"no look-up before a second attempt", "mip/engine/resolve.go",
		"if earlier(o, a) {", "if false {", engineTests},
	{"one absence is proof enough", "mip/engine/resolve.go", "if a.Absences+1 >= 2 && ", "if ", engineTests},
	{"what is found is adopted without comparing", "mip/engine/resolve.go", "if !matches(found.Placements, a.Items) || ", "if ", engineTests},
	{"PayPal is tried after any error of the wallet", "mip/engine/reserve.go", "\t\tdefault:\n\t\t\treturn grant{}, err\n", "", engineTests},
	{"a reservation is kept for ever after a refusal", "mip/engine/settle.go", "err = e.release(ctx, o, *a, \"\")", "err = nil", engineTests},
	{"the cursor is saved before its page is stored", "mip/engine/ingest.go",
		"\t\tfor _, f := range page.Orders {\n\t\t\tif err := e.Ingest(ctx, named(name, f)); err != nil {", "\t\t_ = e.store.SaveCursor(ctx, name, cursor, page.Next)\n\t\tfor _, f := range page.Orders {\n\t\t\tif err := e.Ingest(ctx, named(name, f)); err != nil {", engineTests},
	{"\"reported\" is set before the channel is told", "mip/engine/report.go",
		"if err = ch.Report(call, l.Ref, s); err == nil {", "_ = e.tell(ctx, l.Ref, mip.Event{Kind: mip.EventReported, Status: &s})\n\tif err = ch.Report(call, l.Ref, s); err == nil {", engineTests},
	{"a failed report is ignored", "mip/engine/report.go", "if err = ch.Report(call, l.Ref, s); err == nil {", "if err = ch.Report(call, l.Ref, s); err == nil || true {", engineTests},

	{"what somebody else has shipped is bought", "mip/order.go", "if l.Shipped <= 0 || l.Wanted() == 0 {", "if true {", "./mip " + engineTests},
	{"our own shipments count as somebody else's", "mip/order.go", "\tif len(o.Placements) > 0 {\n\t\treturn nil\n\t}\n", "", engineTests},
	{"a decision on one number of shipped pieces covers another", "mip/order.go", "Value: ValueHash(l.ID, shipped, wanted)", "Value: ValueHash(l.ID)", engineTests},
	{"absences count however soon they come", "mip/engine/resolve.go", "if a.Absences+1 >= 2 && e.now().Sub(a.SentAt) >= e.timing.AbsentAfter {", "if a.Absences+1 >= 2 {", engineTests + " " + simTests},
	{"the reservation is given back while the outcome is unknown", "mip/engine/submit.go", "func (e *Engine) lost(ctx context.Context, ref mip.Ref, number int) error {\n", "func (e *Engine) lost(ctx context.Context, ref mip.Ref, number int) error {\n\tif o, err := e.store.Order(ctx, ref); err == nil {\n\t\t_ = e.release(ctx, o, *attempt(o, number), \"\")\n\t}\n", engineTests},
	{"a mark of sending found later is not a doubt", "mip/engine/submit.go", "perhaps it is bought.\n\t\treturn time.Time{}, e.lost(ctx, ref, number)", "perhaps it is bought.\n\t\treturn time.Time{}, nil", engineTests},
	{"what may have been placed by hand is not looked up", "mip/engine/resolve.go", "if reference != \"\" && !slices.Contains(references, reference) {", "if reference != \"\" && slices.Contains(references, reference) {", engineTests},
	{"held orders are released beyond what the money goes round for", "mip/engine/purse.go", "if err != nil || rest.IsNegative() || left.IsZero() || !o.moreThan(left) {", "if err != nil || left.IsZero() {", engineTests},
	{"PayPal is tried while another payment waits", "mip/engine/reserve.go", "\t\t\treturn g, nil\n", "\t\t\tcontinue\n", engineTests},
	{"a pending payment is begun anew by every attempt", "mip/step_check.go", "\ts.goOnWith(&a)\n", "", engineTests + " " + coreTests},
	{"a pending payment is used for another amount", "mip/step_pay.go", "if before.Amount.Equal(a.Amount) && ", "if ", engineTests},
	{"a pending payment outlives its order", "mip/step_pay.go", "\tcase StateReceived, StatePendingReview, StateSubmitting:\n\t\treturn\n", "\tdefault:\n\t\treturn\n", engineTests + " " + coreTests},
	{"a payment that ended is never given back", "mip/step_pay.go", "\ts.effect(EffectSettle, s.e.Attempt, s.c.At)\n", "", engineTests},
	{"a person's choice of payment is not heeded", "mip/engine/chain.go", "if o.PayWith != \"\" {", "if false {", engineTests},
	{"a fee is not counted before another method pays", "mip/engine/reserve.go", "if why := e.tooDear(o, p); len(why) > 0 {", "if why := e.tooDear(o, p); len(why) > 99 {", engineTests},
	{"a deadline for payment passes in silence", "mip/step_track.go", "\ts.overdue()\n", "", engineTests},
	{"every order calls during an outage", "mip/engine/breaker.go", "const patience = 5", "const patience = 1 << 30", engineTests},
	{"a link by id takes other goods", "mip/engine/attach.go", "if !matches([]mip.Placement{p}, goods(o)) {", "if false {", engineTests},
	{"a pending verdict counts as told", "mip/engine/report.go", "if err = ch.Report(call, l.Ref, s); err == nil {", "if err = ch.Report(call, l.Ref, s); err == nil || errors.Is(err, mip.ErrPending) {", engineTests},

	// The state machine's.
	{"a cancellation that comes before its order is forgotten", "mip/step_channel.go", "\tcase f.Demand == DemandCancel:\n\t\ts.o.State, s.o.CancelAsked = StateCancelled, true\n", "\tcase f.Demand == DemandCancel:\n\t\treturn errRepeated\n", coreTests},
	{"a call may leave for a cancelled or changed order", "mip/step_submit.go", " || s.o.CancelAsked || len(s.o.Outdated(*a)) > 0 {", " {", coreTests + " " + engineTests},
	{"a reference is random", "mip/ref.go", "sum := sha256.Sum256([]byte(r.Channel + \"/\" + r.ID))", "sum := sha256.Sum256(fmt.Appendf(nil, \"%p\", &r))", coreTests},
	{"a new attempt takes a new reference each time", "mip/order.go", "g = max(g, a.Generation)\n", "g = max(g, a.Generation+1)\n", coreTests + " " + engineTests},
	{"old news overwrites new", "mip/step_channel.go", "if f.UpdatedAt.Before(s.o.UpdatedAt) && !f.UpdatedAt.IsZero() {", "if false {", coreTests},
	{"a cancellation does not stop a call that has not left", "mip/step_people.go", "if a == nil || a.Outcome != OutcomeOpen || !a.SentAt.IsZero() {", "if a != nil {", coreTests},
	{"a status can move back", "mip/step_track.go", "if t.Status.follows(p.Status) {", "if t.Status != p.Status && t.Status != \"\" {", coreTests},
	{"a corrected tracking number is ignored", "mip/step_track.go", "case out[i].Number != t.Number || ", "case ", coreTests},
	{"an override outlives the value", "mip/finding.go", " && o.Value == f.Value", "", coreTests + " " + engineTests},
	{"manually sent is possible beside an attempt", "mip/step_people.go",
		"func (s *step) manuallySent() error {\n\tif s.o.InFlight() {", "func (s *step) manuallySent() error {\n\tif false {", coreTests + " " + engineTests},
	{"a judgement of a changed order counts", "mip/step_check.go", "if s.e.Version != s.o.Version || ", "if ", coreTests + " " + engineTests},
	{"what changed during a purchase that came to nothing is bought unchecked", "mip/step_submit.go", "changed := a.PayloadHash != s.o.Purchase(a.Payment).Hash()", "changed := false", coreTests + " " + engineTests},
	{"an address that changed during a purchase that came to nothing is not used", "mip/step_channel.go", "\t\ts.o.ShipTo, s.o.Theirs = *s.o.Theirs, nil\n", "", coreTests + " " + engineTests},
	{"an address is changed while nobody knows whether it was used", "mip/step_channel.go", "slices.ContainsFunc(s.o.Attempts, sent) {", "sent(Attempt{}) {", coreTests + " " + engineTests},
	{"a decision outlives the withdrawal it was about", "mip/step_channel.go", "\t\ts.lapse(CodePaymentWithdrawn, CodeClosedByChannel)\n", "", coreTests},
	{"a decision outlives the reinstatement it was about", "mip/step_channel.go", "\ts.lapse(CodeReinstated, CodePaymentWithdrawn, CodeClosedByChannel)\n", "", coreTests},
	{"an order with a demand of its own is dropped", "mip/order.go", "if !f.Demand.known() {", "if false {", coreTests},
	{"a year beyond the calendar is kept", "mip/order.go", "year < 1 || year > 9999", "year < -9999", storeTests + " " + coreTests},
	{"an order placed by hand is linked whatever it holds", "mip/engine/link.go", "if !matches(fresh, goods(o)) || ", "if ", engineTests},
	{"an order placed by hand long before is linked", "mip/engine/link.go", " || olderThan(o, fresh) {", " {", engineTests},
	{"an order older than ours is adopted", "mip/engine/resolve.go", " || olderThan(o, found.Placements) {", " {", engineTests},
	{"another order's reference is taken for an order placed by hand", "mip/engine/commands.go", "if err := e.notAnothers(ctx, ref, strings.TrimSpace(reference)); err != nil {", "if err := e.notAnothers(ctx, ref, \"\"); err != nil {", engineTests},
	{"one absence proves that nothing was placed by hand", "mip/engine/resolve.go", "; found.Authoritative && e.now().Before(due) {", "; due.IsZero() {", engineTests},
	{"a rest that is no longer wanted is waited for", "mip/step_channel.go", "\t\ts.effect(EffectTrack, 0, s.c.At) // what is bought decides\n", "", engineTests},
	{"two orders by hand may have one reference", "mip/engine/attach.go", "if o.Ref != ref && o.ManualRef == reference {", "if false {", engineTests},
	{"a link that changes nothing counts as made", "mip/engine/attach.go", "if !slices.Contains(o.State.Allowed(), mip.EventPlaced) {", "if false {", engineTests},

	// A channel adapter's.
	{"the cursor is not asked for", "channels/woocommerce/orders.go", "\t\tw.from = from\n", "\t\t_ = from\n", wooTests},
	{"times are sent with a zone suffix", "channels/woocommerce/orders.go", "r.to.Format(wireTime)}, \"dates_are_gmt\"", "r.to.Format(wireTime) + \"Z\"}, \"dates_are_gmt\"", wooTests},
	{"no overlap with the last reading", "channels/woocommerce/orders.go", "{r.from.Add(-overlap).Format(wireTime)}", "{r.from.Format(wireTime)}", wooTests},
	{"pages are ordered by modification, which is not stable", "channels/woocommerce/orders.go", "\"orderby\": {\"id\"}", "\"orderby\": {\"modified\"}", wooTests},
	{"only the first page is read", "channels/woocommerce/orders.go", "for page := 1; ; page++ {", "for page := 1; ; page += 1000 {", wooTests},
	{"a list that shifts while it is read is taken as whole", "channels/woocommerce/orders.go", "if whole || before != nil && maps.Equal(before, seen) {", "if whole || before == nil || maps.Equal(before, seen) {", wooTests},
	{"pages are fetched although the reader has stopped", "channels/woocommerce/orders.go", "if len(orders) > 0 && !r.yield(mip.Page{Orders: orders}, nil) {\n\t\t\treturn nil, false, false", "if stop := len(orders) > 0 && !r.yield(mip.Page{Orders: orders}, nil); stop {\n\t\t\tr.list(status, page+1)\n\t\t\treturn nil, false, false", wooTests},
	{"an error while reading is swallowed", "channels/woocommerce/orders.go", "\t\tif err != nil {\n\t\t\tr.yield(mip.Page{}, err)\n\t\t\treturn nil, false, false", "\t\tif err != nil {\n\t\t\treturn seen, true, true", wooTests},
	{"the context is ignored", "channels/woocommerce/orders.go", "r.do(r.ctx, rest.Call{", "r.do(context.Background(), rest.Call{", wooTests},
	{"the telephone number is lost", "channels/woocommerce/facts.go", "Phone: string(phone), ", "", wooTests},
	{"the e-mail is taken from shipping, which has none", "channels/woocommerce/facts.go", "string(bill.V.Email)", "string(to.Email)", wooTests},
	{"the billing address is never used", "channels/woocommerce/facts.go", "if to.nowhere() {", "if false {", wooTests},
	{"a defect is hidden", "channels/woocommerce/facts.go", "\to.Defects = append(o.Defects, f)\n", "\t_ = f\n", wooTests},
	{"the order number stands for the id", "channels/woocommerce/facts.go", "ID: string(w.ID)}", "ID: string(w.Number)}", wooTests},
	{"the line id is lost", "channels/woocommerce/facts.go", "mip.Line{ID: string(p.V.ID), ", "mip.Line{ID: fmt.Sprint(i), ", wooTests},
	{"refunded pieces are still wanted", "channels/woocommerce/facts.go", "line.Cancelled += max(n, -n)", "_ = line", wooTests},
	{"HTML counts as an empty shop", "channels/woocommerce/api.go", "\t\treturn inDoubt(call, r)\n\t}\n\treturn err", "\t\treturn nil\n\t}\n\treturn err", wooTests},
	{"any 404 is a missing order", "channels/woocommerce/api.go", "case r.Status == http.StatusNotFound && !strings", "case false && !strings", wooTests},
	{"tracking is not written", "channels/woocommerce/report.go", "if err := s.show(ctx, o, parcels); err != nil {", "if err := s.show(ctx, o, nil); err != nil {", wooTests},
	{"a report completes a cancelled order", "channels/woocommerce/report.go", "if o.Demand == mip.DemandCancel && (forward || len(parcels) > 0) {", "if false {", wooTests},
	{"the status is written before the tracking", "channels/woocommerce/report.go", "\tif err := s.show(ctx, o, parcels); err != nil {", "\tif forward {\n\t\t_ = s.put(ctx, id, map[string]any{\"status\": to})\n\t}\n\tif err := s.show(ctx, o, parcels); err != nil {", wooTests},
	{"webhook signatures are not compared", "channels/woocommerce/webhook.go", "!rest.Signed(body, given, s.config.WebhookSecret)", "given == \"\" || false && rest.Signed(body, given)", wooTests},

	// The HTTP toolkit's.
	{"Retry-After is ignored", "mip/rest/do.go", "asked := RetryAfter(answer.Header, time.Now())", "asked := min(0, RetryAfter(answer.Header, time.Now()))", restTests + " " + wooTests},
	{"writes are repeated", "mip/rest/do.go", "if call.Writes() && !call.Repeat {", "if call.Writes() && false {", restTests + " " + wooTests},
	{"reads are not repeated", "mip/rest/do.go", "if call.Writes() && !call.Repeat {", "if !call.Repeat {", restTests + " " + wooTests},
	{"a lost answer to a write counts as not done", "mip/rest/kinds.go", "case write:\n\t\treturn mip.ErrUnknown", "case write:\n\t\treturn mip.ErrUnavailable", restTests},

	// The supplier's.
	{"an answer that cannot be read counts as a refusal", "bigbuy/place.go", "\t\tcase !ok:\n\t\t\treturn mip.Placed{}, err\n\t\tcase e.Code == ERExists:", "\t\tcase !ok:\n\t\t\treturn mip.Placed{Refusals: []mip.Finding{{Code: mip.CodeRefused}}}, nil\n\t\tcase e.Code == ERExists:", bigTests},
	{"a used reference counts as a refusal", "bigbuy/place.go", "case e.Code == ERExists:\n\t\t\treturn s.exists(ctx, p, e, nil)", "case false:\n\t\t\treturn s.exists(ctx, p, e, nil)", bigTests},
	{"what was bought is lost over a stranger's order", "bigbuy/place.go", "if len(bought) > 0 && !within(p, known.Placements) {", "if false {", bigTests},
	{"an unknown reference in the sandbox is proof", "bigbuy/find.go", "return mip.Found{}, nil", "return mip.Found{Authoritative: true}, nil", bigTests},
	{"what a look-up finds counts as all there is", "bigbuy/find.go", "return mip.Found{Placements: placements, Authoritative: true}, nil", "return mip.Found{Placements: placements, Authoritative: true, Complete: true}, nil", bigTests},

	// The purse's and the stores'.
	{"the wallet does not count what is reserved", "wallet/wallet.go", "err := w.ledger.Reserve(ctx, r, b)", "b.Amount = b.Amount.Times(10)\n\terr := w.ledger.Reserve(ctx, r, b)", walletTests},
	{"the wallet is not idempotent by key", "wallet/wallet.go", "r.Account, r.State, r.At = w.account, mip.ReservationOpen, w.now()", "r.Account, r.State, r.At = w.account, mip.ReservationOpen, w.now()\n\tr.Key += r.At.String()", walletTests},
	{"what may be debited already alarms", "wallet/reconcile.go", "sum.plus(more, s.Open)", "more", walletTests},
	{"what closed with an earlier time explains nothing", "wallet/reconcile.go", "for _, key := range last.Open {", "for _, key := range last.Open[:0] {", walletTests},
	{"a purchase under way counts twice against the next", "wallet/doubt.go", "return doubtful && c <= 0, nil", "return false, nil", walletTests},
	{"released orders are released at each look", "mip/engine/watch.go", "if p.version == version && now.Sub(p.at) < promiseFor {", "if p.version < 0 {", engineTests},
	{"one shortage is told at each look", "mip/engine/watch.go", "news := w.missing.Currency() == \"\"", "news := true", engineTests},
	{"an unreadable balance counts as empty", "wallet/wallet.go", "\tb, err := w.purse.balance(ctx, w.cache)\n\tif err != nil {\n\t\treturn fail(\"wallet: reserve\", r.Ref, mip.KindOf(err), err)", "\tb, err := w.purse.balance(ctx, w.cache)\n\tif err != nil {\n\t\treturn fail(\"wallet: reserve\", r.Ref, mip.ErrUnfunded, err)", walletTests},
	{"a newer effect is lost when the old one is done", "mip/sqlite/writer.go", "DELETE FROM effects WHERE order_key = ? AND kind = ? AND attempt = ? AND seq = ?", "DELETE FROM effects WHERE order_key = ? AND kind = ? AND attempt = ? AND seq >= ? - seq", storeTests},
	{"the balance is checked outside the transaction", "mip/sqlite/ledger.go", "else if c > 0 {", "else if c > 1 {", storeTests},
	{"a write is told of before its group is on disk", "mip/sqlite/group.go", "\t\tlead()\n\t\t<-t.told\n", "\t\tlead()\n", storeTests},
	{"a write that fails in a group takes the others with it", "mip/sqlite/group.go", "\t_, err := s.w.revert.ExecContext(ctx)\n", "\t_, err := s.w.rollback.ExecContext(ctx)\n", storeTests},
	{"an effect is leased before it is on disk", "mip/sqlite/queue.go", "\ts.commit(context.WithoutCancel(ctx)) // an effect is leased once it is on disk\n", "", storeTests},
	{"a lease is given back twice in one group", "mip/sqlite/queue.go", "\t\ts.leases.end(held.slot) // now:", "\t\tdefer s.leases.has(held.slot) // now:", storeTests},
	{"an order that was not kept is remembered", "mip/sqlite/apply.go", "\t\tc.s.recent.take(c.ref)\n", "", storeTests},
	{"an outcome is written for an order that has changed since", "mip/sqlite/apply.go", "\tif was != c.was {\n", "\tif c.was == nil {\n", storeTests},
	{"a caller has what the store keeps", "mip/sqlite/apply.go", "c.next.order = c.res.Order.Clone()", "c.next.order = c.res.Order", storeTests},
	{"the store keeps what a caller has", "mip/sqlite/apply.go", "old: c.was.order.Clone()", "old: c.was.order", storeTests},
	{"an order is not found by its new reasons", "mip/sqlite/apply.go", " &&\n\t\tslices.Equal(mip.Codes(c.old.Findings), mip.Codes(o.Findings)):", " &&\n\t\tslices.Equal(mip.Codes(o.Findings), mip.Codes(o.Findings)):", storeTests},
	{"an entry does not name the one before", "mip/sqlite/apply.go", "c.next.last, c.was.last, c.next.key", "c.next.last, 0, c.next.key", storeTests},
	{"a remark is no part of the history", "mip/sqlite/apply.go", "c.s.w.remark.ExecContext(ctx, c.next.last,", "c.s.w.remark.ExecContext(ctx, c.was.last,", storeTests},
	{"what a channel says anew is not kept", "mip/sqlite/apply.go", "\tcase was != nil && bytes.Equal(was, r.raw):\n", "\tcase was != nil && !bytes.Equal(was, r.raw):\n", storeTests},
	{"what a channel said outlives the person", "mip/sqlite/apply.go", "\tcase r.raw == nil:\n\t\t_, err := c.s.w.dropRaw.ExecContext(ctx, c.next.key)\n\t\treturn err\n", "\tcase r.raw == nil:\n\t\treturn nil\n", storeTests},
	{"a history loses its entries in an update of the file", "mip/sqlite/schema.go", "THEN row_number() OVER h - 1 ELSE 0 END", "THEN 0 ELSE 0 END", storeTests},
	{"a closed store keeps its file open", "mip/sqlite/writer.go", "errs = append(errs, q.Close())", "_ = q", storeTests},
	{"each order is tracked by itself", "mip/engine/timing.go", "return at.Add(span - 1).Truncate(span)", "return at", engineTests},
	{"an order is tracked before its time", "mip/engine/timing.go", "return at.Add(span - 1).Truncate(span)", "return at.Truncate(span)", engineTests},
	{"a lost lease still ends its effect", "mip/memstore/queue.go", "if !ok || e.token == 0 || e.token != l.Token {", "if !ok {", memTests},
	{"a released key can be reserved again", "mip/memstore/ledger.go", "\tcase !ok:\n\t\tr.Key = key\n", "\tcase !ok:\n\t\treturn nil\n", memTests},
}
