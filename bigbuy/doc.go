// Package bigbuy talks to the dropshipping supplier BigBuy.
//
// [Supplier] is the [mip.Supplier] that an engine uses; it also tells the
// purse's balance, carriers and catalogue facts. [Client] has the endpoints
// one by one, for everything else.
//
//	supplier, err := bigbuy.New(bigbuy.Config{Key: rest.NewSecret(os.Getenv("BIGBUY_KEY"))})
//
// BigBuy's answers drift: ids come as text or number, amounts as number, text
// or with binary noise, empty objects as []. The types of this package
// ([Text], [Count], [Euro], [Flag], [List]) take all of it. Every error body
// becomes one typed [Error] that wraps a kind of package mip.
//
// Amounts are in euro. BigBuy names no time zone; see [Config.Zone].
//
// A reference ([mip.Purchase.Reference]) is the only protection against
// buying twice: BigBuy refuses one that it knows (ER008). It has no
// idempotency key, no webhooks, no way to cancel and no list of orders.
//
// The sandbox cannot exercise orders: it has no catalogue, and it answers an
// unknown reference with a server error. Package bigbuy/bigbuytest is a
// faithful server for tests.
package bigbuy
