package mip

import "time"

// PlacementStatus says where one supplier order stands, in our words.
type PlacementStatus string

// The statuses of a placement. An unknown word of the supplier's counts as
// in process, with the word kept in [Placement.StatusText].
const (
	PlacementAwaitingPayment PlacementStatus = "awaiting_payment" // created, not paid: a person must pay
	PlacementInvoiceMissing  PlacementStatus = "invoice_missing"  // export: the supplier waits for the sale invoice
	PlacementInProcess       PlacementStatus = "in_process"
	PlacementShipped         PlacementStatus = "shipped"
	PlacementDelivered       PlacementStatus = "delivered"
	PlacementCancelled       PlacementStatus = "cancelled"
)

// rank orders the statuses along a placement's life.
func (s PlacementStatus) rank() int {
	switch s {
	case PlacementAwaitingPayment, PlacementInvoiceMissing, PlacementInProcess:
		return 1
	case PlacementShipped:
		return 2
	case PlacementDelivered, PlacementCancelled:
		return 3
	}
	return 0
}

// follows reports whether news of status s replaces what is known. A
// placement never moves back; before it ships the supplier may change its
// mind about what it waits for.
func (s PlacementStatus) follows(known PlacementStatus) bool {
	return s.rank() > known.rank() || s.rank() == 1 && known.rank() == 1 && s != known
}

// Placement is one order at the supplier. A supplier with several warehouses
// makes one per warehouse, each with its own id, status and parcels.
type Placement struct {
	ID         string          `json:"id"` // the supplier's order id
	Reference  string          `json:"reference"`
	Attempt    int             `json:"attempt"`             // number of the attempt that made it; 0 = placed by hand
	Warehouse  string          `json:"warehouse,omitempty"` // the supplier's warehouse id, where told
	Items      []Item          `json:"items"`
	Status     PlacementStatus `json:"status"`
	StatusText string          `json:"statusText,omitempty"` // the supplier's own word
	Cost       Money           `json:"cost"`                 // tax and shipping included, as quoted until told; zero value = neither
	Parcels    []Parcel        `json:"parcels,omitempty"`
	PlacedAt   time.Time       `json:"placedAt,omitzero"`
	PayBy      time.Time       `json:"payBy,omitzero"`     // awaiting payment: a person is called by then, see [CodePaymentOverdue]
	CheckedAt  time.Time       `json:"checkedAt,omitzero"` // when the supplier was last asked
	MissedAt   time.Time       `json:"missedAt,omitzero"`  // since when the supplier has shown nothing of it, at every look; see [CodeMissing]
}
