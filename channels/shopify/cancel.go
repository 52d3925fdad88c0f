package shopify

import (
	"context"
	"errors"
	"time"

	"github.com/openmip/openmip/mip"
)

// Cancel implements [mip.Canceller]: the shop cancels the order, with why as a
// note for its staff; see [Config] for refund and stock. An order of which
// something was shipped is [mip.ErrRefused]. Shopify decides later: it is asked
// for half a minute, then the answer is [mip.ErrPending].
func (s *Shop) Cancel(ctx context.Context, ref mip.Ref, why string) error {
	return s.alone(ctx, ref, func() error { return s.cancel(ctx, ref.ID, why) })
}

func (s *Shop) cancel(ctx context.Context, id, why string) error {
	w, err := s.work(ctx, id)
	switch {
	case err != nil:
		return err
	case w.Cancelled != "":
		return nil
	case len(w.Shipments) > 0:
		return refused("something of it was shipped")
	}
	vars := map[string]any{"id": w.ID, "reason": "OTHER", "restock": s.config.Restock, "notify": !s.config.Quiet,
		"refund": map[string]any{"originalPaymentMethodsRefund": s.config.Refund}}
	if why != "" {
		vars["note"] = cut(why, 255)
	}
	no := s.write(ctx, docCancel, vars)
	if no != nil && !errors.Is(no, mip.ErrRefused) {
		return no
	}
	// Also after a refusal: perhaps it is being cancelled already.
	for _, wait := range []time.Duration{time.Second, 2 * time.Second, 4 * time.Second, 8 * time.Second, 15 * time.Second} {
		if err := sleep(ctx, wait); err != nil {
			return err
		}
		if w, err = s.work(ctx, id); err != nil || w.Cancelled != "" {
			return err
		}
	}
	if no != nil {
		return no
	}
	return fail(docCancel.name, mip.ErrPending, "the shop has not decided yet")
}

// cut shortens to at most n characters.
func cut(s string, n int) string {
	if r := []rune(s); len(r) > n {
		return string(r[:n])
	}
	return s
}
