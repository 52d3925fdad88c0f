//go:build ignore

package main

const (
	pgTests    = "./mip/postgres"
	helperTest = "./mip/postgres/pgtest"
)

var postgresBugs = []bug{
	{"PostgreSQL: a reference by hand that changes is not found", "mip/postgres/statement.go", "if c.old.ManualRef != r.manualRef {", "if false {", pgTests},
	{"a token that a crash undid is given out again", "mip/postgres/queue.go", "newToken = \"1 + floor(random() * 9e15)::bigint\"", "newToken = \"nextval('$.numbers')\"", pgTests},
	// Accounts.
	{"the orders of all accounts are counted", "mip/postgres/reads.go", "FROM $.orders WHERE account = $1 GROUP BY state", "FROM $.orders WHERE account || $1 <> '' GROUP BY state", pgTests},
	{"an effect of another account is leased", "mip/postgres/queue.go", "WHERE account = @account AND kind = ANY (@kinds) AND due <= @now", "WHERE kind = ANY (@kinds) AND due <= @now", pgTests},
	{"the sweep gives up another account's lease", "mip/postgres/sweep.go", "WHERE account = @account AND kind = ANY (@kinds) AND due < @ended", "WHERE kind = ANY (@kinds) AND due < @ended", pgTests},
	{"another account's message is pruned", "mip/postgres/inbox.go", "DELETE FROM $.inbox WHERE account = $1 AND handled", "DELETE FROM $.inbox WHERE account || $1 <> '' AND handled", pgTests},
	{"a call of one account takes another's turn", "mip/postgres/limiter.go", "WHERE b.account = @account AND b.name = @name AND t.start", "WHERE b.name = @name AND t.start", pgTests},
	{"a duty is given up for every account", "mip/postgres/duty.go", "DELETE FROM $.duties WHERE account = $1 AND name = $2", "DELETE FROM $.duties WHERE account || $1 <> '' AND name = $2", pgTests},
	{"a job of another account is done", "mip/postgres/effect_worker.go", "\tif a.Account != s.account {\n\t\treturn l, 0, nil\n\t}\n\targs := pgx.NamedArgs{\"account\": s.account,", "\targs := pgx.NamedArgs{\"account\": a.Account,", pgTests},

	// Many processes.
	{"two processes read one channel", "mip/postgres/duty.go", "WHERE d.holder = excluded.holder OR d.until < clock_timestamp()", "", pgTests},
	{"nobody takes over from the dead", "mip/postgres/duty.go", " OR d.until < clock_timestamp()`", "`", pgTests},
	{"a process reads on that has lost the channel", "mip/postgres/duty.go", "err == nil && !mine {\n\t\t\t\tcancel()", "err == nil && !mine {\n\t\t\t\tbreak", pgTests},
	{"a change overwrites another one", "mip/postgres/statement.go", "\" WHERE key = ? AND version = ? RETURNING key)\", c.key, c.old.Version)", "\" WHERE key = ? RETURNING key)\", c.key)", pgTests},
	{"an outdated job does the newer effect", "mip/postgres/effect_worker.go", "AND e.attempt = @attempt AND e.seq = @seq`", "AND e.attempt = @attempt`", pgTests},
	{"two processes migrate at once", "mip/postgres/migrate.go", "SELECT pg_advisory_lock(hashtextextended($1, 0))", "SELECT hashtextextended($1, 0)", pgTests},
	{"purchases of one purse are reserved side by side", "mip/postgres/purse.go", "SELECT pg_advisory_xact_lock(hashtextextended($1, 1))", "SELECT hashtextextended($1, 1)", pgTests},
	{"every kind of effect is as urgent", "mip/postgres/jobs.go", "return 1 + int32(slices.Index(all, k)*4/len(all))", "return 1 + int32(slices.Index(all, k)*0/len(all))", pgTests},

	{"a refusal stands that was given to an order as it was before", "mip/postgres/apply.go", "if c.verdict != nil && guess {", "if false {", pgTests},
	{"what others read shares memory with the store", "mip/postgres/apply.go", "raw: slices.Clone(r.raw)})", "raw: r.raw})", pgTests},
	{"what a settled purchase took counts as if it were reserved", "mip/postgres/purse.go", "THEN coalesce(actual, amount) ELSE amount END", "THEN amount ELSE amount END", pgTests},

	// Deaths.
	{"an effect is removed before it is done", "mip/postgres/effect_worker.go", "\tagain := w.Perform(", "\t_ = s.finish(ctx, l, time.Time{})\n\tagain := w.Perform(", pgTests},
	{"the effect of a dead worker is never done", "mip/postgres/sweep.go", "AND token <> 0 AND until < @ended", "AND token <> 0 AND until < 0 * @ended::bigint", pgTests},
	{"a lost connection counts as nothing done", "mip/postgres/failure.go", "\tkind := mip.ErrUnknown\n", "\tkind := mip.ErrUnavailable\n", pgTests + " " + simTests},
	{"a purchase is looked at only if its answer came", "mip/miptest/sim_witness.go", "\tif unknown {\n", "\tif false {\n", "./mip/miptest"},

	// The helper.
	{"a killed test leaves its files", helperTest[2:] + "/server.go", "\n\trm -rf \"$0\" 2>/dev/null", "", helperTest},
	{"a test that must run is skipped", helperTest[2:] + "/server.go", "\",postgres,\"", "\",postgresql,\"", helperTest},
}

func init() { bugs = append(bugs, postgresBugs...) }
