package mip

import "time"

// EffectKind names something that must happen in the outside world.
type EffectKind string

const (
	EffectSubmit  EffectKind = "submit"  // reserve the money and create the order at the supplier
	EffectResolve EffectKind = "resolve" // look an unknown attempt up by its reference
	EffectSettle  EffectKind = "settle"  // settle or release the attempt's reservation
	EffectPay     EffectKind = "pay"     // look where a pending payment stands
	EffectCheck   EffectKind = "check"   // gather facts, run the rules
	EffectLink    EffectKind = "link"    // find the order a person placed by hand
	EffectReport  EffectKind = "report"  // tell the channel where the order stands
	EffectTrack   EffectKind = "track"   // ask the supplier for status and tracking
	EffectRemind  EffectKind = "remind"  // say that the order has not left by the channel's latest dispatch
)

// EffectKinds returns every kind, the most urgent first: submit outranks
// tracking, tracking outranks import.
func EffectKinds() []EffectKind {
	return []EffectKind{EffectSubmit, EffectResolve, EffectSettle, EffectPay, EffectCheck, EffectLink, EffectReport, EffectTrack, EffectRemind}
}

// Effect is one thing to do, stored in the transaction that decided it. It
// runs at least once. A store keeps one effect per (order, kind, attempt); a
// new one replaces the waiting one.
type Effect struct {
	Kind    EffectKind
	Ref     Ref
	Attempt int       // 0 where the kind is not about one attempt
	Due     time.Time // not before; zero = now
}
