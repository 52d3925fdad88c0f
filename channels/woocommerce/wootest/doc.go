// Package wootest is a WooCommerce shop in memory that speaks the REST API v3
// the way real shops do, quirks included: text amounts beside float prices,
// one-second strict date filters in a zone of its own, ties that page in
// random order, 401 where one expects 403, writes without idempotency,
// unsigned webhook pings, and error pages where JSON should be.
//
//	shop := wootest.New(wootest.Config{})
//	id := shop.Buy(wootest.Order{})               // a customer orders
//	channel, err := woocommerce.New(woocommerce.Config{Name: "shop", URL: shop.URL(), Transport: shop.Transport(), // no socket
//		Key: rest.NewSecret(wootest.DefaultKey), Secret: rest.NewSecret(wootest.DefaultSecret)})
//	time.Sleep(3 * time.Second)                   // it is read up to two seconds before the shop's clock
//	shop.Fail(wootest.Throttle(503, "30"))        // the next answer
//	shop.Order(id)                                // what the shop knows now
//
// A [Server] is an [http.Handler]; [Server.Listen] puts it on a loopback
// port for examples. It takes the time from [time.Now], so that a bubble's
// clock is the shop's clock, starts no goroutine unless it listens, and draws
// all chance from [Config.Seed]. It is meant for tests and examples only.
package wootest
