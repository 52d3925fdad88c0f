package wootest

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

	mu       sync.Mutex // guards what follows
	chance   *rand.Rand
	lastID   int64
	ahead    time.Duration // of the shop's clock
	orders   map[int64]*Order
	webhooks []*Webhook
	outbox   []Delivery
	nonces   map[string]time.Time
	faults   []Fault
	counts   map[string]int
	calls    []Call
}

// Call is one request the shop received.
type Call struct {
	Method string
	Route  string // below the API's root, "/wc/v3/orders/101"
	Query  string // without credentials and signatures
	Body   string
	Status int // of the answer that was prepared; 0 if none was
	At     time.Time
}

// URL is the address the shop believes in: where clients reach it through
// [Server.Transport] or, after [Server.Listen], its port.
func (s *Server) URL() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.home()
}

func (s *Server) home() string { return or(s.cfg.URL, DefaultURL) }

// ServeHTTP implements [http.Handler].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 16<<20))
	if err != nil {
		return
	}
	f := s.fault(r)
	if f.Delay > 0 && !sleep(r, f.Delay) {
		panic(http.ErrAbortHandler)
	}
	if f.Lost == Before {
		s.lose(r, f)
	}
	a := newAnswer()
	if f.Status == 0 || f.Applied {
		a = s.answer(r, body)
	}
	f.spoil(a)
	if f.Lost == After {
		s.lose(r, f)
	}
	s.mu.Lock()
	now := s.now()
	s.mu.Unlock()
	a.send(w, now)
}

// answer is the shop without faults. Everything happens under the one lock,
// as if the shop had a single PHP worker.
func (s *Server) answer(r *http.Request, body []byte) *answer {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := newAnswer()
	c := &call{Server: s, r: r, body: body, query: r.URL.Query(), now: s.now(), answer: a}
	c.serve()
	s.counts[r.Method+" "+c.pattern]++
	s.calls = append(s.calls, Call{Method: r.Method, Route: c.route, Query: c.plainQuery(), Body: string(body),
		Status: a.status, At: c.now})
	return a
}

// Count returns how many requests with this method the shop processed on a
// route, in which {id} and {item} stand for ids: Count("PUT",
// "/wc/v3/orders/{id}"). Requests that a fault swallowed do not count.
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

// Writes returns the requests that were not GET, OPTIONS or HEAD.
func (s *Server) Writes() []Call {
	return slices.DeleteFunc(s.Calls(), func(c Call) bool { return safeMethod(c.Method) })
}

// SetTracking switches tracking features on and off.
func (s *Server) SetTracking(t Tracking) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cfg.Tracking = t
}

// Listen serves the shop on a loopback port until stop is called, in plain
// HTTP: clients must sign with OAuth 1.0a. Without a [Config.URL] the shop
// then believes in that port's address.
func (s *Server) Listen() (url string, stop func(), err error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", nil, err
	}
	url = "http://" + l.Addr().String()
	s.mu.Lock()
	s.cfg.URL = or(s.cfg.URL, url)
	s.mu.Unlock()
	srv := &http.Server{Handler: s, ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = srv.Serve(l) }()
	return url, func() { _ = srv.Close() }, nil
}

// Transport returns a round tripper that calls the shop directly, without a
// socket or a goroutine. A request to an https address counts as HTTPS.
func (s *Server) Transport() http.RoundTripper { return transport{s} }

type transport struct{ *Server }

func (t transport) RoundTrip(r *http.Request) (resp *http.Response, err error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	in := r.Clone(r.Context())
	in.Host = r.URL.Host
	in.RequestURI = r.URL.RequestURI()
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
