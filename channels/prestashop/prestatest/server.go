package prestatest

import (
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"sync"
	"time"
)

// Server is one shop. All methods are safe for concurrent use.
type Server struct {
	cfg Config

	mu     sync.Mutex // guards what follows
	tables map[string]*table
	edits  map[int]func(string, map[string]any) // by order
	mails  []Mail
	ahead  time.Duration
	faults []Fault
	hook   func(*http.Request) Fault
	calls  []Call
}

// Call is one request the shop received.
type Call struct {
	Method, Path string // below /api, "/orders/7"
	Query        url.Values
	Body         string
	Status       int
}

// URL is the shop's address.
func (s *Server) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return or(s.cfg.URL, DefaultURL)
}

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 16<<20))
	if err != nil {
		return
	}
	f := s.fault(r)
	if f.Delay > 0 && !sleep(r, f.Delay) || f.Lost == Before {
		f.lose(r)
	}
	a := &answer{}
	if f.Status == 0 || f.Applied {
		a = s.answer(r, body)
	}
	f.spoil(a)
	if f.Lost == After {
		f.lose(r)
	}
	a.send(w, s.Now())
}

// answer is the shop without faults. Everything happens under the one lock,
// as if the shop had a single PHP worker.
func (s *Server) answer(r *http.Request, body []byte) *answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{Server: s, r: r, body: body, query: r.URL.Query(), answer: &answer{header: http.Header{}}}
	c.serve()
	q := r.URL.Query()
	q.Del("ws_key")
	s.calls = append(s.calls, Call{Method: r.Method, Path: c.path, Query: q, Body: string(body), Status: c.answer.status})
	return c.answer
}

// Calls returns every request the shop processed, oldest first.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// Writes returns the requests that were not GET or HEAD.
func (s *Server) Writes() []Call {
	return slices.DeleteFunc(s.Calls(), func(c Call) bool { return c.Method == http.MethodGet || c.Method == http.MethodHead })
}

// Listen serves the shop on a loopback port until stop is called.
func (s *Server) Listen() (address string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	address = "http://" + l.Addr().String()
	s.mu.Lock()
	s.cfg.URL = or(s.cfg.URL, address)
	s.mu.Unlock()
	srv := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = srv.Serve(l) }()
	return address, func() { _ = srv.Close() }, nil
}

// Transport returns a round tripper that calls the shop directly, without a
// socket or a goroutine.
func (s *Server) Transport() http.RoundTripper { return transport{s} }

type transport struct{ *Server }

func (t transport) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	in := r.Clone(r.Context())
	in.RequestURI = r.URL.RequestURI()
	if in.Body == nil {
		in.Body = http.NoBody
	}
	defer func() { _ = in.Body.Close() }()
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if v != http.ErrAbortHandler { //nolint:errorlint // panics carry the very value
			panic(v)
		}
		if resp, err = nil, r.Context().Err(); err == nil {
			err = &net.OpError{Op: "read", Net: "tcp", Err: io.ErrUnexpectedEOF}
		}
	}()
	rec := httptest.NewRecorder()
	t.ServeHTTP(rec, in)
	resp = rec.Result()
	resp.Request = r
	return resp, nil
}
