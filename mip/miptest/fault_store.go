package miptest

import (
	"context"
	"iter"
	"time"

	"github.com/openmip/openmip/mip"
)

// QueuedStore is a store that runs its effects in one process.
type QueuedStore interface {
	mip.Store
	mip.Queue
}

// Store returns s as the process sees it.
func (p *Process) Store(s QueuedStore) QueuedStore { return &faultyStore{p, s} }

// faultyStore passes every call of a store through a process.
type faultyStore struct {
	p *Process
	s QueuedStore
}

func (f *faultyStore) write(ctx context.Context, call string, do func(context.Context) error) error {
	return f.p.do(ctx, "store", call, true, do)
}

func (f *faultyStore) read(ctx context.Context, call string, do func(context.Context) error) error {
	return f.p.do(ctx, "store", call, false, do)
}

// Apply implements [mip.Store].
func (f *faultyStore) Apply(ctx context.Context, ref mip.Ref, e mip.Event, at time.Time) (r mip.Result, err error) {
	err = f.write(ctx, "apply "+string(e.Kind), func(ctx context.Context) (err error) {
		r, err = f.s.Apply(ctx, ref, e, at)
		return err
	})
	if mip.KindOf(err) == mip.ErrUnknown || mip.KindOf(err) == mip.ErrUnavailable {
		r = mip.Result{}
	}
	return r, err
}

// Order implements [mip.Store].
func (f *faultyStore) Order(ctx context.Context, ref mip.Ref) (o mip.Order, err error) {
	err = f.read(ctx, "order", func(ctx context.Context) (err error) { o, err = f.s.Order(ctx, ref); return err })
	return o, err
}

// History implements [mip.Store].
func (f *faultyStore) History(ctx context.Context, ref mip.Ref) (h []mip.Change, err error) {
	err = f.read(ctx, "history", func(ctx context.Context) (err error) { h, err = f.s.History(ctx, ref); return err })
	return h, err
}

// Orders implements [mip.Store].
func (f *faultyStore) Orders(ctx context.Context, q mip.Query) iter.Seq2[mip.Order, error] {
	return func(yield func(mip.Order, error) bool) {
		if err := f.read(ctx, "orders", func(context.Context) error { return nil }); err != nil {
			yield(mip.Order{}, err)
			return
		}
		for o, err := range f.s.Orders(ctx, q) {
			if !yield(o, err) {
				return
			}
		}
	}
}

// Counts implements [mip.Store].
func (f *faultyStore) Counts(ctx context.Context) (n map[mip.State]int, err error) {
	err = f.read(ctx, "counts", func(ctx context.Context) (err error) { n, err = f.s.Counts(ctx); return err })
	return n, err
}

// Cursor implements [mip.Cursors].
func (f *faultyStore) Cursor(ctx context.Context, channel string) (c mip.Cursor, err error) {
	err = f.read(ctx, "cursor", func(ctx context.Context) (err error) { c, err = f.s.Cursor(ctx, channel); return err })
	return c, err
}

// SaveCursor implements [mip.Cursors].
func (f *faultyStore) SaveCursor(ctx context.Context, channel string, old, next mip.Cursor) error {
	return f.write(ctx, "save cursor", func(ctx context.Context) error { return f.s.SaveCursor(ctx, channel, old, next) })
}

// Reserve implements [mip.Ledger].
func (f *faultyStore) Reserve(ctx context.Context, r mip.Reservation, b mip.Balance) error {
	return f.write(ctx, "reserve", func(ctx context.Context) error { return f.s.Reserve(ctx, r, b) })
}

// Settle implements [mip.Ledger].
func (f *faultyStore) Settle(ctx context.Context, key string, actual mip.Money, at time.Time) error {
	return f.write(ctx, "settle", func(ctx context.Context) error { return f.s.Settle(ctx, key, actual, at) })
}

// Release implements [mip.Ledger].
func (f *faultyStore) Release(ctx context.Context, key string, at time.Time) error {
	return f.write(ctx, "release", func(ctx context.Context) error { return f.s.Release(ctx, key, at) })
}

// Note implements [mip.Ledger].
func (f *faultyStore) Note(ctx context.Context, key string, old, next string) error {
	return f.write(ctx, "note", func(ctx context.Context) error { return f.s.Note(ctx, key, old, next) })
}

// Reservation implements [mip.Ledger].
func (f *faultyStore) Reservation(ctx context.Context, key string) (r mip.Reservation, err error) {
	err = f.read(ctx, "reservation", func(ctx context.Context) (err error) { r, err = f.s.Reservation(ctx, key); return err })
	return r, err
}

// Reservations implements [mip.Ledger].
func (f *faultyStore) Reservations(ctx context.Context, account string, since time.Time) (all []mip.Reservation, err error) {
	err = f.read(ctx, "reservations", func(ctx context.Context) (err error) {
		all, err = f.s.Reservations(ctx, account, since)
		return err
	})
	return all, err
}

// Lease implements [mip.Queue].
func (f *faultyStore) Lease(ctx context.Context, now, until time.Time, n int, kinds ...mip.EffectKind) (l []mip.Lease, err error) {
	err = f.write(ctx, "lease", func(ctx context.Context) (err error) { l, err = f.s.Lease(ctx, now, until, n, kinds...); return err })
	if err != nil {
		return nil, err
	}
	return l, nil
}

// Done implements [mip.Queue].
func (f *faultyStore) Done(ctx context.Context, l mip.Lease) error {
	return f.write(ctx, "done", func(ctx context.Context) error { return f.s.Done(ctx, l) })
}

// Later implements [mip.Queue].
func (f *faultyStore) Later(ctx context.Context, l mip.Lease, due time.Time) error {
	return f.write(ctx, "later", func(ctx context.Context) error { return f.s.Later(ctx, l, due) })
}

// NextDue implements [mip.Queue].
func (f *faultyStore) NextDue(ctx context.Context, kinds ...mip.EffectKind) (due time.Time, ok bool, err error) {
	err = f.read(ctx, "next due", func(ctx context.Context) (err error) { due, ok, err = f.s.NextDue(ctx, kinds...); return err })
	return due, ok, err
}

// Waiting implements [mip.Queue].
func (f *faultyStore) Waiting(ctx context.Context, ref mip.Ref) (all []mip.Effect, err error) {
	err = f.read(ctx, "waiting", func(ctx context.Context) (err error) { all, err = f.s.Waiting(ctx, ref); return err })
	return all, err
}
