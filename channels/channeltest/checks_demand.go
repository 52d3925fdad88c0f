package channeltest

import (
	"errors"
	"fmt"

	"github.com/openmip/openmip/mip"
)

// demandChecks: what the buyer changes afterwards is seen.
func demandChecks() []Check {
	return []Check{
		{"an edited order comes again", "Buyers correct their address while they wait: a change after the first import must come with the next poll.", edited},
		{"a cancelled order comes back as cancelled", "A cancellation that is filtered out is never heard of, and the goods are bought.", cancelled},
		{"an order that the shop calls done comes as closed", "Somebody may ship an order by other means before it is bought here: it must come again, and not as to be shipped.", closed},
		{"a refund reduces the pieces wanted", "Pieces that were refunded are not shipped: Quantity stays what was ordered, Cancelled counts what was taken back.", refunded},
		{"accepting an order may be repeated", "Accept is called until it succeeds; the second call finds the order accepted and is content.", acceptTwice},
		{"cancelling at the shop may be repeated", "Cancel is called until it succeeds; the second call finds the order cancelled and is content.", cancelTwice},
	}
}

// update puts an order, reads it, changes it an hour later, reads on from the
// cursor, and returns the order as kept and as read.
func (p *probe) update(change func(*mip.Facts)) (kept, got mip.Facts, err error) {
	f := Order(5) // three lines
	f.Lines[0].Quantity, f.Lines[0].Total = 3, mip.EUR(30_00)
	if f.Total, err = mip.Sum(f.Postage, f.Lines[0].Total, f.Lines[1].Total, f.Lines[2].Total); err != nil {
		return kept, got, err
	}
	if kept, err = p.put(f); err != nil {
		return kept, got, err
	}
	p.settle()
	if _, err = p.put(Order(1)); err != nil { // so that the cursor lies behind its creation
		return kept, got, err
	}
	p.settle()
	r, err := p.all("")
	if err != nil {
		return kept, got, err
	}
	change(&kept)
	if kept, err = p.put(kept); err != nil {
		return kept, got, err
	}
	p.settle()
	then, err := p.all(r.next(""))
	if err != nil {
		return kept, got, err
	}
	got, ok := then.orders[kept.Ref.ID]
	if !ok {
		return kept, got, errors.New("after the change the order does not come again")
	}
	return kept, got, nil
}

func edited(p *probe) error {
	kept, got, err := p.update(func(f *mip.Facts) {
		f.ShipTo.Line1, f.ShipTo.Phone, f.ShipTo.Postcode = "Calle Nueva 99", "+34600000999", "46022"
	})
	if err != nil {
		return err
	}
	return differ(kept, got)
}

func cancelled(p *probe) error {
	_, got, err := p.update(func(f *mip.Facts) { f.Demand = mip.DemandCancel })
	if err == nil && got.Demand != mip.DemandCancel {
		err = fmt.Errorf("want demand %q, got %q", mip.DemandCancel, got.Demand)
	}
	return err
}

func closed(p *probe) error {
	_, got, err := p.update(func(f *mip.Facts) { f.Demand = mip.DemandClosed })
	if err == nil && got.Demand != mip.DemandClosed {
		err = fmt.Errorf("want demand %q, got %q", mip.DemandClosed, got.Demand)
	}
	return err
}

func refunded(p *probe) error {
	if why, no := p.Cannot[Refunds]; no {
		return skip(why)
	}
	kept, got, err := p.update(func(f *mip.Facts) { f.Lines[0].Cancelled = 1 })
	if err != nil {
		return err
	}
	if len(got.Lines) == len(kept.Lines) && got.Lines[0].Wanted() != 2 {
		return fmt.Errorf("one of three pieces was refunded, yet %d are wanted", got.Lines[0].Wanted())
	}
	return differ(kept, got)
}

func acceptTwice(p *probe) error {
	a, ok := p.Channel.(mip.Accepter)
	if !ok {
		return skip("the channel is no mip.Accepter")
	}
	kept, _, err := p.two()
	if err != nil {
		return err
	}
	for i := range 2 {
		if err := a.Accept(p.ctx, kept.Ref); err != nil {
			return fmt.Errorf("call %d: %w", i+1, err)
		}
		p.settle()
	}
	if err := a.Accept(p.ctx, mip.Ref{Channel: p.Channel.Name(), ID: p.Unknown}); !errors.Is(err, mip.ErrNotFound) {
		return fmt.Errorf("accepting an unknown order: want mip.ErrNotFound, got %v", err)
	}
	return nil
}

func cancelTwice(p *probe) error {
	c, ok := p.Channel.(mip.Canceller)
	if !ok {
		return skip("the channel is no mip.Canceller")
	}
	kept, other, err := p.two()
	if err != nil {
		return err
	}
	for i := range 2 {
		if err := c.Cancel(p.ctx, kept.Ref, "out of stock"); err != nil {
			return fmt.Errorf("call %d: %w", i+1, err)
		}
		p.settle()
	}
	if s := p.Shop.Shown(kept.Ref.ID); s.State != mip.StateCancelled {
		return fmt.Errorf("the shop shows state %q, want cancelled", s.State)
	}
	if s := p.Shop.Shown(other.Ref.ID); s.State == mip.StateCancelled {
		return errors.New("another order was cancelled as well")
	}
	if err := c.Cancel(p.ctx, mip.Ref{Channel: p.Channel.Name(), ID: p.Unknown}, ""); !errors.Is(err, mip.ErrNotFound) {
		return fmt.Errorf("cancelling an unknown order: want mip.ErrNotFound, got %v", err)
	}
	return nil
}
