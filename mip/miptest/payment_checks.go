package miptest

import (
	"context"
	"errors"
	"fmt"

	"github.com/openmip/openmip/mip"
)

func reserveChecks() []PaymentCheck {
	all, cent := PaymentFunds, mip.EUR(1)
	return []PaymentCheck{
		{"it has a name and keeps it", "the supplier adapter knows a payment by its name", named},
		{"all of the money can be set aside, and no cent more",
			"two orders that count on one euro buy what cannot be paid",
			script(reserving("a", mip.EUR(100_01), mip.ErrUnfunded), reserves("b", all), reserving("c", cent, mip.ErrUnfunded))},
		{"a refusal leaves nothing behind",
			"money that nobody reserved must not be missing",
			script(reserving("a", mip.EUR(100_01), mip.ErrUnfunded), reserving("a", mip.EUR(100_01), mip.ErrUnfunded), reserves("b", all))},
		{"a key that was refused may come back",
			"a held order is sent again after a top-up",
			script(reserves("a", mip.EUR(60_00)), reserving("b", mip.EUR(60_00), mip.ErrUnfunded), releases("a"), reserves("b", mip.EUR(60_00)))},
		{"one key sets money aside once",
			"effects run at least once: a repetition is no second reservation",
			script(reserves("a", mip.EUR(60_00)), reserves("a", mip.EUR(60_00)), reserves("b", mip.EUR(40_00)), reserving("c", cent, mip.ErrUnfunded))},
		{"a key is granted again even when nothing is left",
			"after a crash an attempt repeats its reservation and must not be told that there is no money",
			script(reserves("a", all), reserves("a", all))},
		{"a key with another amount is a conflict",
			"a key stands for one attempt with one amount; neither more nor less may slip in under it",
			script(reserves("a", mip.EUR(60_00)), reserving("a", mip.EUR(60_01), mip.ErrConflict), reserving("a", mip.EUR(59_99), mip.ErrConflict),
				reserves("b", mip.EUR(40_00)), reserving("c", cent, mip.ErrUnfunded))},
		{"what is no amount is invalid",
			"ErrUnfunded is a proof about money, after which another method is tried; a mistake in the call proves nothing",
			script(reserving("a", mip.Money{}, mip.ErrInvalid), reserving("b", mip.EUR(0), mip.ErrInvalid),
				reserving("c", mip.EUR(-1), mip.ErrInvalid), reserving("", cent, mip.ErrInvalid), reserves("d", all))},
		{"another currency is invalid",
			"amounts in two currencies are neither equal nor more nor less",
			script(reserving("a", mip.Minor(1, "XTS"), mip.ErrInvalid), reserves("b", all))},
		{"who gave up was not refused",
			"a cancelled context says nothing about money, and the attempt comes back with the same key",
			script(reservesHastily("a", mip.EUR(60_00)), reserves("a", mip.EUR(60_00)), reserves("b", mip.EUR(40_00)), reserving("c", cent, mip.ErrUnfunded))},
	}
}

func endChecks() []PaymentCheck {
	all, cent := PaymentFunds, mip.EUR(1)
	return []PaymentCheck{
		{"a release gives the money back, once",
			"every reservation ends settled or released; a repetition gives nothing a second time",
			script(reserves("a", mip.EUR(60_00)), reserves("b", mip.EUR(40_00)), releases("a"), releases("a"),
				reserves("c", mip.EUR(60_00)), reserving("d", cent, mip.ErrUnfunded))},
		{"a release of what was never reserved is no error",
			"a crash before the reservation leads to a release without one",
			script(releases("a"), reserves("b", all))},
		{"a released key is not granted again",
			"a reservation that comes late, after its attempt was given up, would stay open for ever",
			script(reserves("a", mip.EUR(60_00)), releases("a"), reserving("a", mip.EUR(60_00), mip.ErrConflict), reserves("b", all))},
		{"what is settled is gone, once",
			"a repeated settlement is no second charge",
			script(reserves("a", mip.EUR(60_00)), settles("a", mip.EUR(60_00)), settling("a", mip.EUR(60_00), nil), settling("a", mip.EUR(60_00), nil),
				reserves("b", mip.EUR(40_00)), reserving("c", cent, mip.ErrUnfunded))},
		{"a settled key is granted again without setting money aside",
			"an attempt that crashed after it was paid repeats its reservation",
			script(reserves("a", mip.EUR(60_00)), settles("a", mip.EUR(60_00)), reserves("a", mip.EUR(60_00)),
				reserves("b", mip.EUR(40_00)), reserving("c", cent, mip.ErrUnfunded))},
		{"a lower price frees the rest",
			"the supplier's final price counts, not the quote",
			script(reserves("a", mip.EUR(60_00)), settles("a", mip.EUR(50_00)), reserves("b", mip.EUR(50_00)), reserving("c", cent, mip.ErrUnfunded))},
		{"a higher price is taken as it is",
			"what the supplier debited is debited; refusing to write it down leaves the reservation open for ever",
			script(reserves("a", mip.EUR(60_00)), settles("a", mip.EUR(65_00)), reserves("b", mip.EUR(35_00)), reserving("c", cent, mip.ErrUnfunded))},
		{"a price that nobody told is the one reserved",
			"an order that was bought must not look free of charge",
			script(reserves("a", mip.EUR(60_00)), settlesUntold("a", mip.EUR(60_00)), reserves("b", mip.EUR(40_00)), reserving("c", cent, mip.ErrUnfunded))},
		{"a purchase that turns up after its release is settled",
			"a lost purchase may be found after its money was given back; where it cannot be closed, it is tried for ever and nobody hears what was paid",
			script(reserves("a", mip.EUR(60_00)), releases("a"), settling("a", mip.EUR(60_00), nil), settling("a", mip.EUR(60_00), nil),
				reserves("b", mip.EUR(40_00)))},
		{"what was never reserved cannot be settled",
			"a charge without an attempt is a mistake to be seen",
			script(settling("a", cent, mip.ErrNotFound), reserves("b", all))},
		{"what is settled cannot be released",
			"the money is gone; giving it back in the books spends it twice",
			script(reserves("a", mip.EUR(60_00)), settles("a", mip.EUR(60_00)), releasing("a", mip.ErrConflict),
				reserving("b", mip.EUR(40_01), mip.ErrUnfunded), reserves("c", mip.EUR(40_00)))},
		{"what another payment reserved is left alone",
			"an attempt is released with every payment, and each closes its own: one that closes another's loses track of money that moved",
			leavesOthersAlone},
		{"a price below nought or in another currency is invalid",
			"the books hold one currency, and nobody is paid for buying",
			script(reserves("a", mip.EUR(60_00)), settling("a", mip.EUR(-1), mip.ErrInvalid), settling("a", mip.Minor(1, "XTS"), mip.ErrInvalid),
				reserving("b", mip.EUR(40_01), mip.ErrUnfunded))},
	}
}

func leavesOthersAlone(ctx context.Context, p Purse) error {
	if p.Ledger == nil {
		return fmt.Errorf("its ledger is not shown: %w", errors.ErrUnsupported)
	}
	theirs := spend("theirs", mip.EUR(1_00))
	theirs.Account = "another account"
	if err := p.Ledger.Reserve(ctx, theirs, mip.Balance{Amount: mip.EUR(1_00)}); err != nil {
		return err
	}
	if err := script(releases("theirs"), settling("theirs", mip.EUR(1), mip.ErrNotFound), releases("theirs"))(ctx, p); err != nil {
		return err
	}
	if r, err := p.Ledger.Reservation(ctx, "theirs"); err != nil || r.State != mip.ReservationOpen {
		return fmt.Errorf("the other's reservation is %s (%v), want it open", r.State, err)
	}
	return nil
}

func outageChecks() []PaymentCheck {
	outage := func(name string, cause, kind error) PaymentCheck {
		return PaymentCheck{name, "who cannot read a balance has proven nothing about it; ErrUnfunded would let another method pay",
			script(breaks(cause), reserving("a", mip.EUR(1), kind))}
	}
	return []PaymentCheck{
		outage("an outage is no refusal", &mip.Error{Op: "test", Kind: mip.ErrUnavailable}, mip.ErrUnavailable),
		outage("a rate limit is no refusal", &mip.Error{Op: "test", Kind: mip.ErrThrottled}, mip.ErrThrottled),
		outage("wrong credentials are no refusal", &mip.Error{Op: "test", Kind: mip.ErrUnauthorized}, mip.ErrUnauthorized),
		outage("a failure that nobody classified is no refusal", errors.New("test"), mip.ErrUnavailable),
	}
}

func breaks(err error) paymentStep {
	return func(_ context.Context, p Purse) error {
		if p.Break == nil {
			return fmt.Errorf("the payment asks nobody: %w", errors.ErrUnsupported)
		}
		p.Break(err)
		return nil
	}
}

func named(_ context.Context, p Purse) error {
	name := p.Payment.Name()
	if name == "" || name != p.Payment.Name() {
		return fmt.Errorf("Name() returned %q, then %q", name, p.Payment.Name())
	}
	return nil
}

// reservesHastily is a call by somebody who is gone already.
func reservesHastily(key string, amount mip.Money) paymentStep {
	return func(ctx context.Context, p Purse) error {
		ctx, cancel := context.WithCancel(ctx)
		cancel()
		if err := p.Payment.Reserve(ctx, spend(key, amount)); errors.Is(err, mip.ErrUnfunded) {
			return fmt.Errorf("reserve under a cancelled context: want anything but a refusal, got: %w", err)
		}
		return nil
	}
}

// settlesUntold: the world debits an amount, and nobody says which.
func settlesUntold(key string, actual mip.Money) paymentStep {
	return func(ctx context.Context, p Purse) error {
		if p.Debit != nil {
			p.Debit(actual)
		}
		return settling(key, mip.Money{}, nil)(ctx, p)
	}
}
