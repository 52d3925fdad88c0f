// Package clustertest lets three processes share one PostgreSQL, kills and
// freezes them, crashes the database, and looks whether anything was lost,
// bought twice, or called too often.
//
// Each process is the program that an embedder writes: engine, PostgreSQL
// store, BigBuy client with the store's limiter, WooCommerce adapter, wallet.
// They talk HTTP to a shop and a BigBuy on loopback, which live on. SIGKILL and
// a restart come at random; one process is frozen (SIGSTOP) until others have
// taken its work over, and thawed; the database crashes once.
//
//	go test ./examples/clustertest -chaos -v             # 90 orders, under a minute
//	go test -timeout 20m ./examples/clustertest -chaos -v -orders 2000 -duration 15m
//
// BigBuy's windows of one second last 100 ms here (-hurry 10), so that an order
// takes a tenth of its real time; they are enforced by the server, for all
// processes together. Without PostgreSQL the test is skipped. The moments come
// from a seed that is printed; -seed repeats them as far as a scheduler allows.
package clustertest
