// Package shopify connects a Shopify shop (Admin GraphQL API 2026-10) as a
// [mip.Channel].
//
//	shop, err := shopify.New(shopify.Config{
//		Name: "shop", URL: "https://example.myshopify.com", ClientID: "…", ClientSecret: rest.NewSecret("shpss_…"),
//	})
//
// An app of the Dev Dashboard in a shop of one's own has a client id and
// secret, and gets tokens of 24 hours by itself. An app made in the shop's
// admin before 2026 has a [Config.Token] for ever. Apps that other merchants
// install bring their own [TokenSource].
//
// # Scopes
//
//   - read_orders, and read_all_orders for orders of more than 60 days, which
//     are left out without a word otherwise.
//   - read_merchant_managed_fulfillment_orders, and write_… for tracking; the
//     assigned and third_party ones for other locations. Without any, fulfillment
//     orders are left out without a word. When an order has none, the app's
//     scopes are looked up, and a missing one is [mip.ErrUnauthorized] with the
//     code "missing_scope" instead of an order that never ships.
//   - write_orders, for cancelling and for what is remembered of parcels.
//   - Names and addresses are protected customer data: an order that is to be
//     shipped and has no address has a defect at "shippingAddress".
//
// # What is read
//
// All orders come, also unpaid, cancelled, archived and test ones. An order is
// [mip.DemandShip] if it is PAID or PARTIALLY_REFUNDED, or in [Config.Ship], and
// a fulfillment order is open and may be fulfilled by this app. It is
// [mip.DemandUnpaid] before that, on hold, scheduled, not routed yet or a test;
// [mip.DemandCancel] when cancelled, REFUNDED or VOIDED; [mip.DemandClosed] when
// fulfilled, archived, or with nothing to ship. A status that nobody knows is a
// defect. The pieces of currentQuantity that are not in unfulfilledQuantity
// have left, by whomever: [mip.Line.Shipped].
//
// A reading asks for what changed since two minutes before the cursor, because
// Shopify's search lags, then for fulfillment orders that changed: a hold that
// ends does not touch its order. The cursor comes at the end; a wrong Date on the
// way, a proxy's, leaves nothing out. UpdatedAt is the newer of both times.
//
// Amounts are in the shop's currency, not the buyer's. A line's total is after
// discounts, also the order's own share, with tax. Pieces taken out by edits and
// refunds are in [mip.Line.Cancelled]. Lines that need no shipping are foreign.
// A bundle comes as its components, which is how Shopify lists it.
//
// # What is written
//
// Each parcel with a number becomes a fulfillment for its pieces, one for each
// location they leave from; one of unknown content takes all that is left, and
// one for which nothing is left stands beside another number. Nothing is ever
// fulfilled twice: Shopify knows no key for repetition, so what is there is read
// first, and after a refusal again. What was told of each parcel is kept in the
// order's metafield "parcels" of the app's own namespace, so that a corrected
// number replaces the old one. Submitted writes nothing; an order on hold is
// [mip.ErrUnavailable].
//
// The buyer sees the number with the carrier's name and the parcel's link, or
// the link that Shopify makes for carriers that it knows by their exact name.
// Numbers that share a shipment have one carrier, and links for all or none:
// Shopify shows no more.
//
// # Limits
//
// Every answer tells what it cost and how many points are left: a query waits
// until there are enough for what it cost last. A query that is too costly is
// asked again for half as many orders.
package shopify
