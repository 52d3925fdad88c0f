package magentest

import (
	"bytes"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"slices"
	"sync"
	"time"
)

// Server is one shop. All methods are safe for concurrent use.
type Server struct {
	cfg Config

	mu     sync.Mutex // guards what follows
	chance *rand.Rand
	lastID int64
	orders map[int64]*Order
	nonces map[string]bool
	tokens map[string]time.Time // of administrators, with their end
	ahead  time.Duration
	faults []Fault
	counts map[string]int
	calls  []Call
}

// Call is one request that the shop processed.
type Call struct {
	Method string
	Route  string // below /V1: "/orders/101"
	View   string // store view code of the address; empty = none
	Query  string // decoded
	Body   string
	Status int // of the answer
	At     time.Time
}

// URL is the address that the shop believes in.
func (s *Server) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cfg.URL
}

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 16<<20))
	if err != nil {
		return
	}
	f := s.fault(r)
	if f.Lost == Before {
		lose(r, f)
	}
	a := newAnswer()
	if f.Status == 0 || f.Applied {
		a = s.answer(r, body)
	}
	f.spoil(a)
	if f.Lost == After {
		lose(r, f)
	}
	s.mu.Lock()
	now := time.Now().Add(s.ahead)
	s.mu.Unlock()
	a.send(w, now)
}

// answer is the shop without faults. Everything happens under the one lock.
func (s *Server) answer(r *http.Request, body []byte) *answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := &call{Server: s, answer: newAnswer(), r: r, body: body, now: s.clock()}
	c.serve()
	s.counts[r.Method+" "+c.pattern]++
	query := r.URL.Query()
	s.calls = append(s.calls, Call{Method: r.Method, Route: c.route, View: c.view, Query: plain(query), Body: string(body),
		Status: c.answer.status, At: c.now})
	return c.answer
}

// clock is the database's, in whole seconds.
func (s *Server) clock() time.Time {
	return time.Now().UTC().Add(s.ahead + s.cfg.Shift).Truncate(time.Second)
}

// Count returns how many requests with this method the shop processed on a
// route, in which {id} stands for ids: Count("POST", "/order/{id}/ship").
// Requests that a fault swallowed do not count.
func (s *Server) Count(method, route string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts[method+" "+route]
}

// Calls returns every request the shop processed, oldest first.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}

// Writes returns the requests that were not GET.
func (s *Server) Writes() []Call {
	return slices.DeleteFunc(s.Calls(), func(c Call) bool { return c.Method == http.MethodGet })
}

// Listen serves the shop on a loopback port until stop is called. Without a
// [Config.URL] of its own the shop then believes in that port's address.
func (s *Server) Listen() (url string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	url = "http://" + l.Addr().String()
	s.mu.Lock()
	if s.cfg.URL == DefaultURL {
		s.cfg.URL = url
	}
	s.mu.Unlock()
	srv := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = srv.Serve(l) }()
	return url, func() { _ = srv.Close() }, nil
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
	in.Host, in.RequestURI = r.URL.Host, r.URL.RequestURI()
	if r.Body == nil {
		in.Body = http.NoBody
	} else {
		defer func() { _ = r.Body.Close() }()
	}
	defer func() {
		if v := recover(); v == http.ErrAbortHandler { //nolint:errorlint // panics carry the very value
			if err = r.Context().Err(); err == nil {
				err = &net.OpError{Op: "read", Net: "tcp", Err: io.ErrUnexpectedEOF}
			}
			resp = nil
		} else if v != nil {
			panic(v)
		}
	}()
	rec := &recorder{header: http.Header{}, status: http.StatusOK}
	t.ServeHTTP(rec, in)
	return &http.Response{
		Status: http.StatusText(rec.status), StatusCode: rec.status, Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: rec.header, Body: io.NopCloser(&rec.body), ContentLength: int64(rec.body.Len()), Request: r,
	}, nil
}

type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(b []byte) (int, error) { return r.body.Write(b) }
