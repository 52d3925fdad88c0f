// Package magentest is a Magento shop in memory that speaks the REST API the
// way real shops do, quirks included: amounts and quantities as JSON numbers
// with the noise of floats, fields without a value left out, the delivery
// address only among the shipping assignments, configurable products and
// bundles as parents with children, lists without a page size that return
// everything, a last page that repeats for ever (Magento 2.3), ties in random
// order, signatures over naturally sorted parameters, shipments that are made
// again by every POST, one 404 for everything, and errors whose parameters
// are a list or an object.
//
//	shop := magentest.New(magentest.Config{})
//	id := shop.Buy(magentest.Order{})                   // a customer orders and pays
//	client := &http.Client{Transport: shop.Transport()} // no socket, works in synctest bubbles
//	shop.Fail(magentest.LoseAfter())                    // the next answer
//	shop.Order(id)                                      // what the shop knows now
//
// A [Server] is an [http.Handler]; [Server.Listen] puts it on a loopback port.
// It takes the time from [time.Now], so that a bubble's clock is the shop's
// clock, starts no goroutine unless it listens, and draws all chance from
// [Config.Seed]. It is meant for tests and examples only.
package magentest
