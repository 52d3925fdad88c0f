package postgres

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"math"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/openmip/openmip/mip"
)

// page is how many orders are read at a time.
const page = 64

// Orders implements [mip.Store]. Orders are read in pages, each in a moment
// of its own, and no transaction or connection is held while the loop's body
// runs: the body may change any order. An order whose ship-by date changes
// meanwhile may come twice or not at all; every other that matches throughout
// comes once.
func (s *Store) Orders(ctx context.Context, q mip.Query) iter.Seq2[mip.Order, error] {
	return func(yield func(mip.Order, error) bool) {
		lists := s.listings(q)
		for n := 0; q.Limit <= 0 || n < q.Limit; n++ {
			first, err := earliestOf(ctx, lists)
			if err != nil {
				yield(mip.Order{}, failure("postgres: orders", mip.Ref{}, err))
				return
			}
			if first == nil || !yield(first.take(), nil) {
				return
			}
		}
	}
}

// listings returns one listing for each state asked for, so that every one
// follows an index; their merger is in order again.
func (s *Store) listings(q mip.Query) []*listing {
	states := slices.Compact(slices.Sorted(slices.Values(q.States)))
	if len(states) == 0 {
		states = []mip.State{""}
	}
	size := page
	if q.Limit > 0 {
		size = min(size, q.Limit)
	}
	out := make([]*listing, len(states))
	for i, state := range states {
		out[i] = &listing{s: s, state: state, channel: q.Channel, code: q.Code, manualRef: q.ManualRef, likeness: q.Likeness, size: size, any: len(q.States) == 0,
			after: position{shipBy: math.MinInt64, receivedAt: math.MinInt64}}
	}
	return out
}

// earliestOf returns the listing whose next order comes first, nil at the end.
func earliestOf(ctx context.Context, lists []*listing) (*listing, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	var first *listing
	for _, l := range lists {
		if err := l.fill(ctx); err != nil {
			return nil, err
		}
		if len(l.ready) > 0 && (first == nil || l.ready[0].compare(first.ready[0].position) < 0) {
			first = l
		}
	}
	return first, nil
}

// position is where an order stands in the listing.
type position struct {
	shipBy, receivedAt int64
	channel, id        string
}

func (p position) compare(q position) int {
	return cmp.Or(cmp.Compare(p.shipBy, q.shipBy), cmp.Compare(p.receivedAt, q.receivedAt),
		cmp.Compare(p.channel, q.channel), cmp.Compare(p.id, q.id))
}

// listing reads the orders of one state, or of any, page by page.
type listing struct {
	s             *Store
	state         mip.State
	any           bool
	channel, code string
	manualRef     string
	likeness      uint64
	size          int
	after         position // the last one read
	ready         []listed
	done          bool
}

type listed struct {
	position
	order mip.Order
}

func (l *listing) take() mip.Order {
	o := l.ready[0].order
	l.ready[0] = listed{} // let go of it before the page ends
	l.ready = l.ready[1:]
	return o
}

// fill reads the next page once the one before is used up.
func (l *listing) fill(ctx context.Context) error {
	if l.done || len(l.ready) > 0 {
		return nil
	}
	text, args := l.query()
	rows, err := l.s.pool.Query(ctx, l.s.in(text), args...)
	if err != nil {
		return err
	}
	l.ready = make([]listed, 0, l.size)
	var p position
	var version int
	var body, raw []byte
	_, err = pgx.ForEachRow(rows, []any{&p.shipBy, &p.receivedAt, &p.channel, &p.id, &version, &body, &raw}, func() error {
		o, err := decode(mip.Ref{Channel: p.channel, ID: p.id}, version, body, slices.Clone(raw))
		l.ready = append(l.ready, listed{p, o})
		return err
	})
	if err != nil {
		return err
	}
	l.done = len(l.ready) < l.size
	if len(l.ready) > 0 {
		l.after = l.ready[len(l.ready)-1].position
	}
	return nil
}

func (l *listing) query() (string, []any) {
	args := []any{l.s.account, l.after.shipBy, l.after.receivedAt, l.after.channel, l.after.id}
	text := `SELECT ship_by, received_at, channel, id, version, body, raw FROM $.orders
		WHERE account = $1 AND (ship_by, received_at, channel, id) > ($2, $3, $4, $5)`
	where := func(condition string, value any) {
		args = append(args, value)
		text += fmt.Sprintf(condition, len(args))
	}
	if l.manualRef != "" {
		where(" AND manual_ref <> '' AND manual_ref = $%d", l.manualRef)
	}
	if l.likeness != 0 {
		where(" AND likeness <> 0 AND likeness = $%d", int64(l.likeness)) //nolint:gosec // all 64 bits
	}
	if !l.any {
		where(" AND state = $%d", string(l.state))
	}
	if l.channel != "" {
		where(" AND channel = $%d", l.channel)
	}
	if l.code != "" {
		where(" AND $%d = ANY (codes)", l.code)
	}
	where(" ORDER BY ship_by, received_at, channel, id LIMIT $%d", l.size)
	return text, args
}
