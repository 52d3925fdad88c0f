package engine

import (
	"cmp"
	"context"
	"errors"
	"slices"
	"time"

	"github.com/openmip/openmip/mip"
)

// resolve finds out what an unknown attempt did. Nothing is bought here.
func (e *Engine) resolve(ctx context.Context, ref mip.Ref, number int) (time.Time, error) {
	o, err := e.store.Order(ctx, ref)
	if err != nil {
		return time.Time{}, err
	}
	a := attempt(o, number)
	if a == nil || a.Outcome != mip.OutcomeUnknown {
		return time.Time{}, nil
	}
	found, err := e.find(ctx, a.Reference)
	switch {
	case err != nil:
		e.failed(ctx, ref, err)
		return time.Time{}, e.cannotTell(ctx, ref, *a)
	case len(found.Placements) > 0:
		return time.Time{}, e.adopt(ctx, o, *a, found)
	case !found.Authoritative || boughtSome(o, *a):
		return time.Time{}, e.cannotTell(ctx, ref, *a)
	}
	return time.Time{}, e.absent(ctx, ref, o, *a)
}

func (e *Engine) find(ctx context.Context, reference string) (mip.Found, error) {
	ctx, cancel := context.WithTimeout(ctx, e.timing.Call)
	defer cancel()
	return e.supplier.Find(ctx, reference)
}

// boughtSome reports whether some of what an attempt covers is known to be
// bought. That nothing stands under its reference then proves nothing: the
// rest may stand where that was found, such as under a person's reference.
func boughtSome(o mip.Order, a mip.Attempt) bool {
	return slices.ContainsFunc(o.Placements, func(p mip.Placement) bool { return p.Attempt == a.Number })
}

// absent counts a trustworthy "not there". Two in a row, late enough after
// the call, prove that nothing was bought; the order is then tried again
// under the same reference, a bounded number of times.
func (e *Engine) absent(ctx context.Context, ref mip.Ref, o mip.Order, a mip.Attempt) error {
	ev := mip.Event{Kind: mip.EventAbsent, Attempt: a.Number, Next: e.nextLook(ref, a)}
	if a.Absences+1 >= 2 && !e.now().Before(e.absentFrom(a)) {
		ev.Proven = true
		ev.Findings = []mip.Finding{{Code: mip.CodeTemporary, Severity: mip.Blocking}}
		if lostInARow(o) < e.timing.Attempts {
			ev.Payment = a.Payment
		}
	}
	return e.tell(ctx, ref, ev)
}

// lostInARow counts the attempts at the end of the list that left and bought
// nothing.
func lostInARow(o mip.Order) int {
	n := 0
	for i := len(o.Attempts) - 1; i >= 0 && !o.Attempts[i].SentAt.IsZero(); i-- {
		n++
	}
	return n
}

// cannotTell looks again later, and asks a person after enough looks.
func (e *Engine) cannotTell(ctx context.Context, ref mip.Ref, a mip.Attempt) error {
	ev := mip.Event{Kind: mip.EventUnclear, Attempt: a.Number, Next: e.nextLook(ref, a)}
	if a.Looks+1 >= e.timing.Looks {
		ev.Findings = []mip.Finding{mip.UnknownFinding(a)}
	}
	return e.tell(ctx, ref, ev)
}

func (e *Engine) nextLook(ref mip.Ref, a mip.Attempt) time.Time {
	at := e.now()
	next := at.Add(e.timing.Retry.Delay(a.Looks+1, ref.String(), nil))
	if due := e.absentFrom(a); a.Absences > 0 && due.After(next) {
		next = due
	}
	return next
}

// absentFrom is when "not there" begins to count: [Timing].AbsentAfter after
// the call, and after anybody began to doubt it. A clock that jumps ahead makes
// a call that is still under way look old.
func (e *Engine) absentFrom(a mip.Attempt) time.Time {
	since := a.SentAt
	if a.LostAt.After(since) {
		since = a.LostAt
	}
	return since.Add(e.timing.AbsentAfter)
}

// adopt takes over what the supplier has under an attempt's reference, after
// comparing it with what the attempt asked for.
func (e *Engine) adopt(ctx context.Context, o mip.Order, a mip.Attempt, found mip.Found) error {
	if len(found.Placements) == 0 {
		return e.cannotTell(ctx, o.Ref, a)
	}
	if !mip.Within(found.Placements, a.Items) || olderThan(o, found.Placements) {
		f := alreadyExists(cmp.Or(found.Placements[0].Reference, a.Reference))
		return e.tell(ctx, o.Ref, mip.Event{Kind: mip.EventRefused, Attempt: a.Number, Findings: []mip.Finding{f}})
	}
	return e.tell(ctx, o.Ref, mip.Event{Kind: mip.EventPlaced, Attempt: a.Number, Placements: found.Placements,
		Proven: found.Complete, Next: e.timing.nextTrack(e.now(), e.now())})
}

// alreadyExists says that something else stands under a reference.
func alreadyExists(reference string) mip.Finding {
	return mip.Finding{Code: mip.CodeAlreadyExists, Severity: mip.Blocking, Params: map[string]string{"reference": reference}}
}

// olderThan reports whether something was placed before the order existed: it
// is a stranger's, such as of a shop that was set up anew and counts from one
// again. Clocks and zones may be two days apart.
func olderThan(o mip.Order, placements []mip.Placement) bool {
	since := o.ReceivedAt
	if !o.CreatedAt.IsZero() && o.CreatedAt.Before(since) {
		since = o.CreatedAt
	}
	return slices.ContainsFunc(placements, func(p mip.Placement) bool {
		return !p.PlacedAt.IsZero() && p.PlacedAt.Before(since.Add(-48*time.Hour))
	})
}

// lookFirst asks whether something stands under the reference already, where
// that is possible: after an earlier attempt, or where a person may have
// placed the order by hand. There a moment must pass before its absence
// counts. done: there is nothing left to submit now.
func (e *Engine) lookFirst(ctx context.Context, o mip.Order, a mip.Attempt) (done bool, again time.Time, err error) {
	var references []string
	if earlier(o, a) {
		references = append(references, a.Reference)
	}
	for _, reference := range append([]string{o.ManualRef}, o.EarlierRefs...) {
		if reference != "" && !slices.Contains(references, reference) {
			references = append(references, reference)
		}
	}
	for _, reference := range references {
		found, err := e.find(ctx, reference)
		if err != nil {
			again, err := e.postpone(ctx, o, a, err)
			return true, again, err
		}
		if fresh := unknownPlacements(o, found.Placements); len(fresh) > 0 {
			err := e.notAnothers(ctx, "submit", o.Ref, reference)
			if errors.Is(err, mip.ErrConflict) && !used(o, reference) {
				continue // a person named it by mistake
			}
			if errors.Is(err, mip.ErrConflict) {
				err = nil // an attempt of ours may have made it, whoever else was given it
			}
			if err != nil {
				return false, time.Time{}, err
			}
			found.Placements = fresh
			return true, time.Time{}, e.adopt(ctx, o, a, found)
		}
		if !given(o, reference) || len(found.Placements) > 0 {
			continue
		}
		if due := a.StartedAt.Add(e.timing.AbsentAfter); found.Authoritative && e.now().Before(due) {
			return true, due, nil // placed a moment ago, it may not be shown yet
		}
		if unclear := manualUnclear(reference); !found.Authoritative && len(mip.Holding([]mip.Finding{unclear}, o.Overrides)) > 0 {
			return true, time.Time{}, e.refuse(ctx, o, a.Number, unclear)
		}
	}
	return false, time.Time{}, nil
}

// given reports whether a person once named the reference as that of an order
// placed by hand. It may be the one that the attempt uses too.
func given(o mip.Order, reference string) bool {
	return reference == o.ManualRef || slices.Contains(o.EarlierRefs, reference)
}

// used reports whether an attempt of the order had the reference and has left.
func used(o mip.Order, reference string) bool {
	return slices.ContainsFunc(o.Attempts, func(a mip.Attempt) bool { return a.Reference == reference && !a.SentAt.IsZero() })
}

// manualUnclear says that nobody but a person can tell whether something was
// bought under the reference that a person once named.
func manualUnclear(reference string) mip.Finding {
	return mip.Finding{Code: mip.CodeManualUnclear, Severity: mip.Overridable, Value: mip.ValueHash(reference),
		Params: map[string]string{"reference": reference}}
}

// earlier reports whether another attempt used the same reference.
func earlier(o mip.Order, a mip.Attempt) bool {
	for _, b := range o.Attempts {
		if b.Number != a.Number && b.Reference == a.Reference && !b.SentAt.IsZero() {
			return true
		}
	}
	return false
}

func unknownPlacements(o mip.Order, found []mip.Placement) []mip.Placement {
	known := map[string]bool{}
	for _, p := range o.Placements {
		known[p.ID] = true
	}
	var out []mip.Placement
	for _, p := range found {
		if !known[p.ID] {
			out = append(out, p)
		}
	}
	return out
}
