//go:build ignore

package main

const chanTests = "./channels"

// What all channels share.
func init() {
	const at = "channels/"
	bugs = append(bugs, []bug{
		{"a webhook is acknowledged though it could not be stored", at + "webhooks_serve.go", "if err != nil {\n\t\tl.stats.add(func(s *WebhookStats) { s.NotStored++ })", "if false {\n\t\tl.stats.add(func(s *WebhookStats) { s.NotStored++ })", chanTests},
		{"a webhook names another account's order", at + "webhooks_serve.go", "return ref.Channel != l.Name() || ", "return ", chanTests},
		{"a repeated webhook is new", at + "webhooks_serve.go", "\t\treturn d.ID\n", "\t\treturn d.ID + time.Now().String()\n", chanTests},
		{"a sender may take for ever", at + "webhooks_serve.go", "_ = http.NewResponseController(rw).SetReadDeadline(time.Now().Add(w.config.Patience))", "_ = rw", chanTests},
		{"a stored webhook waits for the next look", at + "webhooks_serve.go", "\t\tpoke(l.wake)\n", "", chanTests},
		{"a burst is fetched again and again", at + "webhooks_work.go", "if _, known := told[ref]; !known {", "if true {", chanTests},
		{"a shop that is down is asked for every message", at + "webhooks_work.go", "l.pause = w.now().Add(", "l.pause = w.now().Add(0 * ", chanTests},
		{"a shop that refuses the key is asked for every message", at + "webhooks_work.go", "if !mip.Repeatable(err) && !errors.Is(err, mip.ErrUnauthorized) {", "if !mip.Repeatable(err) {", chanTests},
		{"one drain leaves what is due", at + "webhooks_work.go", "more = next == 0 && ", "more = next < 0 && ", chanTests},
		{"messages that failed hide those behind them", at + "webhooks_work.go", "most := batch + len(l.due)", "most := batch", chanTests},
		{"a message that failed counts as handled", at + "webhooks_work.go", "} else if !w.spent(ctx, l, m, which, failed) {", "} else if w.spent(ctx, l, m, which, failed); false {", chanTests},
		{"what a webhook brought counts as polled", at + "webhooks_work.go", "context.WithValue(ctx, pushed{}, true)", "ctx", chanTests},
		{"an order that was announced counts as polled", at + "webhooks_watch.go", "if _, heard := a.heard[ref]; !heard && ", "if ", chanTests},
		{"forgeries use up a channel's rate", at + "webhooks_serve.go", "	d, err := l.Webhook(r.Header, body)\n", "	_, _ = l.meter.take(w.now())\n	d, err := l.Webhook(r.Header, body)\n", chanTests},
		{"forgeries fill the log", at + "webhooks_serve.go", "if _, ok := l.warnings.take(w.now()); ok {", "if true {", chanTests},
		{"another order of a webhook is told as the one that failed", at + "webhooks_work.go", "failed, which = told[ref], ref", "failed, which = told[ref], m.Refs[0]", chanTests},
		{"a clock that was set back is not noticed", "mip/rest/pass.go", "return earlier(p.since.At, at)", "_ = at\n\t\treturn p.since.At", restTests},
		{"nobody knows that both clocks were set back", "mip/rest/pass.go", "p.since.Ours.Sub(p.began) > time.Minute", "p.since.Ours.Sub(p.began) > 1000*time.Hour", restTests},
		{"of answers that tell different times the last one counts", "mip/rest/pass.go", " || now.Before(p.now)", " || true", restTests},
		{"a mark says when it was saved, not when its pass began", "mip/rest/pass.go", "Ours: p.began}", "Ours: time.Now()}", restTests},
		{"an order dated ahead takes the mark with it", "mip/rest/pass.go", "At: earlier(at, now)", "At: at", restTests},
		{"a mark may lie before where its pass began", "mip/rest/pass.go", "if at.Before(p.From) {", "if false {", restTests},
		{"a mark that somebody put into the future is given up", "mip/rest/pass.go", "if p.since.Ours.IsZero() && p.since.At.After(now) {", "if false {", restTests},
		{"a first page that was asked for too late stands", "mip/rest/pass.go", "after == first && p.Again(overlap)", "after == first && false", restTests},
		{"a mark of a reading may lack our time", "mip/rest/mark.go", " || twice && m.Ours.IsZero()", "", restTests},
		{"an unset secret signs", "mip/rest/signature.go", " && secret.Set() || ok", " || ok", "./mip/rest"},
		{"one secret of two signs", "mip/rest/signature.go", " && secret.Set() || ok", " && secret.Set()", "./mip/rest"},
		{"two calls write one order at once", "mip/rest/turns.go", "t[i] = make(Slots, 1)", "t[i] = make(Slots, 5)", "./mip/rest"},
		{"a wait for a turn has no end", "mip/rest/turns.go", "case <-ctx.Done():", "case <-make(chan struct{}):", "./mip/rest"},
		{"an earlier answer shines through", "mip/rest/decode.go", "\tempty(v)\n\td := ", "\td := ", "./mip/rest"},
		{"a list that was cut off is whole", "mip/rest/decode.go", "\t_, err = d.Token()\n\treturn true, err", "\t_, _ = d.Token()\n\treturn true, nil", "./mip/rest"},
		{"who adds to a row writes into the next", "mip/rest/decode.go", "d.body[start:end:end]", "d.body[start:end]", "./mip/rest"},
		{"a list of another form is none", "mip/rest/decode.go", "d.wrong = errOtherForm", "d.wrong = nil", "./mip/rest"},
		{"a row that cannot be read hides the others", "mip/rest/rows.go", "r.Raw, r.Err, err = d.next(&r.V)\n", "if r.Raw, r.Err, err = d.next(&r.V); err == nil {\n\t\terr = r.Err\n\t}\n", "./mip/rest"},
		{"an order of another form has no defect", "mip/rest/rows.go", "newReading(r.Raw, r.Err)", "newReading(r.Raw, nil)", "./mip/rest ./channels/magento"},
		{"escapes stay in texts", "mip/rest/loose.go", "bytes.IndexByte(b, '\\\\') < 0 && ", "", "./mip/rest"},
		{"a vendor's own decoding is not asked", "mip/rest/do.go", "if c.config.Decode != nil {", "if false {", "./mip/rest"},
		{"a tracking number leaves its place", at + "carriers.go", "strings.ReplaceAll(url.QueryEscape(number), \"+\", \"%20\")", "url.PathEscape(number)", chanTests},
		{"an unknown carrier is guessed", at + "carriers.go", "spelling(n) == wanted", "strings.HasPrefix(wanted, spelling(n))", chanTests},
	}...)
}
