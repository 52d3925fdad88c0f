//go:build ignore

package main

const payTests = "./paypal"

var moneyBugs = []bug{
	{"two methods share one payment key", "mip/attempt.go", "case !a.Apart:", "default:", engineTests},
	{"an attempt comes to another method before that is committed", "mip/engine/reserve.go", "if a.Payment != p.Name() && (", "if false && (", engineTests},
	{"a worker that was overtaken sends with the method before", "mip/step_submit.go", " || a.turned(s.e.Payment) || s.o.CancelAsked", " || s.o.CancelAsked", engineTests},
	{"an attempt that was overtaken turns back", "mip/step_pay.go", "|| s.e.Version != s.o.Version ", "", engineTests},
	{"a new attempt pays while an earlier one is not given back", "mip/engine/submit.go", "case done || err != nil:", "case done && false:", engineTests},
	{"a person's order under our own reference is not thought of", "mip/engine/resolve.go", "if !given(o, reference) || ", "if reference == a.Reference || ", engineTests},
	{"what nobody can tell was not placed by hand", "mip/engine/resolve.go", "manualUnclear(reference); !found.Authoritative && ", "manualUnclear(reference); false && ", engineTests},
	{"a person's word about an unclear reference is not heard", "mip/engine/resolve.go", "len(mip.Holding([]mip.Finding{unclear}, o.Overrides)) > 0 {", "true {", engineTests},
	{"a part found under a person's reference counts for nothing", "mip/engine/resolve.go", "!found.Authoritative || boughtSome(o, *a):", "!found.Authoritative:", engineTests},
	{"what is under way is cut off when the runner is told to leave", "mip/engine/stop.go", "\t\tsleep(out, nil, e.timing.Leave)\n", "", engineTests},
	{"effects begin after the runner was told to leave", "mip/engine/stop.go", "if ctx.Err() != nil {", "if false {", engineTests},
	{"an order that waits for a refund begins attempt after attempt", "mip/engine/check.go", ", stillUnsettled(o)...", ", stillUnsettled(mip.Order{})...", engineTests},
	{"a closed payment wakes nobody", "mip/step_pay.go", "f.Code == CodePaymentUnsettled }) && s.clearsAlone(holding)", "false }) && s.clearsAlone(holding)", engineTests},
	{"a payment that is given up is taken over all the same", "mip/step_pay.go", "\ts.o.Attempts[i].Awaits = false\n\ts.effect(EffectSettle, s.e.Attempt", "\ts.effect(EffectSettle, s.e.Attempt", engineTests + " " + coreTests},
	{"what a later attempt goes on with is given back", "mip/engine/settle.go", " || handedOn(o, a, key) {", " {", engineTests},
	{"what was declined beside a pending payment stays reserved", "mip/engine/reserve.go", "return e.payment(a.Pledge.Method).Release(ctx, a.Pledge.Key)", "return nil", engineTests},
	{"another method pays while a pending payment may have taken money", "mip/engine/reserve.go", "now.State == mip.PaymentWaiting && now.URL != \"\"", "now.State != \"\"", engineTests},
	{"a person pays around a pending payment that stays open", "mip/step_pay.go", " && (s.o.PayWith == \"\" || s.o.PayWith == before.Pledge.Method) {", " {", engineTests},
	{"a capture gets a new key each time", "paypal/direct_calls.go", "NewRequestID(r.Key, \"capture\")", "NewRequestID(r.Key, fmt.Sprintf(\"capture-%d\", d.now().UnixNano()))", payTests},
	{"a refund gets a new key each time", "paypal/direct_back.go", "NewRequestID(r.Key, operation)", "NewRequestID(r.Key+d.now().Format(\"150405\"), operation)", payTests},
	{"a forgotten key pays again from the vault", "paypal/direct_forward.go", "if d.config.Vault != \"\" {", "if false {", payTests},
	{"a payment is begun before it is written down", "paypal/direct_forward.go", "n.Stage, n.Begun = stageBegun, d.now()\n\t\t\terr = d.write(ctx, r, n)", "n.Stage, n.Begun = stageBegun, d.now()", payTests},
	{"a capture on its way counts as none", "paypal/direct_config.go", "const doubt = 2 * time.Minute", "const doubt = 0 * time.Minute", payTests},
	{"a completed order counts as paid", "paypal/direct_saw.go", "\treturn stageClearing, \"\"\n", "\treturn stageTaken, \"\"\n", payTests},
	{"another amount at PayPal is not noticed", "paypal/direct_saw.go", "!o.Units[0].Amount.Equal(r.Amount)", "false", payTests},
	{"what was taken is not given back", "paypal/direct_back.go", "if err = d.refundAll(ctx, *r, n); err == nil {", "if true {", payTests},
	{"what was too much is kept", "paypal/direct_back.go", "case rest.IsZero() || rest.IsNegative():", "case true:", payTests},
	{"a return address can be guessed", "paypal/direct_return.go", "!hmac.Equal([]byte(q.Get(\"sign\")), []byte(d.sign(key)))", "false", payTests},
	{"a declined instrument is charged again and again", "paypal/direct_saw.go", "if !n.Declined.IsZero() && !o.UpdatedAt.After(n.Declined) {", "if false {", payTests},
	{"a link that expired is waited for", "paypal/direct_saw.go", "case !d.now().Before(n.Until):", "case false:", payTests},
	{"a webhook is believed without its signature", "paypal/verifier.go", "if rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], s.bytes) != nil {", "if rsa.VerifyPKCS1v15(key, crypto.SHA256, sum[:], s.bytes) != nil && false {", payTests},
	{"a certificate may come from anywhere", "paypal/certificate.go", "\tu, err := url.Parse(text)\n", "\tif text != \"\" {\n\t\treturn nil\n\t}\n\tu, err := url.Parse(text)\n", payTests},
	{"all that a payment took is a single try at writing it down", "paypal/direct_note.go", "\t\treturn errMoved\n", "\t\treturn nil\n", payTests},
}

func init() { bugs = append(bugs, moneyBugs...) }
