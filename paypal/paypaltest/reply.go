package paypaltest

import (
	"encoding/json"
	"mime"
	"net/http"
	"strings"
)

// object is a JSON object of an answer.
type object map[string]any

// resource is what an operation answers with. nil is 204.
type resource interface {
	shown(*Server) object
}

func (o object) shown(*Server) object { return o }

// link is a HATEOAS link.
type link struct {
	Href   string `json:"href"`
	Rel    string `json:"rel"`
	Method string `json:"method,omitempty"`
}

// reply is an answer before it is written.
type reply struct {
	status int
	header http.Header
	body   []byte
}

func rawReply(status int, contentType, body string) reply {
	return reply{status: status, header: http.Header{"Content-Type": {contentType}}, body: []byte(body)}
}

func jsonReply(status int, v any) reply {
	raw, err := json.Marshal(v)
	if err != nil {
		panic("paypaltest: answer does not marshal: " + err.Error()) // own types only
	}
	return rawReply(status, "application/json", string(raw))
}

func isJSON(contentType string) bool {
	t, _, err := mime.ParseMediaType(contentType)
	return err == nil && t == "application/json"
}

// show answers with a resource, as whole as the header Prefer asks for.
func (s *Server) show(q *request, status int, r resource) reply {
	if r == nil {
		return reply{status: http.StatusNoContent, header: http.Header{}}
	}
	whole := r.shown(s)
	if q.keep == OrdersKeep || q.keep == PaymentsKeep {
		if !representation(q.header) {
			whole = s.minimal(whole)
		}
	}
	return jsonReply(status, whole)
}

func (s *Server) minimal(whole object) object {
	fields := []string{"id", "status", "links"}
	if _, isOrder := whole["purchase_units"]; isOrder && s.sw.TalkativeMinimal {
		fields = append(fields, "payment_source", "purchase_units", "payer")
	}
	out := object{}
	for _, name := range fields {
		if v, has := whole[name]; has {
			out[name] = v
		}
	}
	return out
}

func representation(h http.Header) bool {
	return strings.EqualFold(strings.TrimSpace(h.Get("Prefer")), "return=representation")
}

// api and page are what links begin with.
func (s *Server) api(path string) string  { return or(s.home, URL) + path }
func (s *Server) page(path string) string { return or(s.home, PagesURL) + path }
