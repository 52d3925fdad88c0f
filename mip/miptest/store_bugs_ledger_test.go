package miptest_test

import (
	"context"
	"errors"
	"sync"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
)

func ledgerBugs() map[string]func(b *broken) {
	type store = memstore.Store
	balance := func(change func(r *mip.Reservation, b *mip.Balance)) func(b *broken) {
		return func(b *broken) {
			b.reserve = func(ctx context.Context, s *store, r mip.Reservation, of mip.Balance) error {
				change(&r, &of)
				return s.Reserve(ctx, r, of)
			}
		}
	}
	return map[string]func(b *broken){
		"the balance is compared with a list read before": func(b *broken) {
			var mu sync.Mutex
			var stale mip.Money
			b.reserve = func(ctx context.Context, s *store, r mip.Reservation, of mip.Balance) error {
				mu.Lock()
				defer mu.Unlock()
				taken := stale
				if total, err := taken.Add(r.Amount); err == nil {
					if c, err := total.Cmp(of.Amount); err == nil && c > 0 {
						return mip.ErrUnfunded
					}
				}
				rs, err := s.Reservations(ctx, r.Account, of.ReadAt)
				if err != nil {
					return err
				}
				stale = mip.Money{}
				for _, open := range rs {
					stale, _ = stale.Add(open.Amount)
				}
				of.Amount = mip.Minor(1<<50, of.Amount.Currency())
				return s.Reserve(ctx, r, of)
			}
		},
		"the last cent cannot be used": balance(func(_ *mip.Reservation, b *mip.Balance) { b.Amount, _ = b.Amount.Sub(mip.EUR(1)) }),
		"a cent too much is lent":      balance(func(_ *mip.Reservation, b *mip.Balance) { b.Amount, _ = b.Amount.Add(mip.EUR(1)) }),
		"settled money never counts":   balance(func(_ *mip.Reservation, b *mip.Balance) { b.ReadAt = far }),
		"settled money always counts":  balance(func(_ *mip.Reservation, b *mip.Balance) { b.ReadAt = time.Time{} }),
		"the instant of reading does not count": balance(func(_ *mip.Reservation, b *mip.Balance) {
			b.ReadAt = b.ReadAt.Add(time.Microsecond)
		}),
		"accounts share a balance": balance(func(r *mip.Reservation, _ *mip.Balance) { r.Account = "a" }),
		"amounts are binary": balance(func(_ *mip.Reservation, b *mip.Balance) {
			if f, _ := b.Amount.Amount().Float64(); f > 1<<46 {
				b.Amount, _ = b.Amount.Add(mip.EUR(1))
			}
		}),
		"a reservation repeats under a new key": balance(func(r *mip.Reservation, _ *mip.Balance) { r.Key += r.At.String() }),
		"conflicts are forgiven": func(b *broken) {
			b.reserve = func(ctx context.Context, s *store, r mip.Reservation, of mip.Balance) error {
				if err := s.Reserve(ctx, r, of); !errors.Is(err, mip.ErrConflict) {
					return err
				}
				return nil
			}
		},
		"nonsense is unfunded": func(b *broken) {
			b.reserve = func(ctx context.Context, s *store, r mip.Reservation, of mip.Balance) error {
				err := s.Reserve(ctx, r, of)
				if errors.Is(err, mip.ErrInvalid) {
					return mip.ErrUnfunded
				}
				return err
			}
		},
		"settling nothing succeeds": func(b *broken) {
			b.settle = func(ctx context.Context, s *store, key string, actual mip.Money, at time.Time) error {
				if err := s.Settle(ctx, key, actual, at); !errors.Is(err, mip.ErrNotFound) {
					return err
				}
				return nil
			}
		},
		"what was paid is forgotten": func(b *broken) {
			b.settle = func(ctx context.Context, s *store, key string, _ mip.Money, at time.Time) error {
				return s.Settle(ctx, key, mip.Money{}, at)
			}
		},
		"a note is forgotten": func(b *broken) {
			b.note = func(context.Context, *store, string, string, string) error { return nil }
		},
		"the last note wins": func(b *broken) {
			b.note = func(ctx context.Context, s *store, key string, _, next string) error {
				r, err := s.Reservation(ctx, key)
				if err != nil {
					return err
				}
				return s.Note(ctx, key, r.Note, next)
			}
		},
		"long notes are cut": func(b *broken) {
			b.note = func(ctx context.Context, s *store, key string, old, next string) error {
				return s.Note(ctx, key, old, next[:min(len(next), 1024)])
			}
		},
		"a release is forgotten": func(b *broken) {
			b.release = func(context.Context, *store, string, time.Time) error { return nil }
		},
		"a settled one is released": func(b *broken) {
			b.release = func(ctx context.Context, s *store, key string, at time.Time) error {
				if err := s.Release(ctx, key, at); !errors.Is(err, mip.ErrConflict) {
					return err
				}
				return nil
			}
		},
	}
}
