package miptest

import (
	"context"
	"fmt"
	"sync"

	"github.com/openmip/openmip/mip"
)

func payTogetherChecks() []PaymentCheck {
	cent := mip.EUR(1)
	return []PaymentCheck{
		{"many at once never set aside more than there is",
			"the check and the reservation are one step; between two steps another order spends the same euro",
			script(manyKeys, reserving("last", cent, mip.ErrUnfunded))},
		{"one key from many at once sets money aside once",
			"two processes may run one effect at the same time",
			script(atOnce(reserves("a", mip.EUR(60_00))), reserves("b", mip.EUR(40_00)), reserving("c", cent, mip.ErrUnfunded))},
		{"one settlement from many at once charges once",
			"two processes may run one effect at the same time",
			script(reserves("a", mip.EUR(60_00)), settles("a", mip.EUR(50_00)), atOnce(settling("a", mip.EUR(50_00), nil)),
				reserves("b", mip.EUR(50_00)), reserving("c", cent, mip.ErrUnfunded))},
		{"one release from many at once gives back once",
			"two processes may run one effect at the same time",
			script(reserves("a", mip.EUR(60_00)), atOnce(releases("a")), reserves("b", PaymentFunds), reserving("c", cent, mip.ErrUnfunded))},
	}
}

const buyers = 64

// atOnce does the same from many goroutines and returns one of the failures.
func atOnce(step paymentStep) paymentStep {
	return each(func(int) paymentStep { return step })
}

func each(step func(i int) paymentStep) paymentStep {
	return func(ctx context.Context, p Purse) error {
		errs := make(chan error, buyers)
		start := make(chan struct{})
		var wg sync.WaitGroup
		for i := range buyers {
			wg.Go(func() {
				<-start
				errs <- step(i)(ctx, p)
			})
		}
		close(start)
		wg.Wait()
		close(errs)
		for err := range errs {
			if err != nil {
				return err
			}
		}
		return nil
	}
}

// manyKeys lets 64 purchases of €10.00 try for €100.00: ten are granted, and
// the others are refused for want of money.
func manyKeys(ctx context.Context, p Purse) error {
	var mu sync.Mutex
	granted := 0
	err := each(func(i int) paymentStep {
		return func(ctx context.Context, p Purse) error {
			amount := mip.EUR(10_00)
			err := p.Payment.Reserve(ctx, spend(fmt.Sprintf("k%d", i), amount))
			if err == nil {
				mu.Lock()
				granted++
				mu.Unlock()
				return nil
			}
			return want(fmt.Sprintf("reserve %s, one of many", amount), err, mip.ErrUnfunded)
		}
	})(ctx, p)
	if err != nil {
		return err
	}
	if granted != 10 {
		return fmt.Errorf("of %d reservations of 10.00 EUR on %s, %d were granted, want 10", buyers, PaymentFunds, granted)
	}
	return nil
}
