package channeltest

import (
	"errors"
	"fmt"
	"maps"
	"time"

	"github.com/openmip/openmip/mip"
)

// readChecks: what is in the shop arrives as it is.
func readChecks() []Check {
	return []Check{
		{"the name is an account name", "Name is part of every order's identity for ever: 1–16 of a–z 0–9, and always the same.", nameIsValid},
		{"an empty shop is no error", "A shop without orders is read to its end without an error, and what is bought later arrives from the cursor it gave.", emptyShop},
		{"every field arrives", "Every field of Facts that the platform has is filled, with the shop's own order id and line ids: tracking is told back by them, and a supplier refuses an order without a phone number.", everyField},
		{"every field survives hostile text", "Text from buyers is data: quotes, markup, emoji, combining marks, other scripts and format verbs arrive byte for byte. What a supplier cannot take is for the rules to say, where a person sees it.", hostileFields},
		{"a note of one megabyte arrives", "A long text must neither be cut silently nor stop the reading.", longNote},
		{"an order by its id is the order of the list", "A webhook only names an order; what Order fetches must be the same facts as the list gives.", orderByID},
		{"an order by an unknown id is ErrNotFound", "ErrNotFound says that the shop can be trusted to know. Any other kind makes the caller ask again for ever.", orderByUnknownID},
	}
}

func nameIsValid(p *probe) error {
	name := p.Channel.Name()
	if err := mip.ValidChannelName(name); err != nil {
		return err
	}
	if _, err := p.all(""); err != nil {
		return err
	}
	if then := p.Channel.Name(); then != name {
		return fmt.Errorf("it is %q, then %q", name, then)
	}
	return nil
}

func emptyShop(p *probe) error {
	first, err := p.all("")
	if err != nil {
		return err
	}
	if len(first.orders) > 0 {
		return fmt.Errorf("%d orders come out of a shop that has none", len(first.orders))
	}
	want, err := p.put(Order(1))
	if err != nil {
		return err
	}
	p.settle()
	then, err := p.all(first.next(""))
	if err != nil {
		return err
	}
	return same(map[string]mip.Facts{want.Ref.ID: want}, then.orders)
}

// arrive puts orders and compares what is read.
func (p *probe) arrive(facts ...mip.Facts) error {
	want := map[string]mip.Facts{}
	for _, f := range facts {
		kept, err := p.put(f)
		if err != nil {
			return err
		}
		want[kept.Ref.ID] = kept
		time.Sleep(time.Minute)
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

// whole refuses orders that were never put, and defects where nothing is odd.
func whole(got, want map[string]mip.Facts) error {
	for id, f := range got {
		if _, ok := want[id]; !ok {
			return fmt.Errorf("an order with id %q arrives that the shop does not have", id)
		}
		if len(f.Defects) > 0 {
			return fmt.Errorf("order %s has a defect at %q, but all of it can be read", f.Ref, f.Defects[0].Path)
		}
	}
	return nil
}

func everyField(p *probe) error {
	return p.arrive(Order(1), Order(2), Order(3), Order(4), Order(5), Order(6))
}

func hostileFields(p *probe) error {
	var all []mip.Facts
	for i := range len(hostileText) {
		all = append(all, Hostile(i))
	}
	return p.arrive(all...)
}

func longNote(p *probe) error {
	if why, no := p.Cannot[LongNotes]; no {
		return skip(why)
	}
	f := Order(1)
	f.Note = LongNote()
	return p.arrive(Order(0), f, Order(2))
}

func (p *probe) getter() (mip.Getter, error) {
	if g, ok := p.Channel.(mip.Getter); ok {
		return g, nil
	}
	return nil, skip("the channel is no mip.Getter")
}

func orderByID(p *probe) error {
	g, err := p.getter()
	if err != nil {
		return err
	}
	want, err := p.stock(3, time.Minute)
	if err != nil {
		return err
	}
	p.settle()
	got := map[string]mip.Facts{}
	for id := range want {
		f, err := g.Order(p.ctx, id)
		if err != nil {
			return fmt.Errorf("order %s: %w", id, err)
		}
		if err := sound(p.Channel.Name(), f); err != nil {
			return err
		}
		got[f.Ref.ID] = f
	}
	if err := same(want, got); err != nil {
		return err
	}
	listed, err := p.all("")
	if err != nil {
		return err
	}
	return same(maps.Clone(listed.orders), got)
}

func orderByUnknownID(p *probe) error {
	g, err := p.getter()
	if err != nil {
		return err
	}
	if _, err := p.put(Order(1)); err != nil {
		return err
	}
	p.settle()
	if f, err := g.Order(p.ctx, p.Unknown); !errors.Is(err, mip.ErrNotFound) {
		return fmt.Errorf("want mip.ErrNotFound, got order %q and error %v", f.Ref.ID, err)
	}
	return nil
}
