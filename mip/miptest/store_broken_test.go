package miptest_test

import (
	"context"
	"iter"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/memstore"
)

// broken is a good store with one method taken over.
type broken struct {
	*memstore.Store
	apply   func(ctx context.Context, s *memstore.Store, ref mip.Ref, e mip.Event, at time.Time) (mip.Result, error)
	order   func(o mip.Order, err error) (mip.Order, error)
	history func(h []mip.Change, err error) ([]mip.Change, error)
	orders  func(ctx context.Context, s *memstore.Store, q mip.Query) iter.Seq2[mip.Order, error]
	counts  func(map[mip.State]int) map[mip.State]int
	cursor  func(ctx context.Context, s *memstore.Store, channel string, old, next mip.Cursor) error
	reserve func(ctx context.Context, s *memstore.Store, r mip.Reservation, b mip.Balance) error
	settle  func(ctx context.Context, s *memstore.Store, key string, actual mip.Money, at time.Time) error
	note    func(ctx context.Context, s *memstore.Store, key string, old, next string) error
	release func(ctx context.Context, s *memstore.Store, key string, at time.Time) error
	lease   func(ctx context.Context, s *memstore.Store, now, until time.Time, n int, kinds []mip.EffectKind) ([]mip.Lease, error)
	done    func(ctx context.Context, s *memstore.Store, l mip.Lease) error
	later   func(ctx context.Context, s *memstore.Store, l mip.Lease, due time.Time) error
	next    func(due time.Time, ok bool) (time.Time, bool)
	waiting func([]mip.Effect) []mip.Effect
	inbox   inboxBug
}

func (b broken) Apply(ctx context.Context, ref mip.Ref, e mip.Event, at time.Time) (mip.Result, error) {
	if b.apply != nil {
		return b.apply(ctx, b.Store, ref, e, at)
	}
	return b.Store.Apply(ctx, ref, e, at)
}

func (b broken) Order(ctx context.Context, ref mip.Ref) (mip.Order, error) {
	o, err := b.Store.Order(ctx, ref)
	if b.order != nil {
		return b.order(o, err)
	}
	return o, err
}

func (b broken) History(ctx context.Context, ref mip.Ref) ([]mip.Change, error) {
	h, err := b.Store.History(ctx, ref)
	if b.history != nil {
		return b.history(h, err)
	}
	return h, err
}

func (b broken) Orders(ctx context.Context, q mip.Query) iter.Seq2[mip.Order, error] {
	if b.orders != nil {
		return b.orders(ctx, b.Store, q)
	}
	return b.Store.Orders(ctx, q)
}

func (b broken) Counts(ctx context.Context) (map[mip.State]int, error) {
	c, err := b.Store.Counts(ctx)
	if b.counts != nil {
		c = b.counts(c)
	}
	return c, err
}

func (b broken) SaveCursor(ctx context.Context, channel string, old, next mip.Cursor) error {
	if b.cursor != nil {
		return b.cursor(ctx, b.Store, channel, old, next)
	}
	return b.Store.SaveCursor(ctx, channel, old, next)
}

func (b broken) Reserve(ctx context.Context, r mip.Reservation, balance mip.Balance) error {
	if b.reserve != nil {
		return b.reserve(ctx, b.Store, r, balance)
	}
	return b.Store.Reserve(ctx, r, balance)
}

func (b broken) Settle(ctx context.Context, key string, actual mip.Money, at time.Time) error {
	if b.settle != nil {
		return b.settle(ctx, b.Store, key, actual, at)
	}
	return b.Store.Settle(ctx, key, actual, at)
}

func (b broken) Note(ctx context.Context, key string, old, next string) error {
	if b.note != nil {
		return b.note(ctx, b.Store, key, old, next)
	}
	return b.Store.Note(ctx, key, old, next)
}

func (b broken) Release(ctx context.Context, key string, at time.Time) error {
	if b.release != nil {
		return b.release(ctx, b.Store, key, at)
	}
	return b.Store.Release(ctx, key, at)
}

func (b broken) Lease(ctx context.Context, now, until time.Time, n int, kinds ...mip.EffectKind) ([]mip.Lease, error) {
	if b.lease != nil {
		return b.lease(ctx, b.Store, now, until, n, kinds)
	}
	return b.Store.Lease(ctx, now, until, n, kinds...)
}

func (b broken) Done(ctx context.Context, l mip.Lease) error {
	if b.done != nil {
		return b.done(ctx, b.Store, l)
	}
	return b.Store.Done(ctx, l)
}

func (b broken) Later(ctx context.Context, l mip.Lease, due time.Time) error {
	if b.later != nil {
		return b.later(ctx, b.Store, l, due)
	}
	return b.Store.Later(ctx, l, due)
}

func (b broken) NextDue(ctx context.Context, kinds ...mip.EffectKind) (time.Time, bool, error) {
	due, ok, err := b.Store.NextDue(ctx, kinds...)
	if b.next != nil {
		due, ok = b.next(due, ok)
	}
	return due, ok, err
}

func (b broken) Waiting(ctx context.Context, ref mip.Ref) ([]mip.Effect, error) {
	w, err := b.Store.Waiting(ctx, ref)
	if b.waiting != nil {
		w = b.waiting(w)
	}
	return w, err
}
