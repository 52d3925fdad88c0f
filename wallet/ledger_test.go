package wallet_test

import (
	"context"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
)

// ledger is a store in memory that can be made to fail.
type ledger struct {
	mip.Ledger
	mip.Cursors
	err error
}

func newLedger() *ledger {
	s := memstore.New()
	return &ledger{Ledger: s, Cursors: s}
}

func (l *ledger) Reserve(ctx context.Context, r mip.Reservation, b mip.Balance) error {
	if l.err != nil {
		return l.err
	}
	return l.Ledger.Reserve(ctx, r, b)
}

func (l *ledger) Settle(ctx context.Context, key string, actual mip.Money, at time.Time) error {
	if l.err != nil {
		return l.err
	}
	return l.Ledger.Settle(ctx, key, actual, at)
}

func (l *ledger) Release(ctx context.Context, key string, at time.Time) error {
	if l.err != nil {
		return l.err
	}
	return l.Ledger.Release(ctx, key, at)
}

func (l *ledger) Reservations(ctx context.Context, account string, since time.Time) ([]mip.Reservation, error) {
	if l.err != nil {
		return nil, l.err
	}
	return l.Ledger.Reservations(ctx, account, since)
}

func plus(a, b mip.Money) mip.Money {
	sum, err := a.Add(b)
	if err != nil {
		panic(err)
	}
	return sum
}

func more(a, b mip.Money) bool {
	c, err := a.Cmp(b)
	if err != nil {
		panic(err)
	}
	return c > 0
}
