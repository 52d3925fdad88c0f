package memstore

import (
	"cmp"
	"context"
	"iter"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/openmip/openmip/mip"
)

// Store keeps orders, cursors, reservations and the outbox in memory. It is
// safe for concurrent use. The zero value is not ready; use [New].
type Store struct {
	mu      sync.Mutex
	orders  map[mip.Ref]*record
	alike   map[uint64]map[mip.Ref]*record // by likeness
	cursors map[string]mip.Cursor
	ledger  map[string]mip.Reservation
	queue   outbox
	inbox   map[address]*letter
	letters int // ever kept
}

var (
	_ mip.Store = (*Store)(nil)
	_ mip.Queue = (*Store)(nil)
)

// record is one order with its history. The order in it is replaced, never
// modified, so that it may be read after the lock is gone.
type record struct {
	order    *mip.Order
	likeness uint64
	history  []mip.Change
}

// New returns an empty store.
func New() *Store {
	return &Store{
		orders:  map[mip.Ref]*record{},
		alike:   map[uint64]map[mip.Ref]*record{},
		cursors: map[string]mip.Cursor{},
		ledger:  map[string]mip.Reservation{},
		queue:   outbox{waiting: map[slot]*entry{}, byDue: map[mip.EffectKind][]*entry{}},
		inbox:   map[address]*letter{},
	}
}

// Apply implements [mip.Store]. at is kept in UTC. A context that has ended is
// [mip.ErrUnavailable], and nothing was done.
func (s *Store) Apply(ctx context.Context, ref mip.Ref, e mip.Event, at time.Time) (mip.Result, error) {
	const op = "memstore: apply"
	if err := alive(ctx, op, ref); err != nil {
		return mip.Result{}, err
	}
	at = at.UTC().Round(0)
	s.mu.Lock()
	defer s.mu.Unlock()

	rec, known := s.orders[ref]
	if !known {
		if e.Kind != mip.EventImported {
			return mip.Result{}, &mip.Error{Op: op, Ref: ref, Kind: mip.ErrNotFound}
		}
		if err := ref.Valid(); err != nil {
			return mip.Result{}, &mip.Error{Op: op, Kind: mip.ErrInvalid, Err: err}
		}
		rec = &record{order: &mip.Order{Facts: mip.Facts{Ref: ref}}}
	}
	old := rec.order
	res, err := mip.Step(*old, e, at)
	if err != nil {
		out := mip.Result{Order: old.Clone()}
		if mip.KindOf(err) == mip.ErrIgnored && known && res.Change.Event != "" {
			out.Change = rec.record(res.Change, old.Version)
		}
		return out, err
	}
	if err := res.Valid(ref); err != nil {
		return mip.Result{Order: old.Clone()}, &mip.Error{Op: op, Ref: ref, Kind: mip.ErrInvalid, Err: err}
	}
	res.Order.Version = old.Version + 1
	stored := res.Order.Clone()
	rec.order = &stored
	s.orders[ref] = rec
	s.resemble(rec)
	if res.Change.Event != "" {
		res.Change = rec.record(res.Change, stored.Version)
	}
	for i := range res.Effects {
		res.Effects[i] = s.queue.put(ref, res.Effects[i], at)
	}
	res.Order = stored.Clone()
	return res, nil
}

// resemble keeps a record with those that it has become like.
func (s *Store) resemble(rec *record) {
	is := rec.order.Likeness()
	if is == rec.likeness {
		return
	}
	delete(s.alike[rec.likeness], rec.order.Ref)
	if len(s.alike[rec.likeness]) == 0 {
		delete(s.alike, rec.likeness)
	}
	if rec.likeness = is; is != 0 {
		if s.alike[is] == nil {
			s.alike[is] = map[mip.Ref]*record{}
		}
		s.alike[is][rec.order.Ref] = rec
	}
}

// record appends a history entry and returns a copy of it.
func (r *record) record(c mip.Change, version int) mip.Change {
	c.Version = version
	c.Codes = slices.Clone(c.Codes)
	r.history = append(r.history, c)
	c.Codes = slices.Clone(c.Codes)
	return c
}

// Order implements [mip.Store].
func (s *Store) Order(ctx context.Context, ref mip.Ref) (mip.Order, error) {
	const op = "memstore: order"
	rec, err := s.find(ctx, op, ref)
	if err != nil {
		return mip.Order{}, err
	}
	return rec.order.Clone(), nil
}

// History implements [mip.Store]; an order that does not exist is
// [mip.ErrNotFound].
func (s *Store) History(ctx context.Context, ref mip.Ref) ([]mip.Change, error) {
	const op = "memstore: history"
	rec, err := s.find(ctx, op, ref)
	if err != nil {
		return nil, err
	}
	out := slices.Clone(rec.history)
	for i := range out {
		out[i].Codes = slices.Clone(out[i].Codes)
	}
	return out, nil
}

// find returns a record as it is now.
func (s *Store) find(ctx context.Context, op string, ref mip.Ref) (record, error) {
	if err := alive(ctx, op, ref); err != nil {
		return record{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	rec, ok := s.orders[ref]
	if !ok {
		return record{}, &mip.Error{Op: op, Ref: ref, Kind: mip.ErrNotFound}
	}
	return *rec, nil
}

// Orders implements [mip.Store]. Each range lists the orders that match when
// it begins, each as it was then; the body may change any of them.
func (s *Store) Orders(ctx context.Context, q mip.Query) iter.Seq2[mip.Order, error] {
	return func(yield func(mip.Order, error) bool) {
		const op = "memstore: orders"
		for i, o := range s.snapshot(q) {
			if err := alive(ctx, op, mip.Ref{}); err != nil {
				yield(mip.Order{}, err)
				return
			}
			if q.Limit > 0 && i >= q.Limit || !yield(o.Clone(), nil) {
				return
			}
		}
		if err := alive(ctx, op, mip.Ref{}); err != nil {
			yield(mip.Order{}, err)
		}
	}
}

func (s *Store) snapshot(q mip.Query) []*mip.Order {
	s.mu.Lock()
	defer s.mu.Unlock()
	from := s.orders
	if q.Likeness != 0 {
		from = s.alike[q.Likeness]
	}
	var out []*mip.Order
	for _, rec := range from {
		if matches(q, rec.order) {
			out = append(out, rec.order)
		}
	}
	slices.SortFunc(out, byUrgency)
	return out
}

func matches(q mip.Query, o *mip.Order) bool {
	return (len(q.States) == 0 || slices.Contains(q.States, o.State)) &&
		(q.Channel == "" || q.Channel == o.Ref.Channel) &&
		(q.ManualRef == "" || q.ManualRef == o.ManualRef) &&
		(q.Code == "" || slices.ContainsFunc(o.Findings, func(f mip.Finding) bool { return f.Code == q.Code }))
}

func byUrgency(a, b *mip.Order) int {
	if a.ShipBy.IsZero() != b.ShipBy.IsZero() {
		if a.ShipBy.IsZero() {
			return 1
		}
		return -1
	}
	return cmp.Or(a.ShipBy.Compare(b.ShipBy), a.ReceivedAt.Compare(b.ReceivedAt),
		cmp.Compare(a.Ref.Channel, b.Ref.Channel), cmp.Compare(a.Ref.ID, b.Ref.ID))
}

// Counts implements [mip.Store]. States without orders are absent.
func (s *Store) Counts(ctx context.Context) (map[mip.State]int, error) {
	if err := alive(ctx, "memstore: counts", mip.Ref{}); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := map[mip.State]int{}
	for rec := range maps.Values(s.orders) {
		out[rec.order.State]++
	}
	return out, nil
}
