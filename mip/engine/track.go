package engine

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/openmip/openmip/mip"
)

// track asks once for the placements of many orders and records what each
// learnt. It returns when to ask again for every lease, in their order; zero
// where nothing is left to ask or the answer already decided it.
func (e *Engine) track(ctx context.Context, leases []mip.Lease) ([]time.Time, error) {
	orders := make([]mip.Order, len(leases))
	var ids []string
	for i, l := range leases {
		o, err := e.store.Order(ctx, l.Ref)
		if err != nil && !errors.Is(err, mip.ErrNotFound) {
			return nil, err
		}
		orders[i] = o
		ids = append(ids, followed(o)...)
	}
	again := make([]time.Time, len(leases))
	news, err := e.ask(ctx, ids)
	if err != nil {
		return nil, err
	}
	for i, o := range orders {
		if again[i], err = e.tracked(ctx, o, news); err != nil {
			e.failed(ctx, o.Ref, err)
			again[i] = e.now().Add(e.timing.Retry.First)
		}
	}
	return again, nil
}

func (e *Engine) ask(ctx context.Context, ids []string) ([]mip.Tracking, error) {
	if len(ids) == 0 {
		return nil, nil
	}
	ctx, cancel := context.WithTimeout(ctx, e.timing.Call)
	defer cancel()
	return e.supplier.Track(ctx, ids)
}

// followed returns the ids of placements from which news may still come, and
// of those that had arrived when they were found, until their parcels are
// known. Where only arrived ones are left and the order has not followed them
// to its end, they are asked about once more.
func followed(o mip.Order) []string {
	var open, arrived []string
	for _, p := range o.Placements {
		switch p.Status {
		case mip.PlacementCancelled:
		case mip.PlacementDelivered:
			arrived = append(arrived, p.ID)
			if p.CheckedAt.IsZero() && len(p.Parcels) == 0 {
				open = append(open, p.ID)
			}
		default:
			open = append(open, p.ID)
		}
	}
	if len(open) == 0 && !o.State.Terminal() {
		return arrived
	}
	return open
}

// tracked records what an order's placements brought. It does so without news
// too where none can come: the placements then decide where the order stands.
func (e *Engine) tracked(ctx context.Context, o mip.Order, news []mip.Tracking) (time.Time, error) {
	mine := followed(o)
	if len(o.Placements) == 0 || o.State.Terminal() {
		return time.Time{}, nil
	}
	final := !slices.ContainsFunc(o.Placements, func(p mip.Placement) bool {
		return p.Status != mip.PlacementDelivered && p.Status != mip.PlacementCancelled
	})
	next := e.timing.nextTrack(e.now(), o.Placements[0].PlacedAt)
	var told []mip.Tracking
	for _, t := range news {
		for _, id := range mine {
			if t.ID == id {
				told = append(told, t)
			}
		}
	}
	if len(told) == 0 && !final {
		return next.Add(-time.Minute), nil // perhaps there was no time for it: before the others, next time
	}
	_, err := e.apply(ctx, o.Ref, mip.Event{Kind: mip.EventTracked, Tracking: told, Next: next})
	if errors.Is(err, mip.ErrIgnored) && !final {
		return next, nil
	}
	if errors.Is(err, mip.ErrIgnored) {
		return time.Time{}, nil
	}
	return time.Time{}, err
}
