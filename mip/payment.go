package mip

import (
	"context"
	"time"
)

// Payment is one way to pay a supplier. Every method is idempotent by key and
// safe for concurrent use, also by several processes on one store.
type Payment interface {
	// Name is what the supplier adapter understands: "wallet", "paypal".
	Name() string
	// Reserve sets amount aside before a purchase. [ErrUnfunded] is a proven
	// refusal, after which another method may be tried; any other error
	// proves nothing. Repeating a key with the same amount changes nothing.
	//
	// A payment that needs a person, or time, is a [Pender]: its error is
	// [ErrPending] and wraps a [*PendingPayment]. Nothing may be bought yet,
	// and no other method is tried; once it is ready Reserve is called again
	// with the same key.
	Reserve(ctx context.Context, r Reservation) error
	// Settle closes the reservation with what was really paid; repeatable,
	// also after a Release: the purchase turned up after all. What was
	// reserved and cannot be taken for it is [ErrConflict], and is tried again.
	Settle(ctx context.Context, key string, actual Money) error
	// Release gives the reservation back; an unknown key is not an error, and
	// one that another payment reserved in the same ledger is left alone.
	Release(ctx context.Context, key string) error
}

// Funder is a payment that knows how much it can still reserve.
type Funder interface {
	// Available is the balance less open reservations, at most a short cache
	// old.
	Available(ctx context.Context) (Money, error)
	// Refused tells it that the supplier found too little money, and the
	// balance the supplier named (zero value if it named none).
	Refused(ctx context.Context, balance Money) error
}

// Pender is a payment that may have to wait before it is granted, such as for
// a person's approval.
type Pender interface {
	// Pending tells where a payment stands that Reserve called [ErrPending].
	// It may ask the provider, and never takes money. A key that was never
	// reserved is [ErrNotFound].
	Pending(ctx context.Context, key string) (PendingPayment, error)
}

// PendingPayment is where a payment stands that has been begun.
type PendingPayment struct {
	State PendingState
	// Reason is a word for people and programs: "approval", "capture",
	// "expired", "declined".
	Reason string
	URL    string    // where a person approves; empty = nobody can hurry it. Show it to the buyer's side only
	Until  time.Time // it ends by itself, UTC; zero = not known
	Next   time.Time // worth looking again, UTC
}

// PendingState is what Reserve would do now.
type PendingState string

const (
	PaymentWaiting PendingState = "waiting" // be [ErrPending] again
	PaymentReady   PendingState = "ready"   // decide: grant it or refuse it
	PaymentEnded   PendingState = "ended"   // refuse it for good: another payment must be begun
)

// Error implements error, without the address.
func (p *PendingPayment) Error() string { return "the payment waits: " + p.Reason }

// Fees is a payment that costs extra. Reservations are made and settled
// without the fee. The engine counts it when it compares an order's cost with
// its price ([Snapshot].Fee), and keeps it with the attempt ([Attempt].Fee).
type Fees interface {
	// Fee returns what paying amount costs extra.
	Fee(amount Money) Money
}

// Reservation is money set aside for one attempt.
type Reservation struct {
	Key     string // [Attempt.PaymentKey]
	Account string // whose balance; set by the payment
	Ref     Ref
	Amount  Money // more than nought
	Actual  Money // with ReservationSettled
	State   ReservationState
	At      time.Time // when the state was reached, UTC
	// Note is what the payment wrote down about it, such as ids at a payment
	// provider; never personal data. See [Ledger.Note].
	Note string
}

// ReservationState says where a reservation stands.
type ReservationState string

const (
	ReservationOpen     ReservationState = "open"
	ReservationSettled  ReservationState = "settled"
	ReservationReleased ReservationState = "released"
)

// Balance is a purse's balance and when it was asked for: debits that settle
// after ReadAt may not be in it yet, so they count against it once more.
type Balance struct {
	Amount Money
	ReadAt time.Time // taken before the question left, UTC
}
