package shopify

import (
	"context"
	"encoding/json"
	"errors"
	"iter"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

const (
	// overlap: searches lag behind by some seconds.
	overlap = 2 * time.Minute
	// stillness is how far behind the shop's clock a cursor stays where nothing
	// was changed.
	stillness = 5 * time.Minute
	maxLate   = 5
	// memoryOfShop: without the scope read_all_orders older orders are left out
	// without a word. Shopify: 60 days.
	memoryOfShop = 60 * 24 * time.Hour
)

// Orders implements [mip.Channel].
func (s *Shop) Orders(ctx context.Context, since mip.Cursor) iter.Seq2[mip.Page, error] {
	return func(yield func(mip.Page, error) bool) {
		mark, err := rest.ReadMark("shopify", time.RFC3339, since)
		if since == "" {
			mark.At = time.Now().Add(-s.config.LookBack)
		}
		pass := s.clock.Pass(mark)
		if err == nil && time.Since(pass.From) > memoryOfShop {
			err = s.granted(ctx, "read_all_orders", "reading changes of more than 60 days needs it")
		}
		if err != nil {
			yield(mip.Page{}, err)
			return
		}
		r := &reading{Shop: s, ctx: ctx, Pass: pass, yield: yield, seen: map[string]time.Time{}}
		if !r.changed() || !r.routed() {
			return
		}
		if len(r.late) > 0 {
			yield(mip.Page{}, r.late[0])
			return
		}
		if s.clock.Told() { // all until then is listed
			r.end = later(r.end, pass.Now().Add(-stillness))
		}
		yield(mip.Page{Next: r.Reached(r.end).Cursor("shopify", time.RFC3339)}, nil)
	}
}

// CursorAt implements [mip.Rewinder].
func (s *Shop) CursorAt(t time.Time) mip.Cursor {
	return rest.Mark{At: t.Add(overlap)}.Cursor("shopify", time.RFC3339)
}

// reading is one range over Orders.
type reading struct {
	*Shop
	*rest.Pass
	ctx   context.Context
	yield func(mip.Page, error) bool
	seen  map[string]time.Time // how new each order was handed over
	end   time.Time            // the next cursor
	late  []error              // of orders of which a part could not be read
}

// since is a search for what changed since the cursor.
func (r *reading) since() search { return search{from: r.From.Add(-overlap), deep: r.deep} }

// changed walks the orders that changed, the longest unchanged first: one that
// changes meanwhile moves to the end and comes again. It reports whether more
// is wanted.
func (r *reading) changed() bool {
	find := r.since()
	for first := true; ; first = false {
		var at pageInfo
		var orders rest.Rows[wireOrder]
		err := r.sized(r.ctx, docOrders, find.vars(), rest.Members{"orders": rest.Members{"pageInfo": &at, "nodes": &orders}})
		switch {
		case err != nil:
			return r.stop(err)
		case orders == nil || at.More && at.End == find.after:
			return r.stop(contract(docOrders.name))
		case first && r.Again(overlap):
			find = r.since()
			continue
		}
		var page mip.Page
		var newest time.Time
		for _, row := range orders {
			f, changed, ok := r.one(row)
			if !ok {
				return false
			}
			newest = later(newest, changed)
			page.Orders = append(page.Orders, f)
		}
		if len(page.Orders) > 0 && !r.yield(page, nil) {
			return false
		}
		if !at.More {
			return true
		}
		find.next(at.End, len(orders), newest)
	}
}

// one reads one order of a list and when it changed itself, and reports whether
// the reading goes on.
func (r *reading) one(row rest.Row[wireOrder]) (f mip.Facts, at time.Time, ok bool) {
	f, err := r.facts(r.ctx, row)
	if err != nil {
		r.late = append(r.late, err)
		if len(r.late) > maxLate || mip.KindOf(err) == mip.ErrUnauthorized || r.ctx.Err() != nil {
			return f, at, r.stop(err) // it is the shop that fails, not these orders
		}
	}
	r.seen[f.Ref.ID] = f.UpdatedAt
	if own, err := time.Parse(time.RFC3339, row.V.Updated); err == nil && time.Until(own) < 30*24*time.Hour {
		at = own.Truncate(time.Second)
		r.end = later(r.end, at)
	}
	return f, at, true
}

func (r *reading) stop(err error) bool {
	r.yield(mip.Page{}, err)
	return false
}

// routed walks the fulfillment orders that changed. Routing that ends, a hold
// that is lifted and a date that arrives need not touch the order itself, so
// orders that are newer than handed over come again.
func (r *reading) routed() bool {
	asked := map[string]bool{}
	for find := r.since(); ; {
		var out struct {
			Routes *list[struct {
				Updated time.Time           `json:"updatedAt"`
				Order   struct{ ID string } `json:"order"`
			}] `json:"fulfillmentOrders"`
		}
		err := r.do(r.ctx, docRouted, find.vars(), &out)
		switch {
		case err != nil:
			return r.stop(err)
		case out.Routes == nil || out.Routes.Page.More && out.Routes.Page.End == find.after:
			return r.stop(contract(docRouted.name))
		}
		var newest time.Time
		for _, n := range out.Routes.Nodes {
			newest = later(newest, n.Updated)
			id := tail("Order", n.Order.ID)
			if id == "" || asked[id] || !n.Updated.After(r.seen[id]) {
				continue
			}
			asked[id] = true
			if !r.again(id) {
				return false
			}
		}
		if !out.Routes.Page.More {
			return true
		}
		find.next(out.Routes.Page.End, len(out.Routes.Nodes), newest)
	}
}

// again hands over one order by its id.
func (r *reading) again(id string) bool {
	row, err := r.fetch(r.ctx, id)
	switch {
	case errors.Is(err, mip.ErrNotFound):
		return true // deleted, or older than this app may see
	case err != nil:
		return r.stop(err)
	}
	end := r.end
	f, _, ok := r.one(row)
	r.end = end // changes of orders themselves decide
	return ok && r.yield(mip.Page{Orders: []mip.Facts{f}}, nil)
}

// Order implements [mip.Getter]. An order of more than 60 days is
// [mip.ErrNotFound] to an app without the scope read_all_orders.
func (s *Shop) Order(ctx context.Context, id string) (mip.Facts, error) {
	ref := mip.Ref{Channel: s.config.Name, ID: id}
	if err := s.owns(ref); err != nil {
		return mip.Facts{}, err
	}
	row, err := s.fetch(ctx, id)
	if err != nil {
		return mip.Facts{}, rest.About(ref, err)
	}
	f, err := s.facts(ctx, row)
	switch {
	case err != nil:
		return mip.Facts{}, err
	case f.Ref.ID != id:
		return mip.Facts{}, rest.About(ref, fail(docOrder.name, mip.ErrContract, "another order was answered"))
	}
	return f, nil
}

// fetch reads one order; [mip.ErrNotFound] only by the shop's own word, null.
func (s *Shop) fetch(ctx context.Context, id string) (row rest.Row[wireOrder], err error) {
	err = s.sized(ctx, docOrder, map[string]any{"id": gid("Order", id)}, rest.Members{"order": &row})
	return row, found(docOrder.name, row.Raw, err)
}

// found tells an object that is null from one that is not in the answer.
func found(op string, raw json.RawMessage, err error) error {
	switch {
	case err != nil:
		return err
	case raw == nil:
		return contract(op)
	case string(raw) == "null":
		return fail(op, mip.ErrNotFound, "the shop has no such order")
	}
	return nil
}
