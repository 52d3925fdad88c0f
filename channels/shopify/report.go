package shopify

import (
	"context"
	"errors"
	"reflect"
	"slices"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// Report implements [mip.Channel]. It reads what is shipped first, then writes
// what is missing: a fulfillment for each parcel and location, and numbers that
// changed. Parcels that st does not name stay as they are; submitted writes
// nothing.
func (s *Shop) Report(ctx context.Context, ref mip.Ref, st mip.Status) error {
	return s.alone(ctx, ref, func() error {
		if st.State == mip.StateCancelled {
			return s.cancel(ctx, ref.ID, "")
		}
		return s.report(ctx, ref.ID, st)
	})
}

// alone keeps other reports on the same order waiting.
func (s *Shop) alone(ctx context.Context, ref mip.Ref, f func() error) error {
	if err := s.owns(ref); err != nil {
		return err
	}
	release, err := s.turns.Take(ctx, ref.ID)
	if err != nil {
		return err
	}
	defer release()
	return rest.About(ref, f())
}

// report writes until nothing is missing. A refusal proves that nothing was
// done, but perhaps only because somebody was faster: so it looks once more.
func (s *Shop) report(ctx context.Context, id string, st mip.Status) error {
	for try := 0; ; try++ {
		w, err := s.work(ctx, id)
		if err != nil {
			return err
		}
		again, err := s.show(ctx, w, st)
		refused := errors.Is(err, mip.ErrRefused) && codeOf(err) != final
		if try >= 3 || !again && (!refused || try > 0) {
			return err
		}
	}
}

// final is the code of a refusal that is not the shop's own.
const final = "nothing_to_ship"

// show makes the shop show the parcels once, and reports whether to look
// again.
func (s *Shop) show(ctx context.Context, w *wireWork, st mip.Status) (again bool, err error) {
	parcels := numbered(st.Parcels)
	if len(parcels) == 0 && st.State == mip.StateDelivered && len(w.Shipments) == 0 {
		parcels = []mip.Parcel{{ID: "all"}} // it arrived without a number
	}
	before := w.memory()
	steps, memory := w.plan(parcels)
	var homeless []int
	missing := false
	for i, p := range steps {
		if len(p.homes) == 0 && len(p.take) == 0 {
			homeless = append(homeless, i)
		}
		missing = missing || len(p.take) > 0
	}
	if missing && w.Cancelled != "" {
		return false, refused("the shop has cancelled it")
	}
	if len(homeless) > 0 && !missing {
		at := w.ours(memory)
		if at < 0 {
			return false, s.cannot(ctx, w)
		}
		for _, i := range homeless { // no pieces of its own: the number goes beside another one
			steps[i].homes = []int{at}
		}
	}
	if len(steps) > 0 && !reflect.DeepEqual(before, memory) {
		if err := s.remember(ctx, w, memory); err != nil {
			return false, err
		}
	}
	for i, sh := range w.Shipments {
		if tracks := alike(s.retrack(sh, i, steps)); !slices.EqualFunc(alike(sh.Tracks), tracks, sameTrack) {
			vars := map[string]any{"id": sh.ID, "t": trackingInput(tracks), "notify": !s.config.Quiet}
			if err := s.write(ctx, docTrack, vars); err != nil {
				return false, err
			}
		}
	}
	for _, p := range steps {
		if err := s.ship(ctx, w, p); err != nil {
			return false, err
		}
	}
	return missing && len(homeless) > 0, nil
}

// numbered are the parcels with a number; those that name their pieces first, so
// that one of unknown content takes only what is left.
func numbered(parcels []mip.Parcel) []mip.Parcel {
	var named, open []mip.Parcel
	for _, p := range parcels {
		switch {
		case p.Number == "":
		case len(p.Items) > 0:
			named = append(named, p)
		default:
			open = append(open, p)
		}
	}
	return append(named, open...)
}

// cannot says why there is nothing to ship. Routing, holds and dates end some
// day.
func (s *Shop) cannot(ctx context.Context, w *wireWork) error {
	if w.Cancelled != "" {
		return refused("the shop has cancelled it")
	}
	if len(w.Routes.Nodes) == 0 {
		if err := s.mayRoute(ctx); err != nil {
			return err
		}
		return fail("report", mip.ErrUnavailable, "the order is not routed to a location yet")
	}
	for _, t := range w.Routes.Nodes {
		if t.Status == "ON_HOLD" || t.Status == "SCHEDULED" {
			return fail("report", mip.ErrUnavailable, "the shop holds the order back")
		}
	}
	return refused("nothing of the order is left to ship")
}

func refused(why string) error {
	return &mip.Error{Op: "shopify: report", Kind: mip.ErrRefused, Code: final, Err: errors.New(why)}
}
