// Package engine does what the state machine of package mip decides: it reads
// channels, checks and submits orders, settles payments, follows parcels, and
// tells channels what happened.
//
//	eng, err := engine.New(engine.Config{
//		Channels: []mip.Channel{shop},
//		Supplier: supplier,
//		Payments: []mip.Payment{purse},
//		Store:    store,
//	})
//	err = eng.Run(ctx)
//
// Everything that changes an order passes through [mip.Store.Apply], and
// nothing happens in the outside world whose effect was not committed before.
// Effects run at least once, so each is idempotent: before a call that buys,
// the engine commits "sending", and whoever finds that mark later looks the
// order up instead of buying again.
//
// # How an attempt is paid
//
// The payments are asked in order of preference, and only a proven refusal
// leads to the next. An attempt commits which method it has come to before
// that one is asked, and never turns back: after a crash or a lost answer the
// same method is asked again, under a key that is the attempt's and the
// method's alone. Before a new attempt asks for money, what the earlier ones
// paid or set aside is closed; where that cannot be, the order waits as
// [mip.CodePaymentUnsettled], which a person who knows may let pass.
//
// A payment that waits is kept for the next attempt over the same amount.
// While it waits for a person an earlier method may pay instead, such as a
// wallet that was topped up; once it may have taken money none may. It is
// given up by an event, and released by the effect of that event, so that it
// is never released under an attempt that has just taken it over.
//
// # Commands
//
// What people do to an order, such as [Engine.EditAddress], [Engine.Resend] or
// [Engine.Cancel], needs the actor who does it, which the history keeps, else
// it is [mip.ErrInvalid]. It returns the order as it is afterwards.
// [mip.ErrIllegal] says what the state allows instead, [mip.ErrNotFound] that
// there is no such order; a repetition changes nothing and is no error.
//
// # Running
//
// [Engine.Run] works until its context ends, and then lets what is under way
// end ([Timing].Leave); [Engine.Sync] makes one pass.
// Both need a store that is also a [mip.Queue]. All methods are safe for
// concurrent use.
package engine
