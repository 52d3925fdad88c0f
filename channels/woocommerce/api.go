package woocommerce

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// noRoute is the code for a route that the site does not have (any more).
const noRoute = "rest_no_route"

// do makes one call; Path is below the root of the REST API. A read needs an
// Out, a write has none. Writes may be repeated after proof that they were not
// executed.
func (s *Shop) do(ctx context.Context, c rest.Call) (rest.Response, error) {
	release, err := s.slots.Take(ctx)
	if err != nil {
		return rest.Response{}, err
	}
	defer release()
	var answer rest.Response
	out := c.Out
	c.Out, c.Reply, c.Repeat, c.Budget = nil, &answer, true, "shop"
	if s.config.PlainPermalinks {
		c.URL = s.plainAddress(c)
	} else {
		c.Path = "/wp-json" + c.Path
	}
	if err := s.api.Do(ctx, c); err != nil {
		return answer, err
	}
	kind, done := mip.ErrContract, receipt{}
	if c.Writes() {
		kind, out = mip.ErrUnknown, &done
	}
	err = rest.Decode(answer.Body, out)
	if err != nil { // words of PHP before it
		body, _ := findJSON(answer.Body)
		err = rest.Decode(body, out)
	}
	if err == nil && c.Writes() && done == (receipt{}) {
		err = errors.New("the answer does not show what was written")
	}
	if err != nil {
		return answer, &mip.Error{Op: "woocommerce: " + c.Name(), Kind: kind, Err: err}
	}
	return answer, nil
}

// receipt is what every answer to a write has one of: the shop shows what it
// wrote.
type receipt struct {
	ID       text `json:"id"`
	Tracking text `json:"tracking_id"`
}

func (s *Shop) plainAddress(c rest.Call) string {
	route, q := c.Path, url.Values{}
	for name, value := range c.Vars {
		route = strings.ReplaceAll(route, "{"+name+"}", url.PathEscape(value))
	}
	for k, v := range c.Query {
		q[k] = v
	}
	q.Set("rest_route", route)
	return s.config.URL + "/?" + q.Encode()
}

// classify tells WooCommerce's refusals from what firewalls, proxies and
// crashed plugins answer in its place. Only its own code for a missing order
// is [mip.ErrNotFound]: a 404 of anybody else must not look like a deletion.
func (s *Shop) classify(call rest.Call, r rest.Response) error {
	s.readClock(r)
	body, isJSON := findJSON(r.Body)
	if r.Status >= 200 && r.Status < 300 {
		if isJSON {
			return nil
		}
		return inDoubt(call, r)
	}
	var e struct{ Code text }
	if isJSON {
		_ = json.Unmarshal(body, &e)
	}
	code := string(e.Code)
	switch {
	case r.Status == http.StatusTooManyRequests || r.Status == http.StatusRequestTimeout || r.Status >= 500:
		return nil // as the status says
	case code == "" && r.Status != http.StatusUnauthorized:
		return inDoubt(call, r)
	case r.Status == http.StatusNotFound && !strings.HasSuffix(code, "order_invalid_id"):
		if call.Writes() {
			return coded(mip.ErrUnavailable, code, r) // no such route or part: certainly not done
		}
		return coded(mip.ErrContract, code, r)
	}
	return coded(rest.KindOfStatus(r.Status, call.Writes()), code, r)
}

// inDoubt: not the shop's own words. A read may be repeated; a write may have
// been executed.
func inDoubt(call rest.Call, r rest.Response) error {
	if call.Writes() {
		return coded(mip.ErrUnknown, "", r)
	}
	return coded(mip.ErrUnavailable, "", r)
}

func coded(kind error, code string, r rest.Response) error {
	if len(code) > 64 || strings.Trim(code, "abcdefghijklmnopqrstuvwxyz0123456789_-") != "" {
		code = "" // not a code; never quote an answer
	}
	return &mip.Error{Kind: kind, Code: code, Err: fmt.Errorf("status %d", r.Status)}
}

func codeOf(err error) string {
	if e, ok := errors.AsType[*mip.Error](err); ok {
		return e.Code
	}
	return ""
}

// findJSON returns the JSON of an answer, past a byte order mark and past
// what PHP printed in up to a hundred lines before it.
func findJSON(body []byte) ([]byte, bool) {
	body = bytes.TrimSpace(bytes.TrimPrefix(bytes.TrimSpace(body), []byte("\xef\xbb\xbf")))
	for at, lines := 0, 0; at < len(body) && lines < 100; lines++ {
		if c := body[at]; (c == '{' || c == '[') && json.Valid(body[at:]) {
			return body[at:], true
		}
		next := bytes.IndexByte(body[at:], '\n')
		if next < 0 {
			break
		}
		at += next + 1
	}
	return nil, false
}

// readClock learns how far the shop's clock is from ours, up to a month; what
// is further off is no clock. A Date header has whole seconds, so the shop's
// time is never overestimated.
func (s *Shop) readClock(r rest.Response) {
	if at, err := http.ParseTime(r.Header.Get("Date")); err == nil {
		if skew := time.Until(at); skew.Abs() < 30*24*time.Hour {
			s.skew.Store(&skew)
		}
	}
}

// now is the shop's clock as far as known, in UTC.
func (s *Shop) now() time.Time {
	now := time.Now().UTC()
	if skew := s.skew.Load(); skew != nil {
		now = now.Add(*skew)
	}
	return now
}
