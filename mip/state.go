package mip

import "slices"

// State is where an order stands. The strings are public API and
// language-neutral; package mip/lang has their labels.
type State string

const (
	// StateReceived: imported, not yet checked.
	StateReceived State = "received"
	// StatePendingReview: held; the findings say why.
	StatePendingReview State = "pending_review"
	// StateSubmitting: an attempt is stored and in flight, or its outcome is
	// unknown.
	StateSubmitting State = "submitting"
	// StateSubmitted: the supplier has it, whole.
	StateSubmitted State = "submitted"
	// StateManuallySent: a person placed it; linked, or waiting for its link.
	StateManuallySent State = "manually_sent"
	// StateShipped: at least all open lines are on their way.
	StateShipped State = "shipped"
	// StateDelivered: all of it arrived. An end.
	StateDelivered State = "delivered"
	// StateCancelled: not bought, or cancelled at the supplier. An end,
	// unless the channel wants the order again or it turns out to be bought.
	StateCancelled State = "cancelled"
)

// States returns every state in the order of a normal life.
func States() []State {
	return []State{StateReceived, StatePendingReview, StateSubmitting, StateSubmitted,
		StateManuallySent, StateShipped, StateDelivered, StateCancelled}
}

// Terminal reports whether nothing follows by itself.
func (s State) Terminal() bool { return s == StateDelivered || s == StateCancelled }

// Transition is one row of the state table: on an event, From may become To.
// The empty From is "not in the store yet".
type Transition struct {
	From State
	On   EventKind
	To   State
}

// transitions is the whole state machine as data. [Step] never leaves it, a
// test proves that, and the diagram in the documentation is generated from it.
var transitions = []Transition{
	{"", EventImported, StateReceived},
	{"", EventImported, StatePendingReview}, // unreadable: kept, and held with its defects
	{"", EventImported, StateCancelled},     // the cancellation came first: a tombstone

	{StateReceived, EventImported, StateReceived},
	{StateReceived, EventImported, StatePendingReview},
	{StateReceived, EventImported, StateCancelled},
	{StateReceived, EventHeld, StatePendingReview},
	{StateReceived, EventApproved, StateSubmitting},
	{StateReceived, EventAddressEdited, StateReceived},
	{StateReceived, EventShippingChosen, StateReceived},
	{StateReceived, EventPaymentChosen, StateReceived},
	{StateReceived, EventCancel, StateCancelled},
	{StateReceived, EventGaveUp, StatePendingReview},

	{StatePendingReview, EventImported, StatePendingReview},
	{StatePendingReview, EventImported, StateCancelled},
	{StatePendingReview, EventImported, StateSubmitted}, // cancelled, part of it is bought
	{StatePendingReview, EventHeld, StatePendingReview},
	{StatePendingReview, EventApproved, StateSubmitting},
	{StatePendingReview, EventRecheck, StatePendingReview},
	{StatePendingReview, EventResend, StatePendingReview},
	{StatePendingReview, EventResend, StateSubmitting}, // an attempt is unknown: look first
	{StatePendingReview, EventAddressEdited, StatePendingReview},
	{StatePendingReview, EventShippingChosen, StatePendingReview},
	{StatePendingReview, EventPaymentChosen, StatePendingReview},
	{StatePendingReview, EventOverridden, StatePendingReview},
	{StatePendingReview, EventOverridden, StateCancelled}, // cancelled, and an unknown attempt ruled out
	{StatePendingReview, EventOverridden, StateSubmitted}, // likewise, part of it is bought
	{StatePendingReview, EventManuallySent, StateManuallySent},
	{StatePendingReview, EventCancel, StateCancelled},
	{StatePendingReview, EventCancel, StateSubmitted},     // part of it is bought: nothing more is
	{StatePendingReview, EventCancel, StatePendingReview}, // an attempt is unknown: the verdict decides
	{StatePendingReview, EventPaymentEnded, StatePendingReview},
	{StatePendingReview, EventTracked, StatePendingReview},
	{StatePendingReview, EventTracked, StateSubmitted}, // what was open is no longer wanted
	{StatePendingReview, EventTracked, StateShipped},   // what was open has been cancelled meanwhile
	{StatePendingReview, EventTracked, StateDelivered}, // likewise
	{StatePendingReview, EventTracked, StateCancelled}, // a cancelled order's last placement ended
	{StatePendingReview, EventPlaced, StateSubmitted},  // a lost answer turned up after all
	{StatePendingReview, EventPlaced, StatePendingReview},
	{StatePendingReview, EventPlaced, StateCancelled}, // cancelled here, and at the supplier too

	{StateSubmitting, EventImported, StateSubmitting},
	{StateSubmitting, EventImported, StateCancelled}, // cancelled before the call left
	{StateSubmitting, EventImported, StateSubmitted}, // likewise, part of it is bought
	{StateSubmitting, EventPaying, StateSubmitting},
	{StateSubmitting, EventSending, StateSubmitting},
	{StateSubmitting, EventNotSent, StateSubmitting},
	{StateSubmitting, EventNotSent, StateCancelled}, // a cancellation was waiting
	{StateSubmitting, EventNotSent, StateSubmitted}, // likewise, part of it is bought
	{StateSubmitting, EventPlaced, StateSubmitted},
	{StateSubmitting, EventPlaced, StatePendingReview}, // partly
	{StateSubmitting, EventPlaced, StateCancelled},     // cancelled here, and at the supplier too
	{StateSubmitting, EventRefused, StatePendingReview},
	{StateSubmitting, EventRefused, StateSubmitting},     // next payment method
	{StateSubmitting, EventRefused, StateCancelled},      // a cancellation was waiting
	{StateSubmitting, EventRefused, StateSubmitted},      // likewise, part of it is bought
	{StateSubmitting, EventAwaiting, StatePendingReview}, // a payment waits for a person
	{StateSubmitting, EventAwaiting, StateCancelled},     // a cancellation was waiting
	{StateSubmitting, EventAwaiting, StateSubmitted},     // likewise, part of it is bought
	{StateSubmitting, EventUnknown, StateSubmitting},
	{StateSubmitting, EventAbsent, StateSubmitting},
	{StateSubmitting, EventAbsent, StatePendingReview},
	{StateSubmitting, EventAbsent, StateCancelled},
	{StateSubmitting, EventAbsent, StateSubmitted},
	{StateSubmitting, EventUnclear, StateSubmitting},
	{StateSubmitting, EventUnclear, StatePendingReview},
	{StateSubmitting, EventCancel, StateSubmitting}, // recorded; the verdict decides
	{StateSubmitting, EventCancel, StateCancelled},  // the call has not left yet
	{StateSubmitting, EventCancel, StateSubmitted},  // likewise, part of it is bought
	{StateSubmitting, EventTracked, StateSubmitting},
	{StateSubmitting, EventGaveUp, StatePendingReview},

	{StateSubmitted, EventImported, StateSubmitted},
	{StateSubmitted, EventPlaced, StateSubmitted}, // a sibling turned up
	{StateSubmitted, EventTracked, StateSubmitted},
	{StateSubmitted, EventTracked, StateShipped},
	{StateSubmitted, EventTracked, StateDelivered},
	{StateSubmitted, EventTracked, StatePendingReview},
	{StateSubmitted, EventTracked, StateCancelled},
	{StateSubmitted, EventCancel, StateSubmitted},

	{StateManuallySent, EventImported, StateManuallySent},
	{StateManuallySent, EventPlaced, StateManuallySent}, // linked by reference
	{StateManuallySent, EventUnclear, StateManuallySent},
	{StateManuallySent, EventUnclear, StatePendingReview},
	{StateManuallySent, EventTracked, StateManuallySent},
	{StateManuallySent, EventTracked, StateShipped},
	{StateManuallySent, EventTracked, StateDelivered},
	{StateManuallySent, EventTracked, StatePendingReview},
	{StateManuallySent, EventTracked, StateCancelled},
	{StateManuallySent, EventManualUndone, StatePendingReview},
	{StateManuallySent, EventCancel, StateManuallySent},
	{StateManuallySent, EventGaveUp, StatePendingReview},

	{StateShipped, EventImported, StateShipped},
	{StateShipped, EventTracked, StateShipped},
	{StateShipped, EventTracked, StateDelivered},
	{StateShipped, EventCancel, StateShipped},

	{StateCancelled, EventImported, StateCancelled},     // the channel agrees, or calls it done
	{StateCancelled, EventImported, StatePendingReview}, // the channel wants it again: a person decides
	{StateCancelled, EventPlaced, StateSubmitted},       // bought after all, by a call that was given up for lost
	{StateCancelled, EventPlaced, StateCancelled},       // likewise, and cancelled at the supplier too
}

// everywhere are the events that leave the state alone, whatever it is.
var everywhere = []EventKind{EventSettled, EventReported, EventReportRefused, EventErased, EventNoted}

// Transitions returns the state table, a fresh copy.
func Transitions() []Transition {
	out := slices.Clone(transitions)
	for _, s := range States() {
		for _, k := range everywhere {
			out = append(out, Transition{s, k, s})
		}
	}
	return out
}

// Allowed returns the kinds of event that can do something in state s, sorted.
func (s State) Allowed() []EventKind {
	var out []EventKind
	for _, t := range Transitions() {
		if t.From == s && !slices.Contains(out, t.On) {
			out = append(out, t.On)
		}
	}
	slices.Sort(out)
	return out
}

// way is in which states an event of a kind may happen.
type way struct {
	on   EventKind
	from []State
}

// ways are by slot: every step looks here, and this is cheaper than a map.
// They are compiled once and only read afterwards.
var ways = func() (out [slots][]way) {
	for _, t := range Transitions() {
		peers := &out[slot(t.On)]
		i := slices.IndexFunc(*peers, func(w way) bool { return w.on == t.On })
		if i < 0 {
			i = len(*peers)
			*peers = append(*peers, way{on: t.On})
		}
		if w := &(*peers)[i]; !slices.Contains(w.from, t.From) {
			w.from = append(w.from, t.From)
		}
	}
	return out
}()

const slots = 128

// slot is where a kind stands in ways; hardly two share one.
func slot(k EventKind) int {
	if k == "" {
		return 0
	}
	return (len(k) + int(k[0]) + 4*int(k[len(k)-1])) % slots
}

// inTable reports whether an event of this kind may happen in state s at all.
func inTable(s State, k EventKind) bool {
	peers := ways[slot(k)]
	for i := range peers {
		if w := &peers[i]; w.on == k {
			return slices.Contains(w.from, s)
		}
	}
	return false
}
