package mip

import (
	"context"
	"iter"
	"slices"
	"time"
)

// Cursor is a channel's own mark of how far it was read. Only the adapter
// that made it can read it; empty means from the start.
type Cursor string

// Page is what one reading step brought.
type Page struct {
	Orders []Facts
	// Next is the cursor to continue from once Orders are stored. Empty =
	// nothing to save yet (the window is not finished).
	Next Cursor
}

// Channel is one account at one sales channel. Implementations are safe for
// concurrent use.
type Channel interface {
	// Name is the account's name in every [Ref], 1–16 of a–z 0–9, never
	// changed once orders exist.
	Name() string
	// Orders reads what changed since the cursor. It is lazy (nothing is
	// fetched before the loop), restartable (a second range starts over),
	// gives an error last (nothing follows it), and fetches nothing after
	// break. Orders may come again at any time; none may be left out. An
	// order that cannot be read is a Facts with Defects, not an error.
	Orders(ctx context.Context, since Cursor) iter.Seq2[Page, error]
	// Report makes the channel show what s says: "make it so". It may be
	// called again with the same or newer news, and writes nothing that is
	// already there. [ErrUnknown] after a write is settled by calling again,
	// so a report reads before it writes. A channel that decides later
	// returns [ErrPending] until its verdict is in. [ErrRefused], [ErrNotFound] and
	// [ErrInvalid] mean: never with this content.
	Report(ctx context.Context, ref Ref, s Status) error
}

// Getter is a channel that can fetch one order by the channel's id. It
// returns [ErrNotFound] for an order that does not exist (any more).
type Getter interface {
	Order(ctx context.Context, id string) (Facts, error)
}

// Rewinder is a channel that can be read anew from a point in time.
type Rewinder interface {
	// CursorAt returns the cursor from which everything changed at or after t,
	// by the channel's clock, is read.
	CursorAt(t time.Time) Cursor
}

// Accepter is a channel whose orders must be accepted before they may be
// shipped; repeatable. It is for programs: the engine never accepts, so such an
// order has [DemandUnpaid] until somebody did.
type Accepter interface {
	Accept(ctx context.Context, ref Ref) error
}

// Canceller is a channel that can be told to cancel an order; repeatable. It is
// for programs: the engine never cancels at a channel.
type Canceller interface {
	Cancel(ctx context.Context, ref Ref, why string) error
}

// Delivery is a verified message that a channel pushed to us. It is a hint:
// the orders named are fetched and read anew.
type Delivery struct {
	ID    string // the channel's id of the delivery or a digest of the body
	Topic string // the channel's word
	Refs  []Ref  // orders to fetch; none = acknowledge and forget (a ping)
}

// Status is what a channel is told of an order.
type Status struct {
	// State is submitted, shipped, delivered or cancelled, never an internal
	// one. Submitted with parcels: a part has left, the rest has not.
	State   State    `json:"state,omitempty"`
	Parcels []Parcel `json:"parcels,omitempty"`
}

// Equal reports whether telling t after s would say anything new.
func (s Status) Equal(t Status) bool {
	return s.State == t.State && slices.EqualFunc(s.Parcels, t.Parcels, func(a, b Parcel) bool {
		return a.ID == b.ID && a.Carrier == b.Carrier && a.Number == b.Number && a.URL == b.URL && slices.Equal(a.Items, b.Items)
	})
}
