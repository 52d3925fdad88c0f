package engine

import (
	"context"
	"errors"
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
	if len(ids) == 0 {
		return again, nil
	}
	call, cancel := context.WithTimeout(ctx, e.timing.Call)
	defer cancel()
	news, err := e.supplier.Track(call, ids)
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

// followed returns the ids of placements from which news may still come.
func followed(o mip.Order) []string {
	var ids []string
	for _, p := range o.Placements {
		if p.Status != mip.PlacementDelivered && p.Status != mip.PlacementCancelled {
			ids = append(ids, p.ID)
		}
	}
	return ids
}

func (e *Engine) tracked(ctx context.Context, o mip.Order, news []mip.Tracking) (time.Time, error) {
	mine := followed(o)
	if len(mine) == 0 {
		return time.Time{}, nil
	}
	next := e.timing.nextTrack(e.now(), o.Placements[0].PlacedAt)
	var told []mip.Tracking
	for _, t := range news {
		for _, id := range mine {
			if t.ID == id {
				told = append(told, t)
			}
		}
	}
	if len(told) == 0 {
		return next, nil
	}
	_, err := e.apply(ctx, o.Ref, mip.Event{Kind: mip.EventTracked, Tracking: told, Next: next})
	if errors.Is(err, mip.ErrIgnored) {
		return next, nil
	}
	return time.Time{}, err
}
