package channeltest

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
)

// driftChecks: what platforms add, leave out and share.
func driftChecks() []Check {
	return []Check{
		{"fields that nobody knows are survived", "Platforms add fields with every version, and plugins in between. A decoder that refuses them stops the shop on the day of an update.", grown},
		{"an amount that is missing is a defect", "Missing text, null and nothing become 0.00 in careless decoders, and the order is bought for a price that nobody asked.", missingAmount},
		{"two buyers with one e-mail stay two", "Marketplaces give many buyers one relay address, and families share one. Whoever knows buyers by it sends a parcel to somebody else's door.", oneMailTwoBuyers},
		{"no credential stands in an address", "Addresses stand in access logs of hosts and proxies, and in the errors of clients.", hiddenKeys},
	}
}

func grown(p *probe) error {
	want, err := p.stock(5, time.Minute)
	if err != nil {
		return err
	}
	p.settle()
	p.Net.Fail(Fault{Grown: true, Times: -1})
	r, err := p.all("")
	if err != nil {
		return err
	}
	if err := same(want, r.orders); err != nil {
		return err
	}
	if err := whole(r.orders, want); err != nil {
		return err
	}
	for id, f := range want {
		if g, ok := p.Channel.(mip.Getter); ok {
			if got, err := g.Order(p.ctx, id); err != nil || len(got.Defects) > 0 {
				return fmt.Errorf("order %s by its id: %d defects, %v", f.Ref, len(got.Defects), err)
			}
		}
		if err := p.tell(f, shipped(parcel(f, 0))); err != nil {
			return err
		}
	}
	return nil
}

func missingAmount(p *probe) error {
	kept, got, err := p.among(Sale{Facts: Order(2), Quirk: NoPrice})
	if err != nil || len(got.Defects) > 0 {
		return err
	}
	for i, l := range got.Lines {
		if i >= len(kept.Lines) || !l.Total.Equal(kept.Lines[i].Total) {
			return fmt.Errorf("the amount of a line is missing, but the order has no defect: it would be bought with %s", l.Total)
		}
	}
	return skip("the platform has no order with " + string(NoPrice))
}

func oneMailTwoBuyers(p *probe) error {
	a, b := Order(1), Order(2)
	a.ShipTo.Email, b.ShipTo.Email = "relay@example.org", "relay@example.org"
	return p.arrive(a, b)
}

func hiddenKeys(p *probe) error {
	if why, no := p.Cannot[HiddenKeys]; no {
		return skip(why)
	}
	net, ok := p.Net.(interface{ Addresses() []string })
	if !ok {
		return skip("the network does not tell addresses apart")
	}
	a, _, err := p.two()
	if err != nil {
		return err
	}
	if _, err := p.all(""); err != nil {
		return err
	}
	if err := p.tell(a, shipped(parcel(a, 0))); err != nil {
		return err
	}
	for _, call := range p.abilities() {
		_ = call.do(p.ctx, p.Channel, a.Ref) // a shipped order need not be cancelled
	}
	for _, address := range net.Addresses() {
		for _, secret := range p.Secrets {
			if secret != "" && strings.Contains(address, secret) {
				return errors.New("a credential stands in the address of a request")
			}
		}
	}
	return nil
}
