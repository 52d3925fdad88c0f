package mip

import (
	"encoding/json"
	"slices"
	"strconv"
	"time"
)

// Demand is what the channel asks of us for an order.
type Demand string

const (
	DemandShip   Demand = "ship"      // paid, or to be shipped on credit: buy it
	DemandUnpaid Demand = "unpaid"    // not to be bought (yet)
	DemandCancel Demand = "cancelled" // no longer wanted: cancelled, refunded, deleted
	DemandClosed Demand = "closed"    // done at the channel
)

// known reports whether d is one of the demands.
func (d Demand) known() bool {
	return d == DemandShip || d == DemandUnpaid || d == DemandCancel || d == DemandClosed
}

// Facts is what a channel knows of an order. Adapters fill it and nothing
// else. Times are instants in UTC by the channel's clock.
type Facts struct {
	Ref     Ref     `json:"ref"`
	Number  string  `json:"number,omitempty"` // shown to people; never an identity
	Demand  Demand  `json:"demand"`
	ShipTo  Address `json:"shipTo"`
	Lines   []Line  `json:"lines"`
	Total   Money   `json:"total"`             // what the buyer paid, tax and shipping included
	Postage Money   `json:"postage"`           // of it, for shipping, tax included
	Service string  `json:"service,omitempty"` // shipping service the buyer chose, the channel's words
	Note    string  `json:"note,omitempty"`    // the buyer's comment; personal data

	PickupPoint string    `json:"pickupPoint,omitempty"` // parcel shop id; suppliers without them must refuse
	CreatedAt   time.Time `json:"createdAt,omitzero"`
	UpdatedAt   time.Time `json:"updatedAt,omitzero"` // when the channel last changed it; newest wins, unless its clock was set back
	ShipBy      time.Time `json:"shipBy,omitzero"`    // latest dispatch, where the channel sets one

	// Defects are what the adapter could not read, each with code
	// [CodeUnreadable] and the path in the channel's own terms. The order is
	// kept and held; Raw keeps the payload so that nothing is lost.
	Defects []Finding       `json:"defects,omitempty"`
	Raw     json.RawMessage `json:"raw,omitempty"` // at most 64 KiB; personal data
}

// normalize brings the address into its normal form, calls a demand that is
// none of ours a defect, and forgets times that nobody means, such as a year
// beyond 9999: they cannot be written as JSON.
func (f *Facts) normalize() {
	f.ShipTo.normalize()
	if !f.Demand.known() {
		f.Defects = append(slices.Clip(f.Defects), Finding{Code: CodeUnreadable, Path: "demand", Severity: Blocking})
	}
	for _, t := range [...]*time.Time{&f.CreatedAt, &f.UpdatedAt, &f.ShipBy} {
		if t.Before(time.Time{}) || !t.Before(yearsEnd) {
			*t = time.Time{}
		}
	}
}

// yearsEnd is the first instant that cannot be written as JSON.
var yearsEnd = time.Date(10_000, 1, 1, 0, 0, 0, 0, time.UTC)

// Order is one order with everything that happened to it. Values are copies:
// changing one changes nothing in a store, and [Step] never modifies the
// order it is given.
type Order struct {
	Facts

	State     State      `json:"state"`
	Version   int        `json:"version"` // rises with every change; owned by the store
	Findings  []Finding  `json:"findings,omitempty"`
	Overrides []Override `json:"overrides,omitempty"`
	Attempts  []Attempt  `json:"attempts,omitempty"`

	Placements []Placement `json:"placements,omitempty"`
	// Shipping is a person's choice of carrier services; empty = any.
	Shipping []string `json:"shipping,omitempty"`
	// PayWith is a person's choice of payment method; empty = as configured.
	PayWith string `json:"payWith,omitempty"`
	// Edited: a person changed the delivery address; the channel's later
	// changes to it are shown as a conflict, not taken over.
	Edited bool `json:"edited,omitempty"`
	// Theirs is the channel's address where Edited hides it.
	Theirs *Address `json:"theirs,omitempty"`
	// CancelAsked: somebody cancelled it; nothing more is bought.
	CancelAsked bool   `json:"cancelAsked,omitempty"`
	Quote       Quote  `json:"quote"`               // the supplier's last answer to a check
	Reported    Status `json:"reported"`            // what the channel was last told
	ManualRef   string `json:"manualRef,omitempty"` // reference or id a person gave with "manually sent"
	// EarlierRefs are the references that were given with it before. All of
	// them are looked up before anything is bought.
	EarlierRefs []string `json:"earlierRefs,omitempty"`

	ReceivedAt time.Time `json:"receivedAt,omitzero"` // our clock
	ChangedAt  time.Time `json:"changedAt,omitzero"`  // our clock; last change of state
	HeldSince  time.Time `json:"heldSince,omitzero"`  // our clock; zero unless pending review
	ErasedAt   time.Time `json:"erasedAt,omitzero"`   // personal data removed
}

// OpenItems returns what is still to be bought, by line: pieces wanted that
// no living placement covers. Two orders with the same lines and placements
// give the same result.
func (o Order) OpenItems() []Item {
	covered := map[string]int{}
	for _, p := range o.Placements {
		if p.Status != PlacementCancelled {
			for _, it := range p.Items {
				covered[it.LineID] += it.Quantity
			}
		}
	}
	var out []Item
	for _, l := range o.Lines {
		take := min(l.Wanted(), covered[l.ID])
		covered[l.ID] -= take
		if rest := l.Wanted() - take; rest > 0 {
			out = append(out, Item{LineID: l.ID, SKU: l.SKU, Quantity: rest})
		}
	}
	return out
}

// LastAttempt returns the newest attempt, nil if there is none. The pointer
// leads into o's own slice.
func (o Order) LastAttempt() *Attempt {
	if len(o.Attempts) == 0 {
		return nil
	}
	return &o.Attempts[len(o.Attempts)-1]
}

// InFlight reports whether an attempt may have bought something unrecorded.
func (o Order) InFlight() bool {
	return slices.ContainsFunc(o.Attempts, Attempt.InFlight)
}

// Bought reports whether something of it is bought, and not cancelled since.
func (o Order) Bought() bool { return o.bought() }

// bought is Bought without a copy of the order.
func (o *Order) bought() bool {
	return slices.ContainsFunc(o.Placements, func(p Placement) bool { return p.Status != PlacementCancelled })
}

// Linked reports whether something that a person placed by hand is known, and
// not cancelled since.
func (o Order) Linked() bool {
	return slices.ContainsFunc(o.Placements, func(p Placement) bool { return p.Attempt == 0 && p.Status != PlacementCancelled })
}

// NextReference returns the reference that the next attempt, or a person who
// places the order by hand, must use.
func (o Order) NextReference() string { return Reference(o.Ref, o.generation()) }

// generation: a reference under which something was placed is used up. While an
// attempt is in flight its own stands, so that whoever orders by hand all the
// same meets a supplier that knows it.
func (o *Order) generation() int {
	g := 1
	for _, a := range o.Attempts {
		if a.InFlight() {
			return a.Generation
		}
		g = max(g, a.Generation)
		if a.Outcome == OutcomePlaced || a.Outcome == OutcomePartial {
			g = max(g, a.Generation+1)
		}
	}
	for _, p := range o.Placements {
		for p.Reference == Reference(o.Ref, g) {
			g++
		}
	}
	return g
}

// Purchase returns what would be sent to the supplier now for the open lines.
func (o Order) Purchase(payment string) Purchase {
	return Purchase{
		Ref: o.Ref, Reference: o.NextReference(), ShipTo: o.ShipTo, Items: o.OpenItems(),
		Payment: payment, Shipping: o.Shipping, Note: o.Note,
	}
}

// Stuck returns the findings that hold the order and that no check can clear:
// somebody must act, or the channel must say otherwise.
func (o Order) Stuck() []Finding {
	return slices.DeleteFunc(o.Holding(), func(f Finding) bool { return !slices.Contains(sticky, f.Code) })
}

// Withdrawn says why the channel does not ask for the order to be bought as it
// stands, nil if it does: it is not paid, done, or partly shipped by somebody
// else. A person may let it pass.
func (o Order) Withdrawn() []Finding {
	switch o.Demand {
	case DemandUnpaid:
		return []Finding{{Code: CodePaymentWithdrawn, Severity: Overridable}}
	case DemandClosed:
		return []Finding{{Code: CodeClosedByChannel, Severity: Overridable}}
	}
	return o.partlyShipped()
}

// partlyShipped names the lines to be bought of which pieces have left already:
// bought whole, the buyer gets those twice. Once something is placed, what the
// channel counts as shipped are our own reports too, and nothing follows.
func (o *Order) partlyShipped() []Finding {
	if len(o.Placements) > 0 {
		return nil
	}
	var out []Finding
	for i, l := range o.Lines {
		if l.Shipped <= 0 || l.Wanted() == 0 {
			continue
		}
		shipped, wanted := strconv.Itoa(l.Shipped), strconv.Itoa(l.Wanted())
		out = append(out, Finding{
			Code: CodePartlyShipped, Path: "lines[" + strconv.Itoa(i) + "]", Severity: Overridable,
			Params: map[string]string{"shipped": shipped, "quantity": wanted}, Value: ValueHash(l.ID, shipped, wanted),
		})
	}
	return out
}

// Outdated says why attempt a, if it has not left yet, must not leave any
// more: the order is not what it was when a was stored. nil means that it may.
func (o Order) Outdated(a Attempt) []Finding {
	if held := append(Holding(o.Withdrawn(), o.Overrides), o.Stuck()...); len(held) > 0 {
		return held
	}
	if len(o.Defects) > 0 || a.PayloadHash != o.Purchase(a.Payment).Hash() {
		return []Finding{{Code: CodeChangedBefore, Severity: Blocking, AutoClear: true}}
	}
	return nil
}

// Holding returns the findings for which the order waits now.
func (o Order) Holding() []Finding { return Holding(o.Findings, o.Overrides) }

// Cost returns the sum of what living placements cost, as far as told, with
// the fees of the attempts that made them, or an [ErrInvalid] error if they
// are in different currencies.
func (o Order) Cost() (Money, error) {
	var total Money
	var err error
	paid := map[int]bool{}
	for _, p := range o.Placements {
		if p.Status == PlacementCancelled {
			continue
		}
		if total, err = total.Add(p.Cost); err != nil {
			return Money{}, err
		}
		paid[p.Attempt] = true
	}
	for _, a := range o.Attempts {
		if !paid[a.Number] {
			continue
		}
		if total, err = total.Add(a.Fee); err != nil {
			return Money{}, err
		}
	}
	return total, nil
}
