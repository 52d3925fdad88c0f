// Package wallet pays a supplier from a balance that was paid in before, such
// as BigBuy's money box.
//
// The supplier keeps the balance, and its word is final. What the wallet adds
// are reservations: money is set aside before a purchase leaves, so that two
// orders never count on the same euro, whatever runs at once and wherever.
// Reservations live in a [mip.Ledger], which several processes may share.
//
//	balance at the supplier − open reservations − settled since it was read = available
//
// The balance is cached for a short while ([Config].Cache), one question at a
// time serves everybody who waits for it, and a refusal is never founded on a
// balance older than [Config].Refresh: a top-up counts as soon as it is asked
// for again. A balance that cannot be read refuses nothing; it is an error of
// its own kind.
//
// The sum is careful: a purchase that the supplier has debited already, but
// whose reservation is still open (the answer is on its way or was lost),
// counts twice until it is settled or released. A reservation that only such
// a purchase stands against is refused no sooner than that is cleared up.
//
// [Wallet.Reconcile] explains how the balance came from one reading to the
// next: what our purchases took, and what nothing of ours explains, such as a
// top-up, a refund or somebody who spends from the same balance. The last
// reading is kept in the store, so that nothing is missed while no program
// runs, and of several programs one reports it.
package wallet
