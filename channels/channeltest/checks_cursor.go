package channeltest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/openmip/openmip/mip"
)

// cursorChecks: what is saved between two readings loses nothing.
func cursorChecks() []Check {
	return []Check{
		{"a finished reading gives a cursor", "Without a cursor every poll reads the whole shop again. Once a reading reached its end, it must have given a Next to save.", givesCursor},
		{"continuing from any cursor loses nothing", "Next may only be given for a page when everything before it was handed over: a process that dies there goes on from it. Overlap is allowed, a gap is not.", continues},
		{"orders changed while paging are not lost", "A change moves an order to another page and shifts all others. Whatever was overtaken must come in this reading or the next one.", changedMeanwhile},
		{"from the saved cursor only changes come", "The cursor must reach the shop as a filter on the time of change; a poll that reads everything does not scale and eats the shop's rate limit.", onlyChanges},
		{"a change in the second of the cursor is not lost", "Clocks on the wire have whole seconds, and shops commit late: ask from a little before the cursor, inclusively, and let orders come twice.", sameSecond},
		{"an order paid a week later is seen", "Filter on the time of change, never on the time of creation: a bank transfer arrives days after the order.", paidLater},
	}
}

func givesCursor(p *probe) error {
	if _, err := p.stock(3, time.Minute); err != nil {
		return err
	}
	p.settle()
	r, err := p.all("")
	if err == nil && len(r.saves) == 0 {
		err = errors.New("the whole shop was read, but there is no cursor to save")
	}
	return err
}

func continues(p *probe) error { return p.continuing(time.Second) }

// continuing stops at every cursor of a reading and goes on from it.
func (p *probe) continuing(every time.Duration) error {
	want, err := p.stock(p.Many, every)
	if err != nil {
		return err
	}
	p.settle()
	var seen []map[string]mip.Facts // what had come when a cursor was given
	var saves []mip.Cursor
	so := map[string]mip.Facts{}
	for page, err := range p.Channel.Orders(p.ctx, "") {
		if err != nil {
			return err
		}
		for _, f := range page.Orders {
			so[f.Ref.ID] = f
		}
		if page.Next != "" {
			seen, saves = append(seen, maps.Clone(so)), append(saves, page.Next)
		}
	}
	for i, save := range saves {
		then, err := p.all(save)
		if err != nil {
			return fmt.Errorf("from cursor %d: %w", i+1, err)
		}
		maps.Copy(seen[i], then.orders)
		if err := same(want, seen[i]); err != nil {
			return fmt.Errorf("stopped at cursor %d of %d and continued from it: %w", i+1, len(saves), err)
		}
	}
	return nil
}

func changedMeanwhile(p *probe) error {
	want, err := p.stock(p.Many, time.Second)
	if err != nil {
		return err
	}
	p.settle()
	ids := slices.Sorted(maps.Keys(want))
	var failed error
	change := func(f mip.Facts) {
		kept, err := p.put(f)
		failed = errors.Join(failed, err)
		want[kept.Ref.ID] = kept
	}
	r, err := p.read(p.ctx, "", func(page int) {
		if page > 3 {
			return
		}
		for i := range 5 { // near the beginning, in the middle, near the end
			for _, at := range []int{i, len(ids)/2 + i, len(ids) - 1 - i} {
				f := want[ids[at]]
				f.ShipTo.City = fmt.Sprintf("Moved %d", page)
				change(f)
			}
		}
		change(Order(1000 + page))
		time.Sleep(time.Second)
	})
	if err = errors.Join(err, failed, r.err); err != nil {
		return err
	}
	p.settle()
	then, err := p.all(r.next(""))
	if err != nil {
		return err
	}
	maps.Copy(r.orders, then.orders)
	return same(want, r.orders)
}

func onlyChanges(p *probe) error {
	const n = 30
	want, err := p.stock(n, time.Hour)
	if err != nil {
		return err
	}
	p.settle()
	first, err := p.all("")
	if err != nil {
		return err
	}
	ids := slices.Sorted(maps.Keys(want))
	f := want[ids[2]]
	f.ShipTo.City = "Elsewhere"
	changed, err := p.put(f)
	if err != nil {
		return err
	}
	p.settle()
	then, err := p.all(first.next(""))
	if err != nil {
		return err
	}
	if err := same(map[string]mip.Facts{changed.Ref.ID: changed}, then.orders); err != nil {
		return err
	}
	if got := len(then.orders); got > n/2 {
		return fmt.Errorf("one of %d orders changed in the last hour, but %d come: the cursor is not used", n, got)
	}
	return nil
}

func sameSecond(p *probe) error {
	var since mip.Cursor
	want := map[string]mip.Facts{}
	seen := map[string]mip.Facts{}
	for i := range 6 { // buy, read at once, buy in the same second; then a second later
		for range 2 {
			f, err := p.put(Order(i))
			if err != nil {
				return err
			}
			want[f.Ref.ID] = f
			r, err := p.all(since)
			if err != nil {
				return err
			}
			maps.Copy(seen, r.orders)
			since = r.next(since)
		}
		time.Sleep(time.Second)
	}
	p.settle()
	r, err := p.all(since)
	if err != nil {
		return err
	}
	maps.Copy(seen, r.orders)
	return same(want, seen)
}

func paidLater(p *probe) error {
	if why, no := p.Cannot[Unpaid]; no {
		return skip(why)
	}
	f := Order(1)
	f.Demand = mip.DemandUnpaid
	kept, err := p.put(f)
	if err != nil {
		return err
	}
	if _, err := p.stock(3, time.Minute); err != nil {
		return err
	}
	p.settle()
	r, err := p.all("")
	if err != nil {
		return err
	}
	if got, ok := r.orders[kept.Ref.ID]; ok && got.Demand != mip.DemandUnpaid {
		return fmt.Errorf("an unpaid order comes with demand %q", got.Demand)
	}
	time.Sleep(7 * 24 * time.Hour)
	kept.Demand = mip.DemandShip
	paid, err := p.put(kept)
	if err != nil {
		return err
	}
	p.settle()
	then, err := p.all(r.next(""))
	if err != nil {
		return err
	}
	return same(map[string]mip.Facts{paid.Ref.ID: paid}, then.orders)
}
