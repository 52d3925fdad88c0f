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
// Where a supplier lends the credentials of their own PayPal app, or a
// platform acts for them, [Direct] pays with PayPal's Orders v2: a person
// approves each payment at a link, or has agreed once and payments are taken
// from their vaulted wallet. [Client] is the client below it, for Orders v2,
// Payments v2 and Vault v3, and [Verifier] tells PayPal's webhooks from others.
//
// Both are meant to stand behind a wallet, for orders the wallet has proven to
// be too small for. Switch one on by putting it into the chain of payments,
// and give it limits.
//
// # How a direct payment goes
//
//	begun → waiting → approved → taking → taken → settled, or given back
//	          │  ▲ declined        │  └─▶ clearing (PayPal has not decided)
//	          ▼                    ▼
//	        expired             refused
//
// Each step is written into the ledger before its call leaves, and every call
// has a key that belongs to the attempt and the operation alone (PayPal keeps
// it for six hours; Payments v2 45 days). A lost answer is repeated under the
// same key; once PayPal has forgotten the key, the order is looked at and
// nothing is called on suspicion. Three ways bring news, all to one function:
// the returning payer, a webhook, and a look after 5 and 15 minutes and then
// every hour.
//
// An order whose payment waits is held as [mip.CodePaymentPending] with the
// link; approved, it is checked once more, the money is taken, and it is
// bought. If the supplier then refuses, the money is refunded.
package paypal
