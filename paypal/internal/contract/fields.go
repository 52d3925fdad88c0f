package contract

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// strangers returns the JSON pointers of the fields in raw that schema does
// not have. The files themselves let every further field pass.
func strangers(schema *openapi3.Schema, raw []byte) []string {
	var v any
	if json.Unmarshal(raw, &v) != nil {
		return nil // said elsewhere
	}
	return missing([]*openapi3.Schema{schema}, v, "")
}

func missing(among []*openapi3.Schema, v any, at string) []string {
	parts := flat(among)
	var out []string
	switch v := v.(type) {
	case map[string]any:
		open := !slices.ContainsFunc(parts, func(s *openapi3.Schema) bool { return len(s.Properties) > 0 })
		for name, value := range v {
			var next []*openapi3.Schema
			for _, s := range parts {
				if p := s.Properties[name]; p != nil && p.Value != nil {
					next = append(next, p.Value)
				}
			}
			switch {
			case len(next) > 0:
				out = append(out, missing(next, value, at+"/"+name)...)
			case !open:
				out = append(out, at+"/"+name)
			}
		}
	case []any:
		var items []*openapi3.Schema
		for _, s := range parts {
			if s.Items != nil && s.Items.Value != nil {
				items = append(items, s.Items.Value)
			}
		}
		for i, value := range v {
			out = append(out, missing(items, value, at+"/"+strconv.Itoa(i))...)
		}
	}
	slices.Sort(out)
	return out
}

// flat opens allOf, anyOf and oneOf.
func flat(among []*openapi3.Schema) []*openapi3.Schema {
	var out []*openapi3.Schema
	for _, s := range among {
		out = append(out, s)
		for _, refs := range []openapi3.SchemaRefs{s.AllOf, s.AnyOf, s.OneOf} {
			for _, ref := range refs {
				out = append(out, flat([]*openapi3.Schema{ref.Value})...)
			}
		}
	}
	return out
}

// complaints takes a validation error apart, without those about a field that
// is excepted.
func complaints(err error, except func(field string) bool) []string {
	if err == nil {
		return nil
	}
	for next := err; next != nil; next = errors.Unwrap(next) {
		if many, ok := next.(openapi3.MultiError); ok {
			var out []string
			for _, e := range many {
				out = append(out, complaints(e, except)...)
			}
			slices.Sort(out)
			return slices.Compact(out)
		}
	}
	if wrong, ok := errors.AsType[*openapi3.SchemaError](err); ok {
		field := "/" + strings.Join(wrong.JSONPointer(), "/")
		if except(field) {
			return nil
		}
		return []string{field + ": " + wrong.Reason}
	}
	return []string{err.Error()}
}

// everywhere reports whether an error's issues are all known to be possible in
// every operation.
func everywhere(raw []byte) bool {
	var e struct {
		Details []struct{ Issue string }
	}
	if json.Unmarshal(raw, &e) != nil {
		return false
	}
	for _, d := range e.Details {
		if !slices.Contains(issues, d.Issue) {
			return false
		}
	}
	return len(e.Details) > 0
}

// variables returns what a path template's {names} are in address.
func variables(templ, address string) map[string]string {
	out, got := map[string]string{}, strings.Split(address, "/")
	for i, part := range strings.Split(templ, "/") {
		if strings.HasPrefix(part, "{") {
			out[strings.Trim(part, "{}")] = got[i]
		}
	}
	return out
}

// body reads a request's body and puts it back.
func body(r *http.Request) []byte {
	if r.Body == nil {
		return nil
	}
	raw, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(raw))
	return raw
}
