package miptest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
)

func listChecks() []StoreCheck {
	return []StoreCheck{
		{"orders come by deadline, then by age", "what must leave first is bought first", listsByUrgency},
		{"orders are selected by state, channel and finding", "a bulk action must reach what it names and nothing else", listsSelected},
		{"what a person placed by hand is found by its reference", "two orders that share one purchase: one is never bought", listsByManualRef},
		{"orders of the same goods to the same address are found", "one order that came twice is bought twice", listsAlike},
		{"a loop may change the orders it lists", "resending all held orders takes them out of the list while it is read", listsWhileChanging},
		{"a listing ends at break and starts over", "a page of ten must not read a million, nor leave a transaction open", listsLazily},
		{"a listing ends with the error of an ended context", "half a list must not look like all of it", listsUntilCancelled},
		{"orders are counted by state", "the red dot is the number of orders that wait", countsStates},
	}
}

// listed imports n orders with mixed deadlines and ages, and returns their
// refs as a listing must give them.
func listed(ctx context.Context, s mip.Store, n int) ([]mip.Ref, error) {
	type placed struct {
		ref          mip.Ref
		shipBy, seen time.Time
	}
	var all []placed
	for i := range n {
		f := plainFacts(mip.Ref{Channel: "shop", ID: fmt.Sprintf("%04d", (i*37)%1000)})
		if i%4 > 0 {
			f.ShipBy = minute(10_000 - 60*(i%7))
		}
		seen := minute(i % 5)
		if _, err := reach(ctx, s, f, seen); err != nil {
			return nil, err
		}
		all = append(all, placed{f.Ref, f.ShipBy, seen})
	}
	slices.SortFunc(all, func(a, b placed) int {
		if a.shipBy.IsZero() != b.shipBy.IsZero() {
			return map[bool]int{true: 1, false: -1}[a.shipBy.IsZero()]
		}
		if c := a.shipBy.Compare(b.shipBy); c != 0 {
			return c
		}
		if c := a.seen.Compare(b.seen); c != 0 {
			return c
		}
		return strings.Compare(a.ref.ID, b.ref.ID)
	})
	var out []mip.Ref
	for _, p := range all {
		out = append(out, p.ref)
	}
	return out, nil
}

func refs(ctx context.Context, s mip.Store, q mip.Query) ([]mip.Ref, error) {
	var out []mip.Ref
	for o, err := range s.Orders(ctx, q) {
		if err != nil {
			return out, err
		}
		out = append(out, o.Ref)
	}
	return out, nil
}

func listsByUrgency(ctx context.Context, s mip.Store) error {
	want, err := listed(ctx, s, 150)
	if err != nil {
		return err
	}
	for i := 0; i < len(want); i += 3 { // two states, to be merged
		if _, err := s.Apply(ctx, want[i], held(mip.Order{Version: 1}, "code"), minute(9)); err != nil {
			return err
		}
	}
	var found breaches
	for _, states := range [][]mip.State{nil, {mip.StateReceived, mip.StatePendingReview}, {mip.StatePendingReview, mip.StateReceived, mip.StateReceived}} {
		got, err := refs(ctx, s, mip.Query{States: states})
		found.that(err == nil && slices.Equal(got, want), "states %v: want earliest ship-by first, none last, then longest in the store\n got %v\nwant %v\n%v",
			states, got, want, err)
		got, err = refs(ctx, s, mip.Query{States: states, Limit: 7})
		found.that(err == nil && slices.Equal(got, want[:7]), "states %v, limit 7: got %v, %v", states, got, err)
	}
	return found.err()
}

func listsSelected(ctx context.Context, s mip.Store) error {
	first, second := plainFacts(shopRef(1)), plainFacts(mip.Ref{Channel: "shop2", ID: shopRef(1).ID})
	third, fourth := plainFacts(shopRef(3)), plainFacts(shopRef(4))
	_, err1 := reach(ctx, s, first, minute(1), func(o mip.Order) mip.Event { return held(o, "stock.out", "other") })
	_, err2 := reach(ctx, s, second, minute(2), func(o mip.Order) mip.Event { return held(o, "stock.out.of") })
	_, err3 := reach(ctx, s, third, minute(3), func(mip.Order) mip.Event { return noted("stock.out") })
	_, err4 := reach(ctx, s, fourth, minute(4), func(o mip.Order) mip.Event { return held(o, "x.stock.out") })
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return err
	}
	review := []mip.State{mip.StatePendingReview}
	var found breaches
	for _, c := range []struct {
		q    mip.Query
		want []mip.Ref
	}{
		{mip.Query{}, []mip.Ref{first.Ref, second.Ref, third.Ref, fourth.Ref}},
		{mip.Query{States: review}, []mip.Ref{first.Ref, second.Ref, fourth.Ref}},
		{mip.Query{States: []mip.State{mip.StateShipped}}, nil},
		{mip.Query{States: []mip.State{mip.StateReceived, mip.StateShipped}}, []mip.Ref{third.Ref}},
		{mip.Query{Channel: "shop2"}, []mip.Ref{second.Ref}},
		{mip.Query{Channel: "sho"}, nil},
		{mip.Query{Code: "stock.out"}, []mip.Ref{first.Ref, third.Ref}},
		{mip.Query{Code: "stock.out", States: review}, []mip.Ref{first.Ref}},
		{mip.Query{Code: "other", Channel: "shop"}, []mip.Ref{first.Ref}},
		{mip.Query{Code: "stock%"}, nil},
		{mip.Query{Code: "stock"}, nil},
		{mip.Query{Limit: 2}, []mip.Ref{first.Ref, second.Ref}},
		{mip.Query{Limit: 1, Code: "x.stock.out"}, []mip.Ref{fourth.Ref}},
	} {
		got, err := refs(ctx, s, c.q)
		found.that(err == nil && slices.Equal(got, c.want), "%+v: want %v, got %v, %v", c.q, c.want, got, err)
	}
	if _, err := s.Apply(ctx, first.Ref, mip.Event{Kind: mip.EventCancel, Actor: "p1"}, minute(9)); err != nil {
		return err
	}
	got, err := refs(ctx, s, mip.Query{Code: "other"})
	found.that(err == nil && len(got) == 0, "a finding that is gone still selects %v, %v", got, err)
	return found.err()
}

func listsByManualRef(ctx context.Context, s mip.Store) error {
	marked := func(reference string) func(mip.Order) mip.Event {
		return func(mip.Order) mip.Event {
			return mip.Event{Kind: mip.EventManuallySent, Actor: "p1", Reference: reference}
		}
	}
	one, two, three := plainFacts(shopRef(1)), plainFacts(mip.Ref{Channel: "shop2", ID: shopRef(2).ID}), plainFacts(shopRef(3))
	review := func(o mip.Order) mip.Event { return held(o, "code") }
	_, err1 := reach(ctx, s, one, minute(1), review, marked("phone-1"))
	undone := func(mip.Order) mip.Event { return mip.Event{Kind: mip.EventManualUndone, Actor: "p1"} }
	_, err2 := reach(ctx, s, two, minute(2), review, marked("phone-2"), undone, marked("phone-1"))
	_, err3 := reach(ctx, s, three, minute(3), review)
	mistyped := plainFacts(shopRef(4))
	_, err4 := reach(ctx, s, mistyped, minute(4), review, marked("Phone3"), func(mip.Order) mip.Event {
		return mip.Event{Kind: mip.EventPlaced, Placements: []mip.Placement{{ID: "7", Reference: "phone-3"}}}
	})
	if err := errors.Join(err1, err2, err3, err4); err != nil {
		return err
	}
	var found breaches
	for _, c := range []struct {
		q    mip.Query
		want []mip.Ref
	}{
		{mip.Query{ManualRef: "phone-1"}, []mip.Ref{one.Ref, two.Ref}},
		{mip.Query{ManualRef: "phone-2"}, nil}, // no longer
		{mip.Query{ManualRef: "phone-3"}, []mip.Ref{mistyped.Ref}},
		{mip.Query{ManualRef: "Phone3"}, nil},
		{mip.Query{ManualRef: "phone"}, nil},
		{mip.Query{ManualRef: "PHONE-1"}, nil},
		{mip.Query{ManualRef: "phone-1", Limit: 1}, []mip.Ref{one.Ref}},
		{mip.Query{ManualRef: "phone-1", Channel: "shop2"}, []mip.Ref{two.Ref}},
		{mip.Query{ManualRef: "phone-1", States: []mip.State{mip.StateManuallySent}}, []mip.Ref{one.Ref, two.Ref}},
		{mip.Query{ManualRef: "phone-1", States: []mip.State{mip.StatePendingReview}}, nil},
		{mip.Query{ManualRef: "phone-1", Code: "code"}, nil},
	} {
		got, err := refs(ctx, s, c.q)
		found.that(err == nil && slices.Equal(got, c.want), "%+v: want %v, got %v, %v", c.q, c.want, got, err)
	}
	return found.err()
}

func listsWhileChanging(ctx context.Context, s mip.Store) error {
	all, err := listed(ctx, s, 200)
	if err != nil {
		return err
	}
	var found breaches
	seen := map[mip.Ref]int{}
	for o, err := range s.Orders(ctx, mip.Query{States: []mip.State{mip.StateReceived}}) {
		if !found.kind(err, nil, "orders") {
			break
		}
		seen[o.Ref]++
		res, err := s.Apply(ctx, o.Ref, mip.Event{Kind: mip.EventCancel, Actor: "p1"}, minute(20))
		found.that(err == nil && res.Order.State == mip.StateCancelled, "the loop's body cannot change %s: %v", o.Ref, err)
	}
	for _, r := range all {
		found.that(seen[r] == 1, "%s came %d times, want once", r, seen[r])
	}
	seen = map[mip.Ref]int{}
	for o, err := range s.Orders(ctx, mip.Query{}) {
		if !found.kind(err, nil, "orders") {
			break
		}
		seen[o.Ref]++
		if _, err := s.Apply(ctx, o.Ref, noted("seen"), minute(30)); err != nil {
			return err
		}
	}
	found.that(len(seen) == len(all), "want all %d orders in a list without a filter, got %d", len(all), len(seen))
	return found.err()
}

func listsLazily(ctx context.Context, s mip.Store) error {
	want, err := listed(ctx, s, 100)
	if err != nil {
		return err
	}
	var found breaches
	list := s.Orders(ctx, mip.Query{})
	for range 3 {
		var got []mip.Ref
		for o, err := range list {
			found.kind(err, nil, "orders")
			if got = append(got, o.Ref); len(got) == 5 {
				break
			}
		}
		found.that(slices.Equal(got, want[:5]), "a second range must start over: want %v, got %v", want[:5], got)
	}
	f := plainFacts(shopRef(1))
	f.ShipBy = minute(1)
	if _, err := reach(ctx, s, f, start); err != nil {
		return fmt.Errorf("after break: %w", err)
	}
	for o, err := range list {
		found.that(err == nil && o.Ref == f.Ref, "a list must be read when it is ranged over: want %v first, got %v, %v", f.Ref, o.Ref, err)
		break
	}
	return found.err()
}

func listsUntilCancelled(ctx context.Context, s mip.Store) error {
	if _, err := listed(ctx, s, 100); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	var found breaches
	n := 0
	var last error
	for _, err := range s.Orders(ctx, mip.Query{}) {
		found.that(last == nil, "something follows the error")
		if last = err; err == nil {
			n++
			cancel()
		}
	}
	found.kind(last, context.Canceled, "the end of the list")
	found.that(n < 100, "the list went on to its end under an ended context")
	return found.err()
}

func countsStates(ctx context.Context, s mip.Store) error {
	var found breaches
	got, err := s.Counts(ctx)
	found.that(err == nil && len(got) == 0, "an empty store counts %v, %v", got, err)
	for i := range 5 {
		if _, err := reach(ctx, s, plainFacts(shopRef(i)), start); err != nil {
			return err
		}
	}
	for i := range 2 {
		if _, err := s.Apply(ctx, shopRef(i), held(mip.Order{Version: 1}, "code"), start); err != nil {
			return err
		}
	}
	got, err = s.Counts(ctx)
	found.that(err == nil && got[mip.StateReceived] == 3 && got[mip.StatePendingReview] == 2 && got[mip.StateShipped] == 0,
		"want 3 received and 2 in review, got %v, %v", got, err)
	return found.err()
}
