package paypal

import (
	"cmp"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/openmip/openmip/mip"
	"github.com/openmip/openmip/mip/rest"
)

// Error is what PayPal said about a call that failed. Its text has PayPal's
// own words for the failure, the fields concerned and the debug id, which
// PayPal's support asks for. It never has a value, a description or a body.
type Error struct {
	Status  int    // of the HTTP answer
	Name    string // "UNPROCESSABLE_ENTITY", or OAuth's "invalid_client"; may be empty
	DebugID string // PayPal-Debug-Id; may be empty
	Issues  []Issue

	cause error // an answer that is not understood
}

// Issue is one reason.
type Issue struct {
	Name  string // "INSTRUMENT_DECLINED"
	Field string // JSON pointer with * for positions: "/purchase_units/*/amount"; may be empty
}

// Error implements error.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("status " + strconv.Itoa(e.Status))
	if e.Name != "" {
		b.WriteString(" " + e.Name)
	}
	for i, issue := range e.Issues {
		b.WriteString([]string{": ", ", "}[min(i, 1)] + issue.Name)
		if issue.Field != "" {
			b.WriteString(" at " + issue.Field)
		}
	}
	if e.cause != nil {
		b.WriteString(": " + e.cause.Error())
	}
	if e.DebugID != "" {
		b.WriteString(" [debug id " + e.DebugID + "]")
	}
	return b.String()
}

// Has reports whether an issue is among the reasons.
func (e *Error) Has(issue string) bool {
	return slices.ContainsFunc(e.Issues, func(i Issue) bool { return i.Name == issue })
}

// classify reads the error in an answer; for [rest.Config].
func classify(c rest.Call, r rest.Response) error {
	if r.Status >= 200 && r.Status < 300 {
		return nil
	}
	e := readError(r)
	out := &mip.Error{Kind: e.kind(c.Writes()), Err: e, Code: e.Name}
	if len(e.Issues) > 0 {
		out.Code = e.Issues[0].Name
	}
	return out
}

// readError takes from an answer what cannot be personal. Pages of proxies
// and empty bodies leave the status and the header.
func readError(r rest.Response) *Error {
	var body struct {
		Name    string `json:"name"`
		DebugID string `json:"debug_id"`
		OAuth   string `json:"error"`
		Details []struct {
			Issue string `json:"issue"`
			Field string `json:"field"`
		} `json:"details"`
	}
	e := &Error{Status: r.Status, DebugID: debugID(r.Header.Get("PayPal-Debug-Id"))}
	if r.Decode(&body) != nil {
		return e
	}
	e.Name = cmp.Or(match(word, body.Name), match(oauth, body.OAuth))
	e.DebugID = cmp.Or(e.DebugID, debugID(body.DebugID))
	for _, d := range body.Details[:min(len(body.Details), 8)] {
		if name := match(word, d.Issue); name != "" {
			e.Issues = append(e.Issues, Issue{Name: name, Field: field(d.Field)})
		}
	}
	return e
}

// What may go from an answer into an error.
var (
	word     = regexp.MustCompile(`^[A-Z][A-Z0-9_]{1,79}$`)
	oauth    = regexp.MustCompile(`^[a-z][a-z_]{1,39}$`)
	debug    = regexp.MustCompile(`^[0-9a-zA-Z-]{1,64}$`)
	filter   = regexp.MustCompile(`@[a-z_]+=='[^']*'|/\d+(/|$)`)
	pointer  = regexp.MustCompile(`^(/([a-z][a-z_]{0,40}|\*)){1,12}$`)
	position = regexp.MustCompile(`^/\d+`)
)

func match(form *regexp.Regexp, text string) string {
	if form.MatchString(text) {
		return text
	}
	return ""
}

func debugID(text string) string { return match(debug, text) }

// field takes the positions out of a pointer, because they may be references:
// "/purchase_units/@reference_id=='default'/amount".
func field(text string) string {
	text = filter.ReplaceAllStringFunc(text, func(found string) string {
		if position.MatchString(found) {
			return "/*" + strings.TrimLeft(found[1:], "0123456789")
		}
		return "*"
	})
	return match(pointer, text)
}

// kind is the decision for callers that know nothing of PayPal.
func (e *Error) kind(write bool) error {
	switch class := e.Class(); class {
	case ClassRetry:
		if e.Status == http.StatusTooManyRequests {
			return mip.ErrThrottled
		} else if write {
			return mip.ErrUnknown
		}
		return mip.ErrUnavailable
	case ClassUnknown:
		if e.Status < 400 || e.Status >= 500 { // a redirect
			return rest.KindOfStatus(e.Status, write)
		} else if e.Status == http.StatusConflict {
			return mip.ErrConflict
		}
		return mip.ErrRefused
	default:
		for _, i := range e.Issues {
			if kind := special[i.Name]; kind != nil {
				return kind
			}
		}
		if class == ClassRefused && (e.Status == http.StatusNotFound || e.Status == http.StatusGone) {
			return mip.ErrNotFound
		}
		return classKinds[class]
	}
}
