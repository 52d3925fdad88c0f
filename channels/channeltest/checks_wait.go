package channeltest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/openmip/openmip/mip"
)

// waitChecks: the channel waits as it is asked to, and not for ever.
func waitChecks() []Check {
	return []Check{
		{"it waits when throttled", "After 429 with Retry-After nothing is sent until the time has passed; then the reading goes on where it was. One refusal among hundreds of pages must not end an import.", throttled},
		{"it gives up when throttled for ever", "A limit that never lifts ends in ErrThrottled after a bounded number of tries; waiting on is for the caller, who has other shops.", throttledForEver},
		{"one server error is survived", "A read is repeated a few times by the channel: shops hiccup, and an import of many pages would never end.", hiccup},
		{"a shop that is down is ErrUnavailable", "Nothing was done and it may work later: the caller repeats freely. No page is invented in the meantime.", down},
		{"a shop that never answers is given up", "Without a time-out of its own one silent shop stops a worker for ever.", silent},
		{"a cancelled context ends it", "Every call and every wait ends with its context, at once, and the error matches the context's.", cancelledContext},
	}
}

func throttled(p *probe) error {
	want, err := p.stock(p.Many, time.Second)
	if err != nil {
		return err
	}
	p.settle()
	const wait = 30 * time.Second
	var refusedAt, requests int
	began := time.Now()
	var onlooker sync.WaitGroup
	r, err := p.read(p.ctx, "", func(page int) {
		if page != 1 {
			return
		}
		p.Net.Fail(Fault{Status: 429, RetryAfter: wait})
		requests = p.Net.Requests()
		began = time.Now()
		onlooker.Go(func() {
			time.Sleep(wait - time.Second)
			refusedAt = p.Net.Requests()
		})
	})
	took := time.Since(began)
	onlooker.Wait()
	if err != nil {
		return err
	}
	if r.err != nil {
		return fmt.Errorf("one refusal ends the reading: %w", r.err)
	}
	if took < wait {
		return fmt.Errorf("the shop asks to wait %s, the reading goes on after %s", wait, took)
	}
	if n := refusedAt - requests; n > 1 {
		return fmt.Errorf("%d more requests are sent while the shop asks to wait", n-1)
	}
	return same(want, r.orders)
}

func throttledForEver(p *probe) error {
	r, err := p.broken(Fault{Status: 429, RetryAfter: 5 * time.Second, Times: -1})
	if err == nil && !errors.Is(r.err, mip.ErrThrottled) {
		err = fmt.Errorf("want mip.ErrThrottled, got %v", r.err)
	}
	return err
}

// broken puts orders, lets every request have the fault from the start, and
// reads. An end without an error is an error here.
func (p *probe) broken(f Fault) (reading, error) {
	if _, err := p.stock(3, time.Minute); err != nil {
		return reading{}, err
	}
	p.settle()
	p.Net.Fail(f)
	r, err := p.read(p.ctx, "", nil)
	p.Net.Fail()
	if err == nil && r.err == nil {
		err = fmt.Errorf("%s: the reading ends after %d of 3 orders as if that were all", f, len(r.orders))
	}
	return r, err
}

func hiccup(p *probe) error {
	want, err := p.stock(p.Many, time.Second)
	if err != nil {
		return err
	}
	p.settle()
	faults := []Fault{{Status: 503}, {Status: 500, Body: WebPage}, {}, {Status: 502, Body: WebPage}}
	r, err := p.read(p.ctx, "", func(page int) {
		if page <= len(faults) {
			p.Net.Fail(faults[page-1])
		}
	})
	if err != nil {
		return err
	}
	if r.err != nil {
		return fmt.Errorf("one server error ends the reading: %w", r.err)
	}
	return same(want, r.orders)
}

func down(p *probe) error {
	for _, f := range []Fault{{Status: 503, Times: -1}, {Status: 500, Body: WebPage, Times: -1}, {Times: -1}} {
		r, err := p.broken(f)
		if err != nil {
			return err
		}
		if kind := mip.KindOf(r.err); kind != mip.ErrUnavailable && kind != mip.ErrThrottled {
			return fmt.Errorf("%s: want mip.ErrUnavailable, got %v", f, r.err)
		}
	}
	return nil
}

func silent(p *probe) error {
	began := time.Now()
	r, err := p.broken(Fault{Hang: true, Times: -1})
	if err != nil {
		return err
	}
	if kind := mip.KindOf(r.err); kind != mip.ErrUnavailable {
		return fmt.Errorf("want mip.ErrUnavailable, got %v", r.err)
	}
	if took := time.Since(began); took > 24*time.Hour {
		return fmt.Errorf("it is given up only after %s", took)
	}
	return nil
}

func cancelledContext(p *probe) error {
	if _, _, err := p.two(); err != nil {
		return err
	}
	for _, f := range []Fault{{Hang: true, Times: -1}, {Status: 429, RetryAfter: time.Hour, Times: -1}, {Status: 503, Times: -1}} {
		for _, after := range []time.Duration{0, 300 * time.Millisecond} {
			if err := p.cancelAfter(after, f); err != nil {
				return fmt.Errorf("%s, cancelled after %s: %w", f, after, err)
			}
			time.Sleep(2 * time.Hour) // whatever was asked to wait has waited
		}
	}
	return nil
}

func (p *probe) cancelAfter(after time.Duration, f Fault) error {
	type call struct {
		name string
		do   func(context.Context) error
	}
	calls := []call{
		{"Orders", func(ctx context.Context) error {
			r, err := p.read(ctx, "", nil)
			return errors.Join(err, r.err)
		}},
		{"Report", func(ctx context.Context) error {
			ref := mip.Ref{Channel: p.Channel.Name(), ID: p.Unknown}
			return p.Channel.Report(ctx, ref, mip.Status{State: mip.StateShipped})
		}},
	}
	for _, a := range p.abilities() {
		calls = append(calls, call{a.name, func(ctx context.Context) error {
			return a.do(ctx, p.Channel, mip.Ref{Channel: p.Channel.Name(), ID: p.Unknown})
		}})
	}
	for _, call := range calls {
		p.Net.Fail(f)
		ctx, cancel := context.WithCancel(p.ctx)
		if after == 0 {
			cancel()
		} else {
			time.AfterFunc(after, cancel)
		}
		began, before := time.Now(), p.Net.Requests()
		err := call.do(ctx)
		took := time.Since(began)
		cancel()
		p.Net.Fail()
		switch {
		case err == nil:
			return fmt.Errorf("%s reports success", call.name)
		case after == 0 && p.Net.Requests() > before:
			return fmt.Errorf("%s sends a request with a context that has ended", call.name)
		case took > after+time.Millisecond:
			return fmt.Errorf("%s goes on for %s", call.name, took-after)
		case f.Hang && !errors.Is(err, context.Canceled):
			return fmt.Errorf("%s: the error does not match context.Canceled: %v", call.name, err)
		}
		time.Sleep(2 * time.Hour)
	}
	return nil
}
