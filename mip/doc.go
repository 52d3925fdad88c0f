// Package mip is the domain of OpenMIP: orders that flow from sales channels
// to a supplier, and tracking that flows back.
//
// It is pure: no clock, no randomness, no goroutine, no I/O. [Step] is the
// whole state machine; everything that happens in the outside world is an
// [Effect] that Step returned and a [Store] committed before.
//
//	order, event, now  →  Step  →  order', history entry, effects
//
// The ports [Channel], [Supplier], [Payment] and [Store] are small interfaces
// that adapters implement. Package mip/engine joins them; package
// mip/miptest and channels/channeltest prove an implementation.
//
// Three promises outrank everything: an order is never bought twice, never
// lost silently, and always says why it waits.
package mip
