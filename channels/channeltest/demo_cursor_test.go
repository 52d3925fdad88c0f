package channeltest_test

import (
	"errors"
	"net/url"
	"strconv"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// overlap is read again each time.
const overlap = 2 * time.Second

// pass begins to read on from a cursor.
func (d *demo) pass(since mip.Cursor) (*rest.Pass, error) {
	m, err := d.mark(since)
	if err != nil {
		return nil, &mip.Error{Op: "demo: cursor", Kind: mip.ErrInvalid}
	}
	return d.clock.Pass(m), nil
}

// first is the query for the first page.
func (d *demo) first(pass *rest.Pass, since mip.Cursor) url.Values {
	q := url.Values{"limit": {strconv.Itoa(perPage)}}
	if d.has("page numbers") {
		q.Set("page", "0")
	}
	if since == "" || d.has("dropped since") {
		return q
	}
	from := pass.From.Add(-overlap)
	if d.has("no overlap") {
		from = pass.From.Add(time.Second)
	}
	q.Set("since", from.Format(time.RFC3339))
	if d.has("created instead of updated") {
		q.Set("created_since", q.Get("since"))
	}
	return q
}

// page maps orders; next is the cursor so far.
func (d *demo) page(pass *rest.Pass, orders []wireOrder, next mip.Cursor) (mip.Page, mip.Cursor) {
	var page mip.Page
	for _, o := range orders {
		if f, ok := d.facts(o); ok {
			page.Orders = append(page.Orders, f)
		}
		next = d.cursor(pass.Reached(o.Updated))
		if d.has("the last change alone in the cursor") {
			next = d.CursorAt(o.Updated)
		}
	}
	switch page.Next = next; d.bug {
	case "no cursor":
		page.Next = ""
	case "cursor ahead of the page":
		page.Next = mip.Cursor("demo1|" + time.Now().UTC().Format(time.RFC3339))
	case "own clock in the cursor":
		if len(orders) < perPage {
			page.Next = d.CursorAt(time.Now().Add(-10 * time.Minute))
		}
	case "the answer's date in the cursor":
		if at := d.clock.Now().Add(-10 * time.Minute); at.After(pass.From) {
			page.Next = d.CursorAt(at)
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
	case "rewinds to now":
		if time.Since(t) > 50*time.Minute {
			t = time.Now()
		}
	case "rewinds in local words":
		return mip.Cursor("demo1|" + t.Format("2006-01-02T15:04:05Z"))
	}
	return d.cursor(rest.Mark{At: t})
}

func (d *demo) cursor(m rest.Mark) mip.Cursor {
	switch d.bug {
	case "winter time all year":
		return mip.Cursor(m.At.In(paris).Format(wallClock))
	case "cursor in memory":
		key := mip.Cursor(strconv.FormatInt(d.count.Add(1), 10))
		d.kept.Store(key, m)
		return key
	}
	return m.Cursor("demo", time.RFC3339)
}

// mark reads what cursor wrote.
func (d *demo) mark(c mip.Cursor) (rest.Mark, error) {
	switch {
	case c == "":
	case d.has("winter time all year"):
		at, err := time.ParseInLocation(wallClock, string(c), winter)
		return rest.Mark{At: at}, err
	case d.has("cursor in memory"):
		m, ok := d.kept.Load(c)
		if !ok {
			return rest.Mark{}, errors.New("not of this process")
		}
		return m.(rest.Mark), nil
	}
	return rest.ReadMark("demo", time.RFC3339, c)
}
