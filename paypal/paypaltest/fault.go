package paypaltest

import (
	"net/http"
	"slices"
	"time"
)

// Fault is one way in which a call goes wrong. A fault of the first group may
// carry [AfterCommit] or [LateCommit]: Timeout|AfterCommit is an answer that
// is lost although the payment was made. Without either the request has no
// effect at all.
type Fault uint16

const (
	None Fault = iota // nothing goes wrong

	// Timeout loses the answer. In-process it is a net.Error with Timeout()
	// true, at once; on a socket it is silence until the client leaves.
	Timeout
	// Hang is silence until the request's context ends.
	Hang
	// Reset is a connection broken before any answer.
	Reset
	// ServerError is 500 INTERNAL_SERVER_ERROR.
	ServerError
	// Unavailable is 503 SERVICE_UNAVAILABLE.
	Unavailable
	// BadGateway is a proxy's 502 in HTML.
	BadGateway
	// GatewayTimeout is a proxy's 504 in HTML.
	GatewayTimeout
	// Empty is 200 with no body.
	Empty
	// PageInstead is 200 with a page in HTML.
	PageInstead

	// The faults of this group prove that the request had no effect; the
	// flags change nothing about them.

	// Unreachable is a connection that cannot be made: nothing was sent. On a
	// socket it looks like Reset.
	Unreachable
	// Throttle is 429, with [Switches.RetryAfter].
	Throttle
	// Unauthorized is 401, as if the token had been withdrawn.
	Unauthorized

	// The faults of this group execute the request.

	// InProgress is 409 PREVIOUS_REQUEST_IN_PROGRESS, although the request
	// takes effect.
	InProgress
	// Truncated sends the first half of the answer.
	Truncated

	kinds // how many there are

	// AfterCommit executes the request before the answer is spoilt.
	AfterCommit Fault = 1 << 14
	// LateCommit executes the request [Switches.LateBy] after the answer was
	// spoilt: the server was still working when the client had given up. Its
	// PayPal-Request-Id is in flight until then.
	LateCommit Fault = 1 << 15

	// LoseAnswer executes the request and breaks the connection.
	LoseAnswer = Reset | AfterCommit
)

// Kind returns the fault without its flags.
func (f Fault) Kind() Fault { return f &^ (AfterCommit | LateCommit) }

// executes reports whether a call with this fault has its effect before the
// answer leaves.
func (f Fault) executes() bool {
	kind := f.Kind()
	return kind == None || kind >= InProgress || f&AfterCommit != 0 && kind < Unreachable
}

// Faults returns every fault without flags, in order, so that a generator can
// draw from them. [None] is not among them.
func Faults() []Fault {
	var out []Fault
	for f := None + 1; f < kinds; f++ {
		out = append(out, f)
	}
	return out
}

// Loses reports whether a client cannot tell from the answer if the request
// had its effect.
func (f Fault) Loses() bool {
	kind := f.Kind()
	return kind != None && (kind < Unreachable || kind >= InProgress)
}

const gatewayPage = "<html><head><title>Bad gateway</title></head><body><h1>The server did not answer.</h1></body></html>"

// spoil turns an answer into what arrives of it.
func (f Fault) spoil(a reply, debugID, retryAfter string) (reply, Fault) {
	switch kind := f.Kind(); kind {
	case Timeout, Hang, Reset, Unreachable:
		return reply{}, kind
	case ServerError:
		return refuse(http.StatusInternalServerError).reply(debugID), None
	case Unavailable:
		return refuse(http.StatusServiceUnavailable).reply(debugID), None
	case BadGateway:
		return rawReply(http.StatusBadGateway, "text/html", gatewayPage), None
	case GatewayTimeout:
		return rawReply(http.StatusGatewayTimeout, "text/html", gatewayPage), None
	case Empty:
		return rawReply(http.StatusOK, "application/json", ""), None
	case PageInstead:
		return rawReply(http.StatusOK, "text/html", gatewayPage), None
	case Throttle:
		a = forced("RATE_LIMIT_REACHED").reply(debugID)
		if retryAfter != "" {
			a.header.Set("Retry-After", retryAfter)
		}
	case Unauthorized:
		a = refuse(http.StatusUnauthorized).reply(debugID)
	case InProgress:
		a = forced("PREVIOUS_REQUEST_IN_PROGRESS").reply(debugID)
	case Truncated:
		a.body = a.body[:len(a.body)/2]
	}
	return a, None
}

type plan struct {
	fault Fault
	times int
}

// Fail spoils the next calls of a route, times of them; further ones are put
// behind those that stand in line.
func (s *Server) Fail(route Route, fault Fault, times int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if times > 0 {
		s.plans[route] = append(s.plans[route], plan{fault, times})
	}
}

// OnCall asks decide before each call that no [Server.Fail] spoils, one call
// at a time, without the server's lock: it may use the server's controls, but
// not send it a request. nil stops asking.
func (s *Server) OnCall(decide func(Call) Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook = decide
}

// planned returns what happens to this call.
func (s *Server) planned(route Route, call Call) Fault {
	if fault, found := s.nextPlan(route); found {
		return fault
	}
	s.hookMu.Lock()
	defer s.hookMu.Unlock()
	s.mu.Lock()
	decide := s.hook
	s.mu.Unlock()
	if decide == nil {
		return None
	}
	return decide(call)
}

func (s *Server) nextPlan(route Route) (Fault, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range []Route{route, AnyRoute} {
		line := s.plans[name]
		if len(line) == 0 {
			continue
		}
		fault := line[0].fault
		if line[0].times--; line[0].times == 0 {
			s.plans[name] = line[1:]
		}
		return fault, true
	}
	return None, false
}

// lateCommit is a request that takes effect when nobody waits any more.
type lateCommit struct {
	due     time.Time
	request *request
}

func (s *Server) postpone(q *request) {
	now := s.enter()
	defer s.mu.Unlock()
	due := now.Add(or(s.sw.LateBy, 10*time.Second))
	q.late = true
	s.late = append(s.late, lateCommit{due, q})
	if name, has := q.key(); has && s.keys[name] == nil {
		s.keys[name] = &memory{busy: due, until: due, digest: q.digest()}
	}
}

// commitLate executes what is due by now, oldest first.
func (s *Server) commitLate(now time.Time) {
	slices.SortStableFunc(s.late, func(a, b lateCommit) int { return a.due.Compare(b.due) })
	for len(s.late) > 0 && !s.late[0].due.After(now) {
		l := s.late[0]
		s.late = s.late[1:]
		l.request.now = l.due
		s.handle(l.request)
	}
}
