package paypaltest

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// Event is a notification as PayPal would send it. Its body is how things
// were when it happened.
type Event struct {
	ID   string
	Type string // "PAYMENT.CAPTURE.COMPLETED"
	Body []byte // not to be changed
	At   time.Time
}

// Events returns everything that happened, oldest first. Nothing is sent by
// itself: see [Server.Deliver], which takes them in any order, later, or more
// than once.
func (s *Server) Events() []Event {
	s.enter()
	defer s.mu.Unlock()
	return slices.Clone(s.events)
}

// EventsOf returns the events of one type, oldest first.
func (s *Server) EventsOf(kind string) []Event {
	return slices.DeleteFunc(s.Events(), func(e Event) bool { return e.Type != kind })
}

// envelope has PayPal's order of fields: an event that was decoded and encoded
// again is not the same bytes.
type envelope struct {
	ID       string `json:"id"`
	Version  string `json:"event_version"`
	Time     string `json:"create_time"`
	Of       string `json:"resource_type"`
	Model    string `json:"resource_version"`
	Type     string `json:"event_type"`
	Summary  string `json:"summary"`
	Resource object `json:"resource"`
	Links    []link `json:"links"`
}

func (s *Server) emit(now time.Time, kind, of, summary string, r object) {
	e := Event{ID: "WH-" + s.newID("event", 17) + "-" + s.newID("event", 17), Type: kind, At: now}
	model := "2.0"
	if of == "payment_token" {
		model = "3.0"
	}
	var body bytes.Buffer
	enc := json.NewEncoder(&body)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(envelope{e.ID, "1.0", stamp(now), of, model, kind, summary, r,
		[]link{{Href: s.api("/v1/notifications/webhooks-events/" + e.ID), Rel: "self", Method: http.MethodGet}}}); err != nil {
		panic("paypaltest: " + err.Error()) // own types only
	}
	e.Body = bytes.TrimSpace(body.Bytes())
	s.events = append(s.events, e)
}
