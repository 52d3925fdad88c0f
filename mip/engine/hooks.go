package engine

import (
	"context"
	"errors"
	"slices"

	"github.com/openmip/openmip/mip"
)

// Hooks are called after the fact, from the goroutine that did the work; a
// slow hook slows that work. Several may be called at once, and those of one
// order in another order than its changes: [mip.Change].Version tells. Any may
// be nil. None is given personal data.
type Hooks struct {
	// Transition: an order changed its state.
	Transition func(ctx context.Context, ref mip.Ref, c mip.Change)
	// Held: an order now waits in pending review; codes say why.
	Held func(ctx context.Context, ref mip.Ref, codes []string)
	// Released: an order left pending review to be submitted.
	Released func(ctx context.Context, ref mip.Ref)
	// Approve: a payment was begun and waits, and p says where. p.URL is for
	// the person who pays; keep it out of logs.
	Approve func(ctx context.Context, ref mip.Ref, p mip.PendingPayment)
	// Noticed: an order got notices that people should see, such as a payment
	// to be made at the supplier. It need not wait for them.
	Noticed func(ctx context.Context, ref mip.Ref, codes []string)
	// WalletLow: held orders need more than is available. Called when it
	// begins, when what is missing has changed and no order is on its way to
	// be bought, and else once an hour.
	WalletLow func(ctx context.Context, available, needed mip.Money)
	// BalanceLow: less than [Config].LowBalance is available. Called when
	// that begins, and not again before there was more in between.
	BalanceLow func(ctx context.Context, available mip.Money)
	// Drift: a balance moved by what no purchase of ours explains. Of several
	// processes on one store one is told, once.
	Drift func(ctx context.Context, payment string, s mip.Statement)
	// Failure: something did not work and will be tried again, or was given
	// up. ref is zero where no single order is concerned.
	Failure func(ctx context.Context, ref mip.Ref, err error)
}

func (h Hooks) changed(ctx context.Context, ref mip.Ref, r mip.Result) {
	c := r.Change
	if h.Noticed != nil {
		if codes := notices(r); len(codes) > 0 {
			h.Noticed(ctx, ref, codes)
		}
	}
	if c.From == c.To {
		return
	}
	if h.Transition != nil {
		h.Transition(ctx, ref, c)
	}
	if c.To == mip.StatePendingReview && h.Held != nil {
		h.Held(ctx, ref, mip.Codes(r.Order.Holding()))
	}
	if c.From == mip.StatePendingReview && c.To == mip.StateSubmitting && h.Released != nil {
		h.Released(ctx, ref)
	}
}

// notices returns the codes of the notices that a change brought.
func notices(r mip.Result) []string {
	var out []string
	for _, f := range r.Order.Findings {
		if !f.Blocks() && f.Code != mip.CodeChecking && slices.Contains(r.Change.Codes, f.Code) {
			out = append(out, f.Code)
		}
	}
	return out
}

// failed logs and tells one failure. That calls are kept back is no news: the
// failures that led to it were told.
func (e *Engine) failed(ctx context.Context, ref mip.Ref, err error) {
	if me, ok := errors.AsType[*mip.Error](err); ok && me.Code == codePaused {
		return
	}
	log := e.log
	if ref != (mip.Ref{}) {
		log = log.With("order", ref.String())
	}
	log.WarnContext(ctx, "failed", "error", err.Error())
	if e.hooks.Failure != nil {
		e.hooks.Failure(ctx, ref, err)
	}
}
