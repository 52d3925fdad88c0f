// Package woocommerce connects a WooCommerce shop (REST API v3, WooCommerce
// 5.8 or newer) as a [mip.Channel].
//
//	shop, err := woocommerce.New(woocommerce.Config{
//		Name: "shop", URL: "https://shop.example", Key: rest.NewSecret("ck_…"), Secret: rest.NewSecret("cs_…"),
//	})
//
// Over https the key is sent as name and password, over http requests are
// signed (OAuth 1.0a). A shop behind a proxy that does not tell it of TLS
// refuses the former with [mip.ErrUnauthorized]: its host must pass
// X-Forwarded-Proto.
//
// # What is read
//
// Orders of every status come, so that a cancellation or a late payment is
// never missed: processing is [mip.DemandShip], whatever date_paid says, since
// cash on delivery has none; completed is [mip.DemandClosed]; cancelled,
// refunded and trashed are [mip.DemandCancel]; pending, on-hold, drafts and
// failed are [mip.DemandUnpaid], failed because the customer's next card may
// do. A status that is in neither this list nor [Config.Statuses] is
// DemandUnpaid with a defect at "status": not bought, and held for a person
// instead of lost.
//
// One reading walks one window of modified dates, from two seconds before the
// cursor to two seconds before the shop's clock, by ascending id; only then
// comes a cursor: the newest date that was read, or an hour before that clock,
// since the Date of answers may be a proxy's. Where the clock was set back, the
// window begins as much earlier, and is open. A clock that nobody sees, behind a
// proxy, and that is set back by more than two seconds, needs [Shop.CursorAt].
// A list that shifts meanwhile is walked again. The first
// reading looks [Config.LookBack] back. Shops before 5.8 ignore the window;
// all is read each time then, and what lies outside is dropped here.
//
// Pieces given back in a refund are in [mip.Line.Cancelled]. If one order's
// refunds cannot be read, it comes with a defect at "refunds", everything else
// comes too, and the reading ends with the error instead of a cursor: the next
// one tries again. A customer note is kept up to one megabyte; a longer one is
// cut with "…" and is a defect. The delivery address is the billing address
// where shipping has no name, street, postcode and city.
//
// # What is written
//
// Shipped and delivered become completed, cancelled becomes cancelled,
// submitted writes nothing; see [Config.Write]. An order that the shop
// cancelled, refunded or deleted is never completed ([mip.ErrRefused],
// [mip.ErrNotFound]), and a completed one never cancelled. Tracking numbers
// are written first, since the status sends the customer's e-mail, by the best
// means the shop has; see [Tracking].
package woocommerce
