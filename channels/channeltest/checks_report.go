package channeltest

import (
	"cmp"
	"errors"
	"fmt"
	"time"

	"github.com/openmip/openmip/mip"
)

// reportChecks: the shop shows what it is told, once.
func reportChecks() []Check {
	return []Check{
		{"a report arrives and may be repeated", "Report makes the shop show status, tracking number and carrier. It is called at least once, so a repetition adds nothing: customers get an e-mail for each number.", reportTwice},
		{"a report touches no other order", "Tracking at the wrong order sends a stranger the way to somebody's parcel.", reportOnlyOne},
		{"news before shipping shows no shipment", "Submitted means that the supplier has it. A shop that calls it shipped tells its buyer something untrue.", reportSubmitted},
		{"delivered after shipped keeps the tracking", "Later news comes with the same parcels; they stay, each once.", reportDelivered},
		{"a cancelled order is shown as cancelled or refused", "Report says success only if the shop now shows it: a channel that will not cancel says ErrRefused, and a person is told.", reportCancelled},
		{"several parcels arrive, each once", "One order often comes in several boxes; every number is shown.", reportParcels},
		{"pieces of one line in two parcels arrive", "A line of three pieces may leave as one and two: pieces are told by line and quantity, and never more than were ordered.", reportSplit},
		{"a parcel of unknown content arrives", "Suppliers do not always say what is in a box. The number is shown all the same.", reportUnknownContent},
		{"parcels that leave later are added", "The second warehouse ships days later: its parcel comes beside the first.", reportLater},
		{"a parcel that leaves before the rest is shown", "Submitted with parcels means that a part has left. Who reads the state alone keeps its number from the buyer until the rest leaves, or for ever.", reportPart},
		{"a parcel whose number comes later is shown once", "The number is often missing at first. Nothing is shown for an empty one, and when it is known it appears.", reportNumberLater},
		{"a corrected tracking number arrives", "A parcel keeps its ID when the carrier's number is corrected: the new number replaces the old one, first come is not first served.", reportCorrection},
		{"a report on an unknown order is ErrNotFound", "ErrNotFound ends the repeating; any other kind would be tried for days.", reportUnknown},
		{"a report on another account's order is refused", "Two accounts may both have an order 1001: a ref of another channel name is never this shop's.", reportForeign},
		{"its own write comes back and settles", "Telling the shop something moves its time of change, so the order comes again. That must not look like a new wish, and telling it again must move nothing, or the two go round for ever.", echo},
	}
}

func reportTwice(p *probe) error {
	a, _, err := p.two()
	if err != nil {
		return err
	}
	s := shipped(parcel(a, 0))
	for i := range 3 {
		if err := p.tell(a, s); err != nil {
			return fmt.Errorf("call %d: %w", i+1, err)
		}
	}
	return nil
}

func reportOnlyOne(p *probe) error {
	a, b, err := p.two()
	if err != nil {
		return err
	}
	before := p.Shop.Shown(b.Ref.ID)
	if err := p.tell(a, shipped(parcel(a, 0))); err != nil {
		return err
	}
	if after := p.Shop.Shown(b.Ref.ID); !after.Equal(before) {
		return fmt.Errorf("told about order %s, the shop shows something new at %s", a.Ref, b.Ref)
	}
	return nil
}

func reportSubmitted(p *probe) error {
	a, _, err := p.two()
	if err != nil {
		return err
	}
	s := mip.Status{State: mip.StateSubmitted}
	if err := cmp.Or(p.tell(a, s), p.tell(a, s)); err != nil {
		return err
	}
	if p.Shop.Shown(a.Ref.ID).State == mip.StateCancelled {
		return errors.New("told it was submitted, the shop shows it as cancelled")
	}
	return p.tell(a, shipped(parcel(a, 0)))
}

func reportDelivered(p *probe) error {
	a, _, err := p.two()
	if err != nil {
		return err
	}
	box := parcel(a, 0)
	return cmp.Or(
		p.tell(a, shipped(box)),
		p.tell(a, mip.Status{State: mip.StateDelivered, Parcels: []mip.Parcel{box}}))
}

func reportCancelled(p *probe) error {
	a, _, err := p.two()
	if err != nil {
		return err
	}
	for range 2 {
		err := p.Channel.Report(p.ctx, a.Ref, mip.Status{State: mip.StateCancelled})
		time.Sleep(time.Minute)
		switch kind := mip.KindOf(err); {
		case kind == mip.ErrRefused || kind == mip.ErrInvalid:
		case err != nil:
			return err
		case p.Shop.Shown(a.Ref.ID).State != mip.StateCancelled:
			return fmt.Errorf("Report says success, the shop shows %q", p.Shop.Shown(a.Ref.ID).State)
		}
	}
	return nil
}

func reportParcels(p *probe) error {
	if why, no := p.Cannot[SeveralParcels]; no {
		return skip(why)
	}
	a, _, err := p.two()
	if err != nil {
		return err
	}
	s := shipped(parcel(a, 0), parcel(a, 1), parcel(a, 2))
	return cmp.Or(p.tell(a, s), p.tell(a, s))
}

func reportSplit(p *probe) error {
	if why, no := p.Cannot[SeveralParcels]; no {
		return skip(why)
	}
	a, _, err := p.two()
	if err != nil {
		return err
	}
	one, two := parcel(a, 0), parcel(a, 1)
	one.Items = []mip.Item{{LineID: a.Lines[0].ID, SKU: a.Lines[0].SKU, Quantity: 1}}
	two.Items = []mip.Item{
		{LineID: a.Lines[0].ID, SKU: a.Lines[0].SKU, Quantity: a.Lines[0].Quantity - 1},
		{LineID: a.Lines[1].ID, SKU: a.Lines[1].SKU, Quantity: a.Lines[1].Quantity},
	}
	return cmp.Or(p.tell(a, shipped(one)), p.tell(a, shipped(one, two)), p.tell(a, shipped(one, two)))
}

func reportUnknownContent(p *probe) error {
	a, _, err := p.two()
	if err != nil {
		return err
	}
	box := parcel(a, 0)
	box.Items = nil
	return cmp.Or(p.tell(a, shipped(box)), p.tell(a, shipped(box)))
}

func reportLater(p *probe) error {
	if why, no := p.Cannot[SeveralParcels]; no {
		return skip(why)
	}
	a, _, err := p.two()
	if err != nil {
		return err
	}
	one, two := parcel(a, 0), parcel(a, 1)
	return cmp.Or(p.tell(a, shipped(one)), p.tell(a, shipped(one, two)), p.tell(a, shipped(one, two)))
}

func reportPart(p *probe) error {
	a, _, err := p.two()
	if err != nil {
		return err
	}
	one, two := parcel(a, 0), parcel(a, 1)
	for range 2 {
		if err := p.Channel.Report(p.ctx, a.Ref, mip.Status{State: mip.StateSubmitted, Parcels: []mip.Parcel{one}}); err != nil {
			return fmt.Errorf("a parcel of a part: %w", err)
		}
		time.Sleep(time.Minute)
		// Some platforms call an order on its way once any of it is.
		if err := p.shows(a, mip.Status{State: p.Shop.Shown(a.Ref.ID).State, Parcels: []mip.Parcel{one}}); err != nil {
			return fmt.Errorf("a part has left: %w", err)
		}
	}
	if _, no := p.Cannot[SeveralParcels]; no {
		return p.tell(a, shipped(one))
	}
	return p.tell(a, shipped(one, two))
}

func reportNumberLater(p *probe) error {
	a, _, err := p.two()
	if err != nil {
		return err
	}
	known := parcel(a, 0)
	open := known
	open.Number, open.URL = "", ""
	if err := p.Channel.Report(p.ctx, a.Ref, shipped(open)); err != nil {
		return fmt.Errorf("a parcel without a number: %w", err)
	}
	time.Sleep(time.Minute)
	if n := len(p.Shop.Shown(a.Ref.ID).Parcels); n > 0 {
		return errors.New("a parcel is shown though it has no number yet")
	}
	return cmp.Or(p.tell(a, shipped(known)), p.tell(a, shipped(known)))
}

func reportCorrection(p *probe) error {
	if why, no := p.Cannot[Corrections]; no {
		return skip(why)
	}
	a, _, err := p.two()
	if err != nil {
		return err
	}
	old := parcel(a, 0)
	right := old
	right.Number, right.URL = old.Number+"9", old.URL+"9"
	return cmp.Or(p.tell(a, shipped(old)), p.tell(a, shipped(right)), p.tell(a, shipped(right)))
}

func reportUnknown(p *probe) error {
	if _, _, err := p.two(); err != nil {
		return err
	}
	ref := mip.Ref{Channel: p.Channel.Name(), ID: p.Unknown}
	err := p.Channel.Report(p.ctx, ref, shipped(parcel(mip.Facts{Ref: ref, Lines: Order(5).Lines}, 0)))
	if mip.KindOf(err) != mip.ErrNotFound {
		return fmt.Errorf("want mip.ErrNotFound, got %v", err)
	}
	return nil
}

func reportForeign(p *probe) error {
	a, _, err := p.two()
	if err != nil {
		return err
	}
	ref := mip.Ref{Channel: "someoneelse", ID: a.Ref.ID}
	err = p.Channel.Report(p.ctx, ref, shipped(parcel(a, 0)))
	if kind := mip.KindOf(err); kind != mip.ErrInvalid && kind != mip.ErrNotFound && kind != mip.ErrRefused {
		return fmt.Errorf("want mip.ErrInvalid, ErrNotFound or ErrRefused, got %v", err)
	}
	return p.shows(a, mip.Status{})
}

func echo(p *probe) error {
	a, _, err := p.two()
	if err != nil {
		return err
	}
	var since mip.Cursor
	var last time.Time
	s := shipped(parcel(a, 0))
	for round := range 4 {
		r, err := p.all(since)
		if err != nil {
			return err
		}
		since = r.next(since)
		if f, came := r.orders[a.Ref.ID]; came {
			if f.Demand != mip.DemandShip && f.Demand != mip.DemandClosed {
				return fmt.Errorf("after our own report the order comes back with demand %q", f.Demand)
			}
			if round > 1 && f.UpdatedAt.After(last) {
				return errors.New("telling the same again changes the order in the shop again: it never settles")
			}
			last = f.UpdatedAt
		}
		if err := p.tell(a, s); err != nil {
			return err
		}
		p.settle()
	}
	return nil
}
