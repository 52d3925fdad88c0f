package woocommerce

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

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
	var done receipt
	if c.Writes() {
		c.Out = &done
	}
	c.Reply, c.Repeat, c.Budget = &answer, true, "shop"
	if s.config.PlainPermalinks {
		c.URL = s.plainAddress(c)
	} else {
		c.Path = "/wp-json" + c.Path
	}
	if err := s.api.Do(ctx, c); err != nil {
		return answer, err
	}
	if c.Writes() && done == (receipt{}) {
		return answer, &mip.Error{Op: "woocommerce: " + c.Name(), Kind: mip.ErrUnknown, Err: errors.New("the answer does not show what was written")}
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
	s.clock.Read(r.Header)
	if r.Status >= 200 && r.Status < 300 {
		return nil // decode judges it
	}
	var e struct{ Code text }
	_ = rest.DecodeLoose(r.Body, &e)
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

// decode reads a success. What is no JSON is somebody else's.
func (s *Shop) decode(call rest.Call, r rest.Response) error {
	err := rest.DecodeLoose(r.Body, call.Out)
	if errors.Is(err, rest.ErrNotJSON) {
		return inDoubt(call, r)
	}
	return err
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
