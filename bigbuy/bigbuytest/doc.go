// Package bigbuytest is BigBuy in memory: an HTTP server that answers the way
// BigBuy's REST API does, oddities and failures included.
//
//	srv := bigbuytest.New(bigbuytest.Config{})
//	supplier := srv.Supplier(bigbuy.Config{}) // the real one, over this world
//	client := srv.Client()                    // for calls of your own to URL, with Token as their bearer
//
// [New] with a zero [Config] is a useful world: a synthetic catalogue in the
// warehouses 1, 2 and 3 (see the SKU constants), €10,000 in the purse, a few
// carriers, and the key [Token]. [Server] is an [http.Handler];
// [Server.Client] and [Server.Transport] reach it without sockets, so they
// work inside a testing/synctest bubble; [Server.Listen] puts it on loopback.
//
// # Faults
//
// [Server.Fail] spoils the next calls of a route, [Server.Answer] replaces
// their answers, and [Server.OnCall] asks a function of yours before each
// call, so that a seeded generator can drive the failures. [Switches] hold
// what stays on until switched off: sandbox mode, a reference that cannot be
// found for a while after the order was made, flipped types.
//
// # The world
//
// A client reaches the server by HTTP alone. Tests and simulations also hold
// the other end: [Server.TopUp], [Server.SetStock], [Server.PlaceByHand] (a
// person orders in the web shop), [Server.Ship], [Server.Cancel] and so on,
// and [Server.Orders] to see what was bought. Time is [time.Now]; whatever
// happens by itself (see [Switches.ShipAfter]) is worked out when somebody
// looks. The server starts no goroutine of its own, except in Listen.
//
// # What is known and what is assumed
//
// Bodies, status codes, headers and limits follow what is published or was
// measured. Where nothing is public the server takes one way, and where the
// public sources contradict each other a switch takes the other one. Assumed
// are: the order in which an order is judged, the names and numbers of the
// order statuses, 32 characters for the last name, UTC for dates, the prices
// of shipping, the minimum for bank transfers, and that a window of the rate
// limiter lasts its full period from the first call.
//
// A Server may be used from many goroutines. Money is in euros.
package bigbuytest
