package prestashop

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// overlap covers what shops commit late, and requests that take long.
const overlap = 2 * time.Minute

// Orders implements [mip.Channel].
func (s *Shop) Orders(ctx context.Context, since mip.Cursor) iter.Seq2[mip.Page, error] {
	return func(yield func(mip.Page, error) bool) {
		mark, was, err := readCursor(since)
		if err != nil {
			yield(mip.Page{}, err)
			return
		}
		set, err := s.learn(ctx) // which tells the shop's clock as well
		if err != nil {
			yield(mip.Page{}, err)
			return
		}
		if since == "" {
			mark.At = s.clock.Now().Add(-s.config.LookBack)
		}
		pass := s.clock.Pass(mark)
		r := &reading{Shop: s, ctx: ctx, yield: yield, seen: map[string]bool{}}
		changed := ">[" + before(pass.From.Add(-overlap), pass.Now(), set.zone, was) + "]"
		if !r.walk(query{"filter[date_upd]": changed, "date": "1"}) {
			return
		}
		// Orders from before the first reading were nobody's concern yet. An address
		// that is deleted is one that its buyer replaced; orders keep it as it was.
		edited := query{"filter[date_upd]": changed, "date": "1", "filter[deleted]": "[0]"}
		refunded := query{"filter[date_upd]": changed, "date": "1"}
		if since != "" && (!r.walkBy("addresses", "id", edited, "id_address_delivery") || !r.walkBy("order_slip", "id_order", refunded, "id")) {
			return
		}
		yield(mip.Page{Next: cursor(pass.Reached(pass.Now()), set.zone)}, nil)
	}
}

// CursorAt implements [mip.Rewinder].
func (s *Shop) CursorAt(t time.Time) mip.Cursor { return cursor(rest.Mark{At: t}, nil) }

// reading is one range over Orders.
type reading struct {
	*Shop
	ctx   context.Context
	yield func(mip.Page, error) bool
	seen  map[string]bool // ids handed over
}

// walk hands over the orders of a query and reports whether more is wanted.
func (r *reading) walk(q query) bool {
	q["display"] = "full"
	for last := "0"; ; {
		now := r.clock.Now()
		rows, next, err := r.page("orders", q, last)
		var orders []mip.Facts
		if err == nil {
			orders, err = r.facts(r.ctx, r.unseen(rows), now)
		}
		if err != nil {
			r.yield(mip.Page{}, err)
			return false
		}
		if len(orders) > 0 && !r.yield(mip.Page{Orders: orders}, nil) {
			return false
		}
		if next == "" {
			return true
		}
		last = next
	}
}

// walkBy hands over the orders of which something else changed: field of that
// resource's rows is what the orders have in by.
func (r *reading) walkBy(resource, field string, q query, by string) bool {
	q["display"] = "[id," + field + "]"
	values := map[string]bool{}
	for last := "0"; ; {
		rows, next, err := r.page(resource, q, last)
		if err != nil {
			r.yield(mip.Page{}, err)
			return false
		}
		for _, o := range rows {
			if v := string(o.V[field]); isID(v) {
				values[v] = true
			}
		}
		if next == "" {
			break
		}
		last = next
	}
	for some := range slices.Chunk(slices.Sorted(maps.Keys(values)), batch) {
		if !r.walk(query{"filter[" + by + "]": "[" + strings.Join(some, "|") + "]"}) {
			return false
		}
	}
	return true
}

// page reads the next rows by ascending id, which nothing that changes
// meanwhile can shift. next is the id to go on from, empty at the end, which is
// an empty page: a short one may have been cut by the shop's host. Orders named
// by their ids fit into one page.
func (r *reading) page(resource string, q query, last string) (rows rest.Rows[row], next string, err error) {
	asked, named := maps.Clone(q), q["filter[id]"] != ""
	if !named {
		asked["filter[id]"] = ">[" + last + "]"
	}
	asked["sort"], asked["limit"] = "[id_ASC]", strconv.Itoa(batch)
	rows, err = r.list(r.ctx, resource, asked)
	if err != nil || named || len(rows) == 0 {
		return rows, "", err
	}
	from, _ := strconv.ParseInt(last, 10, 64)
	for _, o := range slices.Backward(rows) { // the last one may be unreadable
		next = string(o.V["id"])
		if at, err := strconv.ParseInt(next, 10, 64); err == nil && at > from {
			return rows, next, nil
		}
	}
	if len(rows) >= batch {
		err = &mip.Error{Op: "prestashop: list " + resource, Kind: mip.ErrContract, Err: errors.New("the ids do not rise")}
	}
	return rows, "", err
}

// unseen leaves out what this reading has handed over, since what changed since
// comes with the next one, and orders of other shops.
func (r *reading) unseen(rows rest.Rows[row]) rest.Rows[row] {
	var out rest.Rows[row]
	for _, o := range rows {
		if id := string(o.V["id"]); !r.anothers(o.V) && (!isID(id) || !r.seen[id]) {
			r.seen[id] = true
			out = append(out, o)
		}
	}
	return out
}
