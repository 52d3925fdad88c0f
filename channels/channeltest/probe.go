package channeltest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/openmip/openmip/mip"
)

// probe is what a check works with: a world of its own and the steps that
// checks share.
type probe struct {
	World
	ctx  context.Context
	logs *recorder
}

// settled is longer than any channel keeps its reading behind the shop's
// clock: after it, what was put must be seen.
const settled = 30 * time.Minute

// settle lets virtual time pass until everything put is visible.
func (*probe) settle() { time.Sleep(settled) }

// put places a plain order.
func (p *probe) put(f mip.Facts) (mip.Facts, error) { return p.sell(Sale{Facts: f}) }

// sell places or changes an order.
func (p *probe) sell(s Sale) (mip.Facts, error) {
	f, err := p.Shop.Put(s)
	switch {
	case errors.Is(err, errors.ErrUnsupported):
		return f, skip("the platform has no order with " + string(s.Quirk))
	case err != nil:
		return f, fmt.Errorf("the world cannot put an order: %w", err)
	case f.Ref.Channel != p.Channel.Name() || f.Ref.ID == "":
		return f, fmt.Errorf("the world returned the ref %q for an order of channel %q", f.Ref, p.Channel.Name())
	}
	return f, nil
}

// stock places orders 0 … n−1, every apart, and returns them by id.
func (p *probe) stock(n int, every time.Duration) (map[string]mip.Facts, error) {
	out := make(map[string]mip.Facts, n)
	for i := range n {
		f, err := p.put(Order(i))
		if err != nil {
			return nil, err
		}
		out[f.Ref.ID] = f
		time.Sleep(every)
	}
	return out, nil
}

// reading is all that one range over Orders brought.
type reading struct {
	orders map[string]mip.Facts // by id, the newest of each
	pages  int
	saves  []mip.Cursor // cursors to save, in order
	err    error        // what the channel said last
}

// next is the cursor to continue from after this reading that began at since.
func (r reading) next(since mip.Cursor) mip.Cursor {
	if n := len(r.saves); n > 0 {
		return r.saves[n-1]
	}
	return since
}

// read ranges over the channel to its end. each, if not nil, is called after
// every page. Its error is a broken promise; the channel's own is in the reading.
func (p *probe) read(ctx context.Context, since mip.Cursor, each func(page int)) (reading, error) {
	r := reading{orders: map[string]mip.Facts{}}
	for page, err := range p.Channel.Orders(ctx, since) {
		if r.err != nil {
			return r, errors.New("something follows an error")
		}
		if r.err = err; err != nil {
			continue
		}
		r.pages++
		for _, f := range page.Orders {
			if err := sound(p.Channel.Name(), f); err != nil {
				return r, err
			}
			if old, seen := r.orders[f.Ref.ID]; !seen || !f.UpdatedAt.Before(old.UpdatedAt) {
				r.orders[f.Ref.ID] = f
			}
		}
		if page.Next != "" {
			r.saves = append(r.saves, page.Next)
		}
		if each != nil {
			each(r.pages)
		}
	}
	return r, nil
}

// all reads from since to the end and expects no error.
func (p *probe) all(since mip.Cursor) (reading, error) {
	r, err := p.read(p.ctx, since, nil)
	if err == nil && r.err != nil {
		err = fmt.Errorf("reading a healthy shop ends with %q", r.err)
	}
	return r, err
}

// maxRaw is how much of an unreadable payload facts may keep.
const maxRaw = 64 << 10

// sound checks what holds for every order that a channel ever hands over.
func sound(name string, f mip.Facts) error {
	if err := f.Ref.Valid(); err != nil {
		return fmt.Errorf("an order has no usable ref: %w", err)
	}
	if f.Ref.Channel != name {
		return fmt.Errorf("order %s does not carry the account name %q", f.Ref, name)
	}
	if len(f.Raw) > maxRaw || len(f.Raw) > 0 && !json.Valid(f.Raw) {
		return fmt.Errorf("order %s: Raw must be valid JSON of at most %d bytes, got %d", f.Ref, maxRaw, len(f.Raw))
	}
	for _, d := range f.Defects {
		if d.Code != mip.CodeUnreadable || d.Path == "" || !d.Blocks() {
			return fmt.Errorf("order %s: a defect has code %q at %q, want a blocking %q with a path", f.Ref, d.Code, d.Path, mip.CodeUnreadable)
		}
	}
	if len(f.Defects) > 0 && len(f.Raw) == 0 {
		return fmt.Errorf("order %s has defects but no Raw: what could not be read is lost", f.Ref)
	}
	switch f.Demand {
	case mip.DemandShip, mip.DemandUnpaid, mip.DemandCancel, mip.DemandClosed:
	default:
		return fmt.Errorf("order %s has demand %q", f.Ref, f.Demand)
	}
	for _, at := range []time.Time{f.CreatedAt, f.UpdatedAt, f.ShipBy} {
		if !at.IsZero() && at.Location() != time.UTC {
			return fmt.Errorf("order %s: times must be in UTC", f.Ref)
		}
	}
	return nil
}
