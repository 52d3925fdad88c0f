package channeltest

import (
	"cmp"
	"errors"
	"fmt"

	"github.com/openmip/openmip/mip"
)

// parcelChecks: what is told changes nothing but what the buyer sees.
func parcelChecks() []Check {
	return []Check{
		{"a report changes no facts", "What was told comes back with the order. Tracking in the buyer's note, or pieces sent that count as cancelled, would look like an edit, and be bought anew or held.", unchangedFacts},
		{"more pieces than are wanted are never shown", "Suppliers miscount, and pieces are refunded meanwhile. A shop that shows four of three pieces as sent is wrong for its buyer and its books.", overShipped},
		{"a corrected carrier arrives", "The number may stay and its carrier or tracking page change: comparing numbers alone leaves a link that leads nowhere.", correctedCarrier},
		{"odd characters in a tracking number arrive or are refused", "A number is data: in an address, a template or a query it must neither be mangled nor do anything.", hostileNumber},
		{"a report revives no cancelled order", "The buyer may cancel while the parcel is on its way. The shop's cancellation stands: refused, or the number is shown, but never an order that is to be shipped again.", noRevival},
		{"cancelling after shipping is refused or shown", "Success means that the shop shows the order as cancelled. A platform that no longer can says ErrRefused, and a person is told.", cancelShipped},
	}
}

func unchangedFacts(p *probe) error {
	a, _, err := p.two()
	if err != nil {
		return err
	}
	parcels := []mip.Parcel{parcel(a, 0), parcel(a, 1)}
	if _, no := p.Cannot[SeveralParcels]; no {
		parcels = parcels[:1]
	}
	for n := range parcels { // first a part of the order, then more
		if err := p.tell(a, shipped(parcels[:n+1]...)); err != nil {
			return err
		}
		p.settle()
		r, err := p.all("")
		if err != nil {
			return err
		}
		got, ok := r.orders[a.Ref.ID]
		if !ok {
			return errors.New("after the report the order does not come any more")
		}
		if len(got.Defects) > 0 {
			return fmt.Errorf("after the report the order has a defect at %q", got.Defects[0].Path)
		}
		want := a
		want.Demand, want.UpdatedAt = got.Demand, got.UpdatedAt // both may move
		if err := differ(want, got); err != nil {
			return fmt.Errorf("after a report of %d parcels: %w", n+1, err)
		}
	}
	return nil
}

func overShipped(p *probe) error {
	a, b, err := p.two()
	if err != nil {
		return err
	}
	many := parcel(a, 0)
	many.Items[0].Quantity += 2
	if err := p.never(a, many); err != nil {
		return err
	}
	if _, no := p.Cannot[Refunds]; no || b.Lines[0].Quantity < 2 {
		return nil
	}
	whole := parcel(b, 0) // packed before the refund
	b.Lines[0].Cancelled = 1
	if b, err = p.put(b); err != nil {
		return err
	}
	p.settle()
	return p.never(b, whole)
}

// never tells one parcel twice and counts what the shop shows as sent.
func (p *probe) never(f mip.Facts, box mip.Parcel) error {
	for range 2 {
		err := p.Channel.Report(p.ctx, f.Ref, shipped(box))
		if kind := mip.KindOf(err); kind != nil && kind != mip.ErrRefused && kind != mip.ErrInvalid {
			return fmt.Errorf("a parcel of more pieces than are wanted: %w", err)
		}
		p.settle()
	}
	sent := map[string]int{}
	for _, box := range p.Shop.Shown(f.Ref.ID).Parcels {
		for _, it := range box.Items {
			sent[it.LineID] += it.Quantity
		}
	}
	for _, l := range f.Lines {
		if sent[l.ID] > l.Wanted() {
			return fmt.Errorf("%d pieces of line %s are wanted, the shop shows %d as sent", l.Wanted(), l.ID, sent[l.ID])
		}
	}
	return nil
}

func correctedCarrier(p *probe) error {
	for _, need := range []Ability{Corrections, Carriers, CarrierCorrections} {
		if why, no := p.Cannot[need]; no {
			return skip(why)
		}
	}
	a, _, err := p.two()
	if err != nil {
		return err
	}
	old := parcel(a, 0)
	right := old
	right.Carrier, right.URL = "SEUR", "https://track.example/seur/"+old.Number
	return cmp.Or(p.tell(a, shipped(old)), p.tell(a, shipped(right)), p.tell(a, shipped(right)))
}

func hostileNumber(p *probe) error {
	a, b, err := p.two()
	if err != nil {
		return err
	}
	box := parcel(a, 0)
	box.Number = `A&b<i>1;"%s'/../x?y=1#é`
	box.URL = "https://track.example/?n=A%26b%3Ci%3E1"
	err = p.Channel.Report(p.ctx, a.Ref, shipped(box))
	switch kind := mip.KindOf(err); kind {
	case mip.ErrRefused, mip.ErrInvalid:
	case nil:
		p.settle()
		if err := p.shows(a, shipped(box)); err != nil {
			return err
		}
	default:
		return err
	}
	return p.shows(b, mip.Status{})
}

func noRevival(p *probe) error {
	a, _, err := p.two()
	if err != nil {
		return err
	}
	a.Demand = mip.DemandCancel
	if a, err = p.put(a); err != nil {
		return err
	}
	p.settle()
	for _, s := range []mip.Status{{State: mip.StateSubmitted}, shipped(parcel(a, 0)), {State: mip.StateDelivered, Parcels: []mip.Parcel{parcel(a, 0)}}} {
		err := p.Channel.Report(p.ctx, a.Ref, s)
		if kind := mip.KindOf(err); kind != nil && kind != mip.ErrRefused && kind != mip.ErrInvalid {
			return fmt.Errorf("%s: want success, mip.ErrRefused or ErrInvalid, got %w", s.State, err)
		}
		p.settle()
		r, err := p.all("")
		if err != nil {
			return err
		}
		if got, ok := r.orders[a.Ref.ID]; ok && got.Demand != mip.DemandCancel && got.Demand != mip.DemandClosed {
			return fmt.Errorf("told %q, the cancelled order comes back with demand %q", s.State, got.Demand)
		}
	}
	return nil
}

func cancelShipped(p *probe) error {
	c, ok := p.Channel.(mip.Canceller)
	if !ok {
		return skip("the channel is no mip.Canceller")
	}
	a, _, err := p.two()
	if err != nil {
		return err
	}
	if err := p.tell(a, shipped(parcel(a, 0))); err != nil {
		return err
	}
	for range 2 {
		err := c.Cancel(p.ctx, a.Ref, "lost in transit")
		p.settle()
		switch kind := mip.KindOf(err); {
		case kind == mip.ErrRefused || kind == mip.ErrInvalid:
		case err != nil:
			return fmt.Errorf("want success or mip.ErrRefused, got %w", err)
		case p.Shop.Shown(a.Ref.ID).State != mip.StateCancelled:
			return fmt.Errorf("Cancel says success, the shop shows %q", p.Shop.Shown(a.Ref.ID).State)
		}
	}
	return nil
}
