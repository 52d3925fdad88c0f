package channeltest

import (
	"errors"
	"fmt"
	"time"

	"github.com/openmip/openmip/mip"
)

// pageChecks: Orders keeps the four promises of a sequence over many pages.
func pageChecks() []Check {
	return []Check{
		{"all orders arrive over several pages", "A page that is cut short, skipped or never asked for loses orders silently. Every page is as complete as the first one.", manyOrders},
		{"all orders of one second arrive over several pages", "Where many orders share one time of change, sorting by time alone mixes the pages: sort by a second, unique key or walk by id.", manyAtOnce},
		{"a second range starts over", "Orders is restartable: ranging again over the same value reads everything again, so that a failed import can simply be repeated.", secondRange},
		{"nothing is fetched before the loop", "Orders is lazy: the call itself asks nobody, the loop does.", lazy},
		{"pages are handed over as they are read", "Fetching everything before the first page keeps a large shop's orders in memory, and loses all of them when the last page fails.", notEager},
		{"break stops fetching", "Who leaves the loop wants nothing more: no request may follow, not even in the background.", breakStops},
		{"an error comes last", "After an error nothing follows, and pages handed over before it stand. An error that is swallowed looks like the end of the shop.", errorLast},
	}
}

func manyOrders(p *probe) error { return p.many(7 * time.Second) }
func manyAtOnce(p *probe) error { return p.many(0) }

func (p *probe) many(every time.Duration) error {
	want, err := p.stock(p.Many, every)
	if err != nil {
		return err
	}
	p.settle()
	got, err := p.all("")
	if err != nil {
		return err
	}
	if err := same(want, got.orders); err != nil {
		return err
	}
	return whole(got.orders, want)
}

func secondRange(p *probe) error {
	want, err := p.stock(p.Many, time.Second)
	if err != nil {
		return err
	}
	p.settle()
	orders := p.Channel.Orders(p.ctx, "")
	for range orders {
		break
	}
	for round := range 2 {
		got := map[string]mip.Facts{}
		for page, err := range orders {
			if err != nil {
				return err
			}
			for _, f := range page.Orders {
				got[f.Ref.ID] = f
			}
		}
		if err := same(want, got); err != nil {
			return fmt.Errorf("range %d: %w", round+2, err)
		}
	}
	return nil
}

func lazy(p *probe) error {
	if _, err := p.put(Order(1)); err != nil {
		return err
	}
	p.settle()
	before := p.Net.Requests()
	orders := p.Channel.Orders(p.ctx, "")
	time.Sleep(time.Minute)
	if n := p.Net.Requests() - before; n > 0 {
		return fmt.Errorf("%d requests are made before the loop begins", n)
	}
	for range orders {
		break
	}
	if p.Net.Requests() == before {
		return errors.New("the loop makes no request: nothing was read, or the world does not count")
	}
	return nil
}

// costs returns how many requests a full reading takes, and how many had been
// made when its first orders came.
func (p *probe) costs() (first, all int, err error) {
	if _, err := p.stock(p.Many, time.Second); err != nil {
		return 0, 0, err
	}
	p.settle()
	if _, err := p.all(""); err != nil { // whatever is asked only once
		return 0, 0, err
	}
	before := p.Net.Requests()
	for page, err := range p.Channel.Orders(p.ctx, "") {
		if err != nil {
			return 0, 0, err
		}
		if first == 0 && len(page.Orders) > 0 {
			first = p.Net.Requests() - before
		}
	}
	all = p.Net.Requests() - before
	if all < 2 {
		return 0, 0, fmt.Errorf("%d orders come with %d request: raise World.Many until they fill three pages", p.Many, all)
	}
	return first, all, nil
}

func notEager(p *probe) error {
	first, all, err := p.costs()
	if err == nil && first >= all {
		err = fmt.Errorf("all %d requests are made before the first orders are handed over", all)
	}
	return err
}

func breakStops(p *probe) error {
	_, all, err := p.costs()
	if err != nil {
		return err
	}
	before, at := p.Net.Requests(), 0
	for page, err := range p.Channel.Orders(p.ctx, "") {
		if err != nil {
			return err
		}
		if len(page.Orders) > 0 {
			at = p.Net.Requests()
			break
		}
	}
	time.Sleep(time.Hour)
	if n := p.Net.Requests() - at; n > 0 {
		return fmt.Errorf("%d requests follow after break", n)
	}
	if n := at - before; n >= all {
		return fmt.Errorf("leaving the loop at the first page still takes all %d requests", n)
	}
	return nil
}

func errorLast(p *probe) error {
	want, err := p.stock(p.Many, time.Second)
	if err != nil {
		return err
	}
	p.settle()
	r, err := p.read(p.ctx, "", func(page int) {
		if page == 1 {
			p.Net.Fail(Fault{Status: 401, Body: `{"code":"unauthorized"}`, Type: "application/json", Times: -1})
		}
	})
	if err != nil {
		return err
	}
	if r.err == nil {
		return fmt.Errorf("the second page is refused, yet the loop ends after %d of %d orders as if that were all", len(r.orders), len(want))
	}
	if r.pages == 0 || len(r.orders) == 0 {
		return errors.New("the first page, which was read, is not handed over")
	}
	p.Net.Fail()
	then, err := p.all(r.next(""))
	if err != nil {
		return err
	}
	for id, f := range then.orders {
		r.orders[id] = f
	}
	if err := same(want, r.orders); err != nil {
		return fmt.Errorf("continuing after the error: %w", err)
	}
	return nil
}
