package channeltest

import (
	"log/slog"
	"net/http"
	"time"

	"github.com/openmip/openmip/mip"
)

// World is one shop and the channel under test that is connected to it.
type World struct {
	Channel mip.Channel // its shop holds no order yet
	Shop    Platform    // the shop: a [Shop], or what the vendor's fake server keeps
	Net     Network     // what lies between: a [Net], or the Shop where there is no wire

	// BadKey is a channel to the same shop whose credentials the shop does
	// not know. nil = its answer is imitated with HTTP status 401.
	BadKey mip.Channel
	// Again opens the channel anew, as a restarted process does: the same
	// account, nothing in memory. nil = restarts are not checked.
	Again func() (mip.Channel, error)
	// Hooks makes deliveries as the platform does. Required if Channel
	// implements [channels.Webhook], otherwise unused.
	Hooks Hooks
	// Secrets are the credentials that Channel was given, each at least six
	// bytes long. They must never come to light.
	Secrets []string
	// Cannot lists what the platform, not the channel, is unable to do, with
	// the reason. The checks concerned are skipped and say why.
	Cannot map[Ability]string
	// Unknown is an id in the platform's form that no order has; empty =
	// "987654321".
	Unknown string
	// Many is how many orders fill at least three pages; 0 = 250.
	Many int
}

// Platform is the far end of a channel: the shop, as a test drives it.
type Platform interface {
	// Put places a new order if s.Ref.ID is empty, and returns it with the
	// ids that the shop gave. Otherwise it makes the order of that id what s
	// says: paid, edited, cancelled (Demand), partly refunded
	// (Lines[i].Cancelled). The time of change is now by package time.
	//
	// The facts returned are what a faithful channel must yield for it:
	// fields that the platform has no place for are emptied, and only those.
	// A zero UpdatedAt or CreatedAt is not compared. A quirk that the
	// platform cannot have is [errors.ErrUnsupported].
	Put(s Sale) (mip.Facts, error)
	// Shown returns what the shop's buyer sees of an order: each tracking
	// number as often as it is there, with the carrier's name if the platform
	// shows one and the items by line if it keeps them; and a state, empty before anything was told,
	// [mip.StateShipped] also for delivered where the two look the same.
	Shown(id string) mip.Status
}

// Remover is a [Platform] whose orders can vanish.
type Remover interface {
	// Remove takes an order out of the shop, as emptying its trash does: no
	// list has it any more.
	Remove(id string)
}

// Numberer is a [Platform] whose next ids can be chosen.
type Numberer interface {
	// NumberAbove lets the ids of new orders, and of their lines, be above n.
	NumberAbove(n int64)
}

// Skewer is a [Platform] whose clock can be wrong.
type Skewer interface {
	// Skew lets the shop's clock run d ahead of package time, also in the Date
	// header of its answers. Less than before sets it back: what was dated ahead
	// stays so.
	Skew(d time.Duration)
}

// Sender is a [Platform] in which somebody else can ship, and which tells so.
type Sender interface {
	// ShipOutside is the merchant shipping pieces of one line by hand.
	ShipOutside(id, lineID string, pieces int)
}

// Seller is a [Platform] that sells in other currencies than the euro.
type Seller interface {
	// Currencies lists some, best with none, two and three decimals.
	Currencies() []string
}

// Network is what lies between channel and shop.
type Network interface {
	// Fail lines up faults for the next requests; none clears the line.
	Fail(faults ...Fault)
	// Requests returns how many were made so far, failed ones included.
	Requests() int
}

// Hooks makes the deliveries that the platform pushes.
type Hooks interface {
	// Hook returns a delivery for one order, signed with the right secret.
	Hook(id string) (http.Header, []byte)
	// Ping returns a delivery that names no order, as platforms send to try
	// an address out; a nil body = this platform has none.
	Ping() (http.Header, []byte)
}

// Chatter is [Hooks] of a platform that also pushes what is not about orders.
type Chatter interface {
	// Chat returns a rightly signed delivery of another topic, whose body has
	// an id that could be an order's.
	Chat(id string) (http.Header, []byte)
}

// Setup is what a new channel has to be given.
type Setup struct {
	// Logger records every line. Give it to the channel, if it logs at all.
	Logger *slog.Logger
}

// Opener makes a world: a new shop with a new channel on it. It is called
// once for each check, most often inside a synctest bubble: no sockets, no
// files, no goroutine that outlives the channel's calls.
type Opener func(Setup) (World, error)

// Ability is something that a platform may be unable to do.
type Ability string

// The abilities that [World.Cannot] may deny.
const (
	SeveralParcels Ability = "show several parcels"
	Corrections    Ability = "replace a tracking number"
	Carriers       Ability = "show a carrier's name"

	CarrierCorrections Ability = "replace the carrier of a number"

	HiddenKeys Ability = "take the key outside the address"

	Refunds   Ability = "take single pieces back"
	Unpaid    Ability = "hold an unpaid order"
	LongNotes Ability = "keep a note of one megabyte"
	ManyLines Ability = "hold an order of 120 lines"
	LongIDs   Ability = "give an id of more than 53 bits"
)
