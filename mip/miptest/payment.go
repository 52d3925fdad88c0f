package miptest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/openmip/openmip/mip"
	"github.com/stretchr/testify/require"
)

// Purse is a payment under test with the world behind it.
type Purse struct {
	Payment mip.Payment
	// Ledger is where the payment keeps its reservations; nil = nobody else
	// can see it.
	Ledger mip.Ledger
	// Debit is what happens in the world when a purchase is paid: the suite
	// calls it before it settles. nil = nobody needs to be told.
	Debit func(amount mip.Money)
	// Break makes every question to the world fail with err from now on. The
	// suite calls it before it uses the payment. nil = it asks nobody.
	Break func(err error)
}

// PaymentFunds is what every purse that the suite opens can pay in all.
var PaymentFunds = mip.EUR(100_00)

// PaymentCheck is one promise that every payment keeps.
type PaymentCheck struct {
	Name string // the promise, as a sentence
	Why  string // what goes wrong where it is broken
	// Run tries it on a purse of its own, untouched, and returns the first
	// breach it finds. A check of something optional that the purse does not
	// have ([mip.Funder], [mip.Fees], Break) returns [errors.ErrUnsupported].
	Run func(ctx context.Context, p Purse) error
}

// PaymentChecks returns every check, in the order in which to read them.
func PaymentChecks() []PaymentCheck {
	return slices.Concat(reserveChecks(), endChecks(), payTogetherChecks(), funderChecks(), feeChecks(), outageChecks())
}

// TestPayment runs every check as a subtest on a purse of its own. open
// returns one that can pay exactly [PaymentFunds], be it a balance or a
// limit. Run it with the race detector.
func TestPayment(t *testing.T, open func(t testing.TB) Purse) {
	t.Helper()
	for _, c := range PaymentChecks() {
		t.Run(c.Name, func(t *testing.T) {
			err := c.Run(t.Context(), open(t))
			if errors.Is(err, errors.ErrUnsupported) {
				t.Skip(err)
			}
			require.NoError(t, err, "the rule: %s\nbecause %s", c.Name, c.Why)
		})
	}
}

// paymentStep does something with a purse and returns what was wrong with it.
type paymentStep = func(ctx context.Context, p Purse) error

// script does one step after the other, up to the first that fails.
func script(steps ...paymentStep) paymentStep {
	return func(ctx context.Context, p Purse) error {
		for i, step := range steps {
			if err := step(ctx, p); err != nil {
				return fmt.Errorf("step %d of %d: %w", i+1, len(steps), err)
			}
		}
		return nil
	}
}

// reserves: the reservation is granted.
func reserves(key string, amount mip.Money) paymentStep { return reserving(key, amount, nil) }

// reserving: the reservation ends with this kind of error.
func reserving(key string, amount mip.Money, kind error) paymentStep {
	return func(ctx context.Context, p Purse) error {
		err := p.Payment.Reserve(ctx, spend(key, amount))
		return want(fmt.Sprintf("reserve %s for %q", amount, key), err, kind)
	}
}

// settles: the world debits the amount, and the reservation closes with it.
func settles(key string, actual mip.Money) paymentStep {
	return func(ctx context.Context, p Purse) error {
		if p.Debit != nil {
			p.Debit(actual)
		}
		return settling(key, actual, nil)(ctx, p)
	}
}

// settling: the message comes, without a debit, and ends with this kind of error.
func settling(key string, actual mip.Money, kind error) paymentStep {
	return func(ctx context.Context, p Purse) error {
		return want(fmt.Sprintf("settle %q with %s", key, actual), p.Payment.Settle(ctx, key, actual), kind)
	}
}

func releases(key string) paymentStep { return releasing(key, nil) }

// releasing: the release ends with this kind of error.
func releasing(key string, kind error) paymentStep {
	return func(ctx context.Context, p Purse) error {
		return want(fmt.Sprintf("release %q", key), p.Payment.Release(ctx, key), kind)
	}
}

func spend(key string, amount mip.Money) mip.Reservation {
	return mip.Reservation{Key: key, Ref: mip.Ref{Channel: "shop", ID: key}, Amount: amount}
}

// want compares an error with the kind it should have; nil = none.
func want(what string, err, kind error) error {
	got := mip.KindOf(err)
	switch {
	case got == kind:
		return nil
	case kind == nil:
		return fmt.Errorf("%s: want success, got: %w", what, err)
	case err == nil:
		return fmt.Errorf("%s: want the kind %q, got success", what, kind)
	}
	return fmt.Errorf("%s: want the kind %q, got %q: %w", what, kind, got, err)
}
