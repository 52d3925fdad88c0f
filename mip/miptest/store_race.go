package miptest

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/openmip/openmip/mip"
)

// crowd is how many goroutines race for one thing.
const crowd = 32

// together runs fn in n goroutines that start at once, and returns what each
// returned.
func together(n int, fn func(i int) error) []error {
	out := make([]error, n)
	var ready, all sync.WaitGroup
	ready.Add(1)
	for i := range n {
		all.Go(func() {
			ready.Wait()
			out[i] = fn(i)
		})
	}
	ready.Done()
	all.Wait()
	return out
}

// tally counts outcomes by kind; the nil error is the winner's.
func tally(errs []error) (won int, lost map[error]int) {
	lost = map[error]int{}
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		lost[mip.KindOf(err)]++
	}
	return won, lost
}

func raceChecks() []StoreCheck {
	return []StoreCheck{
		{"one of many claims to send wins", "two workers that both may call the supplier buy twice", oneClaimWins},
		{"one of many imports creates the order", "webhook and poll meet: one order, one check", oneImportWins},
		{"no concurrent change is lost", "a writer that stores what it read before another wrote undoes the other", noLostUpdate},
		{"a cancellation and an approval never both win", "an order cancelled before it was bought must not be bought", cancelOrApprove},
		{"manual marking and submission never both win", "a person and the engine must not both buy", manualOrApprove},
	}
}

func oneClaimWins(ctx context.Context, s mip.Store) error {
	o, err := reach(ctx, s, plainFacts(shopRef(1)), start, approved)
	if err != nil {
		return err
	}
	won, lost := tally(together(crowd, func(i int) error {
		_, err := s.Apply(ctx, shopRef(1), sending(1), minute(1))
		return err
	}))
	var found breaches
	found.that(won == 1 && lost[mip.ErrIgnored] == crowd-1, "want one winner and %d ignored, got %d and %v", crowd-1, won, lost)
	after, err := s.Order(ctx, shopRef(1))
	found.that(err == nil && after.Version == o.Version+1, "want one change, got version %d after %d, %v", after.Version, o.Version, err)
	h, err := s.History(ctx, shopRef(1))
	found.that(err == nil && len(h) == 2+crowd, "want every claim in the history once, got %d entries, %v", len(h)-2, err)
	return found.err()
}

func oneImportWins(ctx context.Context, s mip.Store) error {
	won, lost := tally(together(crowd, func(int) error {
		_, err := s.Apply(ctx, shopRef(1), imported(plainFacts(shopRef(1))), start)
		return err
	}))
	var found breaches
	found.that(won == 1 && lost[mip.ErrIgnored] == crowd-1, "want one import and %d ignored, got %d and %v", crowd-1, won, lost)
	h, err := s.History(ctx, shopRef(1))
	found.that(err == nil && len(h) == 1, "want one entry, got %s, %v", show(h), err)
	counts, err := s.Counts(ctx)
	found.that(err == nil && counts[mip.StateReceived] == 1, "want one order, got %v, %v", counts, err)
	return found.err()
}

func noLostUpdate(ctx context.Context, s mip.Store) error {
	for i := range 2 {
		if _, err := reach(ctx, s, plainFacts(shopRef(i)), start); err != nil {
			return err
		}
	}
	var found breaches
	errs := together(2*crowd, func(i int) error {
		_, err := s.Apply(ctx, shopRef(i%2), noted(fmt.Sprintf("note.%d", i)), minute(i))
		return err
	})
	found.kind(errors.Join(errs...), nil, "concurrent events")
	for i := range 2 {
		o, err := s.Order(ctx, shopRef(i))
		found.that(err == nil && o.Version == 1+crowd && len(o.Findings) == crowd, "want %d notices at version %d, got %d at %d, %v",
			crowd, 1+crowd, len(o.Findings), o.Version, err)
		h, err := s.History(ctx, shopRef(i))
		found.kind(err, nil, "history")
		for n, c := range h {
			found.that(c.Version == n+1, "entry %d of the history has version %d", n+1, c.Version)
		}
	}
	return found.err()
}

// rivals lets two events race for an approved order, many times over, and
// wants the result to be one of the two, one after the other.
func rivals(ctx context.Context, s mip.Store, one, other func(o mip.Order) mip.Event, both func(o mip.Order) bool) error {
	var found breaches
	for i := range 16 {
		o, err := reach(ctx, s, plainFacts(shopRef(i)), start, func(o mip.Order) mip.Event { return held(o, "code") })
		if err != nil {
			return err
		}
		events := []mip.Event{one(o), other(o)}
		b := book{}
		errs := together(2, func(n int) error {
			_, err := s.Apply(ctx, shopRef(i), events[n], minute(n+1))
			return err
		})
		after, err := s.Order(ctx, shopRef(i))
		found.that(err == nil && !both(after), "both won: %s, %v", show(after), err)
		fits := false
		for _, first := range []int{0, 1} {
			b[shopRef(i)] = &entry{order: o, effects: map[task]mip.Effect{}}
			_, err1 := b.apply(shopRef(i), events[first], minute(first+1))
			_, err2 := b.apply(shopRef(i), events[1-first], minute(2-first))
			fits = fits || sameJSON(b[shopRef(i)].order, after) && errors.Is(errs[first], mip.KindOf(err1)) && errors.Is(errs[1-first], mip.KindOf(err2))
		}
		found.that(fits, "the result is that of neither order of events: %s, %v", show(after), errs)
	}
	return found.err()
}

func cancelOrApprove(ctx context.Context, s mip.Store) error {
	cancel := func(mip.Order) mip.Event {
		return mip.Event{Kind: mip.EventCancel, Actor: "p1", Why: "changed my mind"}
	}
	return rivals(ctx, s, cancel, approved, func(o mip.Order) bool { return o.CancelAsked && o.InFlight() })
}

func manualOrApprove(ctx context.Context, s mip.Store) error {
	manual := func(mip.Order) mip.Event {
		return mip.Event{Kind: mip.EventManuallySent, Actor: "p1", Reference: "mine"}
	}
	return rivals(ctx, s, manual, approved, func(o mip.Order) bool { return o.ManualRef != "" && o.InFlight() })
}
