package magento

import (
	"context"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

const (
	// overlap is read again each time: shops commit late, and the database
	// writes the time of change before that.
	overlap = 2 * time.Minute
	// open are the states of orders that may still be bought.
	open = "new,pending_payment,payment_review,holded,processing"
)

// Orders implements [mip.Channel]. Orders come by time of change and then by
// id; each page is asked for by the last order of the one before, and each
// gives a cursor. An order that changes meanwhile moves to the end and comes
// again. Now and then all open orders come as well, see [Config.Recheck].
func (s *Shop) Orders(ctx context.Context, since mip.Cursor) iter.Seq2[mip.Page, error] {
	return func(yield func(mip.Page, error) bool) {
		began := s.clock.Now()
		m, err := readPosition(since)
		if err != nil {
			yield(mip.Page{}, err)
			return
		}
		if since == "" { // everything comes by its time of change
			m.At = began.Add(-s.config.LookBack)
		}
		fresh := m.swept.IsZero()
		if fresh { // the open orders are read again from now on
			m.swept = began
		}
		for page, err := range s.changed(ctx, &m) {
			if !yield(page, err) || err != nil {
				return
			}
		}
		if began.Sub(m.swept).Abs() < s.config.Recheck {
			if fresh {
				yield(mip.Page{Next: m.cursor()}, nil)
			}
			return
		}
		for page, err := range s.pending(ctx, began.Add(-s.config.LookBack)) {
			if !yield(page, err) || err != nil {
				return
			}
		}
		m.swept = began
		yield(mip.Page{Next: m.cursor()}, nil)
	}
}

// place is where an order stands in the list: by time of change, then by id.
type place struct{ at, id string }

// changed reads what changed since a position and moves it along, never beyond
// an order that was seen: the clock that counts is the database's, which is not
// always the shop's. Nor beyond what the shop's shows: an order dated ahead would
// hide everybody else's changes until then.
func (s *Shop) changed(ctx context.Context, m *position) iter.Seq2[mip.Page, error] {
	return rest.Changes(ctx, &s.clock, m.Mark, overlap, func(ctx context.Context, p *rest.Pass, after place) (mip.Page, place, bool, error) {
		from := after
		if after == (place{}) {
			from.at = p.From.Add(-overlap).Format(wireTime)
		}
		page, last, more, err := s.page(ctx, from, s.behind(from))
		if err != nil || last.id == "" {
			return page, after, more, err
		}
		if at, err := time.Parse(wireTime, last.at); err == nil {
			m.Mark = p.Reached(at)
			page.Next = m.cursor()
		}
		return page, last, more, nil
	})
}

// pending reads the open orders made since a time: an address that is edited in
// the back office moves no order's time of change.
func (s *Shop) pending(ctx context.Context, since time.Time) iter.Seq2[mip.Page, error] {
	return rest.Pages(ctx, "0", func(ctx context.Context, after string) ([]mip.Page, string, bool, error) {
		page, last, more, err := s.page(ctx, place{id: after}, s.ofStores(search{size: s.config.PageSize, sort: []string{"entity_id"},
			all: []oneOf{{{"state", "in", open}}, {{"created_at", "gteq", since.Format(wireTime)}}, {{"entity_id", "gt", after}}}}))
		return []mip.Page{page}, last.id, more, err
	})
}

// page reads one page, the place of its last readable order, and whether there
// are more behind it.
func (s *Shop) page(ctx context.Context, after place, q search) (page mip.Page, last place, more bool, err error) {
	rows, total, err := list[wireOrder](ctx, s, "/orders", q)
	if err != nil {
		return page, after, false, err
	}
	last = after
	for _, row := range rows {
		o := s.read(row)
		page.Orders = append(page.Orders, o.Facts)
		if isID(string(o.wire.ID)) && !o.UpdatedAt.IsZero() {
			last = place{at: o.UpdatedAt.Format(wireTime), id: o.Ref.ID}
		}
	}
	return page, last, total > len(rows), nil
}

// behind asks for what comes after a place; without an id, for what comes from
// that time on.
func (s *Shop) behind(p place) search {
	q := search{size: s.config.PageSize, sort: []string{"updated_at", "entity_id"}, all: []oneOf{{{"updated_at", "gteq", p.at}}}}
	if p.id != "" {
		q.all = append(q.all, oneOf{{"updated_at", "gt", p.at}, {"entity_id", "gt", p.id}})
	}
	return s.ofStores(q)
}

// ofStores asks for the orders of this account's store views alone.
func (s *Shop) ofStores(q search) search {
	if len(s.config.Stores) > 0 {
		q.all = append(q.all, oneOf{{"store_id", "in", strings.Join(s.stores(), ",")}})
	}
	return q
}

func (s *Shop) stores() []string {
	var out []string
	for _, id := range s.config.Stores {
		out = append(out, strconv.FormatInt(id, 10))
	}
	return out
}
