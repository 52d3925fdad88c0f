package channeltest_test

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"iter"
	"log/slog"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	"github.com/openmip/openmip/mip"
)

// demo is a correct channel for the invented platform on bare net/http, and
// with bug set an incorrect one: each name in the code is one planted bug.
type demo struct {
	name, key string
	http      *http.Client
	log       *slog.Logger
	bug       string
	count     atomic.Int64 // for bugs with a memory
}

func (d *demo) has(bug string) bool { return d.bug == bug }

func (d *demo) Name() string {
	if d.has("name changes") && d.count.Add(1) > 1 {
		return d.name + "2"
	}
	return d.name
}

// call makes a request, reads up to four times.
func (d *demo) call(ctx context.Context, method, path string, in, out any) error {
	if d.has("ignored context") {
		ctx = context.WithoutCancel(ctx)
	}
	for try := 1; ; try++ {
		err := d.once(ctx, method, path, in, out)
		repeat := method == "GET" && mip.Repeatable(err) || d.has("write repeated blindly") && err != nil ||
			d.has("bad key tried again") && errors.Is(err, mip.ErrUnauthorized) && try < 20
		if !repeat || try >= 4 && !d.has("tries for ever") && !d.has("bad key tried again") || d.has("no retry") {
			return err
		}
		wait := max(time.Second<<min(try, 6), mip.RetryAfter(err))
		if d.has("ignored Retry-After") {
			wait = time.Second
		}
		if d.has("wait ignores context") {
			time.Sleep(wait)
			continue
		}
		t := time.NewTimer(wait)
		select {
		case <-ctx.Done():
			t.Stop()
			return &mip.Error{Op: "demo", Kind: mip.ErrUnavailable, Err: ctx.Err()}
		case <-t.C:
		}
	}
}

func (d *demo) once(ctx context.Context, method, path string, in, out any) error {
	if !d.has("no time-out") {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, 30*time.Second)
		defer cancel()
	}
	body, _ := json.Marshal(in)
	address := "https://shop.test" + path
	if d.has("key in the URL") {
		address += map[bool]string{true: "&", false: "?"}[strings.Contains(path, "?")] + "key=" + d.key
	}
	req, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(string(body)))
	if err != nil {
		return err
	}
	req.Header.Set("X-Key", d.key)
	doubt := mip.ErrUnavailable
	if method != "GET" {
		doubt = mip.ErrUnknown
	}
	res, err := d.http.Do(req)
	if err != nil {
		if u, ok := errors.AsType[*url.Error](err); ok && !d.has("key in the URL") {
			err = u.Err
		}
		if d.has("lost answer is a refusal") {
			doubt = mip.ErrInvalid
		}
		return &mip.Error{Op: "demo: " + method, Kind: doubt, Err: err}
	}
	defer func() { _ = res.Body.Close() }()
	b, err := io.ReadAll(res.Body)
	if err != nil {
		return &mip.Error{Op: "demo: " + method, Kind: doubt}
	}
	if d.has("body in the log") {
		d.log.Info("answer", "body", string(b))
	}
	return d.verdict(method, res, b, out, doubt)
}

func (d *demo) verdict(method string, res *http.Response, b []byte, out any, doubt error) error {
	e := &mip.Error{Op: "demo: " + method, Kind: doubt}
	if d.has("body in the error") {
		e.Err = errors.New(string(b))
	}
	switch s := res.StatusCode; {
	case s == 200:
		err := json.Unmarshal(b, out)
		if err == nil || d.has("web page as an empty shop") {
			return nil
		}
		if method == "GET" {
			e.Kind = mip.ErrContract
		}
		return e
	case (s == 401 || s == 403) && !d.has("bad key is unavailable"):
		e.Kind = mip.ErrUnauthorized
	case s == 404 && !d.has("not found is unavailable"):
		e.Kind = mip.ErrNotFound
	case s == 429:
		e.Kind = mip.ErrThrottled
		if secs, err := strconv.Atoi(res.Header.Get("Retry-After")); err == nil {
			e.RetryAfter = time.Duration(secs) * time.Second
		}
		if d.has("throttled is invalid") {
			e.Kind = mip.ErrInvalid
		}
	case s >= 400 && s < 500 && s != 401 && s != 404:
		e.Kind = mip.ErrInvalid
	case s >= 500 && d.has("server error is a refusal"):
		e.Kind = mip.ErrRefused
	}
	return e
}

const perPage = 40

// Orders reads from two seconds before the cursor, keyset by (updated, id).
func (d *demo) Orders(ctx context.Context, since mip.Cursor) iter.Seq2[mip.Page, error] {
	if d.has("fetches before the loop") {
		_, _ = d.list(ctx, url.Values{})
	}
	kept := "" // for "not restartable"
	return func(yield func(mip.Page, error) bool) {
		q := url.Values{"limit": {strconv.Itoa(perPage)}}
		if since != "" && !d.has("dropped since") {
			at, err := time.Parse(time.RFC3339, string(since))
			if err != nil {
				if !d.has("bad cursor ends in silence") {
					yield(mip.Page{}, &mip.Error{Op: "demo: cursor", Kind: mip.ErrInvalid})
				}
				return
			}
			q.Set("since", d.from(at).Format(time.RFC3339))
			if d.has("created instead of updated") {
				q.Set("created_since", q.Get("since"))
			}
		}
		if d.has("not restartable") && kept != "" {
			q.Set("since", kept)
		}
		if d.has("page numbers") {
			q.Set("page", "0")
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
			page := mip.Page{}
			for _, o := range orders {
				if f, ok := d.facts(o); ok {
					page.Orders = append(page.Orders, f)
				}
				next = mip.Cursor(o.Updated.Format(time.RFC3339))
			}
			if !d.has("no cursor") {
				page.Next = next
			}
			if d.has("cursor ahead of the page") {
				page.Next = mip.Cursor(time.Now().UTC().Format(time.RFC3339))
			}
			last := len(orders) < perPage || d.has("first page only")
			if d.has("one error is the end") && page.Orders == nil && n > 1 {
				return
			}
			if d.has("eager paging") {
				if hoard = append(hoard, page); !last {
					d.advance(q, orders, n)
					continue
				}
			} else {
				hoard = []mip.Page{page}
			}
			if d.has("bad order is an error") && page.Orders != nil && hasDefect(page) {
				yield(mip.Page{}, &mip.Error{Op: "demo", Kind: mip.ErrContract})
				return
			}
			for _, pg := range hoard {
				if !yield(pg, nil) {
					if d.has("fetches after break") {
						_, _ = d.list(ctx, q)
					}
					return
				}
			}
			if last {
				if d.has("leaves a goroutine") {
					never := make(chan int)
					go func() { <-never }()
				}
				return
			}
			d.advance(q, orders, n)
			kept = q.Get("since")
		}
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
		if err := json.Unmarshal(raw, &o); err != nil {
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
