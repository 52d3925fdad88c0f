package channeltest

import (
	"net/http"
	"sync"
	"time"
)

// Fault is what goes wrong with a request. The zero value breaks the
// connection before the request arrives.
type Fault struct {
	Status     int           // answer with this HTTP status; 0 with a Body = 200, without = no answer at all
	RetryAfter time.Duration // sent as the Retry-After header, in whole seconds
	Body       string        // text of the answer
	Type       string        // its content type; empty = "text/html; charset=utf-8"
	Header     http.Header   // sent with the answer, instead of what the fields above say
	Done       bool          // the request is carried out first, only its answer is lost or replaced
	Hang       bool          // no answer ever comes, until the caller gives up
	Slow       time.Duration // the right answer comes, so much later; nothing else of the fault counts
	Torn       bool          // the request is carried out, and the right answer breaks off in its middle
	Stall      bool          // as Torn, but after half of it nothing more comes, until the caller gives up
	Cut        bool          // the right answer comes without its last byte, as if that were all of it
	Grown      bool          // the right answer comes, with one more field in each of its JSON objects
	Dated      time.Duration // the right answer comes, with a Date header so much later
	Skip       int           // so many requests go through before
	Times      int           // so many requests have it; 0 = one, negative = all from now on
}

// WebPage is the body of an answer that a proxy, a firewall or a broken
// plugin sends in place of the shop's own.
const WebPage = "<!DOCTYPE html><html><head><title>Just a moment</title></head><body>Please wait</body></html>"

// Answers returns one fault for each HTTP status, for [Shop.Fail].
func Answers(statuses ...int) []Fault {
	out := make([]Fault, len(statuses))
	for i, s := range statuses {
		out[i] = Fault{Status: s}
	}
	return out
}

// maxRequests is when the suite takes a channel for a runaway.
const maxRequests = 20_000

// faults is a queue of faults and the count of requests it was asked about.
// The zero value is ready; it is safe for concurrent use.
type faults struct {
	mu       sync.Mutex
	queue    []Fault
	requests int
	bounded  bool
}

// Fail lines up faults for the next requests, behind those still waiting. It
// may be called at any time. Without faults it forgets the waiting ones.
func (q *faults) Fail(fs ...Fault) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if len(fs) == 0 {
		q.queue = nil
	}
	q.queue = append(q.queue, fs...)
}

// Requests returns how many requests were made so far, failed ones included.
func (q *faults) Requests() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.requests
}

// next counts one request and returns its fault. In a bubble, a caller that
// never stops asking is stopped for good at request maxRequests, which the
// bubble notices.
func (q *faults) next() (Fault, bool) {
	f, bad, runaway := q.take()
	if runaway {
		select {}
	}
	return f, bad
}

func (q *faults) take() (f Fault, bad, runaway bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.requests++
	if q.requests > maxRequests && q.bounded {
		return Fault{}, false, true
	}
	f, bad = q.pop()
	return f, bad, false
}

// bound makes the queue stop runaways.
func (q *faults) bound() {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.bounded = true
}

// pop works under q.mu.
func (q *faults) pop() (Fault, bool) {
	if len(q.queue) == 0 {
		return Fault{}, false
	}
	f := &q.queue[0]
	if f.Skip > 0 {
		f.Skip--
		return Fault{}, false
	}
	out := *f
	switch {
	case f.Times < 0:
	case f.Times > 1:
		f.Times--
	default:
		q.queue = q.queue[1:]
	}
	return out, true
}

// asked is how long the answer asks to wait.
func (f Fault) asked() time.Duration {
	if at, err := http.ParseTime(f.Header.Get("Retry-After")); err == nil {
		return min(max(time.Until(at.Add(time.Second)), 0), time.Hour)
	}
	return f.RetryAfter
}

// answered reports whether the caller hears anything at all.
func (f Fault) answered() bool { return f.Status != 0 || f.Body != "" }
