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
// [Engine.Run] works until its context ends; [Engine.Sync] makes one pass.
// Both need a store that is also a [mip.Queue]. All methods are safe for
// concurrent use.
package engine
