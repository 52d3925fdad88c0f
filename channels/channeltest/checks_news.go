package channeltest

import (
	"errors"
	"fmt"
	"slices"

	"github.com/openmip/openmip/mip"
)

// newsChecks: whatever is told comes to rest, and so does what comes back.
func newsChecks() []Check {
	return []Check{
		{"pieces told by SKU alone are counted once", "A supplier knows products, not lines: of two lines of one product neither may be sent twice nor be forgotten.", piecesBySKU},
		{"what was told settles in every form", "Two carriers, a parcel without a link, one of unknown content: where the platform shows less than it is told, comparing what is shown with what was told writes it again for ever, and its buyer gets an e-mail each time.", settlesInEveryForm},
		{"a refund after the shipment comes back", "Pieces are sent back and refunded weeks later. The order still comes, with the pieces counted, whatever it shows.", refundedAfterwards},
	}
}

func piecesBySKU(p *probe) error {
	if why, no := p.Cannot[SeveralParcels]; no {
		return skip(why)
	}
	one, two := line(0), line(0)
	one.Quantity, two.Quantity, two.Total = 2, 2, mip.EUR(31_00)
	a, err := p.sell(Sale{Facts: basket(one, two), Quirk: SameProduct})
	if err != nil {
		return err
	}
	p.settle()
	first, second := parcel(a, 0), parcel(a, 1)
	first.Items = []mip.Item{{SKU: one.SKU, Quantity: 1}}
	second.Items = []mip.Item{{SKU: one.SKU, Quantity: 3}}
	for n, s := range []mip.Status{shipped(first), shipped(first, second), shipped(first, second)} {
		if err := p.Channel.Report(p.ctx, a.Ref, s); err != nil {
			return fmt.Errorf("call %d: %w", n+1, err)
		}
		p.settle()
		if err := p.shownOnce(a, s); err != nil {
			return fmt.Errorf("call %d: %w", n+1, err)
		}
		want, sent := 0, map[string]int{}
		for _, box := range s.Parcels {
			want += box.Items[0].Quantity
		}
		total := p.count(a, sent)
		if len(sent) > 0 && total != want {
			return fmt.Errorf("call %d: %d pieces were told, the shop shows %d", n+1, want, total)
		}
		for _, l := range a.Lines {
			if sent[l.ID] > l.Quantity {
				return fmt.Errorf("call %d: line %s has %d pieces, the shop shows %d", n+1, l.ID, l.Quantity, sent[l.ID])
			}
		}
	}
	return nil
}

// count adds up, by line, the pieces that the shop shows as sent.
func (p *probe) count(f mip.Facts, sent map[string]int) (total int) {
	for _, box := range p.Shop.Shown(f.Ref.ID).Parcels {
		for _, it := range box.Items {
			sent[it.LineID] += it.Quantity
			total += it.Quantity
		}
	}
	return total
}

// shownOnce compares numbers alone.
func (p *probe) shownOnce(f mip.Facts, told mip.Status) error {
	var want, got []string
	for _, t := range told.Parcels {
		want = append(want, t.Number)
	}
	for _, s := range p.Shop.Shown(f.Ref.ID).Parcels {
		got = append(got, s.Number)
	}
	slices.Sort(want)
	slices.Sort(got)
	if !slices.Equal(want, got) {
		return fmt.Errorf("told the tracking numbers %q, the shop shows %q", want, got)
	}
	return nil
}

func settlesInEveryForm(p *probe) error {
	for form, change := range map[string]func(one, two *mip.Parcel){
		"two carriers":       func(one, two *mip.Parcel) {},
		"no link":            func(_, two *mip.Parcel) { two.URL = "" },
		"no carrier":         func(one, _ *mip.Parcel) { one.Carrier, one.URL = "", "" },
		"of unknown content": func(one, two *mip.Parcel) { one.Items, two.Items = nil, nil },
		"of unknown content, no link": func(one, two *mip.Parcel) {
			one.Items, two.Items, two.URL = nil, nil, ""
		},
	} {
		a, err := p.put(Order(5))
		if err != nil {
			return err
		}
		p.settle()
		one, two := parcel(a, 0), parcel(a, 1)
		change(&one, &two)
		s := shipped(one, two)
		if _, no := p.Cannot[SeveralParcels]; no {
			s = shipped(one)
		}
		if err := p.settles(a, s); err != nil {
			return fmt.Errorf("%s: %w", form, err)
		}
	}
	return nil
}

// settles tells the same three times. The third time nothing may change.
func (p *probe) settles(a mip.Facts, s mip.Status) error {
	var last mip.Facts
	for n := range 3 {
		if err := p.Channel.Report(p.ctx, a.Ref, s); err != nil {
			return fmt.Errorf("call %d: %w", n+1, err)
		}
		p.settle()
		if err := p.shownOnce(a, s); err != nil {
			return fmt.Errorf("call %d: %w", n+1, err)
		}
		r, err := p.all("")
		if err != nil {
			return err
		}
		now := r.orders[a.Ref.ID]
		if n == 2 && now.UpdatedAt.After(last.UpdatedAt) {
			return errors.New("telling the same a third time changes the order in the shop again")
		}
		last = now
	}
	return nil
}

func refundedAfterwards(p *probe) error {
	if why, no := p.Cannot[Refunds]; no {
		return skip(why)
	}
	kept, err := p.put(Order(5)) // three pieces of the first line
	if err != nil {
		return err
	}
	p.settle()
	if err := p.Channel.Report(p.ctx, kept.Ref, shipped(parcel(kept, 0))); err != nil {
		return err
	}
	p.settle()
	r, err := p.all("")
	if err != nil {
		return err
	}
	kept.Lines[0].Cancelled = 1
	if kept, err = p.put(kept); err != nil {
		return err
	}
	p.settle()
	then, err := p.all(r.next(""))
	if err != nil {
		return err
	}
	got, ok := then.orders[kept.Ref.ID]
	if !ok {
		return errors.New("after the refund the order does not come again")
	}
	if len(got.Lines) > 0 && got.Lines[0].Cancelled != 1 {
		return fmt.Errorf("one of three pieces was refunded, yet %d count as cancelled", got.Lines[0].Cancelled)
	}
	kept.Demand, kept.UpdatedAt = got.Demand, got.UpdatedAt // both may move
	return differ(kept, got)
}
