//go:build ignore

package main

// clusterTests play real processes that die, freeze and lose their database.
const clusterTests = "./examples/clustertest"

var clusterBugs = []bug{
	{"cluster: each process has budgets of its own", "mip/postgres/limiter.go",
		"// budget returns the row and the plan of a budget.\nfunc (l *limiter) budget(budget string) (string, rest.Budget) {\n\tplan, ok := l.plan[budget]\n\tif !ok {\n\t\tif plan, ok = l.plan[\"\"]; ok {\n\t\t\tbudget = \"\"\n\t\t}\n\t}\n\treturn l.name",
		"var own = time.Now().String()\n\nfunc (l *limiter) budget(budget string) (string, rest.Budget) {\n\tplan, ok := l.plan[budget]\n\tif !ok {\n\t\tif plan, ok = l.plan[\"\"]; ok {\n\t\t\tbudget = \"\"\n\t\t}\n\t}\n\treturn own + l.name", clusterTests},
	{"cluster: who was frozen before the call makes it all the same", "mip/engine/submit.go",
		"context.WithTimeout(ctx, left)", "context.WithTimeout(context.WithoutCancel(ctx), time.Hour)", engineTests},
	{"cluster: work is taken away from the living", "mip/postgres/sweep.go", " AND token <> 0 AND until < @ended", " AND token <> 0", "./mip/postgres"},
	{"cluster: jobs that were lost are never made anew", "mip/postgres/sweep.go", "(TABLE lost UNION ALL TABLE missed)", "(TABLE lost)", clusterTests},
	{"cluster: effects are stored after the order, not with it", "mip/postgres/apply.go",
		"\ttext, args := c.statement(r, entry)\n\tvar key int64\n\tvar n, rung int\n\terr = c.conn.QueryRow(ctx, text, args...).Scan(&key, &n, &rung)\n",
		"\tlater := c.works\n\tc.works = nil\n\ttext, args := c.statement(r, entry)\n\tvar key int64\n\tvar n, rung int\n\terr = c.conn.QueryRow(ctx, text, args...).Scan(&key, &n, &rung)\n" +
			"\tif err == nil && n == 1 {\n\t\tvar st statement\n\t\tst.add(\"WITH o AS (SELECT key FROM $.orders WHERE key = ?)\", key)\n" +
			"\t\tfor i, w := range later {\n\t\t\tc.writeEffect(&st, i, w)\n\t\t}\n\t\tst.add(\" SELECT 1\")\n" +
			"\t\t_, err = c.conn.Exec(ctx, c.s.in(st.text.String()), st.args...)\n\t}\n", clusterTests},
	{"a look-up that fails counts as absence", "mip/engine/resolve.go", "\treturn e.supplier.Find(ctx, reference)\n",
		"\tfound, err := e.supplier.Find(ctx, reference)\n\tif err != nil {\n\t\treturn mip.Found{Authoritative: true}, nil\n\t}\n\treturn found, nil\n", engineTests},
	{"cluster: no look-up before a second attempt", "mip/engine/resolve.go", "if earlier(o, a) {", "if false {", clusterTests},
	{"cluster: a second attempt takes a new reference", "mip/order.go", "g = max(g, a.Generation)\n", "g = max(g, a.Generation+1)\n", clusterTests},
	{"cluster: a lost answer counts as not sent", "mip/engine/submit.go", "mip.Event{Kind: mip.EventUnknown, ", "mip.Event{Kind: mip.EventNotSent, ", clusterTests},
	{"cluster: a mark of sending found later is not a doubt", "mip/engine/submit.go",
		"perhaps it is bought.\n\t\treturn time.Time{}, e.lost(ctx, ref, number)", "perhaps it is bought.\n\t\treturn time.Time{}, nil", clusterTests},
	{"cluster: reported before it was told", "mip/engine/report.go", "if err = ch.Report(call, l.Ref, s); err == nil {",
		"_ = e.tell(ctx, l.Ref, mip.Event{Kind: mip.EventReported, Status: &s})\n\tif err = ch.Report(call, l.Ref, s); err == nil {", clusterTests},
	{"cluster: a reservation is kept for ever after a refusal", "mip/engine/settle.go", "err = e.release(ctx, o, *a, \"\")", "err = nil", clusterTests},
	{"cluster: what an earlier attempt bought is settled nowhere", "mip/engine/settle.go", "if b.Number < a.Number && b.Reference == a.Reference && !b.SentAt.IsZero() {", "if false {", clusterTests + " " + engineTests},
	{"an arrival is final although its number was never seen", "mip/step_track.go", "!arrived && p.Status == PlacementDelivered", "false && arrived", coreTests + " " + engineTests},
	{"what had arrived when it was found is asked about once", "mip/step_track.go", "p.Status == PlacementDelivered && !p.CheckedAt.IsZero()", "p.Status == PlacementDelivered", coreTests},
	{"who freezes while reserving keeps the purse locked", "mip/postgres/store.go", "idle_in_transaction_session_timeout = '5s'", "idle_in_transaction_session_timeout = '0'", "./mip/postgres"},
	{"who was frozen past its deadline calls all the same", "mip/rest/again.go", "ok && !time.Now().Before(at) {", "ok && !time.Now().Before(at.Add(24 * time.Hour)) {", restTests},
	{"what net/http sends again takes no turn", "mip/rest/client.go", "t.Proxy = again(t.Proxy)", "_ = again", restTests},
}

func init() { bugs = append(bugs, clusterBugs...) }
