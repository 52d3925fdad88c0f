package contract

import (
	"fmt"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"sort"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers"
)

// Specs is PayPal's OpenAPI files, read. It is safe for concurrent use.
type Specs struct{ docs []*openapi3.T }

// Validator reads the files in dir, and nothing that they refer to elsewhere.
func Validator(dir string) (*Specs, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil || len(names) == 0 {
		return nil, fmt.Errorf("no OpenAPI files in %s", dir)
	}
	s := &Specs{}
	for _, name := range names {
		loader := openapi3.NewLoader()
		loader.IsExternalRefsAllowed = false
		doc, err := loader.LoadFromFile(name)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", filepath.Base(name), err)
		}
		loosen(doc)
		s.docs = append(s.docs, doc)
	}
	return s, nil
}

// loosen takes out the wording of errors: PayPal says that it may change.
func loosen(doc *openapi3.T) {
	for _, schema := range schemas(doc) {
		if schema.Properties["issue"] == nil && schema.Properties["name"] == nil {
			continue
		}
		for _, prose := range []string{"description", "message"} {
			if p := schema.Properties[prose]; p != nil && p.Value != nil {
				p.Value.Enum = nil
			}
		}
	}
}

// Issues returns all refusals that the files name, sorted.
func (s *Specs) Issues() []string {
	var out []string
	for _, doc := range s.docs {
		for _, schema := range schemas(doc) {
			if issue := schema.Properties["issue"]; issue != nil && issue.Value != nil {
				for _, name := range issue.Value.Enum {
					out = append(out, fmt.Sprint(name))
				}
			}
		}
	}
	sort.Strings(out)
	return slices.Compact(out)
}

// schemas returns each schema of a document once.
func schemas(doc *openapi3.T) []*openapi3.Schema {
	seen := map[*openapi3.Schema]bool{}
	var out []*openapi3.Schema
	var visit func(...*openapi3.SchemaRef)
	visit = func(refs ...*openapi3.SchemaRef) {
		for _, ref := range refs {
			if ref == nil || ref.Value == nil || seen[ref.Value] {
				continue
			}
			seen[ref.Value] = true
			out = append(out, ref.Value)
			for _, p := range ref.Value.Properties {
				visit(p)
			}
			visit(ref.Value.Items)
			visit(ref.Value.AllOf...)
			visit(ref.Value.AnyOf...)
			visit(ref.Value.OneOf...)
		}
	}
	for _, ref := range doc.Components.Schemas {
		visit(ref)
	}
	return out
}

// Request returns what is wrong with a request, whose body it reads. Fields
// that the files do not know are wrong as well, see [Exceptions].
func (s *Specs) Request(r *http.Request) []string {
	route, vars := s.route(r)
	if route == nil {
		return s.unknown(r)
	}
	call := route.Method + " " + route.Path
	var out []string
	if raw := body(r); len(raw) > 0 && route.Operation.RequestBody != nil {
		if media := route.Operation.RequestBody.Value.Content.Get("application/json"); media != nil {
			for _, field := range strangers(media.Schema.Value, raw) {
				if !excepted(call, field) {
					out = append(out, "unknown field "+field)
				}
			}
		}
	}
	err := openapi3filter.ValidateRequest(r.Context(), input(r, route, vars))
	return append(out, complaints(err, func(field string) bool { return excepted(call, field) })...)
}

// Answer returns what is wrong with an answer to r. An answer that is no JSON
// is wrong only as a success: proxies have pages of their own.
func (s *Specs) Answer(r *http.Request, status int, header http.Header, raw []byte) []string {
	route, vars := s.route(r)
	if route == nil || status >= 400 && !strings.Contains(header.Get("Content-Type"), "json") {
		return nil
	}
	if status < 300 && route.Operation.Responses.Status(status) == nil {
		return []string{fmt.Sprintf("status %d is not described", status)}
	}
	in := &openapi3filter.ResponseValidationInput{RequestValidationInput: input(r, route, vars), Status: status, Header: header, Options: options()}
	in.SetBodyBytes(raw)
	err := openapi3filter.ValidateResponse(r.Context(), in)
	if err != nil && status >= 400 && everywhere(raw) {
		return nil
	}
	return complaints(err, func(string) bool { return false })
}

func (s *Specs) unknown(r *http.Request) []string {
	if elsewhere[r.Method+" "+r.URL.Path] != "" {
		return nil
	}
	return []string{"no such operation"}
}

func (s *Specs) route(r *http.Request) (*routers.Route, map[string]string) {
	for _, doc := range s.docs {
		for _, at := range doc.Paths.InMatchingOrder() {
			item := doc.Paths.Value(at)
			op := item.GetOperation(r.Method)
			if op == nil || !template(at, r.URL.Path) {
				continue
			}
			return &routers.Route{Spec: doc, Path: at, PathItem: item, Method: r.Method, Operation: op}, variables(at, r.URL.Path)
		}
	}
	return nil, nil
}

func input(r *http.Request, route *routers.Route, vars map[string]string) *openapi3filter.RequestValidationInput {
	return &openapi3filter.RequestValidationInput{Request: r, PathParams: vars, Route: route, Options: options()}
}

func options() *openapi3filter.Options {
	return &openapi3filter.Options{MultiError: true, SkipSettingDefaults: true, RejectWhenRequestBodyNotSpecified: true,
		AuthenticationFunc:      openapi3filter.NoopAuthenticationFunc, // a token is no matter of form
		SchemaValidationOptions: []openapi3.SchemaValidationOption{openapi3.SetSchemaRegexCompiler(compile)}}
}

// compile lets a pattern that Go's regexp cannot read match everything.
func compile(pattern string) (openapi3.RegexMatcher, error) {
	re, err := regexp.Compile(pattern)
	if err != nil {
		return anything{}, nil
	}
	return re, nil
}

type anything struct{}

func (anything) MatchString(string) bool { return true }
