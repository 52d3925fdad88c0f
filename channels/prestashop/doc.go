// Package prestashop connects a PrestaShop shop (webservice of 1.7, 8 and 9)
// as a [mip.Channel].
//
//	shop, err := prestashop.New(prestashop.Config{
//		Name: "shop", URL: "https://shop.example", Key: rest.NewSecret("…"),
//	})
//
// # Permissions
//
// The webservice is off until somebody switches it on (Advanced Parameters,
// Webservice), and a key may do only what is ticked for it. This one needs
//
//   - GET for addresses, carriers, configurations, countries, currencies,
//     customers, messages, order_carriers, order_details, order_slip,
//     order_states, orders, states;
//   - POST for order_histories; POST and PUT for order_carriers and messages.
//
// What is missing is [mip.ErrUnauthorized] with the shop's code, 25 or 26. The
// shop's texts are in its own language and are never read. There are no rate
// limits and no webhooks; three requests at most run at a time.
//
// # What is read
//
// Orders of every state come. States are rows that differ from shop to shop, so
// they are read from it: one with the flag "shipped" is [mip.DemandClosed], one
// with "paid" [mip.DemandShip], those that the shop's settings name for
// cancelled and refunded are [mip.DemandCancel], all others
// [mip.DemandUnpaid]; [Config.States] overrules. Cash on delivery is such an
// other one by default. A state that the shop does not list is DemandUnpaid
// with a defect at "current_state".
//
// A reading asks for what changed since two minutes before the cursor, or before
// where that was if the shop's clock was set back or its zone changed, and walks
// it by ascending id, so that changes meanwhile shift nothing; then come orders
// whose delivery address was edited, or of which something was refunded, since
// neither moves an order's own date. At the end comes the cursor: the shop's
// clock when the reading began. The first reading looks [Config.LookBack] back.
//
// In a multistore, shops that share orders list those of all; with
// [Config.ShopID] only that shop's come, so that two accounts never have the
// same order.
//
// Dates are in the shop's own time without a zone. The zone is read from the
// shop (PS_TIMEZONE). In the hour that a clock shows twice in autumn, a date is
// the latest instant not after the shop's clock, so that newer news is never
// taken for older. For a zone that this machine does not know, import
// time/tzdata or set [Config.Zone].
//
// Lines are the rows of order_details; their totals have tax, and a discount on
// the order is spread over them in proportion. Pieces refunded are in
// [mip.Line.Cancelled]. The note is what the buyer wrote at checkout. Number is
// the reference, which orders that were split from one cart share.
//
// # What is written
//
// Shipped, delivered and cancelled become the states that the shop's settings
// name for them; submitted writes nothing; see [Config.Write]. A state is posted
// only if the order is not in it and has not gone further. The shop mails its
// customer as the state says, unless [Config.Quiet].
//
// Tracking numbers are written first. PrestaShop has one field of 64 characters
// per order and carrier, which carrier and buyer see with the carrier's
// tracking link: a number goes to the row of the carrier that has the parcel's
// carrier's name, made if need be, or else to the order's newest row; several
// stand in it as "A, B". The mail that comes with a state has the number of the
// first row only. Which pieces a parcel holds has no place. What people typed
// there stays. The numbers told are kept in a private message of the
// order, by parcel, so that a corrected one replaces the old one.
package prestashop
