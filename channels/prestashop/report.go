package prestashop

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// Report implements [mip.Channel]. It reads the order first, then shows the
// tracking numbers that are missing, then posts the state if that is a step
// forward: the shop itself would take any, as often as it is sent. Parcels that
// st does not name stay as they are.
func (s *Shop) Report(ctx context.Context, ref mip.Ref, st mip.Status) error {
	return s.write(ctx, ref, func(o *target) error {
		if st.State == mip.StateCancelled {
			return s.cancel(ctx, o, "")
		}
		parcels := slices.DeleteFunc(slices.Clone(st.Parcels), func(p mip.Parcel) bool { return strings.TrimSpace(p.Number) == "" })
		to, forward := s.step(o, st.State)
		if o.demand == mip.DemandCancel && (forward || len(parcels) > 0) {
			return refused("the shop has cancelled it")
		}
		// The mail that the state sends has the number in it.
		if err := s.show(ctx, o, parcels, !forward); err != nil || !forward {
			return err
		}
		return s.post(ctx, o, to)
	})
}

// Cancel implements [mip.Canceller]: the shop cancels the order, with why as a
// private message for its staff. A shipped order is [mip.ErrRefused].
func (s *Shop) Cancel(ctx context.Context, ref mip.Ref, why string) error {
	return s.write(ctx, ref, func(o *target) error { return s.cancel(ctx, o, why) })
}

// target is an order that is being told something.
type target struct {
	row    row
	set    *settings
	demand mip.Demand
}

func (o *target) id() string { return string(o.row["id"]) }

// write reads the order as it is now and lets change write to it, one at a
// time.
func (s *Shop) write(ctx context.Context, ref mip.Ref, change func(*target) error) error {
	if err := s.owns(ref); err != nil {
		return err
	}
	release, err := s.turns.Take(ctx, ref.ID)
	if err != nil {
		return err
	}
	defer release()
	o := &target{}
	if o.set, err = s.known(ctx); err != nil {
		return rest.About(ref, err)
	}
	order, err := s.fetch(ctx, ref.ID)
	if err != nil {
		return rest.About(ref, err)
	}
	o.row = order.V
	var known bool
	if o.demand, known = s.demand(o.set, string(o.row["current_state"])); !known {
		if o.set, err = s.learn(ctx); err != nil {
			return rest.About(ref, err)
		}
		o.demand, _ = s.demand(o.set, string(o.row["current_state"]))
	}
	return rest.About(ref, change(o))
}

// ladder is the order in which states are written.
var ladder = [...]mip.State{mip.StateSubmitted, mip.StateShipped, mip.StateDelivered}

// step returns the shop's state to write for a state. States only go forward:
// one that the shop calls done is replaced only if it was written for an earlier
// state.
func (s *Shop) step(o *target, state mip.State) (to string, forward bool) {
	from := string(o.row["current_state"])
	if to = s.written(o.set, state); to == "" || to == from {
		return "", false
	}
	if o.demand != mip.DemandClosed {
		return to, true
	}
	for _, earlier := range ladder {
		if earlier == state {
			break
		}
		if s.written(o.set, earlier) == from {
			return to, true
		}
	}
	return "", false
}

// post makes the shop put an order into a state: one more row in its history,
// with all that follows from it.
func (s *Shop) post(ctx context.Context, o *target, state string) error {
	if o.set.states[state] == nil {
		return &mip.Error{Op: "prestashop: report", Kind: mip.ErrInvalid, Err: errors.New("the shop has no such state, see Config.Write")}
	}
	return s.save(ctx, "order_histories", "order_history", row{"id_order": o.row["id"], "id_order_state": text(state)}, true)
}

func (s *Shop) cancel(ctx context.Context, o *target, why string) error {
	switch to := s.written(o.set, mip.StateCancelled); {
	case o.demand == mip.DemandCancel:
		return nil
	case o.demand == mip.DemandClosed:
		return refused("the shop has shipped it")
	case to == "":
		return refused("no state to cancel with")
	default:
		// Words that the shop does not take stop no cancellation.
		if err := s.explain(ctx, o, why); err != nil && mip.KindOf(err) != mip.ErrInvalid {
			return err
		}
		return s.post(ctx, o, to)
	}
}

func refused(why string) error {
	return &mip.Error{Op: "prestashop: report", Kind: mip.ErrRefused, Err: errors.New(why)}
}
