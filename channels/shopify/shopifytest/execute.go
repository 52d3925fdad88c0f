package shopifytest

import (
	"bytes"
	"encoding/json"
	"math/bits"
	"sync"
	"time"

	"github.com/vektah/gqlparser/v2"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
	"github.com/vektah/gqlparser/v2/parser"
	"github.com/vektah/gqlparser/v2/validator"
	"github.com/vektah/gqlparser/v2/validator/rules"
)

// object is one GraphQL object: its fields, among them "__typename". A field
// with arguments is a resolver.
type object map[string]any

// resolver is a field's value by its arguments.
type resolver func(args map[string]any) any

// refusal is a field's value that is an error beside the data.
type refusal struct{ code, message string }

// execution is one request being answered.
type execution struct {
	*Server
	doc    *ast.QueryDocument
	vars   map[string]any
	errors []any
	call   Call
}

// parsed keeps documents that were found right, by schema and text.
var parsed sync.Map

type parsedKey struct {
	schema *ast.Schema
	text   string
}

func (s *Server) parse(text string) (*ast.QueryDocument, error) {
	key := parsedKey{s.cfg.Schema, text}
	if doc, ok := parsed.Load(key); ok {
		return doc.(*ast.QueryDocument), nil
	}
	var doc *ast.QueryDocument
	var err error
	if s.cfg.Schema == nil {
		doc, err = parser.ParseQuery(&ast.Source{Input: text})
	} else {
		var errs gqlerror.List
		if doc, errs = gqlparser.LoadQueryWithRules(s.cfg.Schema, text, rules.NewDefaultRules()); len(errs) > 0 {
			err = errs
		}
	}
	if err == nil {
		parsed.Store(key, doc)
	}
	return doc, err
}

// graphQL answers a request's body.
func (s *Server) graphQL(body []byte) map[string]any {
	var in struct {
		Query     string
		Variables map[string]any
	}
	dec := json.NewDecoder(bytes.NewReader(body))
	dec.UseNumber()
	if err := dec.Decode(&in); err != nil {
		return refused("", "the body is not JSON")
	}
	doc, err := s.parse(in.Query)
	if err != nil || len(doc.Operations) != 1 {
		s.calls = append(s.calls, Call{Name: "invalid", Code: "invalid", At: s.now()})
		return refused("undefinedField", "the document is not valid")
	}
	op := doc.Operations[0]
	x := &execution{Server: s, doc: doc, vars: in.Variables}
	x.call = Call{Name: op.Name, Writes: op.Operation == ast.Mutation, Vars: in.Variables, At: s.now()}
	s.counts[op.Name]++
	out := x.run(op)
	if errs, ok := out["errors"].([]any); ok {
		x.call.Code, _ = errs[0].(object)["extensions"].(object)["code"].(string)
	}
	s.calls = append(s.calls, x.call)
	return out
}

func refused(code, message string) map[string]any {
	return map[string]any{"errors": []any{failure(code, message)}}
}

func failure(code, message string) object {
	return object{"message": message, "extensions": object{"code": code}}
}

func (x *execution) run(op *ast.OperationDefinition) map[string]any {
	if x.cfg.Schema != nil {
		vars, err := validator.VariableValues(x.cfg.Schema, op, x.vars)
		if err != nil {
			return refused("INVALID_VARIABLE", "a variable has another type")
		}
		x.vars = vars
	}
	cost := x.cost(op.SelectionSet)
	if op.Operation == ast.Mutation {
		cost = max(cost, 10)
	}
	x.call.Cost = cost
	if cost > x.cfg.MaxCost {
		out := refused("MAX_COST_EXCEEDED", "Query cost exceeds the single query max cost limit")
		out["extensions"] = x.costs(cost)
		return out
	}
	if !x.charge(cost) {
		out := refused("THROTTLED", "Throttled")
		out["extensions"] = x.costs(cost)
		return out
	}
	root := x.queries()
	if op.Operation == ast.Mutation {
		root = x.mutations()
	}
	out := map[string]any{"data": x.pick(op.SelectionSet, root), "extensions": x.costs(cost)}
	if len(x.errors) > 0 {
		out["errors"] = x.errors
	}
	return out
}

// pick gives the fields that are asked for.
func (x *execution) pick(set ast.SelectionSet, from object) object {
	out := object{}
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			v, ok := from[sel.Name]
			if !ok {
				x.errors = append(x.errors, failure("undefinedField", "Field '"+sel.Name+"' doesn't exist"))
				continue
			}
			if f, ok := v.(resolver); ok {
				v = f(x.args(sel))
			}
			out[sel.Alias] = x.shape(sel, v)
		case *ast.InlineFragment:
			if sel.TypeCondition == "" || sel.TypeCondition == from["__typename"] {
				for k, v := range x.pick(sel.SelectionSet, from) {
					out[k] = v
				}
			}
		case *ast.FragmentSpread:
			if f := x.doc.Fragments.ForName(sel.Name); f != nil && f.TypeCondition == from["__typename"] {
				for k, v := range x.pick(f.SelectionSet, from) {
					out[k] = v
				}
			}
		}
	}
	return out
}

func (x *execution) shape(f *ast.Field, v any) any {
	switch v := v.(type) {
	case refusal:
		x.errors = append(x.errors, failure(v.code, v.message))
		return nil
	case object:
		if v == nil {
			return nil
		}
		return x.pick(f.SelectionSet, v)
	case []object:
		out := make([]any, len(v))
		for i, o := range v {
			out[i] = x.pick(f.SelectionSet, o)
		}
		return out
	}
	return v
}

func (x *execution) args(f *ast.Field) map[string]any {
	out := map[string]any{}
	for _, a := range f.Arguments {
		if v, err := a.Value.Value(x.vars); err == nil && v != nil {
			out[a.Name] = v
		}
	}
	return out
}

// cost counts a point for each object and, for each list, what one of it costs
// by the number of bits in how many are asked for.
func (x *execution) cost(set ast.SelectionSet) int {
	sum := 0
	for _, sel := range set {
		switch sel := sel.(type) {
		case *ast.Field:
			if len(sel.SelectionSet) == 0 {
				continue
			}
			inner := x.cost(sel.SelectionSet)
			if first, ok := whole(x.args(sel)["first"]); ok {
				sum += 2 + inner*bits.Len(uint(max(first, 1)))
			} else {
				sum += 1 + inner
			}
		case *ast.InlineFragment:
			sum += x.cost(sel.SelectionSet)
		case *ast.FragmentSpread:
			if f := x.doc.Fragments.ForName(sel.Name); f != nil {
				sum += x.cost(f.SelectionSet)
			}
		}
	}
	return sum
}

// charge takes points from the bucket, if there are enough.
func (s *Server) charge(cost int) bool {
	now := time.Now()
	if !s.filled.IsZero() {
		s.available = min(s.cfg.Bucket*1000, s.available+s.cfg.Rate*int(now.Sub(s.filled).Milliseconds()))
	}
	s.filled = now
	if s.available < cost*1000 {
		return false
	}
	s.available -= cost * 1000
	return true
}

func (s *Server) costs(cost int) object {
	return object{"cost": object{"requestedQueryCost": cost, "actualQueryCost": cost, "throttleStatus": object{
		"maximumAvailable": float64(s.cfg.Bucket), "currentlyAvailable": s.available / 1000, "restoreRate": float64(s.cfg.Rate)}}}
}

// whole reads a number as documents and variables have it.
func whole(v any) (int, bool) {
	switch v := v.(type) {
	case int64:
		return int(v), true
	case int:
		return v, true
	case json.Number:
		n, err := v.Int64()
		return int(n), err == nil
	}
	return 0, false
}
