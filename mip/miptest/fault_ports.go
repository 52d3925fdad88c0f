package miptest

import (
	"context"
	"iter"

	"github.com/openmip/openmip/mip"
)

// BalancedSupplier is a supplier with a prepaid balance.
type BalancedSupplier interface {
	mip.Supplier
	mip.Balancer
}

// Supplier returns s as the process sees it. Other abilities of s than its
// balance are hidden.
func (p *Process) Supplier(s BalancedSupplier) BalancedSupplier { return &faultySupplier{p, s} }

type faultySupplier struct {
	p *Process
	s BalancedSupplier
}

// Check implements [mip.Supplier].
func (f *faultySupplier) Check(ctx context.Context, p mip.Purchase) (q mip.Quote, err error) {
	err = f.p.do(ctx, "supplier", "check", false, func(ctx context.Context) (err error) { q, err = f.s.Check(ctx, p); return err })
	return q, err
}

// Place implements [mip.Supplier].
func (f *faultySupplier) Place(ctx context.Context, p mip.Purchase) (out mip.Placed, err error) {
	err = f.p.do(ctx, "supplier", "place", true, func(ctx context.Context) (err error) { out, err = f.s.Place(ctx, p); return err })
	if err != nil {
		return mip.Placed{}, err
	}
	return out, nil
}

// Find implements [mip.Supplier].
func (f *faultySupplier) Find(ctx context.Context, reference string) (out mip.Found, err error) {
	err = f.p.do(ctx, "supplier", "find", false, func(ctx context.Context) (err error) { out, err = f.s.Find(ctx, reference); return err })
	return out, err
}

// Track implements [mip.Supplier].
func (f *faultySupplier) Track(ctx context.Context, ids []string) (out []mip.Tracking, err error) {
	err = f.p.do(ctx, "supplier", "track", false, func(ctx context.Context) (err error) { out, err = f.s.Track(ctx, ids); return err })
	return out, err
}

// Balance implements [mip.Balancer].
func (f *faultySupplier) Balance(ctx context.Context) (m mip.Money, err error) {
	err = f.p.do(ctx, "supplier", "balance", false, func(ctx context.Context) (err error) { m, err = f.s.Balance(ctx); return err })
	return m, err
}

// Payment returns m as the process sees it. That m can tell what it has is
// hidden.
func (p *Process) Payment(m mip.Payment) mip.Payment { return &faultyPayment{p, m} }

type faultyPayment struct {
	p *Process
	m mip.Payment
}

// Name implements [mip.Payment].
func (f *faultyPayment) Name() string { return f.m.Name() }

// Reserve implements [mip.Payment].
func (f *faultyPayment) Reserve(ctx context.Context, r mip.Reservation) error {
	return f.p.do(ctx, "payment", "reserve", true, func(ctx context.Context) error { return f.m.Reserve(ctx, r) })
}

// Settle implements [mip.Payment].
func (f *faultyPayment) Settle(ctx context.Context, key string, actual mip.Money) error {
	return f.p.do(ctx, "payment", "settle", true, func(ctx context.Context) error { return f.m.Settle(ctx, key, actual) })
}

// Release implements [mip.Payment].
func (f *faultyPayment) Release(ctx context.Context, key string) error {
	return f.p.do(ctx, "payment", "release", true, func(ctx context.Context) error { return f.m.Release(ctx, key) })
}

// Channel returns c as the process sees it. A page that is [Repeated] comes
// twice. Optional abilities of c are hidden.
func (p *Process) Channel(c mip.Channel) mip.Channel { return &faultyChannel{p, c} }

type faultyChannel struct {
	p *Process
	c mip.Channel
}

// Name implements [mip.Channel].
func (f *faultyChannel) Name() string { return f.c.Name() }

// Orders implements [mip.Channel]. A page that is lost, before or after,
// ends the reading.
func (f *faultyChannel) Orders(ctx context.Context, since mip.Cursor) iter.Seq2[mip.Page, error] {
	return func(yield func(mip.Page, error) bool) {
		for page, err := range f.c.Orders(ctx, since) {
			if err != nil {
				yield(page, err)
				return
			}
			times := 0
			lost := f.p.do(ctx, "channel", "page", false, func(context.Context) error { times++; return nil })
			if lost != nil {
				yield(mip.Page{}, lost)
				return
			}
			for range times {
				if !yield(page, nil) {
					return
				}
			}
		}
	}
}

// Report implements [mip.Channel].
func (f *faultyChannel) Report(ctx context.Context, ref mip.Ref, s mip.Status) error {
	return f.p.do(ctx, "channel", "report", true, func(ctx context.Context) error { return f.c.Report(ctx, ref, s) })
}
