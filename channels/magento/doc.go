// Package magento connects a Magento Open Source or Adobe Commerce shop (REST
// API, 2.3 or newer, on premises or on Adobe's older cloud) as a [mip.Channel].
//
//	shop, err := magento.New(magento.Config{
//		Name: "shop", URL: "https://shop.example",
//		ConsumerKey: rest.NewSecret("…"), ConsumerSecret: rest.NewSecret("…"),
//		AccessToken: rest.NewSecret("…"), TokenSecret: rest.NewSecret("…"),
//	})
//
// # Access
//
// System → Integrations gives the four credentials; requests are signed by
// OAuth 1.0a with HMAC-SHA256. URL is the address that the shop believes in:
// one that is redirected, or called by http behind a proxy, makes every
// signature wrong. The access token alone works where "Allow OAuth Access
// Tokens to be used as standalone Bearer tokens" is on (off since 2.4.4).
// User and Password are exchanged for tokens of four hours, which two-factor
// authentication forbids by default.
//
// Resources needed: Sales → Operations → Orders → Actions: View, Ship, Cancel,
// Comment; Sales → Operations → Shipments. There are no webhooks in Magento
// Open Source and no rate limits but the host's: poll.
//
// # What is read
//
// Orders of every state come: processing is [mip.DemandShip]; complete is
// [mip.DemandClosed], and so is what has left in whole, which Magento calls
// processing until it is invoiced; canceled and closed (refunded) are
// [mip.DemandCancel]; new, pending_payment, payment_review and holded are
// [mip.DemandUnpaid], except new with nothing due. Cash on delivery is new:
// name its status in [Config.Statuses] ("pending": ship). A state that Magento
// does not have is a defect and not bought.
//
// Orders are asked for by updated_at and entity_id, each page by the last
// order of the one before: Magento repeats its last page for ever, and mixes
// orders of one second. A reading begins two minutes before the cursor, or where
// that was by the clock of the answers if it was set back since; that of a
// database on another machine nobody sees, so who sets it back by more than two
// minutes reads anew from [Shop.CursorAt]. Times
// are UTC. An order that is edited in the back office is cancelled there and
// comes again as a new one; an address that is edited moves no time at all, so
// that the open orders of the last 30 days are read again every hour, see
// [Config.Recheck].
//
// The delivery address is that of the shipping assignment, never the billing
// address; the second to fourth street line are joined by ", ". Amounts are in
// the order's currency, from the digits on the wire; a line's is row_total −
// discount_amount + tax_amount + discount_tax_compensation_amount + weee.
// Canceled and refunded quantities are in [mip.Line.Cancelled]. Those
// that have left, by whomever, are in [mip.Line.Shipped]; an order of which all
// have is closed.
//
// A configurable product is one line: the parent's, with its price and the
// variant's SKU. So is a bundle, less the discounts on its parts, unless
// [Config.PartsShipAlone] names it: then its parts are lines, and the first
// part has the price where the parts have none. Virtual items are foreign
// lines. A pick-up location is in [mip.Facts.PickupPoint].
//
// The store view in the address does not choose orders; [Config.Stores] does.
//
// # What is written
//
// Each parcel with a number becomes one shipment, also while others have not
// left, with its pieces, its number and a comment that customers do not see
// ("OpenMIP parcel …"), by which it is known again. The shop sends its e-mail
// with the shipment, and moves the order to complete when all is shipped and
// invoiced. A corrected number is added to that shipment and the old one
// removed, without an e-mail; so is the number of a parcel for which no pieces
// are left. Shipments are not idempotent, so they are read before and after
// each write. A parcel without a number is not shown; if all was delivered and
// no number ever came, everything is shipped without one. The customer sees the
// carrier's name and the number; a link only for carriers that
// [Config.CarrierCode] knows.
//
// An order on hold is [mip.ErrUnavailable] until it is released. Magento
// cancels only what is neither invoiced nor on hold; everything else is
// [mip.ErrRefused], since refunds are for a person.
package magento
