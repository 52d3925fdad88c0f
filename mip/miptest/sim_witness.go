package miptest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/openmip/openmip/mip"
)

// Witness is a store that watches: every change that is committed is compared
// with the promises of package mip, whoever caused it. It stands directly on a
// store, below all faults.
type Witness struct {
	QueuedStore
	saw func(before mip.Order, e mip.Event, r mip.Result)

	mu     sync.Mutex
	last   map[mip.Ref]mip.Order
	broken []error
}

// NewWitness returns a witness of everything that is written to s, which must
// be empty. saw is called after every commit, one at a time; nil = not. Where
// s itself cannot tell, the witness looks what was committed; such a result
// has no effects.
func NewWitness(s QueuedStore, saw func(before mip.Order, e mip.Event, r mip.Result)) *Witness {
	return &Witness{QueuedStore: s, saw: saw, last: map[mip.Ref]mip.Order{}}
}

// Err returns what was seen to go wrong so far, joined.
func (w *Witness) Err() error {
	w.mu.Lock()
	defer w.mu.Unlock()
	return errors.Join(w.broken...)
}

// Apply implements [mip.Store].
func (w *Witness) Apply(ctx context.Context, ref mip.Ref, e mip.Event, at time.Time) (mip.Result, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	r, err := w.QueuedStore.Apply(ctx, ref, e, at)
	before, seen := w.last[ref], r
	unknown := mip.KindOf(err) == mip.ErrUnknown
	if unknown {
		seen = w.committed(context.WithoutCancel(ctx), before, ref)
	}
	if err != nil && !(unknown && seen.Order.Version > before.Version) {
		return r, err
	}
	w.last[ref] = seen.Order
	w.see(before, e, seen)
	return r, err
}

// committed returns what stands in the store now.
func (w *Witness) committed(ctx context.Context, before mip.Order, ref mip.Ref) mip.Result {
	o, err := w.Order(ctx, ref)
	if mip.KindOf(err) == mip.ErrNotFound {
		return mip.Result{Order: before}
	}
	history, again := w.History(ctx, ref)
	if err := errors.Join(err, again); err != nil || len(history) == 0 {
		w.broken = append(w.broken, fmt.Errorf("%s: nobody can tell what was committed: %w", ref, err))
		return mip.Result{Order: before}
	}
	return mip.Result{Order: o, Change: history[len(history)-1]}
}

// see compares one committed change with the promises, and tells of it.
func (w *Witness) see(before mip.Order, e mip.Event, r mip.Result) {
	ref := r.Order.Ref
	for _, problem := range judge(before, e, r) {
		w.broken = append(w.broken, fmt.Errorf("%s after %s: %s", ref, e.Kind, problem))
	}
	if w.saw != nil {
		w.saw(before, e, r)
	}
}

// judge compares one committed change with the promises.
func judge(before mip.Order, e mip.Event, r mip.Result) []string {
	var out []string
	must := func(ok bool, format string, args ...any) {
		if !ok {
			out = append(out, fmt.Sprintf(format, args...))
		}
	}
	o := r.Order
	must(slices.Contains(mip.Transitions(), mip.Transition{From: before.State, On: e.Kind, To: o.State}),
		"%q to %q is not in the table", before.State, o.State)
	must(o.Version == before.Version+1, "version %d follows %d", o.Version, before.Version)
	must(!o.UpdatedAt.Before(before.UpdatedAt), "older news replaced newer")
	must(o.State != mip.StatePendingReview || len(o.Findings) > 0, "it waits without a reason")
	must(o.State != mip.StateManuallySent || flying(o) == 0, "an attempt may have bought it, too")
	must(flying(o) <= 1, "%d attempts are in flight", flying(o))
	must(len(o.Attempts) >= len(before.Attempts) && len(o.Placements) >= len(before.Placements), "something was forgotten")
	for i := range min(len(before.Attempts), len(o.Attempts)) {
		was, is := before.Attempts[i], o.Attempts[i]
		must(was.Reference == is.Reference && slices.Equal(was.Items, is.Items), "attempt %d is another one", was.Number)
		must(was.InFlight() || was.Outcome == is.Outcome, "attempt %d was %s and is %s", was.Number, was.Outcome, is.Outcome)
		must(was.Outcome != mip.OutcomeUnknown || is.Outcome != mip.OutcomeOpen, "attempt %d is no longer unknown", was.Number)
	}
	if n := len(before.Attempts); n > 0 && len(o.Attempts) > n && !slices.ContainsFunc(o.Placements, func(p mip.Placement) bool { return p.Attempt > 0 }) &&
		!slices.ContainsFunc(o.Placements, func(p mip.Placement) bool { return p.Reference == before.Attempts[n-1].Reference }) {
		must(o.Attempts[n].Reference == before.Attempts[n-1].Reference, "a new reference is used, and nothing stands under the old one")
	}
	for i := range min(len(before.Placements), len(o.Placements)) {
		must(before.Placements[i].ID == o.Placements[i].ID, "placement %s is gone", before.Placements[i].ID)
	}
	if e.Kind == mip.EventSending {
		must(!before.CancelAsked, "it was cancelled and is sent")
		must(before.Demand == mip.DemandShip || len(before.Overrides) > 0, "the channel says %s and it is sent", before.Demand)
		must(flying(before) == 1, "%d attempts were in flight", flying(before))
	}
	return out
}

func flying(o mip.Order) int {
	n := 0
	for _, a := range o.Attempts {
		if a.InFlight() {
			n++
		}
	}
	return n
}

// Forgotten returns what the store owes and nobody will do: an order that
// goes on by itself only if an effect waits, and none does. It holds at every
// moment, also in the middle of a crash.
func (w *Witness) Forgotten(ctx context.Context) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	var all []error
	for o, err := range w.Orders(ctx, mip.Query{}) {
		if err != nil {
			return err
		}
		waiting, err := w.Waiting(ctx, o.Ref)
		if err != nil {
			return err
		}
		for _, owed := range owes(o) {
			if !slices.ContainsFunc(waiting, func(e mip.Effect) bool {
				return slices.Contains(owed.kinds, e.Kind) && (owed.attempt == 0 || e.Attempt == owed.attempt)
			}) {
				all = append(all, fmt.Errorf("%s is %s, and nobody will %s", o.Ref, o.State, owed.kinds[0]))
			}
		}
	}
	return errors.Join(all...)
}

// debt is what must be done for an order; any of the kinds does it.
type debt struct {
	kinds   []mip.EffectKind
	attempt int
}

func owes(o mip.Order) []debt {
	var out []debt
	owe := func(attempt int, kinds ...mip.EffectKind) { out = append(out, debt{kinds, attempt}) }
	checking := slices.ContainsFunc(o.Findings, func(f mip.Finding) bool { return f.Code == mip.CodeChecking })
	switch {
	case o.State == mip.StateReceived, o.State == mip.StatePendingReview && checking:
		owe(0, mip.EffectCheck)
	case o.State == mip.StateManuallySent && !slices.ContainsFunc(o.Placements, func(p mip.Placement) bool { return p.Attempt == 0 }):
		owe(0, mip.EffectLink)
	}
	for _, a := range o.Attempts {
		switch {
		case a.InFlight() && o.State == mip.StateSubmitting:
			owe(a.Number, mip.EffectSubmit, mip.EffectResolve)
		case a.Awaits:
			owe(a.Number, mip.EffectPay)
		case !a.InFlight() && !a.Settled:
			owe(a.Number, mip.EffectSettle)
		}
	}
	if slices.ContainsFunc(o.Placements, func(p mip.Placement) bool {
		return p.Status != mip.PlacementDelivered && p.Status != mip.PlacementCancelled
	}) {
		owe(0, mip.EffectTrack)
	}
	if s := o.Status(); s.State != "" && !s.Equal(o.Reported) {
		owe(0, mip.EffectReport)
	}
	return out
}
