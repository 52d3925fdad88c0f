package woocommerce

import (
	"context"
	"errors"
	"iter"
	"maps"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

const (
	wireTime = "2006-01-02T15:04:05"
	perPage  = 100 // WooCommerce: at most 100
	overlap  = 2 * time.Second
	// stillness is how far behind the shop's clock a cursor stays where nothing
	// was changed: the clock of a proxy, whose Date it is, may be ahead of it.
	stillness = time.Hour
	maxRounds = 30
	maxLate   = 5
)

// Orders implements [mip.Channel]. The window is cut off at its upper end if
// the shop is so busy that a walk is disturbed again and again, and after 30
// walks the reading ends with [mip.ErrUnavailable].
func (s *Shop) Orders(ctx context.Context, since mip.Cursor) iter.Seq2[mip.Page, error] {
	return func(yield func(mip.Page, error) bool) {
		w, err := s.window(since)
		if err != nil {
			yield(mip.Page{}, err)
			return
		}
		r := &reading{Shop: s, ctx: ctx, window: w, yield: yield}
		if !r.walk("any") || !r.walk("trash") {
			return
		}
		if len(r.late) > 0 {
			yield(mip.Page{}, r.late[0])
			return
		}
		yield(mip.Page{Next: r.Reached(r.end()).Cursor("woo", wireTime)}, nil)
	}
}

// window is a span of modified dates, all in whole seconds, from the cursor to
// just behind the shop's clock. It has no end where that was set back since the
// cursor: what was changed before is dated ahead.
type window struct {
	*rest.Pass
	from, to time.Time
	open     bool
}

func (s *Shop) window(since mip.Cursor) (w window, err error) {
	mark, err := rest.ReadMark("woo", wireTime, since)
	if err != nil {
		return w, err
	}
	if since == "" {
		mark.At = s.clock.Now().Add(-overlap - s.config.LookBack)
	}
	w.Pass = s.clock.Pass(mark)
	w.reach(w.Now())
	return w, nil
}

// CursorAt implements [mip.Rewinder].
func (s *Shop) CursorAt(t time.Time) mip.Cursor {
	return rest.Mark{At: t.Truncate(time.Second)}.Cursor("woo", wireTime)
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}

// reach puts the window's end to just behind what the shop's clock shows.
func (w *window) reach(now time.Time) {
	w.from = w.From.Truncate(time.Second)
	w.to = later(w.from, now.Truncate(time.Second).Add(-overlap))
	w.open = w.Back()
}

// holds reports whether the shop should have listed an order changed at t. It
// filters strictly at both ends.
func (w window) holds(t time.Time) bool {
	return t.IsZero() || t.After(w.from.Add(-overlap)) && (w.open || t.Before(w.to))
}

// trust moves the window to where the shop's clock is, if that turns out to be
// anywhere else. It reports whether it did.
func (w *window) trust(shop time.Time) bool {
	end := shop.Truncate(time.Second).Add(-overlap)
	if !w.Again(overlap) && !w.to.After(later(w.from, end)) && end.Sub(w.to) < time.Minute {
		return false
	}
	w.reach(shop)
	return true
}

// reading is one range over Orders.
type reading struct {
	*Shop
	window
	ctx    context.Context
	yield  func(mip.Page, error) bool
	newest time.Time // modified date handed over
	late   []error   // of orders whose refunds could not be read
}

// walk reads the window in one status until nothing can have been missed, and
// reports whether more is wanted. The shop's own count on the first page, taken
// before anything could shift, proves that; so do two walks in a row with the
// same orders, because an order is only overtaken when one that was seen
// leaves the window, and the next walk does not see that one again.
func (r *reading) walk(status string) bool {
	var before map[string]bool
	for round := range maxRounds {
		if round >= 3 { // too busy: take less at a time
			r.to = later(r.from, r.from.Add(r.to.Sub(r.from)/2).Truncate(time.Second))
			r.open = false
		}
		seen, whole, ok := r.round(status, round == 0)
		if !ok {
			return false
		}
		if whole || before != nil && maps.Equal(before, seen) {
			return true
		}
		before = seen
	}
	r.yield(mip.Page{}, &mip.Error{Op: "woocommerce: list orders", Kind: mip.ErrUnavailable, Err: errors.New("the list kept changing")})
	return false
}

// end is how far everything was handed over: to the newest date, but neither
// beyond the window, which may have been cut off, nor long before its end.
func (r *reading) end() time.Time {
	if r.newest.After(r.to) {
		return r.to
	}
	return later(r.newest, r.to.Add(-stillness))
}

// round walks all pages once. whole says that as many orders were seen as the
// shop counted, ok that the caller wants to go on.
func (r *reading) round(status string, first bool) (seen map[string]bool, whole, ok bool) {
	seen = map[string]bool{}
	total := -1
	for page := 1; ; page++ {
		rows, count, err := r.list(status, page)
		if status == "trash" && mip.KindOf(err) == mip.ErrInvalid {
			return seen, true, true // a shop that does not list its trash
		}
		if err != nil {
			r.yield(mip.Page{}, err)
			return nil, false, false
		}
		if page == 1 {
			total = count
			if first && status == "any" && r.trust(r.clock.Now()) {
				return nil, false, true
			}
		}
		orders := r.facts(rows, seen)
		if len(orders) > 0 && !r.yield(mip.Page{Orders: orders}, nil) {
			return nil, false, false
		}
		if len(r.late) > maxLate {
			r.yield(mip.Page{}, r.late[0])
			return nil, false, false
		}
		if len(rows) == 0 || total >= 0 && len(seen) >= total || total < 0 && len(rows) < perPage {
			return seen, len(seen) == total || total < 0 && page == 1, true
		}
	}
}

// list reads one page, and how many orders the window has; −1 = not said.
func (r *reading) list(status string, page int) (rows rest.Rows[wireOrder], total int, err error) {
	q := url.Values{
		"status": {status}, "orderby": {"id"}, "order": {"asc"}, "per_page": {strconv.Itoa(perPage)}, "page": {strconv.Itoa(page)},
		// UTC without a suffix: with one, dates_are_gmt converts twice and finds nothing.
		"modified_after": {r.from.Add(-overlap).Format(wireTime)}, "dates_are_gmt": {"true"},
	}
	if !r.open {
		q.Set("modified_before", r.to.Format(wireTime))
	}
	answer, err := r.do(r.ctx, rest.Call{Path: "/wc/v3/orders", Out: &rows, Query: q})
	if err != nil {
		return nil, 0, err
	}
	total, err = strconv.Atoi(strings.TrimSpace(answer.Header.Get("X-WP-Total")))
	if err != nil || total < 0 {
		total = -1
	}
	return rows, total, nil
}

// facts makes facts of the rows of a page, with their refunds.
func (r *reading) facts(rows rest.Rows[wireOrder], seen map[string]bool) []mip.Facts {
	var out []mip.Facts
	for _, row := range rows {
		if len(r.late) > maxLate {
			break // it is the shop that fails, not these orders
		}
		o := r.read(row)
		seen[o.Ref.ID] = true
		if !r.holds(o.UpdatedAt) {
			continue
		}
		r.newest = later(r.newest, o.UpdatedAt)
		if err := r.readRefunds(r.ctx, o); err != nil {
			o.defect("refunds", "")
			r.late = append(r.late, rest.About(o.Ref, err))
		}
		out = append(out, o.finish())
	}
	return out
}
