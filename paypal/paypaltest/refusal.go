package paypaltest

import (
	"encoding/json"
	"net/http"
	"strings"
)

// detail is one reason of a refusal.
type detail struct {
	Field       string `json:"field,omitempty"`
	Value       string `json:"value,omitempty"`
	Location    string `json:"location,omitempty"`
	Issue       string `json:"issue"`
	Description string `json:"description,omitempty"`
}

// refusal is an error answer.
type refusal struct {
	status  int
	name    string // empty = the one of the status
	details []detail
	links   []link
}

// names are PayPal's names of statuses.
var names = map[int]string{
	http.StatusBadRequest:           "INVALID_REQUEST",
	http.StatusUnauthorized:         "AUTHENTICATION_FAILURE",
	http.StatusForbidden:            "NOT_AUTHORIZED",
	http.StatusNotFound:             "RESOURCE_NOT_FOUND",
	http.StatusConflict:             "RESOURCE_CONFLICT",
	http.StatusUnsupportedMediaType: "UNSUPPORTED_MEDIA_TYPE",
	http.StatusUnprocessableEntity:  "UNPROCESSABLE_ENTITY",
	http.StatusTooManyRequests:      "RATE_LIMIT_REACHED",
	http.StatusInternalServerError:  "INTERNAL_SERVER_ERROR",
	http.StatusServiceUnavailable:   "SERVICE_UNAVAILABLE",
}

// statuses are those of issues that are not 422.
var statuses = map[string]int{
	"INVALID_ARRAY_MAX_ITEMS": 400, "INVALID_ARRAY_MIN_ITEMS": 400, "INVALID_COUNTRY_CODE": 400, "INVALID_PARAMETER_SYNTAX": 400,
	"INVALID_STRING_LENGTH": 400, "INVALID_STRING_MAX_LENGTH": 400, "INVALID_PARAMETER_VALUE": 400, "MISSING_REQUIRED_PARAMETER": 400,
	"NOT_SUPPORTED": 400, "PAYPAL_REQUEST_ID_REQUIRED": 400, "MALFORMED_REQUEST_JSON": 400,
	"INVALID_ACCOUNT_STATUS": 401,
	"PERMISSION_DENIED":      403, "PERMISSION_DENIED_FOR_DONATION_ITEMS": 403, "CONSENT_NEEDED": 403,
	"NOT_ELIGIBLE_FOR_TOKEN_PROCESSING": 403, "PAYEE_ACCOUNT_NOT_VERIFIED": 403,
	"INVALID_RESOURCE_ID": 404, "PREVIOUS_REQUEST_IN_PROGRESS": 409, "RATE_LIMIT_REACHED": 429,
	"INTERNAL_SERVER_ERROR": 500, "SERVICE_UNAVAILABLE": 503,
}

func refuse(status int, details ...detail) *refusal {
	return &refusal{status: status, details: details}
}

// unprocessable is 422 for one field.
func unprocessable(issue, field string) *refusal {
	return refuse(http.StatusUnprocessableEntity, inBody(issue, field))
}

// inBody is a detail about a field, given as a JSON pointer; without one it
// has no place.
func inBody(issue, field string) detail {
	d := detail{Issue: issue, Field: field}
	if field != "" {
		d.Location = "body"
	}
	return d
}

// notFound is the answer for ids that are not known.
func notFound() *refusal {
	return refuse(http.StatusNotFound, detail{Issue: "INVALID_RESOURCE_ID", Location: "path"})
}

// forced is the refusal with an issue, whatever its reason.
func forced(issue string) *refusal {
	status := or(statuses[issue], http.StatusUnprocessableEntity)
	if status >= 500 {
		return refuse(status)
	}
	return refuse(status, detail{Issue: issue})
}

func (r *refusal) reply(debugID string) reply {
	name := or(r.name, names[r.status])
	words := strings.ToLower(strings.ReplaceAll(name, "_", " "))
	body := object{"name": name, "message": "Not done: " + words + ".", "debug_id": debugID,
		"links": append([]link{{Href: "https://developer.paypal.com/api/rest/responses", Rel: "information_link", Method: "GET"}}, r.links...)}
	if len(r.details) > 0 {
		details := make([]detail, len(r.details))
		for i, d := range r.details {
			d.Description = or(d.Description, "The reason is "+d.Issue+".")
			details[i] = d
		}
		body["details"] = details
	}
	answer := jsonReply(r.status, body)
	answer.header.Set("Paypal-Debug-Id", debugID)
	return answer
}

// Refuse answers the next call of a route with an issue, without any effect:
// Refuse(RouteCaptureOrder, "INSTRUMENT_DECLINED"). Several stand in line.
func (s *Server) Refuse(route Route, issue string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.refusals[route] = append(s.refusals[route], issue)
}

// forced returns the issue that this call is refused with: one of
// [Server.Refuse], or the one that the header PayPal-Mock-Response names.
func (s *Server) forced(q *request) string {
	for _, route := range []Route{q.route, AnyRoute} {
		if line := s.refusals[route]; len(line) > 0 {
			s.refusals[route] = line[1:]
			return line[0]
		}
	}
	var mock struct {
		Codes json.RawMessage `json:"mock_application_codes"`
	}
	if json.Unmarshal([]byte(q.header.Get("PayPal-Mock-Response")), &mock) != nil {
		return ""
	}
	var one string
	var many []string
	if json.Unmarshal(mock.Codes, &one) == nil {
		return one
	}
	if json.Unmarshal(mock.Codes, &many) == nil && len(many) > 0 {
		return many[0]
	}
	return ""
}
