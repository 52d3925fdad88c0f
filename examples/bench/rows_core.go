package main

var coreRows = []row{
	{what: "`Step`: an order is imported (history, one effect), against a hand-written switch",
		in: "mip", bench: "BenchmarkStep/imported", goals: []goal{{"x-floor", 0}, {"ns/op", 300}, {"allocs/op", 2}}, shows: []string{"copies-ns/op"}},
	{what: "`Step`: an answer is lost (history, one effect), against a hand-written switch",
		in: "mip", bench: "BenchmarkStep/unknown", goals: []goal{{"x-floor", 0}, {"ns/op", 300}, {"allocs/op", 2}}, shows: []string{"copies-ns/op"}},
	{what: "`Step`: a check is passed, which makes the attempt with its digest and reference",
		in: "mip", bench: "BenchmarkStep/approved"},
	{what: "`Step`: a whole life of ten events", in: "mip", bench: "BenchmarkLife"},
	{what: "`Step` against state machines built per order from the same table",
		in: "examples/bench/peers", bench: "BenchmarkStep/built", goals: []goal{{"x-stateless", 0.1}, {"x-looplab", 0.1}}},
	{what: "`Step` against one state machine shared by all orders",
		in: "examples/bench/peers", bench: "BenchmarkStep/shared", goals: []goal{{"x-stateless", 0}, {"x-looplab", 0}}},
	{what: "all rules of `rules.Default` on a clean order of five lines, against validator/v10 on its fields and checks by hand",
		in: "mip/rules", bench: "BenchmarkOrder/clean/default", goals: []goal{{"x-validator", 1}, {"x-floor", 0}, {"allocs/op", 2}}},
	{what: "all rules of `rules.BigBuy`, likewise",
		in: "mip/rules", bench: "BenchmarkOrder/clean/bigbuy", goals: []goal{{"x-validator", 1}, {"x-floor", 0}, {"allocs/op", 2}}},
	{what: "all rules of `rules.Default` on an order with four faults, each with its suggestion, against validator/v10, which sees two",
		in: "mip/rules", bench: "BenchmarkOrder/dirty/default", goals: []goal{{"x-validator", 0}}},
	{what: "sum of five amounts, against bare decimal and int64", in: "mip", bench: "BenchmarkMoneySum",
		goals: []goal{{"x-decimal", 0}, {"x-int64", 0}}},
	{what: "`ParseMoney`, likewise", in: "mip", bench: "BenchmarkMoneyParse", goals: []goal{{"x-decimal", 0}, {"x-int64", 0}}},
}
