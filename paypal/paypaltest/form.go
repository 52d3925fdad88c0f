package paypaltest

import (
	"bytes"
	"encoding/json"
	"errors"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// form collects what is wrong with a body.
type form struct {
	details []detail
}

func (f *form) note(issue, field, value string) {
	d := inBody(issue, field)
	if utf8.ValidString(value) && len(value) <= 127 {
		d.Value = value
	}
	f.details = append(f.details, d)
}

func (f *form) required(field string, value *string) bool {
	if value == nil || *value == "" {
		f.note("MISSING_REQUIRED_PARAMETER", field, "")
		return false
	}
	return true
}

// length counts characters. A missing value is fine.
func (f *form) length(field string, value *string, least, most int) {
	if value == nil {
		return
	}
	if n := utf8.RuneCountInString(*value); n < least || n > most {
		f.note("INVALID_STRING_LENGTH", field, *value)
	}
}

// oneOf checks an enumeration. A missing value is fine.
func (f *form) oneOf(field string, value *string, allowed ...string) {
	if value != nil && !slices.Contains(allowed, *value) {
		f.note("INVALID_PARAMETER_VALUE", field, *value)
	}
}

// syntax checks a pattern. A missing value is fine.
func (f *form) syntax(field string, value *string, pattern *regexp.Regexp) {
	if value != nil && !pattern.MatchString(*value) {
		f.note("INVALID_PARAMETER_SYNTAX", field, *value)
	}
}

// refusal is 400 with everything that is wrong, nil if nothing is.
func (f *form) refusal() *refusal {
	if len(f.details) == 0 {
		return nil
	}
	return refuse(http.StatusBadRequest, f.details...)
}

// read decodes a body. A missing one is fine if it may be. What is no JSON
// object is 400; Payments have no issue of their own for it.
func (q *request) read(v any, optional bool) *refusal {
	body := bytes.TrimSpace(q.body)
	if len(body) == 0 && optional {
		return nil
	}
	malformed := detail{Issue: "MALFORMED_REQUEST_JSON", Location: "body"}
	if q.keep == PaymentsKeep {
		malformed.Issue = "INVALID_PARAMETER_SYNTAX"
	}
	if len(body) == 0 || body[0] != '{' || !utf8.Valid(body) {
		return refuse(http.StatusBadRequest, malformed)
	}
	err := json.Unmarshal(body, v)
	if wrong, typed := errors.AsType[*json.UnmarshalTypeError](err); typed {
		return refuse(http.StatusBadRequest, inBody("INVALID_PARAMETER_SYNTAX", "/"+strings.ReplaceAll(wrong.Field, ".", "/")))
	}
	if err != nil {
		return refuse(http.StatusBadRequest, malformed)
	}
	return nil
}

// text returns what a pointer points to.
func text(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

// put sets a field unless it is empty.
func (o object) put(name, value string) {
	if value != "" {
		o[name] = value
	}
}
