// Package lang says to people, in their language, what package mip says in
// codes: why an order waits and what to do about it, where it stands, and
// what they can do with it.
//
//	texts := lang.For("de-AT", "en")
//	m := texts.Finding(finding)   // m.Title: why it waits, m.Fix: what to do
//	label := texts.State(order.State)
//
// The texts are data: one JSON file per language, embedded. A language more is
// a file more. An embedder adds texts for rules of its own, or a language, in
// the same form with [New].
//
// # Form of a text
//
// A text is plain words with placeholders in optional parts:
//
//	"The address is too long[ ({length} of at most {limit} characters)]."
//
// A part in square brackets appears only if every placeholder in it has a
// value. {a|b} takes the first of several params that is there; {a:money} is
// an amount in the currency that the param "currency" names, printed as the
// language prints amounts; {a:time} is an instant as the language writes it, in
// UTC; {a:state} is the label of an order's state; {path:field} is the name of
// the field that the finding is about. Placeholders stand in optional parts only, so that no
// param is ever missed.
//
// Params are plain text and stay that: they are never read as a template, a
// format or markup, control and direction marks are taken out, and long ones
// are cut. Whoever puts a text into HTML escapes it.
//
// Nothing here fails or panics at use: a text that a language lacks comes in
// English, and one that English lacks is the bare code.
package lang
