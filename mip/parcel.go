package mip

import "time"

// Parcel is one box on its way.
type Parcel struct {
	ID        string    `json:"id"`                 // stable within the order; a corrected number keeps it
	Carrier   string    `json:"carrier,omitempty"`  // the supplier's name for the carrier
	Number    string    `json:"number,omitempty"`   // tracking number; empty until known
	URL       string    `json:"url,omitempty"`      // tracking page, where known
	Status    string    `json:"status,omitempty"`   // the carrier's last words
	Items     []Item    `json:"items,omitempty"`    // by line; empty = the supplier does not say
	ShippedAt time.Time `json:"shippedAt,omitzero"` // UTC
	UpdatedAt time.Time `json:"updatedAt,omitzero"` // UTC, the supplier's clock
}
