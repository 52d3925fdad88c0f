package mip

import (
	"context"
	"iter"
	"time"
)

// Store keeps orders. Apply is the only way to change one. Implementations
// are safe for concurrent use; two writers of one order are serialised.
// Package mip/miptest has the suite that every store passes.
type Store interface {
	// Apply loads the order, runs [Step], and commits the order, the history
	// entry and the effects in one transaction. An order that does not exist
	// is the zero Order with the Ref set; events other than
	// [EventImported] for it are [ErrNotFound]. With [ErrIgnored] and
	// [ErrIllegal] the order is unchanged and returned as it is; an ignored
	// event with a Change is added to the history.
	Apply(ctx context.Context, ref Ref, e Event, at time.Time) (Result, error)
	// Order returns one order, [ErrNotFound] if there is none.
	Order(ctx context.Context, ref Ref) (Order, error)
	// History returns an order's changes, oldest first.
	History(ctx context.Context, ref Ref) ([]Change, error)
	// Orders lists orders, earliest ship-by date first (none = last), then
	// longest in the store. Lazy and restartable; an error comes last.
	Orders(ctx context.Context, q Query) iter.Seq2[Order, error]
	// Counts returns how many orders are in each state.
	Counts(ctx context.Context) (map[State]int, error)
	Cursors
	Ledger
}

// Query selects orders; the zero value selects all.
type Query struct {
	States    []State // any of them; empty = all
	Channel   string  // empty = all
	Code      string  // with a finding of this code
	ManualRef string  // that a person has marked under this reference, in whatever state they are now
	Likeness  uint64  // of this [Order.Likeness]; 0 = any. Orders stored by an earlier release have none until their state changes
	Limit     int     // 0 = no limit
}

// Cursors keeps how far each channel account was read. Other things that are
// read over time keep theirs under a name with a colon, which no channel
// account has, such as "wallet:main".
type Cursors interface {
	// Cursor returns the saved cursor, empty if there is none.
	Cursor(ctx context.Context, channel string) (Cursor, error)
	// SaveCursor moves it from old to next, and returns [ErrConflict] if it
	// was not at old.
	SaveCursor(ctx context.Context, channel string, old, next Cursor) error
}

// Ledger keeps reservations of money.
type Ledger interface {
	// Reserve adds an open reservation if, in one atomic step, the account's
	// open reservations, those settled at or after b.ReadAt, and r fit into
	// b.Amount; else [ErrUnfunded]. The same key with the same amount again
	// is not an error while open or settled; a released key, or another
	// amount, is [ErrConflict].
	Reserve(ctx context.Context, r Reservation, b Balance) error
	// Settle closes a reservation with the actual amount; repeatable. An
	// unknown key is [ErrNotFound].
	Settle(ctx context.Context, key string, actual Money, at time.Time) error
	// Release gives a reservation back; repeatable. An unknown key is
	// remembered as released, so that a Reserve which comes too late is
	// [ErrConflict] instead of money that nobody gives back. A settled one is
	// [ErrConflict].
	Release(ctx context.Context, key string, at time.Time) error
	// Note replaces what a payment wrote down about a reservation, in any
	// state, and returns [ErrConflict] if that was not old. At most 4,096
	// bytes, else [ErrInvalid]. A key that was never reserved is
	// [ErrNotFound].
	Note(ctx context.Context, key string, old, next string) error
	// Reservation returns one by its key, [ErrNotFound] if it was never
	// reserved.
	Reservation(ctx context.Context, key string) (Reservation, error)
	// Reservations returns an account's reservations that are open or were
	// closed at or after since, oldest first.
	Reservations(ctx context.Context, account string, since time.Time) ([]Reservation, error)
}

// Queue is the outbox of a store that runs in one process: the effects that
// Apply committed, waiting to be done.
type Queue interface {
	// Lease takes up to n effects due at now, most urgent kind first, then
	// longest due, and hides them until the lease ends. kinds empty = all.
	Lease(ctx context.Context, now, until time.Time, n int, kinds ...EffectKind) ([]Lease, error)
	// Done removes a leased effect, unless Apply stored a newer one in its
	// place, which then stays and is due by its own time. A lease that was
	// lost is [ErrConflict].
	Done(ctx context.Context, l Lease) error
	// Later gives a leased effect back, due at due, one try more. If Apply
	// stored a newer one in its place, that one stays as it is.
	Later(ctx context.Context, l Lease, due time.Time) error
	// NextDue returns when the next effect not under lease is due, or the
	// earliest lease ends; ok is false if nothing waits.
	NextDue(ctx context.Context, kinds ...EffectKind) (due time.Time, ok bool, err error)
	// Waiting returns the effects of one order, most urgent first.
	Waiting(ctx context.Context, ref Ref) ([]Effect, error)
}

// Lease is an effect in the hands of one worker.
type Lease struct {
	Effect
	Tries int       // how often it was given back before
	Since time.Time // when the effect was first stored
	Token int64     // fences: a lost lease can neither be done nor given back
}
