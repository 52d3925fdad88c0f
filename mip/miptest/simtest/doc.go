// Package simtest runs the whole library against the whole world, again and
// again, under faults: the engine, the BigBuy client, the WooCommerce adapter,
// the wallet and PayPal are the real ones, and only what stands at the other
// end of the wire is made up (bigbuytest, wootest, memstore). Nothing is
// exported; the package is its tests.
//
// TestSimulation plays histories drawn from a seed: customers, shopkeepers,
// operators, a bank account and a supplier act at random, between and in the
// middle of the engine's calls, while servers fail, answers get lost and
// processes die. One engine or two work on one store. After every step the
// promises of the library are checked, and at the end, when the faults have
// stopped and people have done their part, everything must have come out
// right. A failing history is shortened before it is shown.
//
//	go test ./mip/miptest/simtest                           # some thousand worlds
//	go test ./mip/miptest/simtest -worlds=100000 -seed=5000 # more, from seed 5000 on
//	go test ./mip/miptest/simtest -worlds=1 -seed=17 -v     # world 17 again, told in full
//
// TestCrashEverywhere lets the process die at every single call of a scripted
// history: before it leaves, after it took effect, and while it is on its way.
//
// Both are played on PostgreSQL as well, where there is one (package pgtest
// says where): the same histories, faults and promises. The world's clock
// stands still while the server works. A call to the store that is lost there
// is lost by its connection, before, in the middle of or after one of its
// messages, and a program that starts again has connections of its own.
//
//	go test ./mip/miptest/simtest -run OnPostgreSQL -postgres=2400 -timeout=0 # more worlds, and a crash at every call
package simtest
