package channeltest

import (
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/openmip/openmip/mip"
)

// clockChecks: neither zones nor wrong clocks nor restarts lose orders.
func clockChecks() []Check {
	return []Check{
		{"no order is lost when the clocks change", "Twice a year a local hour is skipped or comes twice. A cursor or a time in local words, or in a fixed offset, then skips an hour of orders. Keep instants.", clocksChange},
		{"a clock that is wrong loses nothing", "The shop's clock and ours differ, by minutes or by a zone that somebody set wrong. Times are compared with the shop's own, never with ours.", skewed},
		{"continuing among orders of one second loses nothing", "Where a page ends in the middle of many orders of one second, a cursor that says only the second must read that second again.", continuesInTies},
		{"a last page that is exactly full ends the reading", "One page more is asked for, and it is empty, an error or the last page again. None of them may end in an error, or never.", fullLastPage},
		{"a restarted process continues from the saved cursor", "The cursor is all that a process leaves behind: what a channel keeps in memory is gone.", restarts},
		{"reading from a point in time gives what changed since", "After an outage everything from some time on is read again: from the cursor that CursorAt makes nothing may be missing.", rewinds},
	}
}

// poll reads on from the last cursor and remembers what came.
type poll struct {
	*probe
	since mip.Cursor
	seen  map[string]mip.Facts
}

func (p *probe) poll() *poll { return &poll{probe: p, seen: map[string]mip.Facts{}} }

func (p *poll) on() error {
	r, err := p.all(p.since)
	if err == nil {
		p.since = r.next(p.since)
		maps.Copy(p.seen, r.orders)
	}
	return err
}

// edges are the hours around which clocks changed in the year in which a
// bubble begins: in Europe, and in New York.
var edges = []time.Time{
	time.Date(2000, 3, 26, 1, 0, 0, 0, time.UTC), time.Date(2000, 4, 2, 7, 0, 0, 0, time.UTC),
	time.Date(2000, 10, 29, 1, 0, 0, 0, time.UTC), time.Date(2000, 10, 29, 6, 0, 0, 0, time.UTC),
}

func clocksChange(p *probe) error {
	for n, edge := range edges {
		begin := edge.Add(-2 * time.Hour)
		if time.Until(begin) < 0 {
			continue // the second edge of one night, or a bubble that began later
		}
		time.Sleep(time.Until(begin))
		w, want := p.poll(), map[string]mip.Facts{}
		for i := range 20 { // five hours
			f, err := p.put(Order(n*20 + i))
			if err != nil {
				return err
			}
			want[f.Ref.ID] = f
			time.Sleep(15 * time.Minute)
			if err := w.on(); err != nil {
				return err
			}
		}
		p.settle()
		if err := w.on(); err != nil {
			return err
		}
		if err := same(want, w.seen); err != nil {
			return fmt.Errorf("around %s: %w", edge.Format(time.DateTime+" MST"), err)
		}
	}
	return nil
}

func skewed(p *probe) error {
	shop, ok := p.Shop.(Skewer)
	if !ok {
		return skip("the world's clock cannot be wrong")
	}
	for _, ahead := range []time.Duration{time.Hour, -time.Hour} {
		shop.Skew(ahead)
		w, want := p.poll(), map[string]mip.Facts{}
		for i := range 12 {
			f, err := p.put(Order(i))
			if err != nil {
				return err
			}
			want[f.Ref.ID] = f
			time.Sleep(7 * time.Minute)
			if err := w.on(); err != nil {
				return err
			}
		}
		p.settle()
		if err := w.on(); err != nil {
			return err
		}
		if err := same(want, w.seen); err != nil {
			return fmt.Errorf("with the shop's clock off by %s: %w", ahead, err)
		}
		time.Sleep(24 * time.Hour) // time only goes forward, also at the shop
	}
	return nil
}

func continuesInTies(p *probe) error { return p.continuing(0) }

func fullLastPage(p *probe) error {
	want, err := p.stock(p.Many, time.Second)
	if err != nil {
		return err
	}
	p.settle()
	size := 0
	for page, err := range p.Channel.Orders(p.ctx, "") {
		if err != nil {
			return err
		}
		size = max(size, len(page.Orders))
	}
	if size == 0 {
		return errors.New("no page has orders")
	}
	for i := 0; len(want)%size != 0; i++ {
		f, err := p.put(Order(i))
		if err != nil {
			return err
		}
		want[f.Ref.ID] = f
		time.Sleep(time.Second)
	}
	p.settle()
	before := p.Net.Requests()
	r, err := p.all("")
	if err != nil {
		return fmt.Errorf("%d orders in pages of %d: %w", len(want), size, err)
	}
	if n := p.Net.Requests() - before; n > 20*(len(want)/size+1) {
		return fmt.Errorf("%d orders in pages of %d take %d requests", len(want), size, n)
	}
	return same(want, r.orders)
}

func restarts(p *probe) error {
	if p.Again == nil {
		return skip("the world has no Again")
	}
	w, want := p.poll(), map[string]mip.Facts{}
	for i := range 4 {
		for n := range 3 {
			f, err := p.put(Order(3*i + n))
			if err != nil {
				return err
			}
			want[f.Ref.ID] = f
			time.Sleep(5 * time.Minute)
		}
		if err := w.on(); err != nil {
			return err
		}
		again, err := p.Again()
		if err != nil {
			return fmt.Errorf("opened again: %w", err)
		}
		p.Channel = again
	}
	p.settle()
	if err := w.on(); err != nil {
		return err
	}
	return same(want, w.seen)
}

func rewinds(p *probe) error {
	c, ok := p.Channel.(mip.Rewinder)
	if !ok {
		return skip("the channel is no mip.Rewinder")
	}
	if _, err := p.stock(3, time.Hour); err != nil {
		return err
	}
	time.Sleep(48 * time.Hour)
	from := time.Now()
	want, err := p.stock(6, 10*time.Minute)
	if err != nil {
		return err
	}
	p.settle()
	for _, at := range []time.Time{from, from.In(time.FixedZone("elsewhere", 11*60*60))} {
		r, err := p.all(c.CursorAt(at))
		if err != nil {
			return err
		}
		if err := same(want, r.orders); err != nil {
			return fmt.Errorf("from %s on: %w", at.Format(time.RFC3339), err)
		}
		if len(r.orders) > len(want) {
			return fmt.Errorf("%d orders come that did not change for two days", len(r.orders)-len(want))
		}
	}
	return nil
}
