package miptest

import (
	"context"
	"errors"
	"fmt"

	"github.com/openmip/openmip/mip"
)

func funderChecks() []PaymentCheck {
	return []PaymentCheck{
		{"what is available falls and rises with reservations",
			"the queue is released only as far as the money goes",
			script(available(PaymentFunds), reserves("a", mip.EUR(60_00)), available(mip.EUR(40_00)), reserves("a", mip.EUR(60_00)),
				available(mip.EUR(40_00)), releases("a"), available(PaymentFunds))},
		{"what is settled is not available",
			"a debit that the cached balance does not show yet counts all the same",
			script(available(PaymentFunds), reserves("a", mip.EUR(60_00)), settles("a", mip.EUR(50_00)), available(mip.EUR(50_00)))},
		{"the supplier's word counts at once",
			"a supplier that found too little money knows better than a cached balance",
			script(available(PaymentFunds), refusedWith(mip.EUR(5_00)), available(mip.EUR(5_00)), reserving("a", mip.EUR(5_01), mip.ErrUnfunded))},
		{"nothing below nought is available",
			"a negative amount would be added where it is subtracted",
			script(available(PaymentFunds), reserves("a", mip.EUR(60_00)), refusedWith(mip.EUR(10_00)), available(mip.EUR(0)))},
		{"a refusal without a balance makes it ask again",
			"the cached balance was proven wrong, the true one is not known",
			script(available(PaymentFunds), debits(mip.EUR(70_00)), refusedWith(mip.Money{}), available(mip.EUR(30_00)))},
		{"the supplier's word leaves reservations alone",
			"a reservation may belong to a purchase whose outcome is unknown",
			script(available(PaymentFunds), reserves("a", mip.EUR(60_00)), refusedWith(mip.EUR(10_00)), reserves("a", mip.EUR(60_00)), settling("a", mip.EUR(60_00), nil))},
	}
}

var errNoFunder = fmt.Errorf("the payment is no mip.Funder: %w", errors.ErrUnsupported)

func available(amount mip.Money) paymentStep {
	return func(ctx context.Context, p Purse) error {
		funder, ok := p.Payment.(mip.Funder)
		if !ok {
			return errNoFunder
		}
		got, err := funder.Available(ctx)
		if err != nil {
			return fmt.Errorf("available: %w", err)
		}
		if !got.Equal(amount) {
			return fmt.Errorf("available: want %s, got %s", amount, got)
		}
		return nil
	}
}

func refusedWith(balance mip.Money) paymentStep {
	return func(ctx context.Context, p Purse) error {
		funder, ok := p.Payment.(mip.Funder)
		if !ok {
			return errNoFunder
		}
		return want(fmt.Sprintf("refused with %s", balance), funder.Refused(ctx, balance), nil)
	}
}

// debits: somebody else spends.
func debits(amount mip.Money) paymentStep {
	return func(_ context.Context, p Purse) error {
		if p.Debit == nil {
			return fmt.Errorf("a purse with a mip.Funder needs Debit")
		}
		p.Debit(amount)
		return nil
	}
}

func feeChecks() []PaymentCheck {
	return []PaymentCheck{{"a fee is exact and never negative",
		"a fee is part of what an order costs: it has the currency of the amount and is the same every time", feesAdd}}
}

func feesAdd(_ context.Context, p Purse) error {
	fees, ok := p.Payment.(mip.Fees)
	if !ok {
		return fmt.Errorf("the payment is no mip.Fees: %w", errors.ErrUnsupported)
	}
	for _, amount := range []mip.Money{mip.EUR(1), mip.EUR(99), mip.EUR(34_90), PaymentFunds} {
		fee := fees.Fee(amount)
		if fee.IsNegative() || fee.Currency() != "" && fee.Currency() != amount.Currency() {
			return fmt.Errorf("the fee for %s is %s", amount, fee)
		}
		if again := fees.Fee(amount); !again.Equal(fee) {
			return fmt.Errorf("the fee for %s is %s, then %s", amount, fee, again)
		}
	}
	return nil
}
