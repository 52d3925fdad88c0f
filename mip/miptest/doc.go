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
package miptest
