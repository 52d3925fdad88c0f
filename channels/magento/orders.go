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
	overlap  = 2 * time.Minute
	cursorV1 = "mag1|"
)

// Orders implements [mip.Channel]. Orders come by time of change and then by
// id; each page is asked for by the last order of the one before, and each
// gives a cursor. An order that changes meanwhile moves to the end and comes
// again.
func (s *Shop) Orders(ctx context.Context, since mip.Cursor) iter.Seq2[mip.Page, error] {
	from, err := s.from(since)
	if err != nil {
		return func(yield func(mip.Page, error) bool) { yield(mip.Page{}, err) }
	}
	first := place{at: from.Add(-overlap).Format(wireTime)}
	return rest.Pages(ctx, first, func(ctx context.Context, after place) ([]mip.Page, place, bool, error) {
		rows, total, err := s.list(ctx, "/orders", s.behind(after))
		if err != nil {
			return nil, after, false, err
		}
		var page mip.Page
		last := after
		for _, raw := range rows {
			o := s.decode(raw)
			page.Orders = append(page.Orders, o.Facts)
			if isID(string(o.wire.ID)) && !o.UpdatedAt.IsZero() {
				last = place{at: o.UpdatedAt.Format(wireTime), id: o.Ref.ID}
			}
		}
		if at, _ := time.Parse(wireTime, last.at); last.id != "" {
			page.Next = s.cursor(at, from)
		}
		return []mip.Page{page}, last, total > len(rows), nil
	})
}

// place is where an order stands in the list: by time of change, then by id.
type place struct{ at, id string }

// behind asks for what comes after a place; without an id, for what comes from
// that time on.
func (s *Shop) behind(p place) search {
	q := search{size: s.config.PageSize, sort: []string{"updated_at", "entity_id"}, all: []oneOf{{{"updated_at", "gteq", p.at}}}}
	if p.id != "" {
		q.all = append(q.all, oneOf{{"updated_at", "gt", p.at}, {"entity_id", "gt", p.id}})
	}
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

// from reads a cursor; an empty one looks [Config.LookBack] back.
func (s *Shop) from(since mip.Cursor) (time.Time, error) {
	if since == "" {
		return s.now().Add(-s.config.LookBack), nil
	}
	at, known := strings.CutPrefix(string(since), cursorV1)
	from, err := time.Parse(wireTime, at)
	if err != nil || !known {
		return time.Time{}, fail("read cursor", mip.ErrInvalid, "not a cursor of this version")
	}
	return from, nil
}

// cursor is the mark of what was last read. It never moves back, and never
// beyond an order that was seen: the clock that counts is the database's,
// which is not always the shop's.
func (s *Shop) cursor(at, from time.Time) mip.Cursor {
	if at.Before(from) {
		at = from
	}
	return mip.Cursor(cursorV1 + at.Format(wireTime))
}

// CursorAt implements [mip.Rewinder].
func (s *Shop) CursorAt(t time.Time) mip.Cursor {
	return mip.Cursor(cursorV1 + t.UTC().Truncate(time.Second).Format(wireTime))
}
