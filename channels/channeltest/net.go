package channeltest

import (
	"bytes"
	"crypto/tls"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"
)

// Net is a network with one server on it, inside the process: no sockets, so
// that clients on it can live in a synctest bubble. It is a
// [http.RoundTripper] and a [Network]: it counts requests and breaks them on
// demand. Every host name leads to the server; https counts as such
// (Request.TLS is set) without a handshake. Answers carry a Date header by
// [time.Now] unless the handler sets one. Safe for concurrent use.
type Net struct {
	handler http.Handler
	faults

	seen      sync.Mutex
	hosts     map[string]int // requests by host name
	addresses map[string]bool
}

var (
	_ http.RoundTripper = (*Net)(nil)
	_ Network           = (*Net)(nil)
)

// Serve puts h on a network of its own. h runs in the goroutine of the
// client's request.
func Serve(h http.Handler) *Net { return &Net{handler: h} }

// Client returns a client on the network. It follows no redirects.
func (n *Net) Client() *http.Client {
	return &http.Client{
		Transport:     n,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

var errBroken = errors.New("connection reset by peer")

// RoundTrip implements [http.RoundTripper].
func (n *Net) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		defer func() { _ = req.Body.Close() }()
	}
	if err := req.Context().Err(); err != nil {
		return nil, err
	}
	n.note(req.URL)
	f, bad := n.next()
	if !bad {
		return n.serve(req)
	}
	if f.Slow > 0 || f.Torn || f.Stall || f.Cut || f.Grown || f.Dated != 0 {
		return n.spoil(req, f)
	}
	if f.Done {
		if _, err := n.serve(req); err != nil {
			return nil, err
		}
	}
	switch {
	case f.Hang:
		<-req.Context().Done()
		return nil, req.Context().Err()
	case !f.answered():
		return nil, errBroken
	}
	return f.response(req), nil
}

// Hosts returns how many requests were sent to each host name.
func (n *Net) Hosts() map[string]int {
	n.seen.Lock()
	defer n.seen.Unlock()
	return maps.Clone(n.hosts)
}

// Addresses returns every address that was asked for, in no order.
func (n *Net) Addresses() []string {
	n.seen.Lock()
	defer n.seen.Unlock()
	return slices.Collect(maps.Keys(n.addresses))
}

func (n *Net) note(u *url.URL) {
	n.seen.Lock()
	defer n.seen.Unlock()
	if n.hosts == nil {
		n.hosts, n.addresses = map[string]int{}, map[string]bool{}
	}
	n.hosts[u.Hostname()]++
	n.addresses[u.String()] = true
}

// spoil gives the right answer late or wrongly dated, a part of it, or more
// than that.
func (n *Net) spoil(req *http.Request, f Fault) (*http.Response, error) {
	res, err := n.serve(req)
	if err != nil {
		return nil, err
	}
	if f.Slow > 0 {
		if err := sleep(req.Context(), f.Slow); err != nil {
			return nil, err
		}
		return res, nil
	}
	if f.Dated != 0 {
		if at, err := http.ParseTime(res.Header.Get("Date")); err == nil {
			res.Header.Set("Date", at.Add(f.Dated).Format(http.TimeFormat))
		}
		return res, nil
	}
	whole, err := io.ReadAll(res.Body)
	if err != nil {
		return nil, err
	}
	res.ContentLength = -1
	part, end := whole[:len(whole)/2], func() error { return io.ErrUnexpectedEOF }
	switch {
	case f.Grown:
		part, end = grow(whole), func() error { return io.EOF }
	case f.Cut:
		whole = bytes.TrimSpace(whole)
		part, end = whole[:max(len(whole), 1)-1], func() error { return io.EOF }
	case f.Stall:
		end = func() error { <-req.Context().Done(); return req.Context().Err() }
	}
	res.Body = io.NopCloser(io.MultiReader(bytes.NewReader(part), ending(end)))
	return res, nil
}

// ending is a reader that has nothing and says why.
type ending func() error

func (e ending) Read([]byte) (int, error) { return 0, e() }

// serve lets the handler answer.
func (n *Net) serve(req *http.Request) (*http.Response, error) {
	in := req.Clone(req.Context())
	in.RequestURI, in.RemoteAddr = req.URL.RequestURI(), "192.0.2.1:1234"
	in.URL = &url.URL{Path: req.URL.Path, RawPath: req.URL.RawPath, RawQuery: req.URL.RawQuery}
	if in.Host == "" {
		in.Host = req.URL.Host
	}
	if req.URL.Scheme == "https" {
		in.TLS = &tls.ConnectionState{HandshakeComplete: true, ServerName: req.URL.Hostname()}
	}
	var body []byte
	if req.Body != nil {
		var err error
		if body, err = io.ReadAll(req.Body); err != nil {
			return nil, err
		}
	}
	in.Body = io.NopCloser(bytes.NewReader(body))
	rec := httptest.NewRecorder()
	n.handler.ServeHTTP(rec, in)
	res := rec.Result()
	res.Request = req
	stamp(res)
	return res, nil
}

// response is the answer that a fault puts in place of the real one.
func (f Fault) response(req *http.Request) *http.Response {
	rec := httptest.NewRecorder()
	typ := f.Type
	if typ == "" {
		typ = "text/html; charset=utf-8"
	}
	rec.Header().Set("Content-Type", typ)
	if f.RetryAfter > 0 {
		rec.Header().Set("Retry-After", strconv.Itoa(int(f.RetryAfter/time.Second)))
	}
	for name, values := range f.Header {
		rec.Header()[http.CanonicalHeaderKey(name)] = values
	}
	status := f.Status
	if status == 0 {
		status = http.StatusOK
	}
	rec.WriteHeader(status)
	_, _ = rec.WriteString(f.Body)
	res := rec.Result()
	res.Request = req
	stamp(res)
	return res
}

func stamp(res *http.Response) {
	if res.Header.Get("Date") == "" {
		res.Header.Set("Date", time.Now().UTC().Format(http.TimeFormat))
	}
}
