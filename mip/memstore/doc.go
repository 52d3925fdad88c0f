// Package memstore keeps orders in memory: a [mip.Store] and [mip.Queue] for
// tests, examples and simulation. Nothing outlives the process.
//
// It is deterministic: it asks no clock, starts no goroutine and breaks every
// tie by the order of arrival, so that the same calls give the same answers,
// also inside a testing/synctest bubble. What goes in and what comes out is
// copied; nothing a caller changes in a value changes the store.
package memstore
