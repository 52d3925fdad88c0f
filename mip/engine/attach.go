package engine

import (
	"context"
	"errors"
	"strings"

	"github.com/openmip/openmip/mip"
)

// Link attaches one of the supplier's orders, by the supplier's id, to an
// order: the sibling of a split purchase that a look-up by reference does not
// show, or an order placed by hand under a mistyped reference. What it holds
// must be among the order's goods, else [mip.ErrConflict]; so is an order that
// carries the reference of another of ours. [errors.ErrUnsupported] if the
// supplier is no [mip.Opener].
func (e *Engine) Link(ctx context.Context, ref mip.Ref, actor mip.Actor, id string) (mip.Order, error) {
	fail := func(kind, why error) (mip.Order, error) {
		return mip.Order{}, &mip.Error{Op: "link", Ref: ref, Kind: kind, Err: why}
	}
	opener, ok := e.supplier.Supplier.(mip.Opener)
	if !ok {
		return fail(mip.ErrInvalid, errors.ErrUnsupported)
	}
	o, err := e.store.Order(ctx, ref)
	if err != nil {
		return mip.Order{}, err
	}
	call, cancel := context.WithTimeout(ctx, e.timing.Call)
	defer cancel()
	p, err := opener.Open(call, strings.TrimSpace(id))
	if err != nil {
		return mip.Order{}, err
	}
	number, ours := madeBy(o, p.Reference)
	if !ours && (o.State != mip.StateManuallySent || e.anotherOf(p.Reference)) {
		return fail(mip.ErrConflict, errors.New("it carries another reference"))
	}
	if !matches([]mip.Placement{p}, goods(o)) {
		return fail(mip.ErrConflict, errors.New("it holds other goods"))
	}
	return e.command(ctx, ref, actor, mip.Event{Kind: mip.EventPlaced, Attempt: number, Placements: []mip.Placement{p}, Next: e.now()})
}

// madeBy tells which attempt in flight used the reference, 0 for none, and
// whether the reference is the order's at all.
func madeBy(o mip.Order, reference string) (number int, ours bool) {
	ours = reference == o.ManualRef && reference != "" || reference == o.NextReference()
	for _, a := range o.Attempts {
		if a.Reference == reference {
			ours = true
			if a.InFlight() && !a.SentAt.IsZero() {
				number = a.Number
			}
		}
	}
	return number, ours
}

// anotherOf reports whether a reference is of the form this engine gives.
func (e *Engine) anotherOf(reference string) bool {
	channel, _, _ := strings.Cut(reference, "-")
	return e.channel(channel) != nil
}

// goods are all pieces of an order, bought or not.
func goods(o mip.Order) []mip.Item {
	var out []mip.Item
	for _, l := range o.Lines {
		out = append(out, mip.Item{LineID: l.ID, SKU: l.SKU, Quantity: l.Quantity})
	}
	return out
}
