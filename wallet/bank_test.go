package wallet_test

import (
	"context"
	"sync"
	"time"

	"github.com/openmip/openmip/mip"
)

// bank is a supplier's purse: it knows the true balance, takes its time to
// tell it, and debits no more than there is.
type bank struct {
	mu     sync.Mutex
	amount mip.Money
	slow   time.Duration
	err    error
	asked  int
}

func (b *bank) Balance(ctx context.Context) (mip.Money, error) {
	b.mu.Lock()
	b.asked++
	amount, err, slow := b.amount, b.err, b.slow
	b.mu.Unlock()
	if slow > 0 {
		select {
		case <-ctx.Done():
			return mip.Money{}, ctx.Err()
		case <-time.After(slow):
		}
	}
	return amount, err
}

// debit takes money out; false means that there was too little.
func (b *bank) debit(m mip.Money) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if more(m, b.amount) {
		return false
	}
	b.amount = plus(b.amount, m.Times(-1))
	return true
}

func (b *bank) set(m mip.Money)  { b.mu.Lock(); b.amount = m; b.mu.Unlock() }
func (b *bank) fail(err error)   { b.mu.Lock(); b.err = err; b.mu.Unlock() }
func (b *bank) questions() int   { b.mu.Lock(); defer b.mu.Unlock(); return b.asked }
func (b *bank) truth() mip.Money { b.mu.Lock(); defer b.mu.Unlock(); return b.amount }
