package paypaltest

import (
	"crypto/sha256"
	"net/http"
	"time"
)

// maxRequestID is the longest PayPal-Request-Id (PayPal: 108 characters).
const maxRequestID = 108

// key is a PayPal-Request-Id as it is remembered: one operation's.
type key struct {
	route Route
	id    string
}

// memory is what is known of a key.
type memory struct {
	digest [sha256.Size]byte // of the path and body it came with
	made   resource
	done   bool
	no     *refusal  // what the request was refused with
	busy   time.Time // in flight until then
	until  time.Time // forgotten then
}

// key returns the name under which a request is remembered, if it is.
func (q *request) key() (key, bool) {
	id := q.header.Get("PayPal-Request-Id")
	return key{q.route, id}, id != "" && q.keep > 0
}

func (q *request) digest() [sha256.Size]byte {
	return sha256.Sum256([]byte(q.path + "\n" + string(q.body)))
}

// recall returns what a request made when it came before with the same
// PayPal-Request-Id.
func (s *Server) recall(q *request) (made resource, known bool, no *refusal) {
	name, has := q.key()
	switch {
	case !has && q.keep == VaultKeep:
		return nil, false, refuse(http.StatusBadRequest, detail{Issue: "MISSING_REQUIRED_PARAMETER", Field: "PayPal-Request-Id"})
	case !has:
		return nil, false, nil
	case len(name.id) > maxRequestID:
		return nil, false, refuse(http.StatusBadRequest, detail{Issue: "INVALID_STRING_LENGTH", Field: "PayPal-Request-Id"})
	}
	m := s.keys[name]
	if m == nil || q.now.After(m.until) {
		delete(s.keys, name)
		return nil, false, nil
	}
	switch {
	case !q.late && q.now.Before(m.busy):
		return nil, false, forced("PREVIOUS_REQUEST_IN_PROGRESS")
	case m.no != nil:
		return nil, false, m.no
	case !m.done:
		return nil, false, nil
	case m.digest != q.digest() && s.sw.RefuseChangedBody:
		return nil, false, forced("DUPLICATE_REQUEST_ID")
	}
	return m.made, true, nil
}

// remember keeps what a request made under its PayPal-Request-Id.
func (s *Server) remember(q *request, made resource) {
	if name, has := q.key(); has {
		m := &memory{digest: q.digest(), made: made, done: true, until: q.now.Add(q.keep)}
		if !q.late {
			m.busy = q.now.Add(s.sw.Latency)
		}
		s.keys[name] = m
	}
}

// forget drops a PayPal-Request-Id whose request was refused: a refusal is
// not remembered, unless [Switches.KeepRefusals].
func (s *Server) forget(q *request, no *refusal) {
	name, has := q.key()
	switch {
	case has && s.sw.KeepRefusals && no.status == http.StatusUnprocessableEntity:
		s.keys[name] = &memory{digest: q.digest(), no: no, until: q.now.Add(q.keep)}
	case has:
		delete(s.keys, name)
	}
}
