package engine

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/openmip/openmip/mip"
)

// report tells the channel where an order stands, until it sticks or is
// refused for good.
func (e *Engine) report(ctx context.Context, l mip.Lease) (time.Time, error) {
	o, err := e.store.Order(ctx, l.Ref)
	if err != nil {
		return time.Time{}, err
	}
	s := o.Status()
	if s.State == "" || s.Equal(o.Reported) {
		return time.Time{}, nil
	}
	if until := o.ChangedAt.Add(e.timing.TrackingNumber); numberless(s) && e.now().Before(until) {
		return until, nil
	}
	ch := e.channel(l.Ref.Channel)
	if ch == nil {
		return e.now().Add(e.timing.Retry.Max), nil // its account is run elsewhere, or not configured now
	}
	call, cancel := context.WithTimeout(ctx, e.timing.Call)
	defer cancel()
	if err = ch.Report(call, l.Ref, s); err == nil {
		return time.Time{}, e.tell(ctx, l.Ref, mip.Event{Kind: mip.EventReported, Status: &s})
	}
	if !errors.Is(err, mip.ErrPending) {
		e.failed(ctx, l.Ref, err)
	}
	switch {
	case errors.Is(err, mip.ErrNotFound), errors.Is(err, mip.ErrRefused), errors.Is(err, mip.ErrInvalid):
		f := mip.Finding{Code: mip.CodeReportRefused, Path: "report", Severity: mip.Notice, Params: map[string]string{"state": string(s.State), "kind": mip.KindOf(err).Error()}}
		return time.Time{}, e.tell(ctx, l.Ref, mip.Event{Kind: mip.EventReportRefused, Status: &s, Findings: []mip.Finding{f}})
	}
	return e.later(ctx, l, err), nil
}

// numberless reports whether goods are said to be on their way without any
// number to follow them by.
func numberless(s mip.Status) bool {
	return s.State == mip.StateShipped && !slices.ContainsFunc(s.Parcels, func(p mip.Parcel) bool { return p.Number != "" })
}
