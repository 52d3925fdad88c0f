// Package paypal pays suppliers with PayPal.
//
// PayPal's checkout belongs to whoever receives the money. Where the supplier
// charges a PayPal account that was linked at the supplier's own site, it is
// the supplier who calls PayPal, and all that is said here is the name of the
// method: that is [ChargedBySupplier]. BigBuy works like this: the purchase
// carries the payment method "paypal", BigBuy charges the account linked in
// its control panel, or leaves the order waiting until a person pays it there
// ([mip.PlacementAwaitingPayment]).
//
// It is meant to stand behind a wallet, for orders the wallet has proven to
// be too small for. Switch it on by putting it into the chain of payments,
// and give it limits.
package paypal
