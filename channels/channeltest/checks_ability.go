package channeltest

import (
	"context"
	"fmt"
	"time"

	"github.com/openmip/openmip/mip"
)

// abilityChecks: what holds for reading and telling holds for every ability.
func abilityChecks() []Check {
	return []Check{
		{"every ability with a bad key is ErrUnauthorized", "Fetching, accepting and cancelling go through the same door as reading and telling: a person must act, and repeating does not help.", badKeys},
		{"every ability refuses another account's order", "Two accounts may both have an order 1001: accepting or cancelling it here would be done to a stranger's.", foreignOrders},
		{"a web page with status 404 is not the shop's word", "A proxy or a plugin that crashed answers 404 for everything. Taken for the shop's own, every order is gone and nobody is told anything any more.", strangersWord},
	}
}

// ability is one call about one order.
type ability struct {
	name string
	do   func(context.Context, mip.Channel, mip.Ref) error
}

// abilities are those that the channel under test has.
func (p *probe) abilities() []ability {
	var out []ability
	if _, ok := p.Channel.(mip.Getter); ok {
		out = append(out, ability{"Order", func(ctx context.Context, c mip.Channel, ref mip.Ref) error {
			_, err := c.(mip.Getter).Order(ctx, ref.ID)
			return err
		}})
	}
	if _, ok := p.Channel.(mip.Accepter); ok {
		out = append(out, ability{"Accept", func(ctx context.Context, c mip.Channel, ref mip.Ref) error { return c.(mip.Accepter).Accept(ctx, ref) }})
	}
	if _, ok := p.Channel.(mip.Canceller); ok {
		out = append(out, ability{"Cancel", func(ctx context.Context, c mip.Channel, ref mip.Ref) error {
			return c.(mip.Canceller).Cancel(ctx, ref, "out of stock")
		}})
	}
	return out
}

func badKeys(p *probe) error {
	a, _, err := p.two()
	if err != nil {
		return err
	}
	bad := p.BadKey
	if bad == nil {
		bad = p.Channel
		p.Net.Fail(Fault{Status: 401, Body: `{"code":"unauthorized"}`, Type: "application/json", Times: -1})
	}
	can := p.abilities()
	for _, call := range can {
		if err := call.do(p.ctx, bad, a.Ref); mip.KindOf(err) != mip.ErrUnauthorized {
			return fmt.Errorf("%s: want mip.ErrUnauthorized, got %v", call.name, err)
		}
	}
	if len(can) == 0 {
		return skip("the channel only reads and tells")
	}
	return p.shows(a, mip.Status{})
}

func foreignOrders(p *probe) error {
	a, _, err := p.two()
	if err != nil {
		return err
	}
	asked := 0
	for _, call := range p.abilities() {
		if call.name == "Order" { // which is asked by the id alone
			continue
		}
		asked++
		err := call.do(p.ctx, p.Channel, mip.Ref{Channel: "someoneelse", ID: a.Ref.ID})
		if kind := mip.KindOf(err); kind != mip.ErrInvalid && kind != mip.ErrNotFound && kind != mip.ErrRefused {
			return fmt.Errorf("%s: want mip.ErrInvalid, ErrNotFound or ErrRefused, got %v", call.name, err)
		}
		if s := p.Shop.Shown(a.Ref.ID); s.State != "" {
			return fmt.Errorf("%s of another account's order: the shop shows %q", call.name, s.State)
		}
	}
	if asked == 0 {
		return skip("the channel neither accepts nor cancels")
	}
	return nil
}

func strangersWord(p *probe) error {
	told := ability{"Report", func(ctx context.Context, c mip.Channel, ref mip.Ref) error {
		return c.Report(ctx, ref, shipped(parcel(mip.Facts{Ref: ref, Lines: Order(5).Lines}, 0)))
	}}
	for _, call := range append(p.abilities(), told) {
		for _, f := range []Fault{{Status: 404, Body: WebPage, Times: -1}, {Status: 410, Body: WebPage, Times: -1}, {Status: 404, Body: WebPage}} {
			a, err := p.put(Order(5))
			if err != nil {
				return err
			}
			p.settle()
			p.Net.Fail(f)
			err = call.do(p.ctx, p.Channel, a.Ref)
			p.Net.Fail()
			if err := open(err); err != nil {
				return fmt.Errorf("%s, %s with a web page: %w", call.name, f, err)
			}
			if err == nil && f.Times < 0 {
				return fmt.Errorf("%s, %s with a web page: it reports success", call.name, f)
			}
			time.Sleep(2 * time.Hour)
		}
	}
	return nil
}
