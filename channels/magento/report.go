package magento

import (
	"context"
	"slices"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// Report implements [mip.Channel]. It reads the order and its shipments first
// and then writes the shipments and tracking numbers that are missing; see the
// package comment. Parcels that st does not name stay as they are.
func (s *Shop) Report(ctx context.Context, ref mip.Ref, st mip.Status) error {
	return s.alone(ctx, ref, func(o *order) error {
		if st.State == mip.StateCancelled {
			return s.cancel(ctx, o, "")
		}
		return s.ship(ctx, o, st) // submitted has parcels too, once a part has left
	})
}

// Cancel implements [mip.Canceller]: the shop cancels the order, with why as a
// comment for its staff. What is invoiced, shipped or on hold cannot be
// cancelled in Magento and is [mip.ErrRefused]: giving money back is for a
// person.
func (s *Shop) Cancel(ctx context.Context, ref mip.Ref, why string) error {
	return s.alone(ctx, ref, func(o *order) error { return s.cancel(ctx, o, why) })
}

// alone reads an order and calls do while nobody else here writes it.
func (s *Shop) alone(ctx context.Context, ref mip.Ref, do func(*order) error) error {
	if err := s.owns(ref); err != nil {
		return err
	}
	release, err := s.turns.Take(ctx, ref.ID)
	if err != nil {
		return rest.About(ref, err)
	}
	defer release()
	o, err := s.fetch(ctx, ref.ID)
	if err == nil {
		err = do(o)
	}
	return rest.About(ref, err)
}

func (s *Shop) cancel(ctx context.Context, o *order, why string) error {
	switch o.Demand {
	case mip.DemandCancel:
		return nil
	case mip.DemandClosed:
		return fail("cancel", mip.ErrRefused, "the shop has completed it")
	}
	// Words that the shop does not take stop no cancellation.
	if err := s.comment(ctx, o, why); err != nil && mip.KindOf(err) != mip.ErrInvalid {
		return err
	}
	var done *bool
	_, err := s.do(ctx, rest.Call{Method: "POST", Path: "/orders/{id}/cancel", Vars: rest.Vars{"id": o.Ref.ID}, Out: &done})
	switch {
	case mip.KindOf(err) == mip.ErrInvalid || err == nil && done != nil && !*done:
		return fail("cancel", mip.ErrRefused, "the shop does not cancel it: it is invoiced, shipped or on hold")
	case err == nil && done == nil:
		return fail("cancel", mip.ErrUnknown, "the answer does not show what was done")
	}
	return err
}

// comment adds a comment for the staff unless it is there already. The status
// goes with it, or Magento would empty the order's.
func (s *Shop) comment(ctx context.Context, o *order, words string) error {
	there := slices.ContainsFunc(o.wire.History.V, func(h part[wireComment]) bool { return string(h.V.Comment) == words })
	if words == "" || there {
		return nil
	}
	var done *bool
	_, err := s.do(ctx, rest.Call{Method: "POST", Path: "/orders/{id}/comments", Vars: rest.Vars{"id": o.Ref.ID}, Out: &done,
		Body: map[string]any{"statusHistory": map[string]any{"comment": words, "status": string(o.wire.Status), "parent_id": number(o.Ref.ID),
			"is_customer_notified": 0, "is_visible_on_front": 0}}})
	if err == nil && (done == nil || !*done) {
		err = fail("comment", mip.ErrUnknown, "the answer does not show what was done")
	}
	return err
}
