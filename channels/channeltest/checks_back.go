package channeltest

import (
	"fmt"
	"maps"
	"time"

	"github.com/openmip/openmip/mip"
)

// backChecks: clocks that are corrected, and answers that tell a wrong time.
func backChecks() []Check {
	return []Check{
		{"a clock that is set back loses nothing", "Somebody corrects a clock that was ahead: from then on the shop dates changes before the cursor. Keep beside it what our own clock showed, and read on from the earlier of the two.", setBack},
		{"a wrong date in one answer loses nothing", "The Date of an answer may be a proxy's, and wrong. It must not carry the cursor into the future, nor make every poll after it read anew.", wrongDate},
	}
}

// turn is a clock being set back.
type turn struct {
	name           string
	from, to, step time.Duration // ahead of package time
	unwatched      bool          // nobody polls meanwhile, and then it is another process
}

func setBack(p *probe) error {
	shop, ok := p.Shop.(Skewer)
	if !ok {
		return skip("the world's clock cannot be wrong")
	}
	for _, t := range []turn{
		{"two hours that it was ahead", 2 * time.Hour, 0, 2 * time.Hour, false},
		{"a day and two hours that it was ahead", 26 * time.Hour, 0, 26 * time.Hour, false},
		{"ten minutes, to behind ours", 0, -10 * time.Minute, 10 * time.Minute, false},
		{"an hour, little by little", time.Hour, 0, 90 * time.Second, false},
		{"two hours, while nobody polled", 2 * time.Hour, 0, 2 * time.Hour, true},
	} {
		if err := p.turned(shop, t); err != nil {
			return fmt.Errorf("after the shop's clock was set back by %s: %w", t.name, err)
		}
		time.Sleep(72 * time.Hour)
	}
	return nil
}

// turned polls before, while and after the clock is set back.
func (p *probe) turned(shop Skewer, t turn) error {
	w := p.watch()
	shop.Skew(t.from)
	for range 6 {
		if err := w.step(5 * time.Minute); err != nil {
			return err
		}
	}
	if err := w.buy(); err != nil { // dated ahead, and not read yet
		return err
	}
	for at := t.from; at > t.to; {
		at = max(at-t.step, t.to)
		shop.Skew(at)
		w.blind = t.unwatched
		if err := w.step(time.Minute); err != nil {
			return err
		}
	}
	if t.unwatched && p.Again != nil {
		time.Sleep(time.Hour)
		again, err := p.Again()
		if err != nil {
			return fmt.Errorf("opened again: %w", err)
		}
		p.Channel = again
	}
	w.blind = false
	if err := w.change(); err != nil {
		return err
	}
	for range 6 {
		if err := w.step(5 * time.Minute); err != nil {
			return err
		}
	}
	return w.end()
}

func wrongDate(p *probe) error {
	if _, none := p.Net.(*Shop); none {
		return skip("answers have no date")
	}
	for _, off := range []time.Duration{5 * time.Hour, -5 * time.Hour} {
		for _, f := range []Fault{{Dated: off}, {Dated: off, Skip: 1}, {Dated: off, Times: -1}} {
			w := p.watch()
			for i := range 8 {
				w.blind = i == 3
				if err := w.step(7 * time.Minute); err != nil {
					return err
				}
				if w.blind {
					if err := w.past(f); err != nil {
						return err
					}
				}
			}
			if err := w.end(); err != nil {
				return fmt.Errorf("after an answer that was dated %s off: %w", off, err)
			}
			time.Sleep(24 * time.Hour)
		}
	}
	return nil
}

// watch is a poll with what it must have seen.
type watch struct {
	*poll
	want  map[string]mip.Facts
	last  mip.Facts
	blind bool // nobody polls
}

func (p *probe) watch() *watch { return &watch{poll: p.poll(), want: map[string]mip.Facts{}} }

func (w *watch) buy() error {
	f, err := w.put(Order(len(w.want)))
	if err == nil {
		w.want[f.Ref.ID], w.last = f, f
	}
	return err
}

// change edits the order that was placed last.
func (w *watch) change() error {
	f := w.last
	f.ShipTo.City = "Elsewhere"
	f, err := w.put(f)
	if err == nil {
		w.want[f.Ref.ID] = f
	}
	return err
}

// step places an order, and polls some time after it.
func (w *watch) step(after time.Duration) error {
	if err := w.buy(); err != nil {
		return err
	}
	time.Sleep(after)
	if w.blind {
		return nil
	}
	return w.on()
}

// past polls while answers have a fault: what is signed by a wrong clock may be
// refused.
func (w *watch) past(f Fault) error {
	w.Net.Fail(f)
	r, err := w.read(w.ctx, w.since, nil)
	w.Net.Fail()
	w.since = r.next(w.since)
	maps.Copy(w.seen, r.orders)
	return err
}

// end expects that everything was seen, and that two days later a poll brings
// little.
func (w *watch) end() error {
	w.settle()
	if err := w.on(); err != nil {
		return err
	}
	if err := same(w.want, w.seen); err != nil {
		return err
	}
	for range 2 {
		time.Sleep(24 * time.Hour)
		if err := w.on(); err != nil {
			return err
		}
	}
	r, err := w.all(w.since)
	if err == nil && len(r.orders) > len(w.want)/2 {
		err = fmt.Errorf("days later a poll still brings %d orders that did not change", len(r.orders))
	}
	return err
}
