package rest

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/openmip/openmip/mip"
)

// Access says what a call does at the other side.
type Access uint8

const (
	// ByMethod: GET, HEAD and OPTIONS read, every other method writes.
	ByMethod Access = iota
	// Read changes nothing there, whatever its method: a check, a search.
	Read
	// Write may change something there.
	Write
)

// Vars fills the {names} of a path template.
type Vars map[string]string

// Call is one request. Only Path is required.
type Call struct {
	Method string // empty = GET
	// Path is a template below [Config.BaseURL]: "/orders/{id}". It names the
	// call in errors and metrics, so ids and personal data go into Vars.
	Path  string
	Vars  Vars // filled in with path escaping; empty values, "." and ".." are [mip.ErrInvalid]
	Query url.Values
	// URL is a complete address that the other side gave (the next page). It
	// replaces Path and Query in the request; Path stays the name. Another
	// scheme or host than the base's is [mip.ErrContract].
	URL    string
	Header http.Header
	// Body is sent as JSON; [url.Values] as a form; []byte as it is, with the
	// Content-Type of Header.
	Body   any
	Access Access
	// Repeat allows a write to be repeated after [mip.ErrThrottled] and
	// [mip.ErrUnavailable], which prove that nothing was done.
	Repeat bool
	// Out gets the decoded answer, see [Decode]; nil = the body is not looked at.
	Out any
	// MayBeEmpty: an empty answer is success too and leaves Out alone.
	MayBeEmpty bool
	// Reply, if not nil, gets the answer itself, also if it is an error; it
	// stays as it was if there was none.
	Reply *Response
	// Budget names the budget that the [Limiter] takes it from; empty = Name.
	Budget string
}

// Name is the method and the path template: "GET /orders/{id}".
func (c Call) Name() string { return c.method() + " " + c.Path }

// Writes reports whether the call may change something at the other side.
func (c Call) Writes() bool {
	switch c.Access {
	case Read:
		return false
	case Write:
		return true
	}
	m := c.method()
	return m != http.MethodGet && m != http.MethodHead && m != http.MethodOptions
}

func (c Call) method() string {
	if c.Method == "" {
		return http.MethodGet
	}
	return strings.ToUpper(c.Method)
}

func (c Call) budget() string {
	if c.Budget != "" {
		return c.Budget
	}
	return c.Name()
}

// address builds the whole URL once, so that what is signed is what is sent.
func (c Call) address(base *url.URL, root string) (string, error) {
	if c.URL != "" {
		return c.given(base)
	}
	path := c.Path
	for name, value := range c.Vars {
		if value == "" || value == "." || value == ".." {
			return "", c.invalid("path variable " + name + " has no usable value")
		}
		path = strings.ReplaceAll(path, "{"+name+"}", url.PathEscape(value))
	}
	if path == "" || strings.ContainsAny(path, "{}") {
		return "", c.invalid("path is empty or has unfilled variables")
	}
	address := root + strings.TrimLeft(path, "/")
	if len(c.Query) > 0 {
		address += "?" + c.Query.Encode()
	}
	return address, nil
}

func (c Call) given(base *url.URL) (string, error) {
	u, err := url.Parse(c.URL)
	if err != nil || u.Scheme != base.Scheme || !strings.EqualFold(u.Host, base.Host) || u.User != nil {
		return "", &mip.Error{Kind: mip.ErrContract, Err: errors.New("the address given leads elsewhere")}
	}
	return c.URL, nil
}

// payload returns the body's bytes and content type; nil bytes = no body.
func (c Call) payload() ([]byte, string, error) {
	switch b := c.Body.(type) {
	case nil:
		return nil, "", nil
	case []byte:
		return b, "", nil
	case url.Values:
		return []byte(b.Encode()), "application/x-www-form-urlencoded", nil
	}
	b, err := json.Marshal(c.Body)
	if err != nil {
		return nil, "", c.invalid(fmt.Sprintf("body of type %T does not marshal", c.Body))
	}
	return b, "application/json", nil
}

func (c Call) invalid(why string) error {
	return &mip.Error{Kind: mip.ErrInvalid, Err: errors.New(why)}
}
