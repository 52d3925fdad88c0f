package bigbuytest

import (
	"net/http"
	"slices"
	"time"
)

// keptCalls is how many calls [Server.Calls] remembers.
const keptCalls = 10_000

// Call is one request as it arrived, and what became of it.
type Call struct {
	Number int    // counts all requests from 1
	Route  Route  // empty for a path that BigBuy does not have
	Method string // "GET", "POST"
	Path   string // as sent, with the query
	Body   []byte // as sent; shared, not to be changed
	At     time.Time
	// Status and Lost are set once it was answered: Lost is [Timeout],
	// [Hang], [Reset] or [Unreachable] if no answer arrived.
	Status int
	Lost   Fault
}

// record counts a request. It runs under the mutex.
func (s *Server) record(r *http.Request, q *request, now time.Time) Call {
	s.seq++
	call := Call{Number: s.seq, Method: r.Method, Path: r.URL.RequestURI(), Body: q.body, At: now}
	if q.endpoint != nil {
		call.Route = q.route
		s.counts[q.route]++
	}
	s.counts[AnyRoute]++
	s.calls = append(s.calls, call)
	if len(s.calls) >= 2*keptCalls {
		s.calls = slices.Clone(s.calls[len(s.calls)-keptCalls:])
	}
	return call
}

// finish notes what became of a call.
func (s *Server) finish(call Call, answer reply, lost Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if answer.status == http.StatusTooManyRequests {
		s.limited++
	}
	i, found := slices.BinarySearchFunc(s.calls, call.Number, func(c Call, n int) int { return c.Number - n })
	if found {
		s.calls[i].Status, s.calls[i].Lost = answer.status, lost
	}
}

// Requests returns how many requests reached a route, refused and spoilt ones
// included; with [AnyRoute] those of all paths together.
func (s *Server) Requests(route Route) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.counts[route]
}

// Throttled returns how many requests were answered with 429.
func (s *Server) Throttled() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.limited
}

// Calls returns the last 10,000 requests or more, oldest first. Bodies hold
// what the client sent, personal data included; the key is not in it.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}
