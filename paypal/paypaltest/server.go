package paypaltest

import (
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"
)

// maxBody bounds what is read of a request.
const maxBody = 1 << 20

// Server is PayPal with one app of one receiving account. It is safe for
// concurrent use.
type Server struct {
	cfg       Config
	endpoints []endpoint

	mu       sync.Mutex // guards what follows
	sw       Switches
	home     string // what links begin with, once it listens
	seq      int
	tokens   map[string]time.Time
	issued   int
	keys     map[key]*memory
	orders   []*order
	byID     map[string]resource // orders, payments, setup and payment tokens
	vault    []*paymentToken
	events   []Event
	sent     int
	calls    []Call
	counts   map[Route]int
	plans    map[Route][]plan
	refusals map[Route][]string
	hook     func(Call) Fault
	late     []lateCommit

	hookMu sync.Mutex // one call of the hook at a time; never taken under mu
}

var _ http.Handler = (*Server)(nil)

// New returns a server without orders. It panics if c is not valid.
func New(c Config) *Server {
	c = c.withDefaults()
	return &Server{
		cfg: c, sw: c.Switches, endpoints: endpoints(),
		tokens: map[string]time.Time{}, keys: map[key]*memory{}, byID: map[string]resource{},
		counts: map[Route]int{}, plans: map[Route][]plan{}, refusals: map[Route][]string{},
	}
}

// request is what a handler sees. Handlers run under the server's mutex.
type request struct {
	*endpoint
	arg    string // the variable part of the path
	query  url.Values
	header http.Header
	path   string
	body   []byte
	now    time.Time
	late   bool // it takes effect when nobody waits any more
}

// ServeHTTP implements [http.Handler]. A lost answer closes the connection: at
// once for [Reset] and [Unreachable], when the client leaves for [Timeout] and
// [Hang].
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	answer, lost := s.serve(r)
	switch lost {
	case Timeout, Hang:
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	case Reset, Unreachable:
		panic(http.ErrAbortHandler)
	}
	for name, values := range answer.header {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.status)
	if answer.status != http.StatusNoContent {
		_, _ = w.Write(answer.body) // the client may be gone; there is nobody to tell
	}
}

// serve answers one request. lost is [None], or what became of the answer.
func (s *Server) serve(r *http.Request) (answer reply, lost Fault) {
	body := []byte(nil)
	if r.Body != nil {
		var err error
		if body, err = io.ReadAll(io.LimitReader(r.Body, maxBody)); err != nil {
			return refuse(http.StatusBadRequest, detail{Issue: "MALFORMED_REQUEST_JSON"}).reply(""), None
		}
	}
	q := &request{query: r.URL.Query(), header: r.Header.Clone(), path: r.URL.Path, body: body}
	var otherMethod bool
	q.endpoint, q.arg, otherMethod = s.match(r.Method, r.URL.Path)
	call, refused := s.admit(r, q, otherMethod)
	if refused != nil {
		answer = *refused
	} else {
		answer, lost = s.attempt(q, call)
	}
	s.finish(call, answer, lost)
	s.pause(r)
	return answer, lost
}

// admit counts a request and asks for its credentials.
func (s *Server) admit(r *http.Request, q *request, otherMethod bool) (Call, *reply) {
	q.now = s.enter()
	defer s.mu.Unlock()
	call := s.record(r, q)
	var no *refusal
	switch {
	case otherMethod:
		no = &refusal{status: http.StatusMethodNotAllowed, name: "METHOD_NOT_SUPPORTED"}
	case q.endpoint == nil:
		no = refuse(http.StatusNotFound)
	case !q.public && !s.authorized(q):
		if s.sw.OAuthErrors {
			answer := jsonReply(http.StatusUnauthorized, object{"error": "invalid_token", "error_description": "The token is not known or no longer valid."})
			answer.header.Set("Paypal-Debug-Id", s.debugID())
			return call, &answer
		}
		no = refuse(http.StatusUnauthorized)
	case !q.public && q.json && !isJSON(q.header.Get("Content-Type")):
		no = &refusal{status: http.StatusUnsupportedMediaType, name: "UNSUPPORTED_MEDIA_TYPE"}
	}
	if no == nil {
		return call, nil
	}
	answer := no.reply(s.debugID())
	return call, &answer
}

// attempt does what the request asks for, and spoils it as planned.
func (s *Server) attempt(q *request, call Call) (reply, Fault) {
	fault := s.planned(q.route, call)
	if !fault.executes() {
		if fault&LateCommit != 0 && fault.Loses() {
			s.postpone(q)
		}
		s.enter()
		defer s.mu.Unlock()
		return fault.spoil(reply{}, s.debugID(), s.sw.RetryAfter)
	}
	q.now = s.enter()
	defer s.mu.Unlock()
	answer := s.handle(q)
	debug := s.debugID()
	if answer.header.Get("Paypal-Debug-Id") == "" {
		answer.header.Set("Paypal-Debug-Id", debug)
	}
	return fault.spoil(answer, debug, s.sw.RetryAfter)
}

// handle runs under the mutex.
func (s *Server) handle(q *request) reply {
	if q.page != nil {
		return q.page(s, q)
	}
	if issue := s.forced(q); issue != "" {
		return forced(issue).reply(s.debugID())
	}
	again, known, no := s.recall(q)
	if no != nil {
		return no.reply(s.debugID())
	}
	if known {
		return s.show(q, http.StatusOK, again)
	}
	made, no := q.do(s, q)
	if no != nil {
		s.forget(q, no)
		return no.reply(s.debugID())
	}
	s.remember(q, made)
	return s.show(q, q.success, made)
}

// pause waits out the switch Latency, or until the client gives up.
func (s *Server) pause(r *http.Request) {
	s.mu.Lock()
	d := s.sw.Latency
	s.mu.Unlock()
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-r.Context().Done():
	}
}

// enter locks the server and lets happen what is due by now. The caller
// unlocks.
func (s *Server) enter() time.Time {
	s.mu.Lock()
	now := s.cfg.Now()
	s.commitLate(now)
	s.expire(now)
	return now
}
