package channeltest

import (
	"errors"
	"fmt"
	"time"

	"github.com/openmip/openmip/mip"
)

// settleChecks: a report survives everything that can happen to its requests.
func settleChecks() []Check {
	return []Check{
		{"a report whose answer was lost is settled by repeating", "When an answer is lost, the shop may have done it or not. The error then says that it is not settled (ErrUnknown, ErrUnavailable), and the next Report reads before it writes.", lostAnswers},
		{"a report into a failing shop is settled by repeating", "A shop that answers with a server error or a web page is repaired some time later: nothing may be given up, and nothing be told twice.", failingShop},
		{"a throttled report is repeated later", "A rate limit is no verdict on the report: it is waited out, or left to the caller as ErrThrottled.", throttledReport},
		{"a report with a bad key is ErrUnauthorized", "A person must act; repeating does not help, and neither does calling it refused.", unauthorizedReport},
	}
}

func lostAnswers(p *probe) error {
	return p.disturb(
		Fault{Done: true},
		Fault{},
		Fault{Done: true, Hang: true},
		Fault{Torn: true},
		Fault{Stall: true},
	)
}

func failingShop(p *probe) error {
	return p.disturb(
		Fault{Done: true, Status: 500, Body: WebPage},
		Fault{Status: 500, Body: WebPage},
		Fault{Done: true, Status: 502},
		Fault{Status: 503, RetryAfter: 20 * time.Second},
		Fault{Done: true, Body: WebPage},
		Fault{Body: WebPage},
		Fault{Body: `{"error":"internal error"}`, Type: "application/json"},
		Fault{Done: true, Status: 504, Body: `{"error":"timeout"}`, Type: "application/json"},
	)
}

// disturb lets each fault hit each request that a report makes, one at a
// time, every time with a new order: when it is first told, and when it is
// told again what it shows already.
func (p *probe) disturb(kinds ...Fault) error {
	for _, f := range kinds {
		for _, again := range []bool{false, true} {
			for at := 0; at < 50; at++ {
				hit, err := p.disturbed(f, at, again)
				if err != nil {
					return fmt.Errorf("request %d of a report (told before: %t; %s): %w", at+1, again, f, err)
				}
				if !hit && at == 0 && !again {
					return errors.New("a report makes no request, or the world does not count")
				}
				if !hit {
					break
				}
			}
		}
	}
	return nil
}

// disturbed reports once with the request at disturbed, then until it
// succeeds, and compares. hit is false if the report had no such request.
func (p *probe) disturbed(f Fault, at int, again bool) (hit bool, err error) {
	kept, err := p.put(Order(5))
	if err != nil {
		return false, err
	}
	p.settle()
	s := shipped(parcel(kept, 0))
	if _, no := p.Cannot[SeveralParcels]; !no {
		s.Parcels = append(s.Parcels, parcel(kept, 1))
	}
	if again {
		if err := p.tell(kept, s); err != nil {
			return false, err
		}
	}
	f.Skip = at
	before := p.Net.Requests()
	p.Net.Fail(f)
	err = p.Channel.Report(p.ctx, kept.Ref, s)
	hit = p.Net.Requests()-before > at
	p.Net.Fail()
	if err := open(err); err != nil {
		return hit, err
	}
	for try := 0; err != nil && try < 3; try++ {
		time.Sleep(5 * time.Minute)
		err = p.Channel.Report(p.ctx, kept.Ref, s)
	}
	if err != nil {
		return hit, fmt.Errorf("the shop is well again, but repeating gives %w", err)
	}
	if err := p.shows(kept, s); err != nil {
		return hit, err
	}
	return hit, p.tell(kept, s)
}

// open refuses errors that would end the repeating.
func open(err error) error {
	switch mip.KindOf(err) {
	case nil, mip.ErrUnknown, mip.ErrUnavailable, mip.ErrThrottled, mip.ErrContract:
		return nil
	}
	return fmt.Errorf("the error says that repeating is no use: %w", err)
}

// String names the fault in a failure's text.
func (f Fault) String() string {
	what := fmt.Sprintf("status %d", f.Status)
	switch {
	case f.Slow > 0:
		return "a late answer"
	case f.Torn:
		return "half an answer, then the connection breaks"
	case f.Stall:
		return "half an answer, then nothing more"
	case f.Hang:
		what = "no answer ever"
	case !f.answered():
		what = "the connection breaks"
	case f.Status == 0:
		what = "status 200 with another body"
	}
	if f.Done {
		what = "carried out, then " + what
	}
	return what
}

func throttledReport(p *probe) error {
	a, _, err := p.two()
	if err != nil {
		return err
	}
	s := shipped(parcel(a, 0))
	p.Net.Fail(Fault{Status: 429, RetryAfter: 30 * time.Second})
	err = p.Channel.Report(p.ctx, a.Ref, s)
	p.Net.Fail()
	if err != nil && mip.KindOf(err) != mip.ErrThrottled {
		return fmt.Errorf("want success or mip.ErrThrottled, got %w", err)
	}
	if wait := mip.RetryAfter(err); err != nil && wait < 29*time.Second {
		return fmt.Errorf("the shop asks for 30 s, the error for %s", wait)
	}
	time.Sleep(time.Minute)
	return p.tell(a, s)
}

func unauthorizedReport(p *probe) error {
	a, _, err := p.two()
	if err != nil {
		return err
	}
	bad := p.BadKey
	if bad == nil {
		bad = p.Channel
		p.Net.Fail(Fault{Status: 401, Body: `{"code":"unauthorized"}`, Type: "application/json", Times: -1})
	}
	if err := bad.Report(p.ctx, a.Ref, shipped(parcel(a, 0))); mip.KindOf(err) != mip.ErrUnauthorized {
		return fmt.Errorf("want mip.ErrUnauthorized, got %v", err)
	}
	return p.shows(a, mip.Status{})
}
