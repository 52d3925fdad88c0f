//go:build ignore

package main

const payTests = "./paypal"

var moneyBugs = []bug{
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
