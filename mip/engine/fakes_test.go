package engine_test

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
)

// shop is a channel in memory.
type shop struct {
	mu     sync.Mutex
	orders []mip.Facts
	heard  []mip.Status
	fail   []error // of the next reports
}

var _ mip.Channel = (*shop)(nil)

func (s *shop) Name() string { return "shop" }

func (s *shop) Orders(_ context.Context, since mip.Cursor) iter.Seq2[mip.Page, error] {
	return func(yield func(mip.Page, error) bool) {
		s.mu.Lock()
		page := mip.Page{Orders: append([]mip.Facts(nil), s.orders...), Next: mip.Cursor(fmt.Sprint(len(s.orders)))}
		s.mu.Unlock()
		yield(page, nil)
	}
}

func (s *shop) Report(_ context.Context, _ mip.Ref, st mip.Status) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.fail) > 0 {
		var err error
		if err, s.fail = s.fail[0], s.fail[1:]; err != nil {
			return err
		}
	}
	s.heard = append(s.heard, st)
	return nil
}

// purse pays from the warehouse's balance through the store's ledger.
type purse struct {
	name    string
	w       *warehouse
	ledger  mip.Ledger
	limit   mip.Money // zero: the warehouse's balance
	fail    []error
	before  func() // called at the start of the next Reserve
	settled map[string]mip.Money
	freed   map[string]bool
}

func (p *purse) Name() string { return p.name }

func (p *purse) balance() mip.Balance {
	if p.limit.Currency() != "" {
		return mip.Balance{Amount: p.limit, ReadAt: time.Now()}
	}
	b, _ := p.w.Balance(context.Background())
	return mip.Balance{Amount: b, ReadAt: time.Now()}
}

func (p *purse) Reserve(ctx context.Context, r mip.Reservation) error {
	if p.before != nil {
		p.before()
	}
	if len(p.fail) > 0 {
		var err error
		if err, p.fail = p.fail[0], p.fail[1:]; err != nil {
			return err
		}
	}
	r.Account, r.At = p.name, time.Now()
	return p.ledger.Reserve(ctx, r, p.balance())
}

func (p *purse) Settle(ctx context.Context, key string, actual mip.Money) error {
	p.settled[key] = actual
	return p.ledger.Settle(ctx, key, actual, time.Now())
}

func (p *purse) Release(ctx context.Context, key string) error {
	p.freed[key] = true
	return p.ledger.Release(ctx, key, time.Now())
}

func (p *purse) Available(ctx context.Context) (mip.Money, error) {
	open, err := p.ledger.Reservations(ctx, p.name, time.Now())
	if err != nil {
		return mip.Money{}, err
	}
	left := p.balance().Amount
	for _, r := range open {
		if r.State == mip.ReservationOpen {
			left, _ = left.Sub(r.Amount)
		}
	}
	return left, nil
}

func (p *purse) Refused(context.Context, mip.Money) error { return nil }

// overtaken is a store in which another worker, which dies at once, always
// marks the first attempt as sent a moment earlier.
type overtaken struct {
	*memstore.Store
	done bool
}

// Apply implements mip.Store.
func (s *overtaken) Apply(ctx context.Context, ref mip.Ref, e mip.Event, at time.Time) (mip.Result, error) {
	if e.Kind == mip.EventSending && !s.done {
		s.done = true
		if r, err := s.Store.Apply(ctx, ref, e, at); err != nil {
			return r, err
		}
	}
	return s.Store.Apply(ctx, ref, e, at)
}
