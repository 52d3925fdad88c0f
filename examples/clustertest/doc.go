// Package clustertest lets three processes share one PostgreSQL, kills and
// freezes them, crashes the database, and looks whether anything was lost,
// done twice, or called too often.
//
// Each process is the program that an embedder writes: engine, PostgreSQL
// store, BigBuy client with the store's limiter, WooCommerce adapter, wallet.
// They talk HTTP to a shop and a BigBuy on loopback, which live on.
//
// What goes wrong comes where it hurts most: a process dies when BigBuy has
// bought and before it hears so, or while it writes that down; answers are lost
// with and without effect, and then the look-ups fail as well; a purchase
// comes into being after it was proven absent, just before it is made again; a
// process is frozen (SIGSTOP) between its decision to buy and its call, until
// others have decided in its place, and thawed; the database crashes; jobs are
// deleted from its queue; the shop is slow and loses answers. Processes die at
// random besides. Whoever died begins anew.
//
// In the end every order must have come to rest: delivered, or with a person
// who must decide. The database, BigBuy's books and the shop's must agree, and
// show nothing bought, asked for or told twice, nothing missing, no money in
// the air, and no more calls than one limiter grants. BigBuy may refuse a few,
// two that took their turns and arrived too close to each other because the
// machine was busy; on a quiet one it refuses none.
//
//	go test ./examples/clustertest -v                            # 80 orders, about a minute
//	go test ./examples/clustertest -v -orders 2000 -timeout 40m  # the long run, ten to fifteen minutes
//	go test ./examples/clustertest -short                        # the judge alone
//
// BigBuy's windows of one second last 100 ms here (-hurry 10), and the
// processes keep 200 ms between two of them, so that an order takes 0.3 s
// instead of a second: the time of a run is some 30 s and 0.3 s for each order.
// The windows are enforced by BigBuy's end, for all processes together.
// Without PostgreSQL the test is skipped. All chance comes from a seed that is
// printed; -seed repeats it as far as a scheduler allows.
package clustertest
