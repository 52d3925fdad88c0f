package channeltest

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/openmip/openmip/mip"
)

// goneChecks: an order that vanishes takes no other with it.
func goneChecks() []Check {
	return []Check{
		{"orders that vanish while paging hide no other", "Emptying the trash moves every row behind it one place up. Who counts pages skips as many orders as went.", vanishWhilePaging},
		{"an order that vanished is ErrNotFound by its id", "A webhook may name an order that is gone by the time it is fetched. ErrNotFound says so, or the order comes as cancelled; any other error is tried for days.", vanishedByID},
		{"a report on an order that vanished ends", "Nobody can be told any more: ErrNotFound, ErrRefused or ErrInvalid end the repeating.", vanishedReport},
	}
}

func (p *probe) remover() (Remover, error) {
	if r, ok := p.Shop.(Remover); ok {
		return r, nil
	}
	return nil, skip("orders of this world cannot vanish")
}

func vanishWhilePaging(p *probe) error {
	shop, err := p.remover()
	if err != nil {
		return err
	}
	want, err := p.stock(p.Many, time.Second)
	if err != nil {
		return err
	}
	p.settle()
	ids := slices.Sorted(maps.Keys(want))
	slices.SortFunc(ids, compareIDs)
	r, err := p.read(p.ctx, "", func(page int) {
		if page > 2 {
			return
		}
		for _, id := range ids[10*page : 10*page+5] { // read already, in most shops
			shop.Remove(id)
			delete(want, id)
		}
		last := len(ids) - 5*page
		for _, id := range ids[last : last+2] { // not read yet
			shop.Remove(id)
			delete(want, id)
		}
		time.Sleep(time.Second)
	})
	if err != nil {
		return err
	}
	if r.err != nil {
		return fmt.Errorf("orders that vanish end the reading: %w", r.err)
	}
	p.settle()
	then, err := p.all(r.next(""))
	if err != nil {
		return err
	}
	maps.Copy(r.orders, then.orders)
	return same(want, r.orders)
}

func vanishedByID(p *probe) error {
	shop, err := p.remover()
	if err != nil {
		return err
	}
	g, err := p.getter()
	if err != nil {
		return err
	}
	a, b, err := p.two()
	if err != nil {
		return err
	}
	shop.Remove(a.Ref.ID)
	p.settle()
	f, err := g.Order(p.ctx, a.Ref.ID)
	switch {
	case err == nil && (f.Demand == mip.DemandCancel || f.Demand == mip.DemandClosed):
	case err == nil:
		return fmt.Errorf("an order that vanished comes with demand %q", f.Demand)
	case !errors.Is(err, mip.ErrNotFound):
		return fmt.Errorf("want mip.ErrNotFound, got %w", err)
	}
	_, err = g.Order(p.ctx, b.Ref.ID)
	return err
}

func vanishedReport(p *probe) error {
	shop, err := p.remover()
	if err != nil {
		return err
	}
	a, b, err := p.two()
	if err != nil {
		return err
	}
	shop.Remove(a.Ref.ID)
	p.settle()
	err = p.Channel.Report(p.ctx, a.Ref, shipped(parcel(a, 0)))
	switch kind := mip.KindOf(err); kind {
	case mip.ErrNotFound, mip.ErrRefused, mip.ErrInvalid:
	default:
		return fmt.Errorf("want mip.ErrNotFound, ErrRefused or ErrInvalid, got %v", err)
	}
	return p.tell(b, shipped(parcel(b, 0)))
}
