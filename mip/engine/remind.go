package engine

import (
	"context"
	"time"

	"github.com/openmip/openmip/mip"
)

// remind tells people of an order that has not left by the channel's latest
// dispatch. It calls nobody and moves nothing.
func (e *Engine) remind(ctx context.Context, ref mip.Ref) (time.Time, error) {
	o, err := e.store.Order(ctx, ref)
	if err != nil {
		return time.Time{}, err
	}
	at := e.now()
	switch {
	case !o.Late(o.ShipBy):
		return time.Time{}, nil
	case !o.Late(at):
		return o.ShipBy, nil // moved, or another process's clock is ahead
	case o.State == mip.StateReceived:
		return at.Add(e.timing.Retry.Max), nil // not checked yet: first what comes of that
	}
	return time.Time{}, e.tell(ctx, ref, mip.Event{Kind: mip.EventNoted, Findings: []mip.Finding{mip.LateFinding(o)}})
}
