// Package prestatest is a PrestaShop in memory that speaks the webservice of
// 1.7 to 9 the way real shops do, quirks included: XML for writing and JSON for
// reading, [] for an empty list, shop-local dates without a zone, states of its
// own, everything in other resources, partial writes that empty the rest,
// writes without idempotency, and error texts in the shop's language.
//
//	shop := prestatest.New(prestatest.Config{})
//	id := shop.Buy(prestatest.Order{})                  // a customer orders
//	client := &http.Client{Transport: shop.Transport()} // no socket, works in synctest bubbles
//	shop.Fail(prestatest.Fault{Status: 503})            // the next answer
//	shop.State(id)                                      // what the shop knows now
//
// A [Server] is an [http.Handler]; [Server.Listen] puts it on a loopback port
// for examples. It takes the time from [time.Now], so that a bubble's clock is
// the shop's clock, starts no goroutine unless it listens, and leaves nothing
// to chance. It is meant for tests and examples only.
package prestatest
