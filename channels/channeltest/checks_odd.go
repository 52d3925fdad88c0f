package channeltest

import (
	"fmt"
	"time"

	"github.com/openmip/openmip/mip"
)

// oddChecks: an odd order neither hides others nor is itself lost.
func oddChecks() []Check {
	return []Check{
		{"one unreadable order hides no other", "An order that cannot be read is handed over with Defects and Raw, and a person decides. As an error it would block every order behind it, left out it would be lost.", unreadable},
		{"a fractional quantity is not rounded", "Nobody can ship 1.5 pieces, and guessing 1 or 2 buys the wrong thing: it is a defect.", fractional},
		{"a missing address is survived", "Some platforms hide the address until later. The order comes without one, or with a defect, and waits; it is not dropped.", missingAddress},
		{"missing optional parts are survived", "Optional objects and fields come as null or not at all; only what is missing stays empty, and that is no defect.", bare},
		{"an unknown status is survived and not shipped", "Plugins invent statuses. An order in one is neither dropped nor bought: it comes as not to be shipped, or with a defect.", oddStatus},
	}
}

// among puts one odd order between plain ones, checks that those arrive, and
// returns the odd one as kept and as read.
func (p *probe) among(odd Sale) (kept, got mip.Facts, err error) {
	want, err := p.stock(4, time.Minute)
	if err != nil {
		return kept, got, err
	}
	if kept, err = p.sell(odd); err != nil {
		return kept, got, err
	}
	time.Sleep(time.Minute)
	for i := range 4 {
		f, err := p.put(Order(10 + i))
		if err != nil {
			return kept, got, err
		}
		want[f.Ref.ID] = f
	}
	p.settle()
	r, err := p.all("")
	if err != nil {
		return kept, got, err
	}
	if err := same(want, r.orders); err != nil {
		return kept, got, fmt.Errorf("around an order with %s: %w", odd.Quirk, err)
	}
	got, ok := r.orders[kept.Ref.ID]
	if !ok {
		return kept, got, fmt.Errorf("the order with %s never arrives: it is lost without a word", odd.Quirk)
	}
	return kept, got, p.alsoByID(kept, got)
}

// alsoByID checks that the same oddity is seen when the order is asked for alone.
func (p *probe) alsoByID(kept, listed mip.Facts) error {
	g, ok := p.Channel.(mip.Getter)
	if !ok {
		return nil
	}
	f, err := g.Order(p.ctx, kept.Ref.ID)
	if err != nil {
		return fmt.Errorf("fetched by its id: %w", err)
	}
	if len(f.Defects) != len(listed.Defects) {
		return fmt.Errorf("fetched by its id it has %d defects, in the list %d", len(f.Defects), len(listed.Defects))
	}
	return sound(p.Channel.Name(), f)
}

func unreadable(p *probe) error {
	_, got, err := p.among(Sale{Facts: Order(2), Quirk: BadPrice})
	if err == nil && len(got.Defects) == 0 {
		err = fmt.Errorf("an amount is no number, but the order has no defect: it would be bought with %s", got.Total)
	}
	return err
}

func fractional(p *probe) error {
	_, got, err := p.among(Sale{Facts: Order(2), Quirk: HalfPiece})
	if err == nil && len(got.Defects) == 0 {
		err = fmt.Errorf("1.5 pieces became %d without a defect", got.Lines[0].Quantity)
	}
	return err
}

func missingAddress(p *probe) error {
	f := Order(2)
	f.ShipTo = mip.Address{}
	kept, got, err := p.among(Sale{Facts: f, Quirk: NoAddress})
	if err != nil || len(got.Defects) > 0 {
		return err
	}
	return differ(kept, got)
}

func bare(p *probe) error {
	f := Order(2)
	f.Note, f.Service = "", ""
	f.ShipTo.Line2, f.ShipTo.Company, f.ShipTo.Province, f.ShipTo.Email, f.ShipTo.Phone = "", "", "", "", ""
	for i := range f.Lines {
		f.Lines[i].SKU = ""
	}
	kept, got, err := p.among(Sale{Facts: f, Quirk: Bare})
	if err != nil {
		return err
	}
	if len(got.Defects) > 0 {
		return fmt.Errorf("what is optional is missing, and that became a defect at %q", got.Defects[0].Path)
	}
	return differ(kept, got)
}

func oddStatus(p *probe) error {
	_, got, err := p.among(Sale{Facts: Order(2), Quirk: OddStatus})
	if err == nil && got.Demand == mip.DemandShip && len(got.Defects) == 0 {
		err = fmt.Errorf("an order in a status nobody knows would be bought")
	}
	return err
}
