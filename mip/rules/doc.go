// Package rules holds the standard rules: what must be true of an order
// before it is bought. Each rule is one [mip.Rule] value, made by one
// function; [Default] and [BigBuy] are ready sets of them.
//
// A set is a plain slice. An embedder adds a rule by appending it, replaces
// one with [With] and removes one with [Without]:
//
//	set := rules.With(rules.BigBuy(), rules.MaximumPrice(mip.EUR(250_00)))
//	set = rules.Without(set, rules.CodePickupUnsupported)
//
// Rules are pure and safe for concurrent use: the same snapshot gives the same
// findings, and nothing outside the snapshot is looked at. They speak about
// the lines that are still to be bought; foreign, cancelled and already placed
// pieces are left out. What a supplier refused in its quote is merged by
// [mip.Evaluate]; a rule that judges the same from second-hand knowledge stays
// silent then.
//
// [All] lists every finding code of the module with its meaning, its limit
// and what to do about it; [Table] prints that list, and RULES.md is its
// output. A code may retire, its meaning never changes. Texts for people, per
// language, are in package mip/lang.
package rules
