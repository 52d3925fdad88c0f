package channeltest_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
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
	turns turns // reports on one order wait for each other
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

// Orders reads from two seconds before the cursor, keyset by (updated, id).
func (d *demo) Orders(ctx context.Context, since mip.Cursor) iter.Seq2[mip.Page, error] {
	if d.has("fetches before the loop") {
		_, _ = d.list(ctx, url.Values{})
	}
	kept := "" // for "not restartable"
	return func(yield func(mip.Page, error) bool) {
		q, err := d.first(since)
		if err != nil {
			if !d.has("bad cursor ends in silence") {
				yield(mip.Page{}, err)
			}
			return
		}
		if d.has("not restartable") && kept != "" {
			q.Set("since", kept)
		}
		next := since
		var hoard []mip.Page
		for n := 1; ; n++ {
			orders, err := d.list(ctx, q)
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
			page, next = d.page(orders, next)
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

// first is the query for the first page.
func (d *demo) first(since mip.Cursor) (url.Values, error) {
	q := url.Values{"limit": {strconv.Itoa(perPage)}}
	if d.has("page numbers") {
		q.Set("page", "0")
	}
	if since == "" || d.has("dropped since") {
		return q, nil
	}
	at, err := d.instant(since)
	if err != nil {
		return nil, &mip.Error{Op: "demo: cursor", Kind: mip.ErrInvalid}
	}
	q.Set("since", d.from(at).Format(time.RFC3339))
	if d.has("created instead of updated") {
		q.Set("created_since", q.Get("since"))
	}
	return q, nil
}

// page maps orders; next is the cursor so far.
func (d *demo) page(orders []wireOrder, next mip.Cursor) (mip.Page, mip.Cursor) {
	var page mip.Page
	for _, o := range orders {
		if f, ok := d.facts(o); ok {
			page.Orders = append(page.Orders, f)
		}
		next = d.CursorAt(o.Updated)
	}
	switch page.Next = next; d.bug {
	case "no cursor":
		page.Next = ""
	case "cursor ahead of the page":
		page.Next = mip.Cursor(time.Now().UTC().Format(time.RFC3339))
	case "own clock in the cursor":
		if len(orders) < perPage {
			page.Next = mip.Cursor(time.Now().UTC().Add(-10 * time.Minute).Format(time.RFC3339))
		}
	}
	return page, next
}

var (
	paris, _ = time.LoadLocation("Europe/Paris")
	winter   = time.FixedZone("CET", 60*60)
)

const wallClock = "2006-01-02 15:04:05"

// CursorAt is the instant as text.
func (d *demo) CursorAt(t time.Time) mip.Cursor {
	switch d.bug {
	case "winter time all year":
		return mip.Cursor(t.In(paris).Format(wallClock))
	case "cursor in memory":
		key := mip.Cursor(strconv.FormatInt(d.count.Add(1), 10))
		d.kept.Store(key, t)
		return key
	case "rewinds to now":
		if time.Since(t) > 50*time.Minute {
			t = time.Now()
		}
	case "rewinds in local words":
		return mip.Cursor(t.Format("2006-01-02T15:04:05Z"))
	}
	return mip.Cursor(t.UTC().Format(time.RFC3339))
}

// instant reads what CursorAt wrote.
func (d *demo) instant(c mip.Cursor) (time.Time, error) {
	switch d.bug {
	case "winter time all year":
		return time.ParseInLocation(wallClock, string(c), winter)
	case "cursor in memory":
		t, ok := d.kept.Load(c)
		if !ok {
			return time.Time{}, errors.New("not of this process")
		}
		return t.(time.Time), nil
	}
	return time.Parse(time.RFC3339, string(c))
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

// from is where a reading begins that continues at the cursor.
func (d *demo) from(at time.Time) time.Time {
	if d.has("no overlap") {
		return at.Add(time.Second)
	}
	return at.Add(-2 * time.Second)
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
