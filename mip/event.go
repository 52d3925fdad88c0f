package mip

import "time"

// EventKind names something that happened to an order. The strings are kept
// in histories and count as public API.
type EventKind string

const (
	// From the channel. Order.Facts is what it says now; Next is the earliest
	// time to submit (cool-off), zero = at once.
	EventImported EventKind = "imported"

	// From the check; both carry Version, the order's when it was judged, and
	// are ignored if it has changed since. Held needs Findings and may have it
	// checked again at Next; Approved takes
	// Quote and Payment (the first method to try, empty = the chain's first).
	EventHeld     EventKind = "held"
	EventApproved EventKind = "approved"
	// EventRecheck: a shared cause may be gone; check again.
	EventRecheck EventKind = "recheck"

	// From the submission; all carry Attempt, its number.
	// Sending: about to call, with Payment and Amount reserved. Only the
	// caller for whom it was applied may call.
	EventSending EventKind = "sending"
	// Paying: nothing has left, and the attempt turns to method Payment,
	// because the ones before it refused. Committed before that method is
	// asked; Version is the order's when it was decided. The attempt never
	// turns back.
	EventPaying EventKind = "paying"
	// NotSent: proven that the call did nothing; try again at Next.
	EventNotSent EventKind = "not_sent"
	// Placed: the supplier has Placements, and for the rest Findings.
	EventPlaced EventKind = "placed"
	// Refused: proven that nothing was bought, for Findings. Payment, if set,
	// is the method for another attempt at once; else Next, if set, is when to
	// check again.
	EventRefused EventKind = "refused"
	// Awaiting: the call has not left; method Payment waits for a person or
	// for time, for Findings. Look at it at Next.
	EventAwaiting EventKind = "awaiting_payment"
	// Unknown: perhaps bought; look at Next.
	EventUnknown EventKind = "unknown"
	// Absent: an authoritative look-up found nothing. Proven says that it is
	// old enough and repeated; otherwise look again at Next.
	EventAbsent EventKind = "absent"
	// Unclear: the look-up cannot tell. Look again at Next; with Findings,
	// stop looking and ask a person.
	EventUnclear EventKind = "unclear"

	// EventTracked carries Tracking; ask again at Next.
	EventTracked EventKind = "tracked"
	// EventPaymentEnded: the payment that attempt Attempt waited for is given
	// up, for Findings. No attempt goes on with it from then on; it is
	// released, and the order checked again at Next.
	EventPaymentEnded EventKind = "payment_ended"
	// EventSettled: attempt Attempt's payment was settled with Amount, or
	// released, as fits Outcome. If another outcome has become known meanwhile,
	// that one's payment is to be settled yet.
	EventSettled EventKind = "settled"
	// EventReported: the channel was told Status.
	EventReported EventKind = "reported"
	// EventReportRefused: the channel will never take Status; Findings say why.
	EventReportRefused EventKind = "report_refused"
	// EventGaveUp: an effect failed too often or too long; Findings say which.
	EventGaveUp EventKind = "gave_up"
	// EventNoted adds Findings (notices) for people to see. With an Attempt: as
	// long as that has not left.
	EventNoted EventKind = "noted"

	// From people; all carry Actor.
	EventAddressEdited  EventKind = "address_edited"  // Address; saves only. One not checked yet is checked at Next
	EventShippingChosen EventKind = "shipping_chosen" // Shipping; likewise
	EventPaymentChosen  EventKind = "payment_chosen"  // Payment, the only method to pay with; empty = as configured
	EventResend         EventKind = "resend"
	EventOverridden     EventKind = "overridden"    // Override, with a reason
	EventManuallySent   EventKind = "manually_sent" // Reference the person used; empty = ours
	EventManualUndone   EventKind = "manual_undone"
	EventCancel         EventKind = "cancel" // Why
	EventErased         EventKind = "erased" // personal data removed
)

// Commands are the events that people cause. In a state where the table has
// no row for one it is refused with [ErrIllegal]; all other events are then
// ignored with [ErrIgnored].
func (k EventKind) Command() bool {
	switch k {
	case EventResend, EventAddressEdited, EventShippingChosen, EventPaymentChosen, EventOverridden,
		EventManuallySent, EventManualUndone, EventCancel:
		return true
	}
	return false
}

// Actor says who caused an event: "engine", "channel", or whatever the
// embedder's authentication calls the person. It is stored in the history, so
// use an account id rather than a name.
type Actor string

// The actors that are not people.
const (
	ActorEngine  Actor = "engine"
	ActorChannel Actor = "channel"
)

// Event is one thing that happened. Kind says which of the fields count.
type Event struct {
	Kind  EventKind
	Actor Actor
	Why   string // a person's reason, for the history

	Facts      *Facts
	Quote      *Quote
	Findings   []Finding
	Version    int
	Attempt    int
	Outcome    Outcome // of Settled: what the attempt had come to; empty = as it stands
	Payment    string
	Amount     Money
	Fee        Money     // of Sending: what paying costs extra
	PayBy      time.Time // of Placed and Tracked: the deadline for what awaits payment
	Placements []Placement
	Proven     bool
	Tracking   []Tracking
	Address    *Address
	Shipping   []string
	Override   *Override
	Reference  string
	Status     *Status
	Next       time.Time
}
