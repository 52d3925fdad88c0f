package channeltest

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/openmip/openmip/mip"
)

// onceChecks: what is done twice, or in doubt, is done once.
func onceChecks() []Check {
	return []Check{
		{"two reports on one order at once show each number once", "A worker that was thought dead tells the same again beside the new one. Both read before either writes, unless reports on one order wait for each other.", twoAtOnce},
		{"a correction whose answer was lost is settled by repeating", "The same as for a first report: the old number must go, the new one must stand once, whichever request was hit.", lostCorrection},
		{"a cancellation whose answer was lost is settled by repeating", "Cancel may have been done or not; the next call finds out and is content.", lostCancel},
		{"an acceptance whose answer was lost is settled by repeating", "Accept may have been done or not; the next call finds out and is content.", lostAccept},
		{"refunds add up", "A second refund comes beside the first: Cancelled counts all pieces taken back so far, up to the whole line.", refundsAddUp},
	}
}

func twoAtOnce(p *probe) error {
	for _, slow := range []time.Duration{0, time.Second, 5 * time.Second} {
		a, _, err := p.two()
		if err != nil {
			return err
		}
		s := shipped(parcel(a, 0))
		if slow > 0 {
			p.Net.Fail(Fault{Slow: slow, Times: -1})
		}
		errs := make([]error, 3)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() { errs[i] = p.Channel.Report(p.ctx, a.Ref, s) })
		}
		wg.Wait()
		p.Net.Fail()
		for _, err := range errs {
			if err := open(err); err != nil {
				return err
			}
		}
		p.settle()
		if err := p.tell(a, s); err != nil {
			return fmt.Errorf("three reports at once, each answer after %s: %w", slow, err)
		}
	}
	return nil
}

// doubtful are the faults after which nobody knows what was done.
var doubtful = []Fault{{Done: true}, {}, {Torn: true}, {Done: true, Status: 500, Body: WebPage}, {Done: true, Hang: true}}

// doubt lets each fault hit each request of a call, one at a time, each time
// in a new round that begin prepares; then the call is repeated until it
// succeeds, and settled looks at the shop.
func (p *probe) doubt(begin func() (do, settled func() error, err error)) error {
	for _, f := range doubtful {
		for at := range 50 {
			do, settled, err := begin()
			if err != nil {
				return err
			}
			p.settle()
			f.Skip = at
			before := p.Net.Requests()
			p.Net.Fail(f)
			err = do()
			hit := p.Net.Requests()-before > at
			p.Net.Fail()
			err = p.insist(err, do)
			if err == nil {
				err = settled()
			}
			if err != nil {
				return fmt.Errorf("request %d (%s): %w", at+1, f, err)
			}
			if !hit {
				break
			}
		}
	}
	return nil
}

// insist repeats a call that ended in doubt until it succeeds.
func (p *probe) insist(err error, do func() error) error {
	if err := open(err); err != nil {
		return err
	}
	for try := 0; err != nil && try < 3; try++ {
		time.Sleep(5 * time.Minute)
		err = do()
	}
	if err != nil {
		return fmt.Errorf("the shop is well again, but repeating gives %w", err)
	}
	p.settle()
	return nil
}

func lostCorrection(p *probe) error {
	if why, no := p.Cannot[Corrections]; no {
		return skip(why)
	}
	return p.doubt(func() (do, settled func() error, err error) {
		a, err := p.put(Order(5))
		if err != nil {
			return nil, nil, err
		}
		p.settle()
		old := parcel(a, 0)
		if err := p.tell(a, shipped(old)); err != nil {
			return nil, nil, err
		}
		right := old
		right.Number, right.URL = old.Number+"9", old.URL+"9"
		return func() error { return p.Channel.Report(p.ctx, a.Ref, shipped(right)) },
			func() error { return p.tell(a, shipped(right)) }, nil
	})
}

func lostCancel(p *probe) error {
	c, ok := p.Channel.(mip.Canceller)
	if !ok {
		return skip("the channel is no mip.Canceller")
	}
	return p.doubt(func() (do, settled func() error, err error) {
		a, err := p.put(Order(5))
		return func() error { return c.Cancel(p.ctx, a.Ref, "out of stock") },
			func() error {
				if s := p.Shop.Shown(a.Ref.ID); s.State != mip.StateCancelled {
					return fmt.Errorf("the shop shows state %q, want cancelled", s.State)
				}
				return nil
			}, err
	})
}

func lostAccept(p *probe) error {
	c, ok := p.Channel.(mip.Accepter)
	if !ok {
		return skip("the channel is no mip.Accepter")
	}
	return p.doubt(func() (do, settled func() error, err error) {
		a, err := p.put(Order(5))
		do = func() error { return c.Accept(p.ctx, a.Ref) }
		return do, do, err
	})
}

func refundsAddUp(p *probe) error {
	if why, no := p.Cannot[Refunds]; no {
		return skip(why)
	}
	kept, got, err := p.update(func(f *mip.Facts) { f.Lines[0].Cancelled = 1 })
	if err != nil {
		return err
	}
	for back := 2; back <= 3; back++ {
		kept.Lines[0].Cancelled = back
		if kept, err = p.put(kept); err != nil {
			return err
		}
		p.settle()
		r, err := p.all("")
		if err != nil {
			return err
		}
		ok := false
		if got, ok = r.orders[kept.Ref.ID]; !ok {
			return errors.New("after another refund the order does not come any more")
		}
		if len(got.Lines) > 0 && got.Lines[0].Wanted() != 3-back {
			return fmt.Errorf("%d of three pieces were refunded, yet %d are wanted", back, got.Lines[0].Wanted())
		}
		if err := differ(kept, got); err != nil {
			return err
		}
	}
	return nil
}
