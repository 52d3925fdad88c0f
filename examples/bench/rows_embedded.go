package main

var embeddedRows = []row{
	{
		what:  "a durable change of an order, one writer, against a bare SQLite transaction with rows as large",
		in:    "mip/sqlite",
		bench: "BenchmarkApply",
		goals: []goal{{"x-floor", 1.25}},
		shows: []string{"applies/s", "disk-%-of-floor"},
	},
	{
		what: "the same by 8 writers at once, against as many bare transactions by one, and against as many rows in bare transactions of 8; " +
			"three times the sequential floor takes about 12",
		in:    "mip/sqlite",
		bench: "BenchmarkApplyTogether/8",
		goals: []goal{{"x-sequential-floor", 0}, {"x-grouped-floor", 0}},
		shows: []string{"applies/s"},
	},
	{
		what:  "the same by 16 writers at once",
		in:    "mip/sqlite",
		bench: "BenchmarkApplyTogether/16",
		goals: []goal{{"x-sequential-floor", 0.334}, {"x-grouped-floor", 0}},
		shows: []string{"applies/s"},
	},
	{
		what:  "the same by 64 writers at once",
		in:    "mip/sqlite",
		bench: "BenchmarkApplyTogether/64",
		goals: []goal{{"x-sequential-floor", 0.334}, {"x-grouped-floor", 0}},
		shows: []string{"applies/s"},
	},
	{
		what:  "an order from the channel to the supplier and its tracking back, against as many bare transactions as it commits",
		in:    "mip/engine",
		bench: "BenchmarkLife",
		goals: []goal{{"x-floor", 0}},
		shows: []string{"commits/order"},
	},
	{
		what:  "a pass that finds nothing to do among 1,000,000 stored orders, against one among 1,000",
		in:    "mip/engine",
		bench: "BenchmarkStored/idle",
		goals: []goal{{"ns/op", 5_000_000}, {"x-empty", 0}},
	},
	{
		what:  "start-up and the first pass with 1,000,000 stored orders, against 1,000",
		in:    "mip/engine",
		bench: "BenchmarkStored/start",
		goals: []goal{{"x-empty", 0}, {"x-empty-heap", 0}},
		shows: []string{"heap-B", "file-B/order"},
	},
	{
		what:  "requests for 1 order, from import to the tracking number in the shop, against the least possible",
		in:    "mip/engine",
		bench: "BenchmarkCalls/1",
		goals: []goal{{"x-minimum", 0}},
		shows: []string{"supplier-calls/order", "channel-calls/order", "tracking-calls/order"},
	},
	{
		what:  "requests for 100 orders",
		in:    "mip/engine",
		bench: "BenchmarkCalls/100",
		goals: []goal{{"x-minimum", 0}},
		shows: []string{"supplier-calls/order", "channel-calls/order", "tracking-calls/order"},
	},
	{
		what:  "requests for 10,000 orders",
		in:    "mip/engine",
		bench: "BenchmarkCalls/10000",
		goals: []goal{{"x-minimum", 0}},
		shows: []string{"supplier-calls/order", "channel-calls/order", "tracking-calls/order"},
	},
	{
		what:  "1,000 held orders bought after a top-up, in virtual time, against BigBuy's limit of one each second",
		in:    "mip/engine",
		bench: "BenchmarkDrain/file",
		goals: []goal{{"x-limit", 1.02}},
	},
}
