package bigbuy

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"time"

	"github.com/openmip/openmip/mip"
)

// trackBatch is how many ids go into one call; BigBuy names no limit.
const trackBatch = 50

// Track implements [mip.Supplier]. BigBuy allows one call per second, so it
// asks as little as it can: one call for every fifty ids, and an order by
// itself only where tracking leaves its state open, which is
//
//   - without a tracking number: in process, unpaid, cancelled, or shipped
//     without a number;
//   - with one, when the carrier's words may or may not mean delivered, or
//     nothing was heard of it for [Config.Silence].
//
// What has left and has no number in an answer about several is asked for it
// once more, alone: how many BigBuy takes at once is not known.
//
// A tracking number means at least shipped. If the time runs out half-way
// (context, rate limit, outage), the ids not reached are missing from the
// answer; it is an error only if nothing was learnt at all. Ids are asked about
// in the order given. One that BigBuy does not show although it answers for
// others has Missing set, unless a carrier has told of it.
func (s *Supplier) Track(ctx context.Context, ids []string) ([]mip.Tracking, error) {
	var out []mip.Tracking
	for batch := range slices.Chunk(once(ids), trackBatch) {
		news, err := s.trackBatch(ctx, batch)
		out = append(out, news...)
		if err != nil && len(out) == 0 {
			return nil, err
		}
		if err != nil {
			break
		}
	}
	return out, nil
}

// once returns the ids without repetitions, in their order.
func once(ids []string) []string {
	var out []string
	for _, id := range ids {
		if id != "" && !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	return out
}

func (s *Supplier) trackBatch(ctx context.Context, ids []string) ([]mip.Tracking, error) {
	told, refusal := s.client.Trackings(ctx, ids)
	if refusal != nil && (mip.Repeatable(refusal) || ctx.Err() != nil) {
		return nil, refusal
	}
	byID := map[string][]TrackingEvent{}
	for _, o := range told {
		byID[string(o.ID)] = append(byID[string(o.ID)], o.Trackings...)
	}
	if err := s.learnNames(ctx, told); err != nil {
		return nil, err
	}
	var out []mip.Tracking
	var open []mip.Tracking
	for _, id := range ids {
		t, clear := s.fromCarrier(id, byID[id])
		if clear {
			out = append(out, t)
		} else {
			open = append(open, t)
		}
	}
	more, err := s.fromOrders(ctx, open, len(out) > 0)
	if len(ids) > 1 || len(told) == 0 {
		for i, t := range more {
			told, refused := s.alone(ctx, t)
			if more[i] = told; refused && refusal != nil {
				return nil, refusal // no number is told at all
			}
		}
	}
	return append(out, more...), err
}

// alone asks for the numbers of one order that has left, because those of many
// may be refused for the sake of one, or cut short. refused: for good.
func (s *Supplier) alone(ctx context.Context, t mip.Tracking) (_ mip.Tracking, refused bool) {
	if t.Status != mip.PlacementShipped && t.Status != mip.PlacementDelivered || len(t.Parcels) > 0 {
		return t, false
	}
	told, err := s.client.Tracking(ctx, t.ID)
	if err != nil || s.learnNames(ctx, told) != nil {
		return t, err != nil && !mip.Repeatable(err) && ctx.Err() == nil // else when it is asked for next
	}
	for _, o := range told {
		if string(o.ID) == t.ID {
			t.Parcels = append(t.Parcels, s.parcels(t.ID, o.Trackings)...)
		}
	}
	return t, false
}

// outage is after how many failures in a row the other orders are not asked.
const outage = 3

// fromOrders asks for orders one by one. An order that cannot be shown, for
// whatever reason, must not hide the others: if BigBuy answers for another one
// it is missing. Otherwise, and after an outage, BigBuy has told nothing of it.
// What the carriers said is news in any case. answers: there is another one.
func (s *Supplier) fromOrders(ctx context.Context, open []mip.Tracking, answers bool) ([]mip.Tracking, error) {
	var out, failed []mip.Tracking
	var cause error
	row := 0
	for i, t := range open {
		t, err := s.fromOrder(ctx, t)
		if err == nil {
			out, row, answers = append(out, t), 0, true
			continue
		}
		cause, failed = err, append(failed, open[i])
		row++
		if row >= outage && (!answers || mip.Repeatable(err)) || ctx.Err() != nil || errors.Is(err, mip.ErrThrottled) {
			return append(out, withParcels(append(failed, open[i+1:]...))...), err
		}
	}
	if cause != nil && !answers {
		return withParcels(failed), cause
	}
	for _, t := range failed {
		out = append(out, missing(t))
	}
	return out, nil
}

// missing is what is known of an order that BigBuy does not show.
func missing(t mip.Tracking) mip.Tracking {
	t.Missing = len(t.Parcels) == 0
	return t
}

func withParcels(open []mip.Tracking) []mip.Tracking {
	return slices.DeleteFunc(slices.Clone(open), func(t mip.Tracking) bool { return len(t.Parcels) == 0 })
}

// fromCarrier reads an order's tracking, and says whether it tells enough.
func (s *Supplier) fromCarrier(id string, events []TrackingEvent) (t mip.Tracking, clear bool) {
	t = mip.Tracking{ID: id, Parcels: s.parcels(id, events)}
	if len(t.Parcels) == 0 {
		return t, false
	}
	t.Status, clear = mip.PlacementDelivered, true
	for _, p := range t.Parcels {
		switch arrivalOf(p.Status) {
		case onTheWay:
			t.Status = mip.PlacementShipped
		case perhapsThere:
			t.Status, clear = mip.PlacementShipped, false
		}
	}
	if t.Status == mip.PlacementShipped {
		last := t.Parcels[0].UpdatedAt
		clear = clear && !last.IsZero() && time.Since(last) < s.config.Silence
	}
	return t, clear
}

// parcels makes one per tracking number, in the order in which BigBuy lists
// them first, so that a corrected number takes its predecessor's place. All
// carry the time of the newest event of the order.
func (s *Supplier) parcels(id string, events []TrackingEvent) []mip.Parcel {
	var out []mip.Parcel
	var at []time.Time
	var newest time.Time
	for _, e := range events {
		if e.Number == "" {
			continue
		}
		when := instant(e.Date, s.config.Zone)
		if when.After(newest) {
			newest = when
		}
		i := slices.IndexFunc(out, func(p mip.Parcel) bool { return p.Number == string(e.Number) })
		if i < 0 {
			i = len(out)
			out = append(out, mip.Parcel{ID: id + "-" + strconv.Itoa(i+1), Number: string(e.Number)})
			at = append(at, time.Time{})
		} else if when.Before(at[i]) {
			continue
		}
		at[i], out[i].Status, out[i].Carrier = when, string(e.Description), s.carrierName(e)
	}
	for i := range out {
		out[i].UpdatedAt = newest
	}
	return out
}

// fromOrder asks the order itself and lets it decide the status, except that
// a parcel on its way is never called unshipped.
func (s *Supplier) fromOrder(ctx context.Context, t mip.Tracking) (mip.Tracking, error) {
	o, err := s.client.Order(ctx, t.ID)
	if errors.Is(err, mip.ErrNotFound) {
		return missing(t), nil
	}
	if err != nil {
		return t, err
	}
	t.StatusText, t.Cost = string(o.Status), o.Total.Money
	switch status := statusOf(string(o.Status), s.config.Statuses); status {
	case mip.PlacementDelivered, mip.PlacementCancelled, mip.PlacementShipped:
		t.Status = status
	default:
		if len(t.Parcels) == 0 {
			t.Status = status
		}
	}
	return t, nil
}
