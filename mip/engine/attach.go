package engine

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/openmip/openmip/mip"
)

// Link attaches one of the supplier's orders, by the supplier's id, to an
// order: the sibling of a split purchase that a look-up by reference does not
// show, or an order placed by hand under a mistyped reference. What it holds
// must be among the order's goods, else [mip.ErrConflict]; so is an order that
// carries the reference of another of ours, or one that another is placed by
// hand under. An order that nothing can be attached to, such as a delivered
// one, is [mip.ErrIllegal].
// [errors.ErrUnsupported] if the supplier is no [mip.Opener].
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
	if err := e.notAnothers(ctx, "link", ref, p.Reference); err != nil {
		return mip.Order{}, err
	}
	if !mip.Within([]mip.Placement{p}, goods(o)) {
		return fail(mip.ErrConflict, errors.New("it holds other goods"))
	}
	if !slices.Contains(o.State.Allowed(), mip.EventPlaced) {
		return fail(mip.ErrIllegal, fmt.Errorf("the order is %s", o.State))
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

// notAnothers returns an error for a reference that another order of the store
// has, or under which a person has placed another one: what stands under it is
// bought for that one. No reference stands for the order's own.
func (e *Engine) notAnothers(ctx context.Context, op string, ref mip.Ref, reference string) error {
	if reference == "" {
		return nil
	}
	taken := &mip.Error{Op: op, Ref: ref, Kind: mip.ErrConflict, Err: errors.New("it is the reference of another order")}
	channel, id, _ := strings.Cut(reference, "-")
	id, _, _ = strings.Cut(id, "--")
	if other := (mip.Ref{Channel: channel, ID: id}); other != ref && other.Valid() == nil {
		if _, err := e.store.Order(ctx, other); !errors.Is(err, mip.ErrNotFound) {
			return cmp.Or(err, error(taken))
		}
	}
	for o, err := range e.store.Orders(ctx, mip.Query{ManualRef: reference}) {
		if err != nil {
			return err
		}
		if o.Ref != ref && (o.State == mip.StateManuallySent || hasUnder(o, reference)) {
			return taken
		}
	}
	return nil
}

// hasUnder reports whether something is known that was bought for the order
// under the reference, or placed by hand.
func hasUnder(o mip.Order, reference string) bool {
	return slices.ContainsFunc(o.Placements, func(p mip.Placement) bool {
		return p.Status != mip.PlacementCancelled && (p.Attempt == 0 || p.Reference == reference)
	})
}

// goods are all pieces of an order, bought or not.
func goods(o mip.Order) []mip.Item {
	var out []mip.Item
	for _, l := range o.Lines {
		out = append(out, mip.Item{LineID: l.ID, SKU: l.SKU, Quantity: l.Quantity})
	}
	return out
}
