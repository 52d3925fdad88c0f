package mip

import (
	"context"
	"slices"
	"time"
)

// Supplier is whoever sells and ships the goods. Implementations are safe for
// concurrent use and never repeat a write on their own.
//
// Errors carry a kind of this package. For Place the difference between
// [ErrUnavailable] or [ErrThrottled] (certainly not done) and [ErrUnknown]
// (perhaps done) is the most important promise of the whole port: in doubt
// it is ErrUnknown.
type Supplier interface {
	// Check asks what a purchase would cost, without buying. Refusals come as
	// findings in the quote, not as an error.
	Check(ctx context.Context, p Purchase) (Quote, error)
	// Place buys. The answer may hold placements and refusals at once. A
	// reference that the supplier already knows is not an error: the answer
	// has Exists set and what could be learnt of it.
	Place(ctx context.Context, p Purchase) (Placed, error)
	// Find looks for orders by the reference given at Place.
	Find(ctx context.Context, reference string) (Found, error)
	// Track asks for status and parcels of placements by id. Ids without news
	// may be left out of the answer, in any order; one of which the supplier
	// shows no order has Missing set.
	Track(ctx context.Context, ids []string) ([]Tracking, error)
}

// Opener is a supplier that shows one of its orders by id.
type Opener interface {
	// Open returns the order with its reference and items, [ErrNotFound] if
	// there is none.
	Open(ctx context.Context, id string) (Placement, error)
}

// Balancer is a supplier (or bank) that tells a prepaid balance.
type Balancer interface {
	// Balance is authoritative and may be slow; callers cache it.
	Balance(ctx context.Context) (Money, error)
}

// CarrierLister is a supplier that can list shipping services for a purchase.
type CarrierLister interface {
	Carriers(ctx context.Context, p Purchase) ([]Carrier, error)
}

// Cataloguer is a supplier that can tell about single products. SKUs it does
// not know are in the answer with Known unset.
type Cataloguer interface {
	Products(ctx context.Context, skus []string) (map[string]Product, error)
}

// Quote is a supplier's answer to a check.
type Quote struct {
	Parts    []QuotePart `json:"parts,omitempty"` // one per warehouse
	Total    Money       `json:"total"`           // tax and shipping included; zero value if refused without a total
	Refusals []Finding   `json:"refusals,omitempty"`
	At       time.Time   `json:"at,omitzero"`
}

// QuotePart is the share of one warehouse.
type QuotePart struct {
	Warehouse string   `json:"warehouse,omitempty"`
	SKUs      []string `json:"skus,omitempty"`
	Goods     Money    `json:"goods"` // without tax and shipping
	Net       Money    `json:"net"`   // goods and shipping without tax
	Total     Money    `json:"total"` // with tax and shipping
}

// Placed is a supplier's answer to a purchase.
type Placed struct {
	Placements []Placement // what was bought; items carry SKUs, line ids are filled in by the engine
	Refusals   []Finding   // what was not, and why
	Exists     bool        // the reference was already known; Placements is what it names, perhaps empty
}

// Found is the answer to a look-up by reference.
type Found struct {
	Placements []Placement // all that could be found; empty = none
	// Authoritative: if nothing was found, there is nothing. Not set by a
	// supplier in a mode in which it cannot tell.
	Authoritative bool
	// Complete: if something was found, it is all there is. A supplier that
	// shows one of several sibling orders leaves it unset.
	Complete bool
}

// Tracking is news of one placement.
type Tracking struct {
	ID         string
	Status     PlacementStatus // empty = not told
	StatusText string
	Parcels    []Parcel
	Cost       Money // zero value = not told
	// Missing: asked for this very order, the supplier does not show it, while
	// it answers for others; all else is empty. That is normal for a moment
	// after it was bought.
	Missing bool
}

// Carrier is one shipping service on offer.
type Carrier struct {
	Name  string // what goes into [Purchase.Shipping]
	Label string // for people
	Cost  Money
	Delay string // the supplier's words: "24 h", "1-2 days"
}

// costs is what the check said that a placement's warehouse would cost, the
// zero value if it did not.
func (q Quote) costs(p Placement) Money {
	for _, part := range q.Parts {
		if part.Warehouse == p.Warehouse && part.Warehouse != "" {
			return part.Total
		}
		for _, it := range p.Items {
			if slices.Contains(part.SKUs, it.SKU) {
				return part.Total
			}
		}
	}
	return Money{}
}
