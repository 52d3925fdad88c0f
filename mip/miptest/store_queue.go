package miptest

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/openmip/openmip/mip"
)

func queueChecks() []StoreCheck {
	return []StoreCheck{
		{"the most urgent kind comes first, then the longest due", "buying outranks asking for tracking, whatever else waits", leasesByUrgency},
		{"only what is due and of the kinds asked for is leased", "a cool-off must be waited for, and a worker must get what it can do", leasesDue},
		{"an effect is leased to one worker", "two workers on one submission buy twice", leasesOnce},
		{"what is done is gone, what is given back comes again", "no committed effect is forgotten, and none is done for ever", doneAndLater},
		{"the next due time is when there is something to do", "a worker sleeps until then: too late delays an order, too early spins", nextDue},
		{"every effect can be leased in the end", "an effect that nobody can lease is an order that waits for ever", leasesAll},
	}
}

// far is later than anything that is due.
var far = start.AddDate(1, 0, 0)

// fill makes four orders with effects of every kind, and returns them as a
// store must lease them.
func fill(ctx context.Context, s mip.Store) ([]mip.Effect, error) {
	b := book{}
	apply := func(r mip.Ref, at int, event func(o mip.Order) mip.Event) error {
		var o mip.Order
		if en, ok := b[r]; ok {
			o = en.order
		}
		return b.both(ctx, s, r, event(o), minute(at))
	}
	is := func(e mip.Event) func(mip.Order) mip.Event { return func(mip.Order) mip.Event { return e } }
	for i, step := range []struct {
		n     int
		event func(o mip.Order) mip.Event
	}{
		{1, is(imported(plainFacts(shopRef(1))))}, {1, approved}, {1, is(sending(1))},
		{1, is(mip.Event{Kind: mip.EventUnknown, Attempt: 1, Next: minute(90)})}, {1, is(placed(1))},
		{2, is(imported(plainFacts(shopRef(2))))}, {2, func(o mip.Order) mip.Event { return held(o, "code") }},
		{2, is(mip.Event{Kind: mip.EventManuallySent, Actor: "p1"})},
		{3, is(imported(inADay(plainFacts(shopRef(3)))))}, {3, approved},
		{4, is(imported(plainFacts(shopRef(4))))}, {4, approved},
		{4, is(mip.Event{Kind: mip.EventAwaiting, Attempt: 1, Payment: "wallet", Findings: []mip.Finding{{Code: mip.CodePaymentPending, Severity: mip.Blocking}}, Next: minute(30)})},
	} {
		if err := apply(shopRef(step.n), i, step.event); err != nil {
			return nil, err
		}
	}
	var all []mip.Effect
	kinds := map[mip.EffectKind]bool{}
	for _, en := range b {
		for _, e := range en.effects {
			all = append(all, e)
			kinds[e.Kind] = true
		}
	}
	if len(kinds) != len(mip.EffectKinds()) {
		return nil, fmt.Errorf("the suite reaches effects of the kinds %v only, want %v", kinds, mip.EffectKinds())
	}
	slices.SortFunc(all, byUrgency)
	return all, nil
}

// inADay must leave within a day.
func inADay(f mip.Facts) mip.Facts {
	f.ShipBy = minute(24 * 60)
	return f
}

func effectsOf(leases []mip.Lease) []mip.Effect {
	var out []mip.Effect
	for _, l := range leases {
		out = append(out, l.Effect)
	}
	return out
}

func leasesByUrgency(ctx context.Context, s mip.Store) error {
	q, err := queue(s)
	if err != nil {
		return err
	}
	want, err := fill(ctx, s)
	if err != nil {
		return err
	}
	var found breaches
	var got []mip.Effect
	for _, n := range []int{1, 2, 100} {
		leases, err := q.Lease(ctx, far, far.Add(time.Hour), n)
		found.that(err == nil && len(leases) == min(n, len(want)-len(got)), "lease %d: got %d, %v", n, len(leases), err)
		got = append(got, effectsOf(leases)...)
	}
	found.that(sameJSON(got, want), "the order of the leases\n got %s\nwant %s", show(got), show(want))
	return found.err()
}

func leasesDue(ctx context.Context, s mip.Store) error {
	q, err := queue(s)
	if err != nil {
		return err
	}
	all, err := fill(ctx, s)
	if err != nil {
		return err
	}
	var found breaches
	for _, c := range []struct {
		now   time.Time
		kinds []mip.EffectKind
	}{
		{start.Add(-time.Microsecond), nil}, {minute(4), nil}, {minute(90).Add(-time.Microsecond), []mip.EffectKind{mip.EffectResolve}},
		{minute(90), []mip.EffectKind{mip.EffectResolve}}, {minute(100), []mip.EffectKind{mip.EffectTrack, mip.EffectLink}}, {far, nil},
	} {
		var want []mip.Effect
		rest := all[:0:0]
		for _, e := range all {
			if !e.Due.After(c.now) && (len(c.kinds) == 0 || slices.Contains(c.kinds, e.Kind)) {
				want = append(want, e)
			} else {
				rest = append(rest, e)
			}
		}
		got, err := q.Lease(ctx, c.now, far.AddDate(1, 0, 0), 100, c.kinds...)
		found.that(err == nil && sameJSON(effectsOf(got), want), "due at %s of the kinds %v\n got %s, %v\nwant %s", c.now, c.kinds, show(effectsOf(got)), err, show(want))
		all = rest
	}
	found.that(len(all) == 0, "the suite left %s", show(all))
	got, err := q.Lease(ctx, far, far, 0)
	found.that(err == nil && len(got) == 0, "lease none: got %s, %v", show(got), err)
	return found.err()
}

func leasesOnce(ctx context.Context, s mip.Store) error {
	q, err := queue(s)
	if err != nil {
		return err
	}
	const orders = 60
	for i := range orders {
		if _, err := reach(ctx, s, plainFacts(shopRef(i)), start); err != nil {
			return err
		}
	}
	var found breaches
	leases := make([][]mip.Lease, crowd)
	errs := together(crowd, func(i int) (err error) {
		leases[i], err = q.Lease(ctx, minute(1), minute(2), 3)
		return err
	})
	for _, err := range errs {
		found.kind(err, nil, "lease")
	}
	holders, tokens := map[mip.Ref]int{}, map[int64]bool{}
	for _, l := range slices.Concat(leases...) {
		holders[l.Ref]++
		found.that(l.Token != 0 && !tokens[l.Token], "the token %d of %s is not its own", l.Token, l.Ref)
		tokens[l.Token] = true
	}
	for i := range orders {
		found.that(holders[shopRef(i)] == 1, "the effect of %s has %d holders, want 1", shopRef(i), holders[shopRef(i)])
	}
	return found.err()
}

func doneAndLater(ctx context.Context, s mip.Store) error {
	q, err := queue(s)
	if err != nil {
		return err
	}
	f := plainFacts(shopRef(1))
	if _, err := reach(ctx, s, f, start); err != nil {
		return err
	}
	var found breaches
	lease := func(at time.Time, tries int) mip.Lease {
		ls, err := q.Lease(ctx, at, at.Add(time.Minute), 9)
		if !found.that(err == nil && len(ls) == 1, "lease at %s: want one, got %s, %v", at, show(ls), err) {
			return mip.Lease{}
		}
		l := ls[0]
		found.that(l.Kind == mip.EffectCheck && l.Ref == f.Ref && l.Tries == tries && l.Since.Equal(start), "want the check with %d tries since %s, got %s", tries, start, show(l))
		return l
	}
	l := lease(minute(1), 0)
	found.kind(q.Later(ctx, l, minute(30)), nil, "later")
	found.kind(q.Later(ctx, l, minute(40)), mip.ErrConflict, "later, twice")
	none, err := q.Lease(ctx, minute(30).Add(-time.Microsecond), far, 9)
	found.that(err == nil && len(none) == 0, "leased before it was due again: %s, %v", show(none), err)
	l = lease(minute(30), 1)
	found.kind(q.Later(ctx, l, minute(31)), nil, "later")
	l = lease(minute(31), 2)
	found.kind(q.Done(ctx, l), nil, "done")
	found.kind(q.Done(ctx, l), mip.ErrConflict, "done, twice")
	found.kind(q.Later(ctx, l, minute(40)), mip.ErrConflict, "later after done")
	none, err = q.Lease(ctx, far, far, 9)
	found.that(err == nil && len(none) == 0, "leased after it was done: %s, %v", show(none), err)
	w, err := q.Waiting(ctx, f.Ref)
	found.that(err == nil && len(w) == 0, "waits after it was done: %s, %v", show(w), err)
	return found.err()
}

func nextDue(ctx context.Context, s mip.Store) error {
	q, err := queue(s)
	if err != nil {
		return err
	}
	var found breaches
	is := func(when string, want time.Time, kinds ...mip.EffectKind) {
		due, ok, err := q.NextDue(ctx, kinds...)
		found.that(err == nil && ok == !want.IsZero() && due.Equal(want), "%s: want %s, got %s, %t, %v", when, want, due, ok, err)
	}
	is("an empty store", time.Time{})
	for i, next := range []time.Time{minute(20), minute(10), {}} {
		e := imported(plainFacts(shopRef(i)))
		e.Next = next
		if _, err := s.Apply(ctx, shopRef(i), e, minute(i)); err != nil {
			return err
		}
	}
	is("the one without a due time is due when it was stored", minute(2))
	is("of a kind", minute(2), mip.EffectTrack, mip.EffectCheck)
	is("of a kind that nothing waits for", time.Time{}, mip.EffectTrack)
	first, err := q.Lease(ctx, minute(2), minute(60), 9)
	found.that(err == nil && len(first) == 1, "lease: %s, %v", show(first), err)
	is("one is leased for longer than the next is due", minute(10))
	rest, err := q.Lease(ctx, minute(20), minute(40), 9)
	found.that(err == nil && len(rest) == 2, "lease: %s, %v", show(rest), err)
	is("all are leased: the first lease to end", minute(40))
	is("all are leased, of a kind that nothing waits for", time.Time{}, mip.EffectTrack)
	for _, l := range rest {
		found.kind(q.Done(ctx, l), nil, "done")
	}
	is("one is left, under lease", minute(60))
	for _, l := range first {
		found.kind(q.Later(ctx, l, minute(50)), nil, "later")
	}
	is("given back", minute(50))
	return found.err()
}

func leasesAll(ctx context.Context, s mip.Store) error {
	q, err := queue(s)
	if err != nil {
		return err
	}
	want, err := fill(ctx, s)
	if err != nil {
		return err
	}
	var found breaches
	for turns := len(want); ; turns-- {
		ls, err := q.Lease(ctx, far, far.Add(time.Minute), 2)
		if !found.kind(err, nil, "lease") || len(ls) == 0 {
			break
		}
		if !found.that(turns > 0, "the same effects come again and again: %s", show(ls)) {
			break
		}
		for _, l := range ls {
			found.that(slices.ContainsFunc(want, func(e mip.Effect) bool { return sameJSON(e, l.Effect) }), "nobody stored %s", show(l))
			want = slices.DeleteFunc(want, func(e mip.Effect) bool { return sameJSON(e, l.Effect) })
			found.kind(q.Done(ctx, l), nil, "done")
		}
	}
	found.that(len(want) == 0, "never leased: %s", show(want))
	_, ok, err := q.NextDue(ctx)
	found.that(err == nil && !ok, "something is due when all is done, %v", err)
	return found.err()
}
