package miptest

import (
	"context"
	"errors"
	"slices"

	"github.com/openmip/openmip/mip"
)

// listsAlike: three orders alike, of which one changes its address and one is
// erased; one of other goods.
func listsAlike(ctx context.Context, s mip.Store) error {
	one, two, moved, erased, other := plainFacts(shopRef(1)), plainFacts(mip.Ref{Channel: "shop2", ID: shopRef(2).ID}),
		plainFacts(shopRef(3)), plainFacts(shopRef(4)), plainFacts(shopRef(5))
	other.Lines = slices.Clone(other.Lines)
	other.Lines[0].Quantity += 3
	elsewhere := one.ShipTo
	elsewhere.Line1 = "Avenida del Puerto 12"
	review := func(o mip.Order) mip.Event { return held(o, "code") }
	edited := func(mip.Order) mip.Event {
		return mip.Event{Kind: mip.EventAddressEdited, Actor: "p1", Address: &elsewhere}
	}
	forgotten := func(mip.Order) mip.Event { return mip.Event{Kind: mip.EventErased, Actor: "p1"} }
	_, err1 := reach(ctx, s, one, minute(1))
	_, err2 := reach(ctx, s, two, minute(2), review)
	there, err3 := reach(ctx, s, moved, minute(3), review, edited)
	_, err4 := reach(ctx, s, erased, minute(4), review, forgotten)
	more, err5 := reach(ctx, s, other, minute(5))
	if err := errors.Join(err1, err2, err3, err4, err5); err != nil {
		return err
	}
	alike := mip.Order{Facts: one}.Likeness()
	var found breaches
	for _, c := range []struct {
		q    mip.Query
		want []mip.Ref
	}{
		{mip.Query{Likeness: alike}, []mip.Ref{one.Ref, two.Ref}},
		{mip.Query{Likeness: there.Likeness()}, []mip.Ref{moved.Ref}},
		{mip.Query{Likeness: more.Likeness()}, []mip.Ref{other.Ref}},
		{mip.Query{Likeness: alike + 1}, nil},
		{mip.Query{Likeness: alike, Limit: 1}, []mip.Ref{one.Ref}},
		{mip.Query{Likeness: alike, Channel: "shop2"}, []mip.Ref{two.Ref}},
		{mip.Query{Likeness: alike, States: []mip.State{mip.StatePendingReview, mip.StateShipped}}, []mip.Ref{two.Ref}},
		{mip.Query{Likeness: alike, Code: "code"}, []mip.Ref{two.Ref}},
		{mip.Query{Likeness: alike, ManualRef: "phone-1"}, nil},
	} {
		got, err := refs(ctx, s, c.q)
		found.that(err == nil && slices.Equal(got, c.want), "%+v: want %v, got %v, %v", c.q, c.want, got, err)
	}
	return found.err()
}
