// Package killtest kills a real program, again and again, and looks whether
// anything was lost or bought twice.
//
// The program is the one that an embedder writes: engine, SQLite file, BigBuy
// client, WooCommerce adapter, wallet. It runs as a process of its own and
// talks HTTP to a shop and a BigBuy on loopback, which live on while it dies.
// SIGKILL comes at random moments and at the worst ones: when a purchase or a
// tracking number has just arrived outside, and nobody inside knows yet.
//
//	go test ./examples/killtest
//
// The moments come from a seed that is printed; KILLTEST_SEED repeats them as
// far as a scheduler allows.
package killtest
