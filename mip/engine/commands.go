package engine

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/openmip/openmip/mip"
)

func (e *Engine) command(ctx context.Context, ref mip.Ref, actor mip.Actor, ev mip.Event) (mip.Order, error) {
	if actor == "" || actor == mip.ActorEngine || actor == mip.ActorChannel {
		return mip.Order{}, &mip.Error{Op: string(ev.Kind), Ref: ref, Kind: mip.ErrInvalid, Err: errors.New("a person must be named as actor")}
	}
	ev.Actor, ev.Next = actor, e.now().Add(e.coolOff)
	r, err := e.apply(ctx, ref, ev)
	if errors.Is(err, mip.ErrIgnored) {
		err = nil
	}
	return r.Order, err
}

// EditAddress replaces the delivery address of an order that is not submitted
// yet. It saves only; [Engine.Resend] sends. The channel's later changes to
// the address no longer replace it.
func (e *Engine) EditAddress(ctx context.Context, ref mip.Ref, actor mip.Actor, a mip.Address) (mip.Order, error) {
	return e.command(ctx, ref, actor, mip.Event{Kind: mip.EventAddressEdited, Address: &a})
}

// ChooseShipping sets the carrier services that may be used, by the supplier's
// names; none = any. It saves only.
func (e *Engine) ChooseShipping(ctx context.Context, ref mip.Ref, actor mip.Actor, services ...string) (mip.Order, error) {
	return e.command(ctx, ref, actor, mip.Event{Kind: mip.EventShippingChosen, Shipping: services})
}

// Shipping lists the carrier services on offer for the open lines of an
// order. A supplier that cannot list them is [errors.ErrUnsupported].
func (e *Engine) Shipping(ctx context.Context, ref mip.Ref) ([]mip.Carrier, error) {
	c, ok := e.supplier.Supplier.(mip.CarrierLister)
	if !ok {
		return nil, &mip.Error{Op: "engine: shipping", Ref: ref, Kind: mip.ErrInvalid, Err: errors.ErrUnsupported}
	}
	o, err := e.store.Order(ctx, ref)
	if err != nil {
		return nil, err
	}
	call, cancel := context.WithTimeout(ctx, e.timing.Call)
	defer cancel()
	return c.Carriers(call, o.Purchase(e.method(o)))
}

// Resend checks a held order again and submits it if nothing holds it any
// more. If an attempt's outcome is unknown, it is looked up first.
func (e *Engine) Resend(ctx context.Context, ref mip.Ref, actor mip.Actor) (mip.Order, error) {
	return e.command(ctx, ref, actor, mip.Event{Kind: mip.EventResend})
}

// ResendAll resends every held order that q selects, earliest ship-by date
// first, and returns how many. Orders that may not be resent are passed over;
// other failures end it.
func (e *Engine) ResendAll(ctx context.Context, actor mip.Actor, q mip.Query) (int, error) {
	if len(q.States) > 0 && !slices.Contains(q.States, mip.StatePendingReview) {
		return 0, nil
	}
	q.States = []mip.State{mip.StatePendingReview}
	n := 0
	for o, err := range e.store.Orders(ctx, q) {
		if err != nil {
			return n, err
		}
		if _, err := e.Resend(ctx, o.Ref, actor); errors.Is(err, mip.ErrIllegal) {
			continue
		} else if err != nil {
			return n, err
		}
		n++
	}
	return n, nil
}

// Override lets one finding pass, by code and path, for a stated reason. It
// holds for the value judged and lapses when that changes. It does not send.
func (e *Engine) Override(ctx context.Context, ref mip.Ref, actor mip.Actor, code, path, why string) (mip.Order, error) {
	return e.OverrideSeen(ctx, ref, actor, mip.Finding{Code: code, Path: path}, why)
}

// OverrideSeen is [Engine.Override] for the finding that a person has seen: if
// what was judged has changed since, it is [mip.ErrConflict].
func (e *Engine) OverrideSeen(ctx context.Context, ref mip.Ref, actor mip.Actor, f mip.Finding, why string) (mip.Order, error) {
	return e.command(ctx, ref, actor, mip.Event{Kind: mip.EventOverridden, Why: why,
		Override: &mip.Override{Code: f.Code, Path: f.Path, Value: f.Value, Actor: actor, Why: why}})
}

// MarkManuallySent says that a person has placed the order at the supplier,
// under reference; empty = the order's own, [mip.Order.NextReference]. It is
// linked as soon as the supplier knows the reference, if it holds nothing but
// the order's goods. Refused while an attempt may have bought the order too;
// the reference of another order in the store is [mip.ErrConflict].
func (e *Engine) MarkManuallySent(ctx context.Context, ref mip.Ref, actor mip.Actor, reference string) (mip.Order, error) {
	if err := e.notAnothers(ctx, string(mip.EventManuallySent), ref, strings.TrimSpace(reference)); err != nil {
		return mip.Order{}, err
	}
	return e.command(ctx, ref, actor, mip.Event{Kind: mip.EventManuallySent, Reference: reference})
}

// UndoManual takes "manually sent" back while nothing is linked; the order
// waits in pending review again.
func (e *Engine) UndoManual(ctx context.Context, ref mip.Ref, actor mip.Actor) (mip.Order, error) {
	return e.command(ctx, ref, actor, mip.Event{Kind: mip.EventManualUndone})
}

// Cancel stops an order as far as possible: before submission it is not
// bought; while an attempt is out its verdict decides; afterwards the wish is
// recorded and shown, since the supplier takes cancellations by message only.
// Nothing is looked up for it any more: what somebody ordered by hand and did
// not mark is attached with [Engine.Link].
func (e *Engine) Cancel(ctx context.Context, ref mip.Ref, actor mip.Actor, why string) (mip.Order, error) {
	return e.command(ctx, ref, actor, mip.Event{Kind: mip.EventCancel, Why: why})
}

// Erase removes the personal data of an order for good; ids, lines, amounts
// and the history stay. An attempt in flight is [mip.ErrIllegal].
func (e *Engine) Erase(ctx context.Context, ref mip.Ref, actor mip.Actor) error {
	_, err := e.command(ctx, ref, actor, mip.Event{Kind: mip.EventErased})
	return err
}
