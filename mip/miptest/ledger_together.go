package miptest

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/openmip/openmip/mip"
)

// LedgersTogether lets 64 buyers at once, spread over ledgers that keep one
// and the same book, reserve €10.00 each of €300.00 under the account given,
// which must be new to the book. It is an error if not exactly thirty are
// granted, if a refusal is anything but [mip.ErrUnfunded], or if what is set
// aside is not seen through every ledger. Pass two connections, or the stores
// of two processes, to prove that they never overdraw a balance together.
func LedgersTogether(ctx context.Context, account string, ledgers ...mip.Ledger) error {
	const price, fit = 10_00, 30
	balance := mip.Balance{Amount: mip.EUR(fit * price), ReadAt: time.Now().UTC().Truncate(time.Millisecond)}
	var granted atomic.Int32
	failed := make(chan error, buyers)
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range buyers {
		wg.Go(func() {
			<-start
			err := ledgers[i%len(ledgers)].Reserve(ctx, mip.Reservation{Key: fmt.Sprint(account, "-", i), Account: account,
				Ref: mip.Ref{Channel: "shop", ID: fmt.Sprint(i)}, Amount: mip.EUR(price), At: time.Now().UTC()}, balance)
			switch {
			case err == nil:
				granted.Add(1)
			case !errors.Is(err, mip.ErrUnfunded):
				failed <- fmt.Errorf("reserve: want a refusal for want of money, got: %w", err)
			}
		})
	}
	close(start)
	wg.Wait()
	close(failed)
	for err := range failed {
		return err
	}
	if n := granted.Load(); n != fit {
		return fmt.Errorf("%d of %d buyers were granted €10.00 of €300.00, want %d", n, buyers, fit)
	}
	for i, l := range ledgers {
		rows, err := l.Reservations(ctx, account, time.Now())
		if err != nil {
			return fmt.Errorf("ledger %d: %w", i+1, err)
		}
		if len(rows) != fit {
			return fmt.Errorf("ledger %d sees %d open reservations, want %d", i+1, len(rows), fit)
		}
	}
	return nil
}
