package channeltest

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/openmip/openmip/mip"
)

// statusChecks: no answer but the shop's own good one counts as such.
func statusChecks() []Check {
	return []Check{
		{"whatever status refuses a reading, it is an error", "Proxies, firewalls and maintenance pages answer with every status there is, with a page, with JSON and with nothing. None of them is an empty shop, and none the end of a full one.", refusedReading},
		{"whatever status refuses a write, repeating settles it", "A conflict, a lock or a status that nobody expected says nothing for good: success means that the shop shows it.", refusedWrite},
		{"an answer that breaks off is no answer", "Half a page is not a page: it is read again, or the reading ends in an error.", tornAnswers},
		{"an answer that stops coming is given up", "A time-out has to cover the answer's body too, or one silent connection stops a worker for ever.", stalledAnswers},
		{"a redirect leads nobody else to the key", "A client that follows redirects takes its own headers along, also to another host. An API that has moved is for a person to look at.", redirected},
		{"a wait asked for in an odd way does no harm", "Retry-After is a number, a date, in the past, or nonsense: a wrong one must not stop a worker for days, and a date counts.", oddWaits},
	}
}

// statuses are what the far end answers when it is not itself.
var statuses = []int{301, 302, 307, 308, 400, 401, 402, 403, 404, 405, 406, 408, 409, 410, 412, 413, 415, 418, 422, 423, 425, 426, 428, 429,
	431, 451, 500, 501, 502, 503, 504, 507, 508, 509, 520, 522, 524, 529, 530}

// dressed returns a status with each kind of body.
func dressed(status int) []Fault {
	const typ = "application/json"
	return []Fault{
		{Status: status, Body: WebPage},
		{Status: status, Body: `{"orders":[],"items":[],"data":{}}`, Type: typ},
		{Status: status, Body: `[]`, Type: typ},
		{Status: status, Type: typ},
	}
}

func refusedReading(p *probe) error {
	if _, err := p.stock(3, time.Minute); err != nil {
		return err
	}
	p.settle()
	for _, status := range statuses {
		for _, f := range dressed(status) {
			f.Times = -1
			p.Net.Fail(f)
			r, err := p.read(p.ctx, "", nil)
			p.Net.Fail()
			if err != nil {
				return err
			}
			if r.err == nil {
				return fmt.Errorf("status %d with %q is taken for a shop with %d orders", status, f.Body, len(r.orders))
			}
			if len(r.saves) > 0 {
				return fmt.Errorf("status %d with %q gives a cursor to save", status, f.Body)
			}
			time.Sleep(2 * time.Hour)
		}
	}
	return nil
}

// undecided are statuses that say nothing for good.
var undecided = []int{408, 409, 429, 500, 502, 503, 504, 520, 524}

func refusedWrite(p *probe) error {
	var faults []Fault
	for _, status := range []int{301, 400, 403, 404, 405, 408, 409, 410, 422, 423, 425, 429, 451, 500, 502, 503, 504, 520, 524} {
		faults = append(faults, Fault{Status: status, Body: WebPage})
	}
	for _, status := range []int{400, 403, 404, 409, 500} {
		faults = append(faults, Fault{Status: status, Body: `{"ok":true}`, Type: "application/json"})
	}
	for _, f := range faults {
		for at := range 50 {
			hit, err := p.refused(f, at)
			if err != nil {
				return fmt.Errorf("request %d of a report (%s): %w", at+1, f, err)
			}
			if !hit {
				break
			}
		}
	}
	return nil
}

// refused reports once with the request at refused, then again.
func (p *probe) refused(f Fault, at int) (hit bool, err error) {
	kept, err := p.put(Order(5))
	if err != nil {
		return false, err
	}
	p.settle()
	s := shipped(parcel(kept, 0))
	f.Skip = at
	before := p.Net.Requests()
	p.Net.Fail(f)
	err = p.Channel.Report(p.ctx, kept.Ref, s)
	hit = p.Net.Requests()-before > at
	p.Net.Fail()
	time.Sleep(time.Minute)
	switch {
	case err == nil:
		if err := p.shows(kept, s); err != nil {
			return hit, fmt.Errorf("Report says success: %w", err)
		}
	case slices.Contains(undecided, f.Status):
		if err := open(err); err != nil && mip.KindOf(err) != mip.ErrConflict {
			return hit, err
		}
	}
	time.Sleep(2 * time.Hour)
	return hit, p.tell(kept, s)
}

func tornAnswers(p *probe) error {
	want, err := p.stock(p.Many, time.Second)
	if err != nil {
		return err
	}
	p.settle()
	for _, f := range []Fault{{Torn: true}, {Torn: true, Skip: 1}, {Torn: true, Skip: 2}, {Torn: true, Times: -1}} {
		p.Net.Fail(f)
		r, err := p.read(p.ctx, "", nil)
		p.Net.Fail()
		if err != nil {
			return err
		}
		if r.err == nil {
			if err := same(want, r.orders); err != nil {
				return fmt.Errorf("half an answer ends the reading without an error: %w", err)
			}
		}
		time.Sleep(time.Hour)
	}
	return nil
}

func stalledAnswers(p *probe) error {
	began := time.Now()
	r, err := p.broken(Fault{Stall: true, Times: -1})
	if err != nil {
		return err
	}
	if kind := mip.KindOf(r.err); kind != mip.ErrUnavailable && kind != mip.ErrContract {
		return fmt.Errorf("want mip.ErrUnavailable, got %v", r.err)
	}
	if took := time.Since(began); took > 24*time.Hour {
		return fmt.Errorf("it is given up only after %s", took)
	}
	return nil
}

func redirected(p *probe) error {
	net, ok := p.Net.(interface{ Hosts() map[string]int })
	if !ok {
		return skip("the network does not tell hosts apart")
	}
	a, _, err := p.two()
	if err != nil {
		return err
	}
	const elsewhere = "elsewhere.example"
	for _, status := range []int{301, 302, 303, 307, 308} {
		p.Net.Fail(Fault{Status: status, Header: http.Header{"Location": {"https://" + elsewhere + "/orders"}}, Times: -1})
		r, err := p.read(p.ctx, "", nil)
		if err != nil {
			return err
		}
		told := p.Channel.Report(p.ctx, a.Ref, shipped(parcel(a, 0)))
		p.Net.Fail()
		if n := net.Hosts()[elsewhere]; n > 0 {
			return fmt.Errorf("status %d: %d requests went to another host", status, n)
		}
		if r.err == nil || told == nil {
			return fmt.Errorf("status %d is taken for success", status)
		}
		time.Sleep(2 * time.Hour)
	}
	return nil
}

func oddWaits(p *probe) error {
	want, err := p.stock(3, time.Minute)
	if err != nil {
		return err
	}
	p.settle()
	for _, value := range []string{"", "soon", "-5", "1e400", "99999999999999999999", "315360000", "Mon, 01 Jan 1990 00:00:00 GMT", "Fri, 01 Jan 2100 00:00:00 GMT"} {
		if err := p.oddWait(value, want); err != nil {
			return fmt.Errorf("Retry-After %q: %w", value, err)
		}
		time.Sleep(2 * time.Hour)
	}
	const wait = 20 * time.Second
	began := time.Now()
	if err := p.oddWait(began.Add(wait).UTC().Format(http.TimeFormat), want); err != nil {
		return fmt.Errorf("Retry-After as a date: %w", err)
	}
	if took := time.Since(began); took < wait-time.Second {
		return fmt.Errorf("Retry-After as a date in %s: the reading goes on after %s", wait, took)
	}
	return nil
}

// oddWait reads with one refusal that asks to wait so.
func (p *probe) oddWait(value string, want map[string]mip.Facts) error {
	p.Net.Fail(Fault{Status: 429, Header: http.Header{"Retry-After": {value}}})
	began := time.Now()
	r, err := p.read(p.ctx, "", nil)
	p.Net.Fail()
	if err != nil {
		return err
	}
	if took := time.Since(began); took > 2*time.Hour {
		return fmt.Errorf("the reading takes %s", took.Round(time.Hour))
	}
	if r.err != nil && mip.KindOf(r.err) != mip.ErrThrottled {
		return fmt.Errorf("want mip.ErrThrottled, got %w", r.err)
	}
	if wait := mip.RetryAfter(r.err); wait < 0 || wait > 48*time.Hour {
		return fmt.Errorf("the error asks to wait %s", wait)
	}
	if r.err != nil {
		return nil
	}
	return same(want, r.orders)
}
