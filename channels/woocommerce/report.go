package woocommerce

import (
	"context"
	"errors"
	"slices"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// Report implements [mip.Channel]. It reads the order first, then shows the
// tracking numbers that are missing, then changes the status if that is a
// step forward. Parcels that s does not name stay as they are. A status of
// which the shop shows nothing costs no call.
func (s *Shop) Report(ctx context.Context, ref mip.Ref, st mip.Status) error {
	if err := s.owns(ref); err != nil || s.silent(st) {
		return err
	}
	release, err := s.turns.Take(ctx, ref.ID)
	if err != nil {
		return err
	}
	defer release()
	return rest.About(ref, s.report(ctx, ref.ID, st))
}

// silent reports whether a shop shows nothing of a status, whatever it says
// about the order so far.
func (s *Shop) silent(st mip.Status) bool {
	numbered := func(p mip.Parcel) bool { return p.Number != "" }
	return st.State != mip.StateCancelled && s.writes[st.State] == "" && !slices.ContainsFunc(st.Parcels, numbered)
}

func (s *Shop) report(ctx context.Context, id string, st mip.Status) error {
	o, err := s.fetch(ctx, id)
	if err != nil {
		return err
	}
	if st.State == mip.StateCancelled {
		return s.cancel(ctx, o, "")
	}
	parcels := slices.DeleteFunc(slices.Clone(st.Parcels), func(p mip.Parcel) bool { return p.Number == "" })
	for i, p := range parcels {
		parcels[i] = s.named(p)
	}
	to, forward := s.step(o, st.State)
	if o.Demand == mip.DemandCancel && (forward || len(parcels) > 0) {
		return refused("the shop has cancelled it")
	}
	if err := s.show(ctx, o, parcels); err != nil {
		return err
	}
	if !forward {
		return nil
	}
	return s.put(ctx, id, map[string]any{"status": to})
}

// ladder is the order in which statuses are written.
var ladder = [...]mip.State{mip.StateSubmitted, mip.StateShipped, mip.StateDelivered}

// step returns the status to write for a state. Statuses only go forward: one
// that the shop calls done is replaced only if it was written for an earlier
// state.
func (s *Shop) step(o *order, state mip.State) (to string, forward bool) {
	from := string(o.wire.Status)
	if to = s.writes[state]; to == "" || to == from {
		return "", false
	}
	if o.Demand != mip.DemandClosed {
		return to, true
	}
	for _, earlier := range ladder {
		if earlier == state {
			break
		}
		if s.writes[earlier] == from {
			return to, true
		}
	}
	return "", false
}

// Cancel implements [mip.Canceller]: the shop cancels the order, with why as a
// note for its staff. A completed order is [mip.ErrRefused].
func (s *Shop) Cancel(ctx context.Context, ref mip.Ref, why string) error {
	if err := s.owns(ref); err != nil {
		return err
	}
	release, err := s.turns.Take(ctx, ref.ID)
	if err != nil {
		return err
	}
	defer release()
	o, err := s.fetch(ctx, ref.ID)
	if err == nil {
		err = s.cancel(ctx, o, why)
	}
	return rest.About(ref, err)
}

func (s *Shop) cancel(ctx context.Context, o *order, why string) error {
	switch to := s.writes[mip.StateCancelled]; {
	case o.Demand == mip.DemandCancel:
		return nil
	case o.Demand == mip.DemandClosed:
		return refused("the shop has completed it")
	case to == "":
		return refused("no status to cancel with")
	default:
		if why != "" {
			if err := s.note(ctx, o, why, why, false); err != nil {
				return err
			}
		}
		return s.put(ctx, o.Ref.ID, map[string]any{"status": to})
	}
}

func refused(why string) error {
	return &mip.Error{Op: "woocommerce: report", Kind: mip.ErrRefused, Err: errors.New(why)}
}

// put changes an order.
func (s *Shop) put(ctx context.Context, id string, change map[string]any) error {
	_, err := s.do(ctx, rest.Call{Method: "PUT", Path: "/wc/v3/orders/{id}", Vars: rest.Vars{"id": id}, Body: change})
	return err
}
