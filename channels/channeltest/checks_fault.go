package channeltest

import (
	"fmt"
	"strconv"
	"time"

	"github.com/openmip/openmip/mip"
)

// faultChecks: an answer that is not one is never taken for an empty shop.
func faultChecks() []Check {
	return []Check{
		{"a web page instead of JSON is an error, not an empty shop", "Firewalls and broken plugins answer 200 with HTML, nothing, half an answer or an error in JSON. Taken for an empty page, each of them loses orders silently.", strangeAnswers},
		{"a strange answer on a later page is an error, not the end", "The same in the middle of a reading: the page must be read again or the reading end in an error, never simply end.", strangePage},
		{"a bad key is ErrUnauthorized and last", "A person must act. Asking again and again with a bad key gets an account locked.", badKey},
		{"an unusable cursor is an error or a fresh start", "A cursor that this version cannot read must not end in silence: everything is read again, or ErrInvalid says so.", badCursor},
	}
}

// strange are answers with status 200 that no shop's program means to give.
func strange() []Fault {
	const typ = "application/json; charset=utf-8"
	return []Fault{
		{Body: WebPage},
		{Body: WebPage, Type: typ},
		{Status: 200, Type: typ},
		{Body: "null", Type: typ},
		{Body: `{"error":"internal error"}`, Type: typ},
		{Body: `{"code":"internal","message":"Try again","data":null}`, Type: typ},
		{Body: `[{"id":`, Type: typ},
		{Body: "Fatal error: out of memory", Type: "text/plain"},
		{Cut: true},
	}
}

// said is what a strange answer says.
func said(f Fault) string {
	if f.Cut {
		return "that lacks its last byte"
	}
	return strconv.Quote(f.Body)
}

func strangeAnswers(p *probe) error {
	if _, err := p.stock(3, time.Minute); err != nil {
		return err
	}
	p.settle()
	for _, f := range strange() {
		f.Times = -1
		p.Net.Fail(f)
		r, err := p.read(p.ctx, "", nil)
		p.Net.Fail()
		if err != nil {
			return err
		}
		if r.err == nil {
			return fmt.Errorf("an answer %s is taken for a shop with %d orders", said(f), len(r.orders))
		}
		switch mip.KindOf(r.err) {
		case mip.ErrContract, mip.ErrUnavailable, mip.ErrUnknown:
		default:
			return fmt.Errorf("an answer %s gives the verdict %w, but it says nothing of the kind", said(f), r.err)
		}
		time.Sleep(time.Hour)
	}
	return nil
}

func strangePage(p *probe) error {
	want, err := p.stock(p.Many, time.Second)
	if err != nil {
		return err
	}
	p.settle()
	for _, f := range strange() {
		r, err := p.read(p.ctx, "", func(page int) {
			if page == 1 {
				p.Net.Fail(f)
			}
		})
		p.Net.Fail()
		if err != nil {
			return err
		}
		if r.err == nil {
			if err := same(want, r.orders); err != nil {
				return fmt.Errorf("an answer %s on the second page ends the reading without an error: %w", said(f), err)
			}
		}
		time.Sleep(time.Hour)
	}
	return nil
}

func badKey(p *probe) error {
	if _, err := p.stock(3, time.Minute); err != nil {
		return err
	}
	p.settle()
	bad := *p
	if p.BadKey != nil {
		bad.Channel = p.BadKey
	} else {
		p.Net.Fail(Fault{Status: 401, Body: `{"code":"unauthorized"}`, Type: "application/json", Times: -1})
	}
	before := p.Net.Requests()
	r, err := bad.read(p.ctx, "", nil)
	if err != nil {
		return err
	}
	if mip.KindOf(r.err) != mip.ErrUnauthorized {
		return fmt.Errorf("want mip.ErrUnauthorized, got %v", r.err)
	}
	if r.pages > 0 {
		return fmt.Errorf("%d pages come before the refusal", r.pages)
	}
	if n := p.Net.Requests() - before; n > 10 {
		return fmt.Errorf("%d requests are made with a bad key", n)
	}
	return nil
}

func badCursor(p *probe) error {
	want, err := p.stock(3, time.Minute)
	if err != nil {
		return err
	}
	p.settle()
	for _, since := range []mip.Cursor{"not a cursor", "{}", "99999999999999999999", "2000-13-45T99:00:00Z|x"} {
		r, err := p.read(p.ctx, since, nil)
		if err != nil {
			return err
		}
		if r.err == nil {
			if err := same(want, r.orders); err != nil {
				return fmt.Errorf("with the cursor %q: %w", since, err)
			}
		} else if mip.KindOf(r.err) != mip.ErrInvalid {
			return fmt.Errorf("with the cursor %q: want mip.ErrInvalid, got %v", since, r.err)
		}
	}
	return nil
}
