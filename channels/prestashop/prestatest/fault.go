package prestatest

import (
	"net/http"
	"strings"
	"time"
)

// Lost says when an exchange breaks off.
type Lost uint8

// When an exchange can break off.
const (
	Before Lost = iota + 1 // the shop never saw the request
	After                  // the shop did it, the answer never arrived
)

// Fault spoils one exchange. The zero value lets it pass.
type Fault struct {
	Lost  Lost
	Hang  bool          // with Lost: silence until the client gives up
	Delay time.Duration // before the shop starts
	// Status answers with this status and Body instead of the webservice. The
	// request is not processed unless Applied.
	Status      int
	Body        string
	ContentType string // empty = HTML
	RetryAfter  string // header, verbatim
	Applied     bool   // processed, and then answered with Status and Body
	Prefix      string // bytes before a normal answer
}

const errorPage = "<!DOCTYPE html>\n<html><head><title>Error</title></head><body><p>Oops, an error occurred.</p></body></html>\n"

// HTML answers with a page of a firewall or of a crashed PHP.
func HTML(status int) Fault { return Fault{Status: status, Body: errorPage} }

// HTMLAfter is [HTML] after the request was processed.
func HTMLAfter(status int) Fault { return Fault{Status: status, Body: errorPage, Applied: true} }

// Throttle is a host's, not the shop's.
func Throttle(retryAfter string) Fault {
	return Fault{Status: http.StatusTooManyRequests, Body: "Too many requests", ContentType: "text/plain", RetryAfter: retryAfter}
}

// Notice puts what PHP prints with display_errors on before the answer.
func Notice() Fault {
	return Fault{Prefix: "<br />\n<b>Deprecated</b>:  Function [x] in <b>/var/www/html/modules/{shop}.php</b> on line <b>12</b><br />\n"}
}

// Fail spoils the next requests, one fault each.
func (s *Server) Fail(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, faults...)
}

// FailAll asks f before every request that [Server.Fail] has no fault for; nil
// lets all pass.
func (s *Server) FailAll(f func(*http.Request) Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hook = f
}

// FailOn spoils the next request with this method whose address contains part.
func (s *Server) FailOn(method, part string, f Fault) {
	used := false
	s.FailAll(func(r *http.Request) Fault {
		s.mu.Lock()
		defer s.mu.Unlock()
		if used || r.Method != method || !strings.Contains(r.URL.String(), part) {
			return Fault{}
		}
		used = true
		return f
	})
}

func (s *Server) fault(r *http.Request) Fault {
	s.mu.Lock()
	hook := s.hook
	if len(s.faults) > 0 {
		f := s.faults[0]
		s.faults = s.faults[1:]
		s.mu.Unlock()
		return f
	}
	s.mu.Unlock()
	if hook == nil {
		return Fault{}
	}
	return hook(r)
}

// lose ends the exchange without an answer.
func (f Fault) lose(r *http.Request) {
	if f.Hang {
		<-r.Context().Done()
	}
	panic(http.ErrAbortHandler)
}

func (f Fault) spoil(a *answer) {
	if f.Status != 0 {
		*a = answer{status: f.Status, header: http.Header{"Content-Type": {or(f.ContentType, "text/html; charset=utf-8")}}, body: []byte(f.Body)}
	}
	if f.RetryAfter != "" {
		a.header.Set("Retry-After", f.RetryAfter)
	}
	a.body = append([]byte(f.Prefix), a.body...)
}

func sleep(r *http.Request, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
		return false
	}
}
