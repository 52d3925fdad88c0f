package mip

import "slices"

// Actions returns what a person may do with an order now, as commands, in the
// order in which they help.
func Actions(o Order) []EventKind {
	var out []EventKind
	for _, k := range []EventKind{EventResend, EventAddressEdited, EventShippingChosen, EventPaymentChosen, EventOverridden,
		EventManuallySent, EventManualUndone, EventCancel} {
		if inTable(o.State, k) && o.permits(k) {
			out = append(out, k)
		}
	}
	return out
}

// permits holds the guards that the table cannot express.
func (o *Order) permits(k EventKind) bool {
	switch k {
	case EventResend:
		return o.InFlight() || !o.CancelAsked && len(o.Defects) == 0
	case EventAddressEdited, EventShippingChosen, EventPaymentChosen:
		return !o.InFlight()
	case EventOverridden:
		return slices.ContainsFunc(o.Findings, func(f Finding) bool { return f.Severity == Overridable })
	case EventManuallySent:
		return !o.InFlight() && !o.CancelAsked
	case EventManualUndone:
		return !slices.ContainsFunc(o.Placements, Placement.byHand)
	case EventCancel:
		return !o.CancelAsked || o.State == StatePendingReview && !o.InFlight()
	}
	return true
}
