package wallet

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/go-playground/validator/v10"

	"github.com/openmip/openmip/mip"
)

// Config says whose balance it is and where reservations are kept. Only
// Balance and Ledger are required.
type Config struct {
	// Balance tells what is left at the supplier; a BigBuy supplier does.
	Balance mip.Balancer `validate:"-"`
	// Ledger keeps the reservations; every [mip.Store] is one. Processes that
	// spend from one balance must share it. If it is also [mip.Cursors], as a
	// store is, it keeps the last reading of [Wallet.Reconcile] too.
	Ledger mip.Ledger `validate:"-"`
	// Account names the balance in the ledger, at most 64 bytes. Wallets of
	// different supplier accounts on one ledger need different names. Empty
	// means "wallet".
	Account string `validate:"max=64"`
	// Cache is how long a balance may be used; 0 means 30 s.
	Cache time.Duration `validate:"gte=0"`
	// Refresh is how old a balance may be that refuses a reservation, and the
	// least time between two questions; 0 means 2 s, or Cache if that is
	// shorter. BigBuy answers one question a second.
	Refresh time.Duration `validate:"gte=0"`
	// Timeout bounds one question; 0 means 15 s.
	Timeout time.Duration `validate:"gte=0"`
	// Now is the clock; nil means [time.Now]. Clocks of processes that share
	// a ledger must agree to within moments.
	Now func() time.Time `validate:"-"`
}

// Wallet is a prepaid balance with reservations. It is safe for concurrent
// use, and several wallets may share one ledger.
type Wallet struct {
	ledger  mip.Ledger
	books   mip.Cursors
	account string
	cache   time.Duration
	refresh time.Duration
	now     func() time.Time
	purse   *purse
}

var (
	_ mip.Payment    = (*Wallet)(nil)
	_ mip.Funder     = (*Wallet)(nil)
	_ mip.Reconciler = (*Wallet)(nil)
)

// New returns a wallet. It asks nobody anything yet. A config that cannot
// work is [mip.ErrInvalid].
func New(c Config) (*Wallet, error) {
	if err := check(c); err != nil {
		return nil, &mip.Error{Op: "wallet: config", Kind: mip.ErrInvalid, Err: err}
	}
	if c.Account == "" {
		c.Account = "wallet"
	}
	if c.Cache == 0 {
		c.Cache = 30 * time.Second
	}
	if c.Refresh == 0 {
		c.Refresh = min(2*time.Second, c.Cache)
	}
	if c.Timeout == 0 {
		c.Timeout = 15 * time.Second
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	utc := func() time.Time { return c.Now().UTC() }
	books, ok := c.Ledger.(mip.Cursors)
	if !ok {
		books = &notebook{}
	}
	return &Wallet{
		ledger: c.Ledger, books: books, account: c.Account, cache: c.Cache, refresh: c.Refresh, now: utc,
		purse: &purse{bank: c.Balance, refresh: c.Refresh, timeout: c.Timeout, now: utc},
	}, nil
}

func check(c Config) error {
	var wrong validator.ValidationErrors
	if err := validator.New(validator.WithRequiredStructEnabled()).Struct(c); errors.As(err, &wrong) {
		fields := make([]string, len(wrong))
		for i, f := range wrong {
			fields[i] = fmt.Sprintf("%s: want %s", f.Field(), strings.TrimSpace(f.Tag()+" "+f.Param()))
		}
		return errors.New(strings.Join(fields, ", "))
	} else if err != nil {
		return err
	}
	// Not by the validator, which copies what stands behind an interface,
	// while others may be using it.
	switch {
	case c.Balance == nil:
		return errors.New("balance: want one")
	case c.Ledger == nil:
		return errors.New("ledger: want one")
	case c.Cache > 0 && c.Refresh > c.Cache:
		return errors.New("refresh: want at most cache")
	}
	return nil
}

// Name returns "wallet".
func (w *Wallet) Name() string { return "wallet" }

// Reserve sets r.Amount aside under r.Key; r.Account, r.State and r.At are
// the wallet's to fill. The check and the reservation are one step in the
// ledger, so reservations of all processes together never exceed the balance.
//
// [mip.ErrUnfunded] (code "wallet.insufficient_funds") is a refusal by a
// balance at most [Config].Refresh old. Where only purchases that may count
// twice (debited, but not settled when the balance was read) stand against r,
// it asks again after Refresh, for 10 s at most, before it refuses. If the balance cannot be read the
// error has the kind of that failure, never ErrUnfunded. No amount, a
// negative one, or another currency than the balance's is [mip.ErrInvalid];
// a key that was released or holds another amount is [mip.ErrConflict].
func (w *Wallet) Reserve(ctx context.Context, r mip.Reservation) error {
	if r.Key == "" || r.Amount.Currency() == "" || r.Amount.IsZero() || r.Amount.IsNegative() {
		return fail("wallet: reserve", r.Ref, mip.ErrInvalid, errors.New("want a key and an amount above nought"))
	}
	b, err := w.purse.balance(ctx, w.cache)
	if err != nil {
		return fail("wallet: reserve", r.Ref, mip.KindOf(err), err)
	}
	err = w.hold(ctx, r, b)
	if !errors.Is(err, mip.ErrUnfunded) {
		return err
	}
	fresh, failure := w.purse.balance(ctx, w.refresh)
	if failure != nil {
		return fail("wallet: reserve", r.Ref, mip.KindOf(failure), failure)
	}
	if !fresh.ReadAt.Equal(b.ReadAt) || !fresh.Amount.Equal(b.Amount) {
		err = w.hold(ctx, r, fresh)
	}
	if !errors.Is(err, mip.ErrUnfunded) {
		return err
	}
	return w.holdOnceClear(ctx, r, fresh, err)
}

// hold asks the ledger to set r aside if b covers it.
func (w *Wallet) hold(ctx context.Context, r mip.Reservation, b mip.Balance) error {
	if r.Amount.Currency() != b.Amount.Currency() {
		return fail("wallet: reserve", r.Ref, mip.ErrInvalid,
			fmt.Errorf("the balance is in %s, the amount in %s", b.Amount.Currency(), r.Amount.Currency()))
	}
	r.Account, r.State, r.At = w.account, mip.ReservationOpen, w.now()
	err := w.ledger.Reserve(ctx, r, b)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, mip.ErrUnfunded):
		return &mip.Error{Op: "wallet: reserve", Ref: r.Ref, Kind: mip.ErrUnfunded, Code: mip.CodeInsufficientFunds,
			Err: fmt.Errorf("want %s of a balance of %s less what is reserved", r.Amount, b.Amount)}
	}
	return fail("wallet: reserve", r.Ref, mip.KindOf(err), err)
}

// Settle closes the reservation with what the supplier really debited, which
// may be less or more than was reserved; repeatable. The zero value means
// that nobody told: what was reserved stands. Call it after the debit, never
// before. An unknown key is [mip.ErrNotFound], an amount below nought or in
// another currency [mip.ErrInvalid].
func (w *Wallet) Settle(ctx context.Context, key string, actual mip.Money) error {
	if actual.IsNegative() {
		return fail("wallet: settle", mip.Ref{}, mip.ErrInvalid, errors.New("want nought or more"))
	}
	foreign, err := w.foreign(ctx, key)
	if foreign {
		err = mip.ErrNotFound
	}
	if err == nil {
		err = w.ledger.Settle(ctx, key, actual, w.now())
	}
	if err != nil {
		return fail("wallet: settle", mip.Ref{}, mip.KindOf(err), err)
	}
	return nil
}

// Release gives the reservation back; repeatable, and no error for an unknown
// key or one that another payment reserved, which is left alone. A settled one
// is [mip.ErrConflict].
func (w *Wallet) Release(ctx context.Context, key string) error {
	foreign, err := w.foreign(ctx, key)
	if err == nil && !foreign {
		err = w.ledger.Release(ctx, key, w.now())
	}
	if err != nil {
		return fail("wallet: release", mip.Ref{}, mip.KindOf(err), err)
	}
	return nil
}

func fail(op string, ref mip.Ref, kind, err error) error {
	return &mip.Error{Op: op, Ref: ref, Kind: kind, Err: err}
}
