package mip

import "time"

// Result is what a step decided.
type Result struct {
	Order   Order
	Change  Change   // zero if not worth recording
	Effects []Effect // to be stored with the order
}

// Step is the state machine.
func Step(o Order, e Event, at time.Time) (Result, error) {
	return Result{Order: o}, ErrIgnored
}
