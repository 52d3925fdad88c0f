package engine

import (
	"context"

	"github.com/openmip/openmip/mip"
)

// Explanation answers a person's three questions about an order: why is it
// here, what can I do, what happens next.
type Explanation struct {
	Order mip.Order
	Why   []mip.Finding   // what holds it now; empty = nothing does
	Notes []mip.Finding   // what else is worth knowing
	Can   []mip.EventKind // commands that are allowed
	Next  []mip.Effect    // what the engine will do by itself, and when
	// Reference is what a person types at the supplier who places the order
	// by hand.
	Reference string
	History   []mip.Change
}

// Explain tells all there is to know about an order.
func (e *Engine) Explain(ctx context.Context, ref mip.Ref) (Explanation, error) {
	o, err := e.store.Order(ctx, ref)
	if err != nil {
		return Explanation{}, err
	}
	x := Explanation{Order: o, Why: o.Holding(), Can: mip.Actions(o), Reference: o.NextReference()}
	for _, f := range o.Findings {
		if !f.Blocks() {
			x.Notes = append(x.Notes, f)
		}
	}
	if x.History, err = e.store.History(ctx, ref); err != nil {
		return Explanation{}, err
	}
	if e.queue != nil {
		x.Next, err = e.queue.Waiting(ctx, ref)
	}
	return x, err
}

// Counts returns how many orders are in each state: the red dot is the number
// for [mip.StatePendingReview].
func (e *Engine) Counts(ctx context.Context) (map[mip.State]int, error) { return e.store.Counts(ctx) }
