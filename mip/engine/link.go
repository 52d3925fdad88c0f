package engine

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/openmip/openmip/mip"
)

// link looks for the order that a person placed by hand, and goes on looking
// while it is not there.
func (e *Engine) link(ctx context.Context, ref mip.Ref, tries int) (time.Time, error) {
	o, err := e.store.Order(ctx, ref)
	if err != nil {
		return time.Time{}, err
	}
	if o.State != mip.StateManuallySent || o.Linked() && len(o.OpenItems()) == 0 {
		return time.Time{}, nil
	}
	next := e.now().Add(e.timing.Link)
	found, err := e.find(ctx, o.ManualRef)
	if err != nil {
		e.failed(ctx, ref, err)
		return next, nil
	}
	fresh := unknownPlacements(o, found.Placements)
	if len(fresh) > 0 {
		taken := e.notAnothers(ctx, "link", ref, o.ManualRef) // two may have been marked at once
		if taken != nil && !errors.Is(taken, mip.ErrConflict) {
			return time.Time{}, taken
		}
		if taken != nil || !mip.Within(fresh, goods(o)) || olderThan(o, fresh) {
			return time.Time{}, e.tell(ctx, ref, mip.Event{Kind: mip.EventUnclear, Findings: []mip.Finding{alreadyExists(o.ManualRef)}})
		}
		return next, e.tell(ctx, ref, mip.Event{Kind: mip.EventPlaced, Placements: fresh,
			Proven: found.Complete, Next: e.now()}) // siblings may turn up
	}
	over := e.now().Sub(o.ChangedAt) >= e.timing.LinkFor
	if over && o.Linked() {
		return time.Time{}, nil // a person vouched for the whole, and what is linked decides
	}
	if over {
		return time.Time{}, e.tell(ctx, ref, mip.Event{Kind: mip.EventUnclear, Findings: []mip.Finding{{
			Code: mip.CodeNotMatched, Severity: mip.Blocking, Params: map[string]string{"reference": o.ManualRef}}}})
	}
	told := slices.ContainsFunc(o.Findings, func(f mip.Finding) bool { return f.Code == mip.CodeNotMatched })
	if !told && !o.Linked() {
		return time.Time{}, e.tell(ctx, ref, mip.Event{Kind: mip.EventUnclear, Next: next})
	}
	return next, nil
}
