package engine

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"github.com/openmip/openmip/mip"
)

// mostAlike is how many orders of the same likeness a rule sees.
const mostAlike = 50

// alike finds the other orders of the same goods to the same address: of too
// many those made nearest to it. One beside which it waited already is among
// them although its address is erased.
func (e *Engine) alike(ctx context.Context, o *mip.Order) (out []mip.Order, err error) {
	key := o.Likeness()
	if key == 0 {
		return nil, nil
	}
	for other, err := range e.store.Orders(ctx, mip.Query{Likeness: key}) {
		if err != nil {
			return nil, err
		}
		if other.Ref == o.Ref {
			continue
		}
		if out = append(out, other); len(out) >= 2*mostAlike {
			out = nearest(out, o)
		}
	}
	out = nearest(out, o)
	for _, f := range o.Findings {
		ref, err := mip.ParseRef(f.Params["order"])
		if f.Code != mip.CodeDuplicate || err != nil {
			continue
		}
		other, err := e.store.Order(ctx, ref)
		switch {
		case err == nil && !other.ErasedAt.IsZero() && other.Likeness() != key:
			out = append(out, other)
		case err != nil && !errors.Is(err, mip.ErrNotFound):
			return nil, err
		}
	}
	return out, nil
}

func nearest(orders []mip.Order, o *mip.Order) []mip.Order {
	if len(orders) <= mostAlike {
		return orders
	}
	slices.SortStableFunc(orders, func(a, b mip.Order) int { return cmp.Compare(a.Apart(*o), b.Apart(*o)) })
	return slices.Clone(orders[:mostAlike])
}

// twice says why an order that is about to be bought must not be: another one
// was bought since it was checked, or is about to be. It asks the rules that
// need to know no more than that.
func (e *Engine) twice(ctx context.Context, o *mip.Order) ([]mip.Finding, error) {
	if len(e.beside) == 0 {
		return nil, nil
	}
	others, err := e.alike(ctx, o)
	if err != nil || len(others) == 0 {
		return nil, err
	}
	return mip.Holding(mip.Evaluate(mip.Snapshot{Order: *o, Alike: others, Now: e.now()}, e.beside), o.Overrides), nil
}
