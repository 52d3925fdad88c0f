package engine

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/openmip/openmip/mip"
)

// Do does leased effects, as [Engine.Perform] does, and finishes each lease or
// gives it back for later. The error is the queue's.
func (e *Engine) Do(ctx context.Context, leases []mip.Lease) error {
	return e.do(ctx, leases, e.Perform)
}

// perform is [Engine.Perform] or [Engine.performToEnd].
type perform func(ctx context.Context, leases []mip.Lease) []time.Time

func (e *Engine) do(ctx context.Context, leases []mip.Lease, perform perform) error {
	var all []error
	for i, due := range perform(ctx, leases) {
		all = append(all, e.finish(ctx, leases[i], due))
	}
	return errors.Join(all...)
}

// Perform does leased effects: several of [mip.EffectTrack], or one of any
// other kind. For each lease it returns when to do it again; zero = done. What
// an effect ran into goes to the hooks. The leases stay as they are.
func (e *Engine) Perform(ctx context.Context, leases []mip.Lease) []time.Time {
	if len(leases) == 0 {
		return nil
	}
	var again []time.Time
	var err error
	if leases[0].Kind == mip.EffectTrack {
		again, err = e.track(ctx, leases)
	} else {
		again = make([]time.Time, 1)
		again[0], err = e.one(ctx, leases[0])
	}
	out := make([]time.Time, len(leases))
	for i, l := range leases {
		if err != nil {
			out[i] = e.afterFailure(ctx, l, err)
			continue
		}
		e.trouble.over(l)
		if i < len(again) {
			out[i] = again[i]
		}
	}
	return out
}

func (e *Engine) one(ctx context.Context, l mip.Lease) (time.Time, error) {
	switch l.Kind {
	case mip.EffectCheck:
		return e.check(ctx, l.Ref, l.Tries)
	case mip.EffectSubmit:
		return e.submit(ctx, l.Ref, l.Attempt)
	case mip.EffectResolve:
		return e.resolve(ctx, l.Ref, l.Attempt)
	case mip.EffectSettle:
		return time.Time{}, e.settle(ctx, l.Ref, l.Attempt)
	case mip.EffectPay:
		return e.await(ctx, l.Ref, l.Attempt)
	case mip.EffectLink:
		return e.link(ctx, l.Ref, l.Tries)
	case mip.EffectReport:
		return e.report(ctx, l)
	case mip.EffectRemind:
		return e.remind(ctx, l.Ref)
	}
	return time.Time{}, &mip.Error{Op: "engine: do", Ref: l.Ref, Kind: mip.ErrInvalid, Err: fmt.Errorf("no such effect %q", l.Kind)}
}

// finish removes the lease or gives it back. A lost lease is somebody else's
// work by now. It is finished even when the caller is stopping.
func (e *Engine) finish(ctx context.Context, l mip.Lease, due time.Time) error {
	ctx = context.WithoutCancel(ctx)
	var err error
	if due.IsZero() {
		err = e.queue.Done(ctx, l)
	} else {
		err = e.queue.Later(ctx, l, due)
	}
	if errors.Is(err, mip.ErrConflict) {
		return nil
	}
	return err
}

// afterFailure decides what becomes of an effect that returned an error.
func (e *Engine) afterFailure(ctx context.Context, l mip.Lease, err error) time.Time {
	if ctx.Err() == nil {
		e.failed(ctx, l.Ref, err)
	}
	return e.later(ctx, e.trouble.failed(l, e.now()), err)
}

// later is when an effect is tried again: after growing waits, and never given
// up in silence. Once the policy is spent a person is told, and the effect goes
// on at its slowest.
func (e *Engine) later(ctx context.Context, l mip.Lease, err error) time.Time {
	at := e.now()
	if e.timing.Retry.Spent(l.Tries+1, at.Sub(l.Since)) {
		f := mip.Finding{Code: mip.CodeGaveUp, Path: string(l.Kind), Severity: mip.Notice,
			Params: map[string]string{"effect": string(l.Kind), "kind": mip.KindOf(err).Error()}}
		_ = e.tell(ctx, l.Ref, mip.Event{Kind: mip.EventNoted, Findings: []mip.Finding{f}})
		return at.Add(e.timing.Retry.Max)
	}
	return at.Add(e.timing.Retry.Delay(l.Tries+1, l.Ref.String()+string(l.Kind), err))
}
