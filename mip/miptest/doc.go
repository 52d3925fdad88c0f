// Package miptest proves implementations of the ports of package mip. It is
// for tests and examples; programs do not import it.
//
// A suite is a list of checks, each with the promise as its name and the
// reason as its explanation, so that a failing author learns which rule was
// broken and what it is for:
//
//	func TestStore(t *testing.T) {
//		miptest.TestStore(t, func(t testing.TB) mip.Store { return memstore.New() })
//	}
//
// Checks return errors instead of failing a test, so they also run outside of
// tests, inside a testing/synctest bubble, and against implementations that
// are broken on purpose.
//
// # Faults and simulations
//
// A [Process] is one run of a program whose calls go wrong on the way: lost,
// repeated, or cut off by a crash, as a function or [Chaos] decides. A
// [Witness] watches a store and compares every change with the promises of
// package mip. Package simtest beside this one plays the whole library in such
// a world.
package miptest
