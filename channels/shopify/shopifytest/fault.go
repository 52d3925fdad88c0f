package shopifytest

import (
	"net/http"
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
	// Hang, with Lost: silence until the client gives up, instead of a reset
	// connection.
	Hang bool
	// Delay before the shop starts.
	Delay time.Duration
	// Status answers with this status and Body. The request is not carried out
	// unless Applied.
	Status      int
	Body        string
	ContentType string // empty = JSON
	RetryAfter  string // header, verbatim
	Applied     bool
}

// LoseAfter breaks the connection after the shop has done it.
func LoseAfter() Fault { return Fault{Lost: After} }

// LoseBefore breaks the connection before the shop sees the request.
func LoseBefore() Fault { return Fault{Lost: Before} }

// HangAfter does it and never answers: a time-out after the write.
func HangAfter() Fault { return Fault{Lost: After, Hang: true} }

// Errors answers as GraphQL does, with status 200 and one error.
func Errors(code string) Fault {
	return Fault{Status: http.StatusOK, Body: `{"errors":[{"message":"Something went wrong","extensions":{"code":"` + code + `"}}]}`}
}

// Refuse answers with a status and the words that Shopify has for it: 402
// frozen, 403, 404, 423 locked, 429, 5xx.
func Refuse(status int) Fault {
	return Fault{Status: status, Body: `{"errors":"` + http.StatusText(status) + `"}`}
}

// HTML answers with a web page.
func HTML(status int) Fault {
	return Fault{Status: status, ContentType: "text/html; charset=utf-8", Body: "<!DOCTYPE html><html><body>Something went wrong</body></html>"}
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
	if ask == nil {
		return Fault{}
	}
	return ask(r)
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
		typ := f.ContentType
		if typ == "" {
			typ = "application/json; charset=utf-8"
		}
		*a = answer{f.Status, http.Header{"Content-Type": {typ}}, []byte(f.Body)}
	}
	if f.RetryAfter != "" {
		a.header.Set("Retry-After", f.RetryAfter)
	}
}

func pause(r *http.Request, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-r.Context().Done():
		return false
	}
}
