package mip

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// Purchase is what a supplier is asked to check or to create: the order's
// open lines and everything needed to send them. Suppliers get this and
// nothing else of an order.
type Purchase struct {
	Ref       Ref     `json:"ref"`
	Reference string  `json:"reference"`
	ShipTo    Address `json:"shipTo"`
	Items     []Item  `json:"items"`
	// Payment is the name of the [Payment] that pays ("wallet", "paypal").
	Payment string `json:"payment"`
	// Shipping lists the carrier services to choose from, by the supplier's
	// names, cheapest first choice of the supplier; empty = any.
	Shipping []string `json:"shipping,omitempty"`
	Note     string   `json:"note,omitempty"`     // the buyer's comment
	Language string   `json:"language,omitempty"` // ISO 639-1; empty = the adapter's default
}

// Hash is the SHA-256 of the whole content except the payment method, in
// hexadecimal: two purchases with one hash would buy the same.
func (p Purchase) Hash() string {
	p.Payment = ""
	b, err := json.Marshal(p)
	if err != nil {
		panic("mip: purchase does not marshal: " + err.Error()) // strings and ints only
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

// BySKU returns the items with one entry per SKU, for suppliers that have no
// lines. Line ids are dropped.
func (p Purchase) BySKU() []Item { return bySKU(p.Items) }
