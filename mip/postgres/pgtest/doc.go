// Package pgtest gives tests a real PostgreSQL.
//
//	func TestSomething(t *testing.T) {
//		store, err := postgres.Open(t.Context(), postgres.Config{URL: pgtest.Database(t)})
//
// [Database] returns the address of a fresh, empty database. Where
// OPENMIP_TEST_POSTGRES holds the URL of a server on which databases may be
// created, they are created there; else one private cluster is started per
// test process from the binaries installed on the machine, reachable through
// a Unix socket only, durable as in production, and removed when the process
// ends, also when it is killed. Started by root it runs as "postgres" or
// "nobody", because the server refuses root.
//
// With neither the test is skipped; with OPENMIP_REQUIRE=postgres (a list
// with commas) it fails instead.
//
// A test that stops or restarts the server starts one of its own: [NewServer].
package pgtest
