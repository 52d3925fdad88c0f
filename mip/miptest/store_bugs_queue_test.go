package miptest_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
)

func queueBugs() map[string]func(b *broken) {
	type store = memstore.Store
	leases := func(change func([]mip.Lease) []mip.Lease) func(b *broken) {
		return func(b *broken) {
			b.lease = func(ctx context.Context, s *store, now, until time.Time, n int, kinds []mip.EffectKind) ([]mip.Lease, error) {
				ls, err := s.Lease(ctx, now, until, n, kinds...)
				return change(ls), err
			}
		}
	}
	type slot struct {
		ref     mip.Ref
		kind    mip.EffectKind
		attempt int
	}
	return map[string]func(b *broken){
		"leases are not fenced": func(b *broken) {
			var mu sync.Mutex
			tokens := map[slot]int64{}
			b.lease = func(ctx context.Context, s *store, now, until time.Time, n int, kinds []mip.EffectKind) ([]mip.Lease, error) {
				ls, err := s.Lease(ctx, now, until, n, kinds...)
				mu.Lock()
				defer mu.Unlock()
				for _, l := range ls {
					tokens[slot{l.Ref, l.Kind, l.Attempt}] = l.Token
				}
				return ls, err
			}
			b.done = func(ctx context.Context, s *store, l mip.Lease) error {
				l.Token = tokens[slot{l.Ref, l.Kind, l.Attempt}]
				return s.Done(ctx, l)
			}
		},
		"a lease does not hide": func(b *broken) {
			b.lease = func(ctx context.Context, s *store, now, _ time.Time, n int, kinds []mip.EffectKind) ([]mip.Lease, error) {
				return s.Lease(ctx, now, now, n, kinds...)
			}
		},
		"a lease never ends": func(b *broken) {
			b.lease = func(ctx context.Context, s *store, now, _ time.Time, n int, kinds []mip.EffectKind) ([]mip.Lease, error) {
				return s.Lease(ctx, now, far.AddDate(100, 0, 0), n, kinds...)
			}
		},
		"all tokens are one": leases(func(ls []mip.Lease) []mip.Lease {
			for i := range ls {
				ls[i].Token = 1
			}
			return ls
		}),
		"tries are not counted": leases(func(ls []mip.Lease) []mip.Lease {
			for i := range ls {
				ls[i].Tries = 0
			}
			return ls
		}),
		"since is when it is due": leases(func(ls []mip.Lease) []mip.Lease {
			for i := range ls {
				ls[i].Since = ls[i].Due
			}
			return ls
		}),
		"the longest due comes first, whatever it is": leases(func(ls []mip.Lease) []mip.Lease {
			slices.SortStableFunc(ls, func(a, b mip.Lease) int { return a.Due.Compare(b.Due) })
			return ls
		}),
		"the newest comes first": leases(func(ls []mip.Lease) []mip.Lease {
			slices.SortStableFunc(ls, func(a, b mip.Lease) int {
				if a.Kind != b.Kind {
					return 0
				}
				return b.Due.Compare(a.Due)
			})
			return ls
		}),
		"reports are never leased": leases(func(ls []mip.Lease) []mip.Lease {
			return slices.DeleteFunc(ls, func(l mip.Lease) bool { return l.Kind == mip.EffectReport })
		}),
		"kinds are ignored": func(b *broken) {
			b.lease = func(ctx context.Context, s *store, now, until time.Time, n int, _ []mip.EffectKind) ([]mip.Lease, error) {
				return s.Lease(ctx, now, until, n)
			}
		},
		"due times are ignored": func(b *broken) {
			b.lease = func(ctx context.Context, s *store, _, until time.Time, n int, kinds []mip.EffectKind) ([]mip.Lease, error) {
				return s.Lease(ctx, far, until, n, kinds...)
			}
		},
		"the number is ignored": func(b *broken) {
			b.lease = func(ctx context.Context, s *store, now, until time.Time, _ int, kinds []mip.EffectKind) ([]mip.Lease, error) {
				return s.Lease(ctx, now, until, 1000, kinds...)
			}
		},
		"done removes whatever is there": func(b *broken) {
			b.done = func(ctx context.Context, s *store, l mip.Lease) error {
				if err := s.Done(ctx, l); err != nil {
					return err
				}
				ls, err := s.Lease(ctx, far, far, 1000, l.Kind)
				for _, newer := range ls {
					if newer.Ref == l.Ref && newer.Attempt == l.Attempt {
						err = errors.Join(err, s.Done(ctx, newer))
					}
				}
				return err
			}
		},
		"done does nothing": func(b *broken) {
			b.done = func(context.Context, *store, mip.Lease) error { return nil }
		},
		"later moves whatever is there": func(b *broken) {
			b.later = func(ctx context.Context, s *store, l mip.Lease, due time.Time) error {
				if err := s.Later(ctx, l, due); err != nil {
					return err
				}
				ls, err := s.Lease(ctx, far, far, 1000, l.Kind)
				for _, newer := range ls {
					if newer.Ref == l.Ref && newer.Attempt == l.Attempt {
						err = errors.Join(err, s.Later(ctx, newer, due))
					}
				}
				return err
			}
		},
		"later is done": func(b *broken) {
			b.later = func(ctx context.Context, s *store, l mip.Lease, _ time.Time) error { return s.Done(ctx, l) }
		},
		"later is at once": func(b *broken) {
			b.later = func(ctx context.Context, s *store, l mip.Lease, _ time.Time) error { return s.Later(ctx, l, l.Due) }
		},
		"the next due time is too late": func(b *broken) {
			b.next = func(due time.Time, ok bool) (time.Time, bool) { return due.Add(time.Second), ok }
		},
		"something is always due": func(b *broken) {
			b.next = func(due time.Time, _ bool) (time.Time, bool) { return due, true }
		},
		"waiting effects come in any order": func(b *broken) {
			b.waiting = func(w []mip.Effect) []mip.Effect { slices.Reverse(w); return w }
		},
		"settling is forgotten": func(b *broken) {
			b.waiting = func(w []mip.Effect) []mip.Effect {
				return slices.DeleteFunc(w, func(e mip.Effect) bool { return e.Kind == mip.EffectSettle })
			}
		},
	}
}
