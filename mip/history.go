package mip

import "time"

// Change is one entry of an order's history. It holds no personal data, so
// that it may outlive an erasure and appear in logs.
type Change struct {
	Version int       `json:"version"` // of the order after it; set by the store
	At      time.Time `json:"at"`
	Event   EventKind `json:"event"`
	From    State     `json:"from"`
	To      State     `json:"to"`
	Actor   Actor     `json:"actor,omitempty"`
	Why     string    `json:"why,omitempty"`     // a person's words
	Codes   []string  `json:"codes,omitempty"`   // of the findings it brought
	Attempt int       `json:"attempt,omitempty"` // the attempt it is about
	Note    string    `json:"note,omitempty"`    // which fields changed, which ids appeared
	Ignored bool      `json:"ignored,omitempty"` // late or repeated: nothing changed
}
