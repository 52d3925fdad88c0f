package bigbuytest

import (
	"slices"
	"time"
)

// Fault is one way in which a call goes wrong. A fault of the first group may
// carry [AfterCommit] or [LateCommit]: Timeout|AfterCommit is an answer that
// is lost although the order was made. Without either the request has no
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
	// ServerError is 500 with BigBuy's general error.
	ServerError
	// PaymentError is 503 with the leaked text of the shop's payment step.
	PaymentError
	// IdleTimeout is 500 with the leaked text "Idle timeout reached for …".
	IdleTimeout
	// NotAvailable is 500 with {"error":"Information is not available …"}.
	NotAvailable
	// SoftError is 200 with an error object in the body.
	SoftError
	// Embedded is 200 with an entire HTTP/1.0 500 response in the body.
	Embedded
	// Empty is 200 with no body.
	Empty
	// GatewayTimeout is the balancer's 504 in HTML.
	GatewayTimeout
	// NoServer is the balancer's 503 in HTML.
	NoServer
	// Oops is the 500 page in HTML.
	Oops
	// BadGateway is 502 with that text and nothing else.
	BadGateway
	// TryLater is 409 with ER009.
	TryLater

	// The faults of this group prove that the request had no effect; the
	// flags change nothing about them.

	// Unreachable is a connection that cannot be made: nothing was sent. On a
	// socket it looks like Reset.
	Unreachable
	// Throttle is 429, whatever the limiter counted.
	Throttle
	// Unauthorized is 401, as if the key had been withdrawn.
	Unauthorized
	// Swapped is 400 with code and message in each other's place.
	Swapped

	// The faults of this group execute the request and change the answer's shape.

	// Partial refuses the last warehouse's part of a multishipping call with
	// ER003, although it has stock.
	Partial
	// PartialLater refuses it with ER009. With AfterCommit the part is made
	// all the same.
	PartialLater
	// ShortList leaves the last element out of a list.
	ShortList
	// NullEntry puts null in the place of the last element of a list.
	NullEntry
	// FlipTypes is the switch TypeFlips for one answer.
	FlipTypes
	// Truncated sends the first half of the answer.
	Truncated

	kinds // how many there are

	// AfterCommit executes the request before the answer is spoilt.
	AfterCommit Fault = 1 << 14
	// LateCommit executes the request [Switches.LateBy] after the answer was
	// spoilt: the server was still working when the client had given up.
	LateCommit Fault = 1 << 15
)

var _ = [1]struct{}{}[kinds>>14] // the kinds stay below the flags

// Kind returns the fault without its flags.
func (f Fault) Kind() Fault { return f &^ (AfterCommit | LateCommit) }

// executes reports whether a call with this fault has its effect before the
// answer leaves.
func (f Fault) executes() bool {
	kind := f.Kind()
	return kind == None || kind >= Partial || f&AfterCommit != 0 && kind < Unreachable
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
	return kind > None && kind < Unreachable || kind == PartialLater || kind == Truncated
}

// String returns the fault's name with its flags, "timeout|after commit".
func (f Fault) String() string {
	names := []string{
		"none", "timeout", "hang", "reset", "server error", "payment error", "idle timeout",
		"not available", "soft error", "embedded", "empty", "gateway timeout", "no server", "oops",
		"bad gateway", "try later", "unreachable", "throttle", "unauthorized", "swapped", "partial",
		"partial later", "short list", "null entry", "flip types", "truncated",
	}
	out := "unknown"
	if int(f.Kind()) < len(names) {
		out = names[f.Kind()]
	}
	if f&AfterCommit != 0 {
		out += "|after commit"
	}
	if f&LateCommit != 0 {
		out += "|late commit"
	}
	return out
}

// Reply is an answer of the test's own making.
type Reply struct {
	Status      int
	ContentType string // empty = application/json
	Body        string
}

// plan is what happens to the next calls of a route.
type plan struct {
	fault Fault
	reply *reply
	times int
}

// Fail spoils the next calls of a route: times of them, or all until
// [Server.Heal] if times is negative. Plans of one route are used up in the
// order in which they were made; those for [AnyRoute] come after the route's
// own. A call that the key or the limiter stops uses up none.
func (s *Server) Fail(route Route, f Fault, times int) {
	s.plan(route, plan{fault: f, times: times})
}

// Answer makes the next calls of a route return r without any effect. It
// queues with [Server.Fail].
func (s *Server) Answer(route Route, r Reply, times int) {
	if r.ContentType == "" {
		r.ContentType = typeJSON
	}
	answer := rawReply(r.Status, r.ContentType, r.Body)
	s.plan(route, plan{reply: &answer, times: times})
}

func (s *Server) plan(route Route, p plan) {
	if p.times == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.plans[route] = append(s.plans[route], p)
}

// Heal forgets every plan and the function of [Server.OnCall]. Requests that
// are late still take effect.
func (s *Server) Heal() {
	s.OnCall(nil)
	s.mu.Lock()
	defer s.mu.Unlock()
	clear(s.plans)
}

// OnCall asks decide what happens to each call for which nothing is planned.
// It is called for one call at a time, without the server's lock: it may use
// the server's controls, but not send it a request. nil stops asking.
func (s *Server) OnCall(decide func(Call) Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook = decide
}

// planned returns what happens to this call.
func (s *Server) planned(route Route, call Call) (Fault, *reply) {
	if p, found := s.nextPlan(route); found {
		return p.fault, p.reply
	}
	s.hookMu.Lock()
	defer s.hookMu.Unlock()
	s.mu.Lock()
	decide := s.hook
	s.mu.Unlock()
	if decide == nil {
		return None, nil
	}
	return decide(call), nil
}

func (s *Server) nextPlan(route Route) (plan, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range []Route{route, AnyRoute} {
		queue := s.plans[key]
		if len(queue) == 0 {
			continue
		}
		p := queue[0]
		if queue[0].times > 0 {
			queue[0].times--
		}
		if queue[0].times == 0 {
			s.plans[key] = queue[1:]
		}
		return p, true
	}
	return plan{}, false
}

// lateCommit is a request that takes effect when nobody waits any more.
type lateCommit struct {
	due     time.Time
	request *request
}

func (s *Server) postpone(q *request) {
	now := s.enter()
	defer s.mu.Unlock()
	s.late = append(s.late, lateCommit{now.Add(s.sw.lateBy()), q})
}

// CommitLate executes at once, in the order in which they came, what requests
// spoilt with [LateCommit] still have to do.
func (s *Server) CommitLate() {
	now := s.enter()
	defer s.mu.Unlock()
	for i := range s.late {
		s.late[i].due = now
	}
	s.commitLate(now)
}

// commitLate executes what is due by now, oldest first.
func (s *Server) commitLate(now time.Time) {
	slices.SortStableFunc(s.late, func(a, b lateCommit) int { return a.due.Compare(b.due) })
	for len(s.late) > 0 && !s.late[0].due.After(now) {
		l := s.late[0]
		s.late = s.late[1:]
		l.request.now = l.due
		l.request.handle(s, l.request)
	}
}
