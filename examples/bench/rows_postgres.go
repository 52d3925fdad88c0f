package main

var postgresRows = []row{{
	what: "Apply with its River job, one connection, against a bare transaction of one update and two inserts",
	in:   "mip/postgres", bench: "BenchmarkApply/connections=1", needs: "PostgreSQL",
	goals: []goal{{"x-floor", 1.43}}, shows: []string{"applies/s"},
}, {
	what: "the same on eight connections each",
	in:   "mip/postgres", bench: "BenchmarkApply/connections=8", needs: "PostgreSQL",
	goals: []goal{{"x-floor", 1.43}}, shows: []string{"applies/s"},
}, {
	what: "a whole life in one worker process, a supplier without limits, against as many bare transactions as it has changes",
	in:   "mip/postgres", bench: "BenchmarkWorkers/processes=1", needs: "PostgreSQL",
	goals: []goal{{"x-floor", 0}}, shows: []string{"orders/s", "changes/order", "wal-B/order", "B/order"},
}, {
	what: "the same in two worker processes, with as many effects under way in all",
	in:   "mip/postgres", bench: "BenchmarkWorkers/processes=2", needs: "PostgreSQL",
	goals: []goal{{"x-floor", 0}}, shows: []string{"orders/s"},
}, {
	what: "the same in four",
	in:   "mip/postgres", bench: "BenchmarkWorkers/processes=4", needs: "PostgreSQL",
	goals: []goal{{"x-floor", 0}}, shows: []string{"orders/s"},
}, {
	what: "accounts without work, a hundred in one process that does not listen, a look each second",
	in:   "mip/postgres", bench: "BenchmarkIdleAccounts/fetch=1s", needs: "PostgreSQL",
	shows: []string{"transactions/s/account", "heap-B/account"},
}, {
	what: "the same, a look every ten seconds",
	in:   "mip/postgres", bench: "BenchmarkIdleAccounts/fetch=10s", needs: "PostgreSQL",
	shows: []string{"transactions/s/account", "heap-B/account"},
}}
