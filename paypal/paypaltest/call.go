package paypaltest

import (
	"net/http"
	"slices"
	"time"
)

// keptCalls is how many calls [Server.Calls] remembers.
const keptCalls = 10_000

// Call is one request as it arrived, and what became of it.
type Call struct {
	Number    int    // counts all requests from 1
	Route     Route  // empty for a path that PayPal does not have
	Method    string // "GET", "POST"
	Path      string // as sent, without the query
	RequestID string // the header PayPal-Request-Id
	Body      []byte // as sent; shared, not to be changed
	At        time.Time
	// Status and Lost are set once it was answered: Lost is [Timeout],
	// [Hang], [Reset] or [Unreachable] if no answer arrived.
	Status int
	Lost   Fault
}

// record counts a request. It runs under the mutex.
func (s *Server) record(r *http.Request, q *request) Call {
	call := Call{Number: s.counts[AnyRoute] + 1, Method: r.Method, Path: r.URL.Path,
		RequestID: r.Header.Get("PayPal-Request-Id"), Body: q.body, At: q.now}
	if q.endpoint != nil {
		call.Route = q.route
		s.counts[q.route]++
	}
	if call.Route == RouteToken {
		call.Body = nil
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

// Calls returns the last 10,000 requests or more, oldest first. Credentials
// and access tokens are not in them.
func (s *Server) Calls() []Call {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.calls)
}
