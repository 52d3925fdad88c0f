package magentest

import "net/http"

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
	// Hang, with Lost: silence until the client gives up, in place of a reset
	// connection.
	Hang bool
	// Status answers with this status and Body. The request is not processed
	// unless Applied.
	Status      int
	Body        string
	ContentType string // empty = HTML
	RetryAfter  string // header, verbatim
	Applied     bool
}

const errorPage = "<!DOCTYPE html>\n<html><head><title>503 Backend fetch failed</title></head><body><p>XID: 12345</p></body></html>\n"

// LoseBefore breaks the connection before the shop sees the request.
func LoseBefore() Fault { return Fault{Lost: Before} }

// LoseAfter breaks the connection after the shop has done it.
func LoseAfter() Fault { return Fault{Lost: After} }

// HangAfter does it and never answers: a time-out after the write.
func HangAfter() Fault { return Fault{Lost: After, Hang: true} }

// HTML answers with a page of a cache or a firewall, without processing the
// request.
func HTML(status int) Fault { return Fault{Status: status, Body: errorPage} }

// HTMLAfter is [HTML] after the request was processed.
func HTMLAfter(status int) Fault { return Fault{Status: status, Body: errorPage, Applied: true} }

// Crash is what Magento answers when it breaks in the middle, done or not.
func Crash(done bool) Fault {
	return Fault{Status: http.StatusInternalServerError, ContentType: "application/json; charset=utf-8", Applied: done,
		Body: `{"message":"Internal Error. Details are available in Magento log file. Report ID: webapi-65f0c1d2e3"}`}
}

// CouldNotShip is the 400 of a shipment that broke while it was saved, done or
// not.
func CouldNotShip(done bool) Fault {
	return Fault{Status: http.StatusBadRequest, ContentType: "application/json; charset=utf-8", Applied: done,
		Body: `{"message":"Could not save a shipment, see error log for details"}`}
}

// Throttle answers 429 or 503 with a Retry-After header, verbatim.
func Throttle(status int, retryAfter string) Fault {
	return Fault{Status: status, Body: "Too many requests\n", ContentType: "text/plain", RetryAfter: retryAfter}
}

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

func (s *Server) fault(r *http.Request) Fault {
	s.mu.Lock()
	ask := s.cfg.Fault
	if len(s.faults) > 0 {
		f := s.faults[0]
		s.faults = s.faults[1:]
		s.mu.Unlock()
		return f
	}
	s.mu.Unlock()
	if ask != nil {
		return ask(r)
	}
	return Fault{}
}

func (f Fault) spoil(a *answer) {
	if f.Status == 0 {
		return
	}
	a.status, a.body = f.Status, []byte(f.Body)
	a.header = http.Header{"Content-Type": {"text/html; charset=utf-8"}}
	if f.ContentType != "" {
		a.header.Set("Content-Type", f.ContentType)
	}
	if f.RetryAfter != "" {
		a.header.Set("Retry-After", f.RetryAfter)
	}
}

func lose(r *http.Request, f Fault) {
	if f.Hang {
		<-r.Context().Done()
	}
	panic(http.ErrAbortHandler)
}
