// Package channeltest has a shop in memory and the suite that every sales
// channel passes.
//
// # A shop to play with
//
// [Shop] is a whole sales channel: customers [Shop.Buy], [Shop.Edit],
// [Shop.Withdraw] and [Shop.Refund], and [Shop.Reported] is what they were
// told. It is a [mip.Channel] itself, so engines and examples need nothing
// else. [Shop.Fail] and [Shop.Lose] break its answers. [Order] makes orders
// that look real, [Hostile] ones that hurt.
//
// # The suite
//
// [Test] runs some hundred checks in one call. It is given a function that opens
// a [World]: a new shop and the channel under test that is connected to it.
//
//   - An author who only knows the platform's JSON writes a handler around a
//     [Shop], puts it on a network with [Serve], and gives that network to the
//     channel as its transport. examples/newchannel shows all of it.
//   - A vendor's own fake server is put on a network in the same way, and
//     [Platform], two methods, tells the suite how to place orders in it and
//     what it shows.
//
// Each check runs in a synctest bubble with a world of its own: an hour's wait
// costs nothing, a channel that hangs is seen at once, and a goroutine left
// behind fails the check that started it. So a world may use no sockets.
//
// What a channel does not implement is not asked for, and what a platform
// cannot do is said in [World.Cannot]; both are reported as skipped, with the
// reason. CHECKS.md lists all checks, the rule behind each, and the bugs that
// prove that it can fail.
//
// The suite says nothing about what the handler or the fake server got wrong
// about the real platform. Keep real answers beside an adapter and compare what
// it makes of them, and run [Live], which needs an account and no imitation.
package channeltest
