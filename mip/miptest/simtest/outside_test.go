package simtest

import (
	"context"
	"iter"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/miptest"
)

// outside runs the calls that bubbles make to a real server, on goroutines of
// no bubble. Whoever waits for one waits on a channel from outside, which lets
// no time pass in the bubble: to its clock every call is done at once.
type outside struct {
	idle, calls chan *outsideCall
}

type outsideCall struct {
	f    func()
	done chan struct{}
}

// newOutside makes room for n calls at once. It is closed by closing calls.
func newOutside(n int) *outside {
	o := &outside{idle: make(chan *outsideCall, n), calls: make(chan *outsideCall)}
	for range n {
		o.idle <- &outsideCall{done: make(chan struct{})}
		go func() {
			for c := range o.calls {
				c.f()
				c.done <- struct{}{}
			}
		}()
	}
	return o
}

func (o *outside) do(f func()) {
	c := <-o.idle
	c.f = f
	o.calls <- c
	<-c.done
	o.idle <- c
}

// distant is a store as it is seen from a bubble. Its calls can be neither
// stopped nor timed from there, and one whose context has ended is not begun.
type distant struct {
	out   *outside
	store func() miptest.QueuedStore // on the server, as it is reached now
	after func(miptest.QueuedStore)  // follows every call
}

// call makes one call to the server.
func (d *distant) call(ctx context.Context, f func(ctx context.Context, s miptest.QueuedStore)) {
	own, cancel := context.WithCancel(context.Background())
	defer cancel()
	if ctx.Err() != nil {
		cancel()
	}
	d.out.do(func() {
		s := d.store()
		f(own, s)
		d.after(s)
	})
}

// Apply implements mip.Store.
func (d *distant) Apply(ctx context.Context, ref mip.Ref, e mip.Event, at time.Time) (r mip.Result, err error) {
	d.call(ctx, func(ctx context.Context, s miptest.QueuedStore) { r, err = s.Apply(ctx, ref, e, at) })
	return r, err
}

// Order implements mip.Store.
func (d *distant) Order(ctx context.Context, ref mip.Ref) (o mip.Order, err error) {
	d.call(ctx, func(ctx context.Context, s miptest.QueuedStore) { o, err = s.Order(ctx, ref) })
	return o, err
}

// History implements mip.Store.
func (d *distant) History(ctx context.Context, ref mip.Ref) (h []mip.Change, err error) {
	d.call(ctx, func(ctx context.Context, s miptest.QueuedStore) { h, err = s.History(ctx, ref) })
	return h, err
}

// Orders implements mip.Store. All are read before the first is shown.
func (d *distant) Orders(ctx context.Context, q mip.Query) iter.Seq2[mip.Order, error] {
	return func(yield func(mip.Order, error) bool) {
		var all []mip.Order
		var failed error
		d.call(ctx, func(ctx context.Context, s miptest.QueuedStore) {
			for o, err := range s.Orders(ctx, q) {
				if failed = err; err == nil {
					all = append(all, o)
				}
			}
		})
		for _, o := range all {
			if !yield(o, nil) {
				return
			}
		}
		if failed != nil {
			yield(mip.Order{}, failed)
		}
	}
}

// Counts implements mip.Store.
func (d *distant) Counts(ctx context.Context) (n map[mip.State]int, err error) {
	d.call(ctx, func(ctx context.Context, s miptest.QueuedStore) { n, err = s.Counts(ctx) })
	return n, err
}

// Cursor implements mip.Cursors.
func (d *distant) Cursor(ctx context.Context, channel string) (c mip.Cursor, err error) {
	d.call(ctx, func(ctx context.Context, s miptest.QueuedStore) { c, err = s.Cursor(ctx, channel) })
	return c, err
}

// SaveCursor implements mip.Cursors.
func (d *distant) SaveCursor(ctx context.Context, channel string, old, next mip.Cursor) (err error) {
	d.call(ctx, func(ctx context.Context, s miptest.QueuedStore) { err = s.SaveCursor(ctx, channel, old, next) })
	return err
}

// Reserve implements mip.Ledger.
func (d *distant) Reserve(ctx context.Context, r mip.Reservation, b mip.Balance) (err error) {
	d.call(ctx, func(ctx context.Context, s miptest.QueuedStore) { err = s.Reserve(ctx, r, b) })
	return err
}

// Settle implements mip.Ledger.
func (d *distant) Settle(ctx context.Context, key string, actual mip.Money, at time.Time) (err error) {
	d.call(ctx, func(ctx context.Context, s miptest.QueuedStore) { err = s.Settle(ctx, key, actual, at) })
	return err
}

// Release implements mip.Ledger.
func (d *distant) Release(ctx context.Context, key string, at time.Time) (err error) {
	d.call(ctx, func(ctx context.Context, s miptest.QueuedStore) { err = s.Release(ctx, key, at) })
	return err
}

// Note implements mip.Ledger.
func (d *distant) Note(ctx context.Context, key string, old, next string) (err error) {
	d.call(ctx, func(ctx context.Context, s miptest.QueuedStore) { err = s.Note(ctx, key, old, next) })
	return err
}

// Reservation implements mip.Ledger.
func (d *distant) Reservation(ctx context.Context, key string) (r mip.Reservation, err error) {
	d.call(ctx, func(ctx context.Context, s miptest.QueuedStore) { r, err = s.Reservation(ctx, key) })
	return r, err
}

// Reservations implements mip.Ledger.
func (d *distant) Reservations(ctx context.Context, account string, since time.Time) (all []mip.Reservation, err error) {
	d.call(ctx, func(ctx context.Context, s miptest.QueuedStore) { all, err = s.Reservations(ctx, account, since) })
	return all, err
}

// Lease implements mip.Queue.
func (d *distant) Lease(ctx context.Context, now, until time.Time, n int, kinds ...mip.EffectKind) (l []mip.Lease, err error) {
	d.call(ctx, func(ctx context.Context, s miptest.QueuedStore) { l, err = s.Lease(ctx, now, until, n, kinds...) })
	return l, err
}

// Done implements mip.Queue.
func (d *distant) Done(ctx context.Context, l mip.Lease) (err error) {
	d.call(ctx, func(ctx context.Context, s miptest.QueuedStore) { err = s.Done(ctx, l) })
	return err
}

// Later implements mip.Queue.
func (d *distant) Later(ctx context.Context, l mip.Lease, due time.Time) (err error) {
	d.call(ctx, func(ctx context.Context, s miptest.QueuedStore) { err = s.Later(ctx, l, due) })
	return err
}

// NextDue implements mip.Queue.
func (d *distant) NextDue(ctx context.Context, kinds ...mip.EffectKind) (due time.Time, ok bool, err error) {
	d.call(ctx, func(ctx context.Context, s miptest.QueuedStore) { due, ok, err = s.NextDue(ctx, kinds...) })
	return due, ok, err
}

// Waiting implements mip.Queue.
func (d *distant) Waiting(ctx context.Context, ref mip.Ref) (all []mip.Effect, err error) {
	d.call(ctx, func(ctx context.Context, s miptest.QueuedStore) { all, err = s.Waiting(ctx, ref) })
	return all, err
}
