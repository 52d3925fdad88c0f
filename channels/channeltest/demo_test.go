package channeltest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"iter"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// demo is a correct channel for the invented platform on bare net/http, and
// with bug set an incorrect one: each name in the code is one planted bug.
type demo struct {
	name  string
	key   rest.Secret
	http  *http.Client
	at    string // address; empty = the one in a bubble
	log   *slog.Logger
	clock rest.Clock // the shop's
	turns turns      // reports on one order wait for each other
	bug   string
	count atomic.Int64 // for bugs with a memory
	kept  sync.Map     // likewise
	Plain string       // for "prints its key"
}

// turns are taken one at a time for each order; a sync.Mutex would stop a
// bubble's clock.
type turns struct{ byID sync.Map }

func (t *turns) take(ctx context.Context, id string) (func(), error) {
	v, _ := t.byID.LoadOrStore(id, make(chan struct{}, 1))
	turn := v.(chan struct{})
	select {
	case turn <- struct{}{}:
		return func() { <-turn }, nil
	case <-ctx.Done():
		return nil, &mip.Error{Op: "demo: wait for a turn", Kind: mip.ErrUnavailable, Err: ctx.Err()}
	}
}

func (d *demo) has(bug string) bool { return d.bug == bug }

func (d *demo) Name() string {
	if d.has("name changes") && d.count.Add(1) > 1 {
		return d.name + "2"
	}
	return d.name
}

const perPage = 40

// Orders reads from a little before the cursor, keyset by (updated, id).
func (d *demo) Orders(ctx context.Context, since mip.Cursor) iter.Seq2[mip.Page, error] {
	if d.has("fetches before the loop") {
		_, _ = d.list(ctx, url.Values{})
	}
	kept := "" // for "not restartable"
	return func(yield func(mip.Page, error) bool) {
		pass, err := d.pass(since)
		if err != nil {
			if !d.has("bad cursor ends in silence") {
				yield(mip.Page{}, err)
			}
			return
		}
		q := d.first(pass, since)
		if d.has("not restartable") && kept != "" {
			q.Set("since", kept)
		}
		next := since
		var hoard []mip.Page
		for n := 1; ; n++ {
			orders, err := d.list(ctx, q)
			if n == 1 && err == nil && pass.Again(overlap) {
				q = d.first(pass, since)
				orders, err = d.list(ctx, q)
			}
			if err != nil {
				if !d.has("swallowed error") {
					yield(mip.Page{}, err)
				}
				if !d.has("something after the error") {
					return
				}
			}
			if d.has("an empty page is an error") && n > 1 && len(orders) == 0 {
				yield(mip.Page{}, &mip.Error{Op: "demo", Kind: mip.ErrContract})
				return
			}
			var page mip.Page
			page, next = d.page(pass, orders, next)
			last := len(orders) < perPage || d.has("first page only")
			if hoard = append(hoard, page); d.has("eager paging") && !last {
				d.advance(q, orders, n)
				continue
			}
			if d.has("bad order is an error") && hasDefect(page) {
				yield(mip.Page{}, &mip.Error{Op: "demo", Kind: mip.ErrContract})
				return
			}
			for _, page := range hoard {
				if !yield(page, nil) {
					d.afterBreak(ctx, q)
					return
				}
			}
			if hoard = nil; last {
				d.afterAll()
				return
			}
			d.advance(q, orders, n)
			if d.has("not restartable") {
				kept = q.Get("since")
			}
		}
	}
}

func (d *demo) afterBreak(ctx context.Context, q url.Values) {
	if d.has("fetches after break") {
		_, _ = d.list(ctx, q)
	}
}

func (d *demo) afterAll() {
	if d.has("leaves a goroutine") {
		never := make(chan int)
		go func() { <-never }()
	}
}

func hasDefect(p mip.Page) bool {
	for _, f := range p.Orders {
		if len(f.Defects) > 0 {
			return true
		}
	}
	return false
}

// advance moves the query to the next page.
func (d *demo) advance(q url.Values, orders []wireOrder, n int) {
	if len(orders) == 0 {
		return
	}
	last := orders[len(orders)-1]
	switch {
	case d.has("page numbers"):
		q.Set("page", strconv.Itoa(n))
	case d.has("time alone as page mark"):
		q.Set("since", last.Updated.Add(time.Second).Format(time.RFC3339))
	default:
		q.Set("since", last.Updated.Format(time.RFC3339))
		q.Set("after", last.ID)
	}
}

func (d *demo) list(ctx context.Context, q url.Values) ([]wireOrder, error) {
	var out struct{ Orders *[]json.RawMessage }
	if err := d.call(ctx, "GET", "/orders?"+q.Encode(), nil, &out); err != nil {
		return nil, err
	}
	if out.Orders == nil {
		if d.has("an object without orders is an empty shop") || d.has("web page as an empty shop") || d.has("something after the error") {
			return nil, nil
		}
		return nil, &mip.Error{Op: "demo: list", Kind: mip.ErrContract}
	}
	var orders []wireOrder
	for _, raw := range *out.Orders {
		o := wireOrder{raw: raw}
		dec := json.NewDecoder(bytes.NewReader(raw))
		if d.has("unknown fields are refused") {
			dec.DisallowUnknownFields()
		}
		if err := dec.Decode(&o); err != nil {
			return nil, &mip.Error{Op: "demo: list", Kind: mip.ErrContract}
		}
		if d.has("drops all but the known statuses") && o.Status == "held-at-customs-office" ||
			d.has("cancelled ones are filtered out") && o.Status == "cancelled" ||
			d.has("closed ones are filtered out") && o.Status == "done" ||
			d.has("drops orders without an address") && o.ShipTo == nil {
			o.Status = "dropped"
		}
		orders = append(orders, o)
	}
	return orders, nil
}

func (d *demo) Order(ctx context.Context, id string) (mip.Facts, error) {
	var raw json.RawMessage
	if err := d.call(ctx, "GET", "/orders/"+url.PathEscape(id), nil, &raw); err != nil {
		return mip.Facts{}, err
	}
	o := wireOrder{raw: raw}
	if err := json.Unmarshal(raw, &o); err != nil || o.ID == "" {
		return mip.Facts{}, &mip.Error{Op: "demo: get", Kind: mip.ErrContract}
	}
	f, _ := d.facts(o)
	if d.has("getter forgets the note") {
		f.Note = ""
	}
	return f, nil
}
