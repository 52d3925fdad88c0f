package wootest

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
	Lost Lost
	// Hang, with Lost: instead of a reset connection, silence until the
	// client gives up.
	Hang bool
	// Delay before the shop starts, by the clock of time.Sleep.
	Delay time.Duration
	// Status answers with this status and Body instead of the API's words.
	// The request is not processed unless Applied.
	Status      int
	Body        string
	ContentType string // empty = HTML
	RetryAfter  string // header, verbatim
	Applied     bool   // processed, and then answered with Status and Body
	Prefix      string // bytes before the JSON of a normal answer
}

const errorPage = "<!DOCTYPE html>\n<html lang=\"en\"><head><title>Error</title></head><body><p>There has been a critical error on this website.</p></body></html>\n"

// LoseBefore breaks the connection before the shop sees the request.
func LoseBefore() Fault { return Fault{Lost: Before} }

// LoseAfter breaks the connection after the shop has done it.
func LoseAfter() Fault { return Fault{Lost: After} }

// HangBefore never answers and does nothing, until the client gives up.
func HangBefore() Fault { return Fault{Lost: Before, Hang: true} }

// HangAfter does it and never answers: a time-out after the write.
func HangAfter() Fault { return Fault{Lost: After, Hang: true} }

// HTML answers with a page of a firewall or of a crashed PHP, status 200,
// 403 or 500, without processing the request.
func HTML(status int) Fault { return Fault{Status: status, Body: errorPage} }

// HTMLAfter is [HTML] after the request was processed.
func HTMLAfter(status int) Fault { return Fault{Status: status, Body: errorPage, Applied: true} }

// Throttle answers 429 or 503 with a Retry-After header, verbatim; empty
// sends none.
func Throttle(status int, retryAfter string) Fault {
	return Fault{Status: status, Body: "Too many requests\n", ContentType: "text/plain", RetryAfter: retryAfter}
}

// BOM puts a byte order mark before the JSON.
func BOM() Fault { return Fault{Prefix: "\ufeff"} }

// Notice puts what PHP prints with display_errors on before the JSON.
func Notice() Fault {
	return Fault{Prefix: "<br />\n<b>Notice</b>:  Undefined index: [x] in <b>/var/www/html/wp-content/plugins/shop/{shop}.php</b> on line <b>12</b><br />\n"}
}

// Slow delays the shop.
func Slow(d time.Duration) Fault { return Fault{Delay: d} }

// Fail spoils the next requests, one fault each, before [Config.Fault] is
// asked again.
func (s *Server) Fail(faults ...Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.faults = append(s.faults, faults...)
}

// SetFault replaces [Config.Fault]; nil lets everything pass.
func (s *Server) SetFault(f func(*http.Request) Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.cfg.Fault = f
}

// FailOn spoils the next request with this method whose address contains
// part, and no other, on top of what [Server.Fail] and [Config.Fault] do.
func (s *Server) FailOn(method, part string, f Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	before, used := s.cfg.Fault, false
	s.cfg.Fault = func(r *http.Request) Fault {
		s.mu.Lock()
		hit := !used && r.Method == method && strings.Contains(r.URL.String(), part)
		used = used || hit
		s.mu.Unlock()
		switch {
		case hit:
			return f
		case before != nil:
			return before(r)
		}
		return Fault{}
	}
}

func (s *Server) fault(r *http.Request) Fault {
	s.mu.Lock()
	hook := s.cfg.Fault
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
func (s *Server) lose(r *http.Request, f Fault) {
	if f.Hang {
		<-r.Context().Done()
	}
	panic(http.ErrAbortHandler)
}

func (f Fault) spoil(a *answer) {
	if f.Status != 0 {
		contentType := f.ContentType
		if contentType == "" {
			contentType = "text/html; charset=UTF-8"
		}
		*a = answer{status: f.Status, header: http.Header{"Content-Type": {contentType}}, body: []byte(f.Body)}
	}
	if f.RetryAfter != "" {
		a.header.Set("Retry-After", f.RetryAfter)
	}
	if f.Prefix != "" {
		a.body = append([]byte(f.Prefix), a.body...)
	}
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
